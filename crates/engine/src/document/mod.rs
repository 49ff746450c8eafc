//! Reads a document: what in it is prose to be checked, and what is not. Knows no language, no dictionary, no network.
//!
//! ```
//! use vermilion_engine::document::{Document, DocumentFormat, MessageChannel};
//!
//! let document = Document { content: "<p>mis<b>pe</b>led</p><p>caf&eacute;</p>", format: DocumentFormat::Html, channel: MessageChannel::Email };
//! let prose = document.read();
//! assert_eq!(prose.text(), "mispeled\ncafé");
//! let blocks: Vec<_> = prose.blocks().collect();
//! assert_eq!(prose.source_spans(blocks[0].text).len(), 3);
//! assert_eq!(document.text_at(&prose.source_spans(blocks[1].text)), "café");
//! ```

mod builder;
mod html;
mod mail;
pub mod mask;
mod plain;
mod prose;
#[cfg(test)]
mod tests;

pub(crate) use mail::verify as verify_mail_forms;
pub use prose::Block;
pub use prose::LanguageRun;
pub use prose::Prose;

use crate::text::{LanguageCode, Span};
use mail::MailOutline;

/// How the content of a document is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DocumentFormat {
    /// Plain text; the marks of WhatsApp and Markdown within words are no letters of theirs.
    #[default]
    Plain,
    /// An HTML fragment or document.
    Html,
}

/// Where a text will be sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MessageChannel {
    /// Nobody has said.
    #[default]
    Unspecified,
    /// A chat on a web page.
    WebChat,
    /// E-mail: replies, forwarded messages, drafts. The only channel with quoted history and signatures.
    Email,
    /// WhatsApp.
    WhatsApp,
    /// Text messages.
    Sms,
    /// Social networks.
    Social,
}

/// A text as the client holds it.
#[derive(Clone, Copy, Debug)]
pub struct Document<'d> {
    /// Exactly as sent.
    pub content: &'d str,
    /// How to read it.
    pub format: DocumentFormat,
    /// Where it will be sent.
    pub channel: MessageChannel,
}

impl<'d> Document<'d> {
    /// Its prose. O(length); any content is read.
    #[must_use]
    pub fn read(&self) -> Prose<'d> {
        let of_mail = self.channel == MessageChannel::Email;
        let (mut prose, outline) = match self.format {
            DocumentFormat::Plain => (plain::read(self.content), MailOutline::default()),
            DocumentFormat::Html => html::read(self.content, of_mail),
        };
        if of_mail {
            prose.quoted = mail::quoted_regions(prose.text(), &outline, self.format == DocumentFormat::Plain);
        }
        prose
    }

    /// What a reader reads at spans of the content: in HTML with character references read.
    #[must_use]
    pub fn text_at(&self, spans: &[Span]) -> String {
        match self.format {
            DocumentFormat::Plain => spans.iter().map(|span| span.slice(self.content)).collect(),
            DocumentFormat::Html => html::text_at(self.content, spans),
        }
    }

    /// How much of the content counts for a limit of its size, in bytes: in HTML without the `data:` addresses of images and fonts,
    /// which nobody reads. O(length).
    #[must_use]
    pub fn counted_bytes(&self) -> usize {
        match self.format {
            DocumentFormat::Plain => self.content.len(),
            DocumentFormat::Html => self.content.len() - html::data_url_bytes(self.content),
        }
    }

    /// The character references in a span of the content, each with what it stands for; plain text has none.
    #[must_use]
    pub fn references(&self, span: Span) -> Vec<(Span, String)> {
        match self.format {
            DocumentFormat::Plain => Vec::new(),
            DocumentFormat::Html => html::references(self.content, span),
        }
    }
}

/// Why a part of a document is not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SkipReason {
    /// A web address or a domain.
    Url,
    /// An e-mail address.
    EmailAddress,
    /// `@someone`.
    Mention,
    /// `#topic`.
    Hashtag,
    /// A template variable: `{{name}}`, `${name}`, `%s`.
    Placeholder,
    /// A file name or a path.
    FileName,
    /// An order number, a code, a hexadecimal value: letters mixed with digits.
    Code,
    /// A character entity written out in plain text.
    Entity,
    /// Program code: between backticks; in HTML `<code>`, `<pre>`, `<kbd>`, `<samp>`.
    ProgramCode,
    /// Named by the client.
    Protected,
    /// Words of another script than the language's.
    OtherScript,
    /// A sentence most of whose words are of another language, or a part that is declared to be: its ISO 639-1 code, if told.
    OtherLanguage(Option<LanguageCode>),
    /// A capitalised word that is no known word and resembles none: taken for a name.
    ProperName,
    /// A short word in capitals: taken for an abbreviation.
    Acronym,
    /// Between quotation marks or title marks: another's words.
    Quotation,
    /// A word of the tenant's or the agent's own dictionary: right as it is.
    OwnWord,
    /// An earlier message, quoted below a reply or in a forwarded one.
    QuotedHistory,
    Signature,
    /// Sender, date, receiver and subject of an earlier message.
    ForwardedHeader,
    /// Marked `translate="no"` or `class="notranslate"`: names, codes, legal texts.
    NotTranslatable,
    /// Marked `hidden`, or not shown by its style.
    Hidden,
    /// Struck out: `<del>`, `<s>`, `<strike>`, or by its style. Not there for the words around it.
    StruckOut,
    /// Marked `spellcheck="false"`.
    SpellcheckOff,
    /// Marked `contenteditable="false"`: the writer cannot change it.
    NotEditable,
}

impl SkipReason {
    /// Whether it stands for what is not the writer's own, as messages are quoted and signed.
    #[must_use]
    pub(crate) const fn is_quoting(self) -> bool {
        matches!(self, Self::QuotedHistory | Self::Signature | Self::ForwardedHeader)
    }
}

/// A part of a document that is not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SkippedRegion {
    /// Where.
    pub span: Span,
    /// Why.
    pub reason: SkipReason,
}
