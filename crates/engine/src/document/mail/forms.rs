//! The words that mail programs write around what others wrote: one file for each language that programs are set to, in
//! `forms/`. Knows no document; what a form matches is in `attribution.rs` and `signature.rs`.
//!
//! A file is made of sections, each a name in brackets and the forms below it, one a line; a line that begins with `#` is a
//! comment. All languages hold at once, as a customer's program may be set to any of them.
//!
//! - `[attribution]`: the line over a quotation, up to its colon. `{when}` stands for anything with a digit, `{timestamp}` for
//!   a year and a time of day, `{who}` for anything, `{address}` for an e-mail address.
//! - `[from]`, `[date]`, `[subject]`, `[label]`: the labels of a header, without their colons.
//! - `[original]`, `[forwarded]`: what stands between dashes over an earlier message.
//! - `[begins]`: what stands without dashes, and with a colon, over the header of a forwarded one.
//! - `[reply above]`: what the programs of help desks write over the messages of a ticket.
//! - `[sent from]`, `[device]`: the line that a phone puts below a message, and the words that may stand for `{device}`.
//! - `[notice]`, `[notice word]`: phrases of notices that firms put below messages; those that people write, too, count beside
//!   another alone. `[notice heading]`, `[sign off]`, `[postscript]`: what stands over them, what a writer ends with, and what
//!   begins a line of the writer's below that.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    attribution::AttributionForm,
    notice::NoticeForms,
    signature::SentFromForm,
    words::{FormsByEdge, key},
};

const FILES: &[(&str, &str)] = &[
    ("de.txt", include_str!("forms/de.txt")),
    ("en.txt", include_str!("forms/en.txt")),
    ("es.txt", include_str!("forms/es.txt")),
    ("fr.txt", include_str!("forms/fr.txt")),
    ("it.txt", include_str!("forms/it.txt")),
    ("ja.txt", include_str!("forms/ja.txt")),
    ("ko.txt", include_str!("forms/ko.txt")),
    ("nl.txt", include_str!("forms/nl.txt")),
    ("pl.txt", include_str!("forms/pl.txt")),
    ("pt.txt", include_str!("forms/pt.txt")),
    ("ru.txt", include_str!("forms/ru.txt")),
    ("zh.txt", include_str!("forms/zh.txt")),
];

/// Why a file of forms cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {expected}")]
pub(crate) struct MailFormsError {
    file: &'static str,
    /// Counted from 1.
    line: usize,
    expected: &'static str,
}

/// What a line of a message's header names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HeaderLabel {
    /// The sender.
    From,
    /// When it was sent.
    Date,
    /// The subject, which all programs write.
    Subject,
    /// Anything else: receivers.
    Other,
}

/// The forms of all languages.
#[derive(Debug, Default)]
pub(super) struct MailForms {
    pub(super) attributions: FormsByEdge<AttributionForm>,
    pub(super) labels: FxHashMap<Box<str>, HeaderLabel>,
    pub(super) originals: FxHashSet<Box<str>>,
    pub(super) forwarded: FxHashSet<Box<str>>,
    pub(super) begins: FxHashSet<Box<str>>,
    pub(super) sent_from: FormsByEdge<SentFromForm>,
    pub(super) devices: FxHashSet<Box<str>>,
    pub(super) reply_above: FxHashSet<Box<str>>,
    pub(super) notices: NoticeForms,
}

static FORMS: LazyLock<Result<MailForms, MailFormsError>> = LazyLock::new(|| {
    let mut forms = MailForms::default();
    FILES.iter().try_for_each(|(name, text)| forms.add(name, text))?;
    Ok(forms)
});

static NONE: LazyLock<MailForms> = LazyLock::new(MailForms::default);

/// Whether all files can be read: who starts a program asks, as a message is read with no form otherwise.
///
/// # Errors
/// [`MailFormsError`] names the file, the line and what was expected there.
pub(crate) fn verify() -> Result<(), MailFormsError> {
    FORMS.as_ref().map(|_| ()).map_err(Clone::clone)
}

pub(super) fn forms() -> &'static MailForms {
    FORMS.as_ref().unwrap_or_else(|_| &NONE)
}

impl MailForms {
    fn add(&mut self, file: &'static str, text: &str) -> Result<(), MailFormsError> {
        let mut section = "";
        for (index, line) in text.lines().enumerate() {
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let read = match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                Some(name) => {
                    section = name;
                    Ok(())
                }
                None => self.add_form(section, line),
            };
            read.map_err(|expected| MailFormsError { file, line: index + 1, expected })?;
        }
        Ok(())
    }

    fn add_form(&mut self, section: &str, line: &str) -> Result<(), &'static str> {
        let set = match section {
            "attribution" => return AttributionForm::parse(line).map(|form| form.add_to(&mut self.attributions)),
            "sent from" => return SentFromForm::parse(line).map(|form| form.add_to(&mut self.sent_from)),
            "from" => return self.add_label(line, HeaderLabel::From),
            "date" => return self.add_label(line, HeaderLabel::Date),
            "subject" => return self.add_label(line, HeaderLabel::Subject),
            "label" => return self.add_label(line, HeaderLabel::Other),
            "original" => &mut self.originals,
            "forwarded" => &mut self.forwarded,
            "begins" if !line.ends_with([':', '：']) => return Err("expected a colon at the end"),
            "begins" => &mut self.begins,
            "device" => &mut self.devices,
            "reply above" => &mut self.reply_above,
            "notice" => return self.notices.add_phrase(line, true),
            "notice word" => return self.notices.add_phrase(line, false),
            "postscript" => return self.notices.add_postscript(line),
            "notice heading" => return self.notices.add_heading(line),
            "sign off" => return self.notices.add_sign_off(line),
            _ => return Err("expected a known section above"),
        };
        if line.contains(['{', '}']) {
            return Err("expected words without a placeholder");
        }
        set.insert(key(line.trim_end_matches([':', '：'])).into());
        Ok(())
    }

    fn add_label(&mut self, line: &str, label: HeaderLabel) -> Result<(), &'static str> {
        if line.contains(['{', '}', ':', '：']) {
            return Err("expected a label without its colon");
        }
        match self.labels.insert(key(line).into(), label) {
            Some(other) if other != label => Err("expected a label that no other section has"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_files_are_well_formed_and_have_what_every_language_needs() {
        assert_eq!(verify(), Ok(()));
        for (name, text) in FILES {
            for section in
                ["attribution", "from", "date", "subject", "label", "original", "forwarded", "begins", "sent from"]
            {
                let below = text.split_once(&format!("\n[{section}]\n")).map(|(_, below)| below.trim_start());
                assert!(below.is_some_and(|below| !below.starts_with('[')), "{name}: [{section}]");
            }
        }
    }

    #[track_caller]
    fn refuses(text: &str, line: usize, expected: &str) {
        let error = MailForms::default().add("xx.txt", text).expect_err("a refusal");
        assert_eq!(error.to_string(), format!("xx.txt, line {line}: {expected}"));
    }

    #[test]
    fn what_is_malformed_is_refused_with_its_line() {
        refuses("From\n", 1, "expected a known section above");
        refuses("# x\n[form]\nFrom", 3, "expected a known section above");
        refuses("[from]\nFrom:", 2, "expected a label without its colon");
        refuses("[from]\nFrom\n[label]\n\nFROM", 5, "expected a label that no other section has");
        refuses("[original]\n{who}", 2, "expected words without a placeholder");
        refuses("[begins]\nForwarded message", 2, "expected a colon at the end");
        refuses("[attribution]\nOn {when} {who} wrote", 2, "expected a colon at the end");
        refuses("[attribution]\n{who} wrote:", 2, "expected {when} or {timestamp}");
        refuses("[attribution]\nOn {day} {who} wrote:", 2, "expected {when}, {timestamp}, {who} or {address}");
        refuses("[attribution]\nOn {when wrote:", 2, "expected a closing brace");
        refuses("[attribution]\n{when} {who}:", 2, "expected words around the placeholders");
        refuses("[sent from]\n{device}", 2, "expected words around {device}");
        refuses("[notice]\n...", 2, "expected letters");
        refuses("[sent from]\nSent by {who}", 2, "expected no placeholder but {device}");
    }
}
