//! How mail programs mark quoted history, signatures and forwarded headers in HTML. Knows attributes, no text.
//!
//! Gmail, Outlook (desktop, web, mobile), Yahoo Mail, Apple Mail, Thunderbird, Proton Mail, Zoho, Spark, QQ Mail, Foxmail,
//! 163 Mail (NetEase). What they mark by words alone (`On ... wrote:`) is found in the text, in [`super::super::mail`].

use super::elements::{BLOCKQUOTE, Element};
use crate::document::SkipReason;

/// What an element of a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MailPart {
    /// Not the writer's own, as a whole.
    Whole(SkipReason),
    /// The header of a message whose body follows, up to the end of the document.
    HeaderOfRest,
    /// What follows is not the writer's own: up to a quotation, or the end of the document.
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

/// Classes of quoted history.
const QUOTE_CLASSES: &[&str] = &[
    "gmail_quote",
    "gmail_quote_container",
    "gmail_attr",
    "gmail_extra",
    "yahoo_quoted",
    "moz-cite-prefix",
    "moz-forward-container",
    "protonmail_quote",
    "zmail_extra",
    "tutanota_quote",
    "OutlookMessageHeader",
    "ntes-mailmaster-quote",
    "mail-quote-collapse",
    "xm_mail_oringinal_describe",
];
/// Elements, by id, of quoted history.
const QUOTE_IDS: &[&str] = &[
    "isReplyContent",
    "OLK_SRC_BODY_SECTION",
    "mail-editor-reference-message-container",
    "ms-outlook-mobile-body-separator-line",
    "origbody",
];
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
    "ms-outlook-mobile-signature",
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

/// What an element is; `None` for one that is nothing special.
pub(super) fn classify(element: Element, marks: MailMarkers<'_>) -> Option<MailPart> {
    let quote = MailPart::Whole(SkipReason::QuotedHistory);
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
