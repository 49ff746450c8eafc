//! Wire messages to requests of spelling, refusing what breaks a rule, and words of the domain to those of the wire. Knows no
//! call, no clock.

use std::sync::{Arc, atomic::AtomicBool};

use super::{
    proto,
    status::{CallError, RequestRule, SpanError, Violation},
};
use crate::settings::{SpellingSettings, rules};
use vermilion_engine::{
    document::{Document, DocumentFormat, MessageChannel, SkipReason},
    glossary::Glossary,
    language::{self, Language, LanguageCode, ResolvedLanguage},
    spelling::{CheckRequest, FindingKind, Suggestion, service::MAX_SUGGESTIONS},
    text::{OffsetCursor, OffsetEncoding, Span},
};

/// How many suggestions a client gets that asks for no number.
const DEFAULT_SUGGESTIONS: usize = 5;

/// The longest word of GetSuggestions, in characters.
pub(super) const MAX_WORD_CHARACTERS: usize = 150;

/// Words that one check may be told to leave alone: a glossary of them is made in some 0.2 ms.
pub(super) const MAX_IGNORED_WORDS: usize = 100;

/// A CheckSpelling request that breaks no rule but, perhaps, the limit of its text.
#[derive(Clone, Debug)]
pub(crate) struct ParsedCheckRequest {
    /// The content as sent.
    pub text: String,
    /// How to read the content.
    pub format: DocumentFormat,
    /// Where it will be sent.
    pub channel: MessageChannel,
    /// The language to check in.
    pub language: ResolvedLanguage,
    /// The unit of all offsets.
    pub encoding: OffsetEncoding,
    /// Ranges that are never checked, in bytes.
    pub protected: Vec<Span>,
    /// What is asked about, in bytes; empty: everything.
    pub only: Vec<Span>,
    /// The caller's own words.
    pub glossary: Arc<Glossary>,
    /// Words to leave alone this time.
    pub ignored: Glossary,
    /// How many suggestions for each misspelling.
    pub max_suggestions: usize,
    /// The kinds to report; empty: all.
    pub kinds: Vec<FindingKind>,
    /// Whether to report findings of lower certainty, too.
    pub hints: bool,
    /// Whether to report variants that a style guide would change, too.
    pub style: bool,
    /// To be sent back.
    pub client_revision: i32,
}

impl ParsedCheckRequest {
    /// Reads a request of a caller with these settings.
    ///
    /// # Errors
    /// The first rule that the request breaks.
    pub(crate) fn parse(request: proto::CheckSpellingRequest, settings: SpellingSettings) -> Result<Self, CallError> {
        let document = request.document.unwrap_or_default();
        let format = parse_format(document.format)?;
        let encoding = parse_encoding(request.offset_encoding)?;
        let options = request.options.unwrap_or_default();
        Ok(Self {
            language: resolve_language(&request.language_code, &settings)?,
            glossary: settings.glossary,
            protected: protected_spans(&document.content, encoding, &document.protected_spans)?,
            only: only_spans(&document.content, encoding, &request.only_spans)?,
            ignored: parse_ignored_words(&request.ignored_words)?,
            max_suggestions: parse_max_suggestions(request.max_suggestions, 0)?,
            kinds: options
                .kinds
                .into_iter()
                .enumerate()
                .map(|(at, kind)| parse_kind(at, kind))
                .collect::<Result<_, _>>()?,
            hints: options.include_hints,
            style: options.include_style,
            client_revision: request.client_revision,
            format,
            channel: document.channel().into(),
            text: document.content,
            encoding,
        })
    }

    /// What the engine is asked; it returns soon after `cancelled` is set.
    #[must_use]
    pub(crate) fn engine_request<'r>(&'r self, cancelled: &'r AtomicBool) -> CheckRequest<'r> {
        CheckRequest {
            text: &self.text,
            format: self.format,
            channel: self.channel,
            language: self.language.language,
            detect: self.language.detect,
            protected: &self.protected,
            only: &self.only,
            glossary: &self.glossary,
            ignored: &self.ignored,
            max_suggestions: self.max_suggestions,
            kinds: &self.kinds,
            hints: self.hints,
            style: self.style,
            cancelled,
        }
    }
}

/// A GetSuggestions request that breaks no rule.
#[derive(Clone, Debug)]
pub(crate) struct ParsedSuggestRequest {
    /// The word.
    pub word: String,
    /// The language it should belong to.
    pub language: ResolvedLanguage,
    /// How many suggestions.
    pub max_suggestions: usize,
    /// The caller's own words.
    pub glossary: Arc<Glossary>,
}

impl ParsedSuggestRequest {
    /// Reads a request of a caller with these settings.
    ///
    /// # Errors
    /// The first rule that the request breaks.
    pub(crate) fn parse(request: proto::GetSuggestionsRequest, settings: SpellingSettings) -> Result<Self, CallError> {
        let size = request.word.chars().count();
        if size == 0 {
            return Err(Violation::new("word", RequestRule::WordEmpty).into());
        }
        if size > MAX_WORD_CHARACTERS {
            return Err(Violation::new("word", RequestRule::WordTooLong { size, limit: MAX_WORD_CHARACTERS }).into());
        }
        Ok(Self {
            language: language_of_word(&request.word, resolve_language(&request.language_code, &settings)?),
            max_suggestions: parse_max_suggestions(request.max_suggestions, 1)?,
            glossary: settings.glossary,
            word: request.word,
        })
    }
}

/// A single word tells by its script only.
fn language_of_word(word: &str, resolved: ResolvedLanguage) -> ResolvedLanguage {
    let chinese = matches!(resolved.language, Language::ChineseSimplified | Language::ChineseTraditional);
    let has_chinese = language::code_of_script(word) == Some(LanguageCode::CHINESE);
    let language = match (resolved.detect, chinese, has_chinese) {
        (true, false, true) => Language::ChineseSimplified,
        (true, true, false) => Language::English,
        _ => resolved.language,
    };
    ResolvedLanguage { language, ..resolved }
}

/// A format of a later version is not read as plain text.
pub(super) fn parse_format(format: i32) -> Result<DocumentFormat, CallError> {
    use proto::document::Format as Wire;
    match Wire::try_from(format) {
        Ok(Wire::Unspecified | Wire::Plain) => Ok(DocumentFormat::Plain),
        Ok(Wire::Html) => Ok(DocumentFormat::Html),
        Err(_) => Err(CallError::UnsupportedFormat),
    }
}

impl From<proto::Channel> for MessageChannel {
    fn from(channel: proto::Channel) -> Self {
        match channel {
            proto::Channel::Unspecified => Self::Unspecified,
            proto::Channel::WebChat => Self::WebChat,
            proto::Channel::Email => Self::Email,
            proto::Channel::Whatsapp => Self::WhatsApp,
            proto::Channel::Sms => Self::Sms,
            proto::Channel::Social => Self::Social,
        }
    }
}

pub(super) fn resolve_language(tag: &str, settings: &SpellingSettings) -> Result<ResolvedLanguage, Violation> {
    language::resolve(tag, &settings.language_code).map_err(|invalid| Violation::new("language_code", invalid.into()))
}

pub(super) fn parse_encoding(encoding: i32) -> Result<OffsetEncoding, Violation> {
    use proto::OffsetEncoding as Wire;
    match Wire::try_from(encoding) {
        Ok(Wire::Unspecified | Wire::Utf16) => Ok(OffsetEncoding::Utf16),
        Ok(Wire::Utf8) => Ok(OffsetEncoding::Utf8),
        Ok(Wire::Utf32) => Ok(OffsetEncoding::Utf32),
        Err(_) => Err(Violation::new("offset_encoding", RequestRule::OffsetEncoding(encoding))),
    }
}

fn parse_max_suggestions(asked: Option<i32>, least: usize) -> Result<usize, Violation> {
    let Some(found) = asked else { return Ok(DEFAULT_SUGGESTIONS) };
    usize::try_from(found).ok().filter(|count| (least..=MAX_SUGGESTIONS).contains(count)).ok_or_else(|| {
        Violation::new("max_suggestions", RequestRule::MaxSuggestions { least, most: MAX_SUGGESTIONS, found })
    })
}

/// By the rules of a dictionary's words.
fn parse_ignored_words(texts: &[String]) -> Result<Glossary, Violation> {
    if texts.is_empty() {
        return Ok(Glossary::default());
    }
    let (size, limit) = (texts.len(), MAX_IGNORED_WORDS);
    if size > limit {
        return Err(Violation::new("ignored_words", RequestRule::TooMany { size, limit }));
    }
    let word = |(at, text): (usize, &String)| {
        rules::validate_word(text)
            .map_err(|error| Violation { field: format!("ignored_words[{at}]"), rule: error.into() })
    };
    texts.iter().enumerate().map(word).collect::<Result<Vec<_>, _>>().map(Glossary::new)
}

fn parse_kind(at: usize, kind: i32) -> Result<FindingKind, Violation> {
    use proto::MisspellingKind as Wire;
    match Wire::try_from(kind) {
        Ok(Wire::NonWord) => Ok(FindingKind::NonWord),
        Ok(Wire::WrongCharacter) => Ok(FindingKind::WrongCharacter),
        Ok(Wire::LikelyAccent) => Ok(FindingKind::LikelyAccent),
        Ok(Wire::StyleVariant) => Ok(FindingKind::StyleVariant),
        Ok(Wire::RealWord) => Ok(FindingKind::RealWord),
        // To drop it would leave an empty list, which means all kinds.
        Ok(Wire::Unspecified) | Err(_) => {
            Err(Violation { field: format!("options.kinds[{at}]"), rule: RequestRule::Kind(kind) })
        }
    }
}

/// The ranges of a document that are never checked.
pub(super) fn protected_spans(
    text: &str,
    encoding: OffsetEncoding,
    spans: &[proto::Span],
) -> Result<Vec<Span>, Violation> {
    let violation =
        |(at, error)| Violation { field: format!("document.protected_spans[{at}]"), rule: RequestRule::Span(error) };
    byte_spans(text, encoding, spans).map_err(violation)
}

/// The ranges of a document that are asked about.
fn only_spans(text: &str, encoding: OffsetEncoding, spans: &[proto::Span]) -> Result<Vec<Span>, Violation> {
    let violation = |(at, error)| Violation { field: format!("only_spans[{at}]"), rule: RequestRule::OnlySpan(error) };
    byte_spans(text, encoding, spans).map_err(violation)
}

/// To bytes, in one pass over the text however the client orders them: O(length + n log n). An error tells which span it is.
fn byte_spans(text: &str, encoding: OffsetEncoding, spans: &[proto::Span]) -> Result<Vec<Span>, (usize, SpanError)> {
    if spans.is_empty() {
        return Ok(Vec::new());
    }
    let length = encoding.length(text);
    let mut offsets = Vec::with_capacity(2 * spans.len());
    for (at, span) in spans.iter().enumerate() {
        let (start, end) = unit_range(*span, length).map_err(|error| (at, error))?;
        offsets.extend([(start, at), (end, at)]);
    }
    offsets.sort_unstable();
    let mut cursor = OffsetCursor::new(text, encoding);
    let mut found: Vec<Option<Span>> = vec![None; spans.len()];
    for (units, at) in offsets {
        let byte = cursor.byte_at(units).ok_or((at, SpanError::InsideCharacter))?;
        // The first offset of a span is its start, the second its end, because the offsets are sorted.
        found[at] = Some(found[at].map_or(Span::new(byte, byte), |span| Span::new(span.start, byte)));
    }
    Ok(found.into_iter().flatten().collect())
}

fn unit_range(span: proto::Span, length: usize) -> Result<(usize, usize), SpanError> {
    if span.end < span.start {
        return Err(SpanError::Reversed);
    }
    match (usize::try_from(span.start), usize::try_from(span.end)) {
        (Ok(start), Ok(end)) if end <= length => Ok((start, end)),
        _ => Err(SpanError::OutOfRange),
    }
}

impl ParsedCheckRequest {
    /// The document to check.
    #[must_use]
    pub(crate) fn document(&self) -> Document<'_> {
        Document { content: &self.text, format: self.format, channel: self.channel }
    }
}

pub(super) fn wire_span(span: Span, cursor: &mut OffsetCursor<'_>) -> proto::Span {
    let start = offset_i32(cursor.units_at(span.start));
    proto::Span { start, end: offset_i32(cursor.units_at(span.end)) }
}

/// The configuration keeps texts far below the limit of int32.
pub(super) fn offset_i32(offset: usize) -> i32 {
    i32::try_from(offset).unwrap_or(i32::MAX)
}

impl From<Suggestion> for proto::Suggestion {
    fn from(suggestion: Suggestion) -> Self {
        Self { text: suggestion.text, score: suggestion.score, edits: Vec::new() }
    }
}

impl From<OffsetEncoding> for proto::OffsetEncoding {
    fn from(encoding: OffsetEncoding) -> Self {
        match encoding {
            OffsetEncoding::Utf8 => Self::Utf8,
            OffsetEncoding::Utf16 => Self::Utf16,
            OffsetEncoding::Utf32 => Self::Utf32,
        }
    }
}

impl From<FindingKind> for proto::MisspellingKind {
    fn from(kind: FindingKind) -> Self {
        match kind {
            FindingKind::NonWord => Self::NonWord,
            FindingKind::WrongCharacter => Self::WrongCharacter,
            FindingKind::LikelyAccent => Self::LikelyAccent,
            FindingKind::StyleVariant => Self::StyleVariant,
            FindingKind::RealWord => Self::RealWord,
        }
    }
}

impl From<SkipReason> for proto::SkipReason {
    fn from(reason: SkipReason) -> Self {
        match reason {
            SkipReason::Url => Self::Url,
            SkipReason::EmailAddress => Self::EmailAddress,
            SkipReason::Mention => Self::Mention,
            SkipReason::Hashtag => Self::Hashtag,
            SkipReason::Placeholder => Self::Placeholder,
            SkipReason::FileName => Self::FileName,
            SkipReason::Code => Self::Code,
            SkipReason::Entity => Self::Entity,
            SkipReason::ProgramCode => Self::ProgramCode,
            SkipReason::Protected => Self::Protected,
            SkipReason::OtherScript => Self::OtherScript,
            SkipReason::OtherLanguage(_) => Self::OtherLanguage,
            SkipReason::ProperName => Self::ProperName,
            SkipReason::Acronym => Self::Acronym,
            SkipReason::Quotation => Self::Quotation,
            SkipReason::OwnWord => Self::OwnWord,
            SkipReason::QuotedHistory => Self::QuotedHistory,
            SkipReason::Signature => Self::Signature,
            SkipReason::ForwardedHeader => Self::ForwardedHeader,
            SkipReason::NotTranslatable => Self::NotTranslatable,
            SkipReason::Hidden => Self::Hidden,
            SkipReason::StruckOut => Self::StruckOut,
            SkipReason::SpellcheckOff => Self::SpellcheckOff,
            SkipReason::NotEditable => Self::NotEditable,
        }
    }
}
