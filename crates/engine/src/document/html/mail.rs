//! How mail programs mark quoted history, signatures and forwarded headers in HTML. Knows attributes, no text.
//!
//! Gmail, Outlook (desktop, web, mobile), Yahoo Mail, Apple Mail, Thunderbird, Proton Mail, Zoho, Spark, QQ Mail, Foxmail,
//! 163 Mail (NetEase). What they mark by words alone (`On ... wrote:`) is found in the text, in [`super::super::mail`].

use super::elements::{BLOCKQUOTE, Element};
use crate::document::SkipReason;

/// What an element of a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MailPart {
    /// An earlier message.
    Quotation,
    /// The line over one, or its header.
    Attribution,
    /// It holds an attribution and a quotation, and perhaps what the writer has typed around them.
    Container,
    /// Not the writer's own, as a whole: a signature, a header.
    Whole(SkipReason),
    /// The header of a message whose body follows.
    HeaderOfRest,
    /// What follows is not the writer's own: up to the end of a quotation that stands there first, of the container, of the
    /// document.
    Rest(SkipReason),
}

/// What is known of an element beyond its name.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct MailMarkers<'s> {
    pub(super) class: &'s str,
    pub(super) id: &'s str,
    pub(super) name: &'s str,
    pub(super) kind: &'s str,
    /// In small letters, without blanks; empty if nothing in it matters.
    pub(super) style: &'s str,
}

/// Classes of a quotation if they are a blockquote's, else of what holds one.
const QUOTE_CLASSES: &[&str] = &[
    "gmail_quote",
    "gmail_quote_container",
    "gmail_extra",
    "yahoo_quoted",
    "moz-forward-container",
    "protonmail_quote",
    "zmail_extra",
    "tutanota_quote",
    "ntes-mailmaster-quote",
    "mail-quote-collapse",
    "ms-outlook-mobile-reference-message",
];
/// The same by id.
const QUOTE_IDS: &[&str] = &[
    "isReplyContent",
    "OLK_SRC_BODY_SECTION",
    "mail-editor-reference-message-container",
    "ntes-pcmac-quote",
    "ntes-pcmail-quote",
    "origbody",
];
/// Lines over quotations.
const ATTRIBUTION_CLASSES: &[&str] =
    &["gmail_attr", "moz-cite-prefix", "OutlookMessageHeader", "xm_mail_oringinal_describe"];
const SIGNATURE_CLASSES: &[&str] = &[
    "gmail_signature",
    "gmail_signature_prefix",
    "moz-signature",
    "protonmail_signature_block",
    "tutanota_signature",
    "yahoo-signature",
    "xmail_signature",
];
const SIGNATURE_IDS: &[&str] = &[
    "Signature",
    "signature",
    "AppleMailSignature",
    "ymail_android_signature",
    "ymail_ios_signature",
    "ntes-pcmac-signature",
    "ntes-pcmail-signature",
    "Zm-_Id_-Sgn",
];
/// The line that Outlook, and Windows Mail, draw over the header of the message below, in the colours of its versions.
const OUTLOOK_LINES: &[&str] = &[
    "border:none;border-top:solid#e1e1e11.0pt;padding:3.0pt",
    "border:none;border-top:solid#b5c4df1.0pt;padding:3.0pt",
    "border-right:none;border-bottom:none;border-left:none;border-image:initial;border-top:1ptsolidrgb(225,225,225);padding:3pt",
    "padding-top:5px;border-top-color:rgb(229,229,229);border-top-width:1px;border-top-style:solid",
    "border-width:1ptmediummedium;border-style:solidnonenone;border-color:rgb(225,225,225)",
];

/// What an element is; `None` for one that is nothing special. Of Outlook's phones neither the signature nor the line below it
/// is marked by more than words, as people type in these elements.
pub(super) fn classify(element: Element, marks: MailMarkers<'_>) -> Option<MailPart> {
    // Gmail's button for an indent makes a quotation without the line at its side: the writer's own text.
    let has_no_line = marks.style.contains("border:none") && !marks.style.contains("border-left");
    if element == BLOCKQUOTE && has_no_line && !marks.kind.eq_ignore_ascii_case("cite") {
        return None;
    }
    let quote = if element == BLOCKQUOTE { MailPart::Quotation } else { MailPart::Container };
    let id = unprefixed(marks.id);
    match id {
        "divRplyFwdMsg" => return Some(MailPart::HeaderOfRest),
        "stopSpelling" => return Some(MailPart::Rest(SkipReason::QuotedHistory)),
        "FMSigSeperator" => return Some(MailPart::Rest(SkipReason::Signature)),
        _ => {}
    }
    if OUTLOOK_LINES.iter().any(|line| marks.style.contains(line)) {
        return Some(MailPart::HeaderOfRest);
    }
    if element == BLOCKQUOTE && marks.kind.eq_ignore_ascii_case("cite")
        || QUOTE_IDS.contains(&id)
        || id.starts_with("yahoo_quoted")
        || marks.name == "messageReplySection"
    {
        return Some(quote);
    }
    if SIGNATURE_IDS.contains(&id) || marks.name == "messageSignatureSection" {
        return Some(MailPart::Whole(SkipReason::Signature));
    }
    marks.class.split_ascii_whitespace().map(unprefixed).find_map(|class| {
        // Yahoo writes a new prefix for every message: ydp1a2b3c4dsignature.
        let of_yahoo = class.starts_with("ydp");
        if QUOTE_CLASSES.contains(&class) || of_yahoo && class.ends_with("yahoo_quoted") {
            Some(quote)
        } else if ATTRIBUTION_CLASSES.contains(&class) {
            Some(MailPart::Attribution)
        } else if SIGNATURE_CLASSES.contains(&class) || of_yahoo && class.ends_with("signature") {
            Some(MailPart::Whole(SkipReason::Signature))
        } else if class == "moz-email-headers-table" {
            Some(MailPart::Whole(SkipReason::ForwardedHeader))
        } else {
            None
        }
    })
}

/// Outlook on the web puts `x_` before every class and id of a message that it quotes.
fn unprefixed(name: &str) -> &str {
    name.trim_start_matches("x_")
}
