//! The preview of an answer that is being written: values are back in their places, a placeholder that is not all there is held
//! back, thoughts and what is no part of a reply are not shown. Pure; the result replaces the preview wholly, so nothing depends on it.

use super::{answer, draft::Draft, privacy::Masking};

/// Collects an answer and says what more of it may be shown.
#[derive(Debug)]
pub(crate) struct AnswerPreview<'m> {
    masking: &'m Masking,
    draft: &'m Draft,
    answer: String,
    /// Where, in the answer, what has been shown begins and ends.
    shown: (usize, usize),
}

impl<'m> AnswerPreview<'m> {
    /// Of an answer to a prompt that this masked, for this draft.
    #[must_use]
    pub(crate) const fn new(masking: &'m Masking, draft: &'m Draft) -> Self {
        Self { masking, draft, answer: String::new(), shown: (0, 0) }
    }

    /// Takes the next piece; what it allows to be shown, perhaps nothing.
    pub(crate) fn push(&mut self, piece: &str) -> String {
        self.answer.push_str(piece);
        let (start, end) = answer::visible_range(self.draft.text(), &self.answer);
        let begin = if self.shown.0 == start { self.shown.1.max(start) } else { start };
        // What was shown cannot be taken back: a thought that begins late only ends the preview.
        if begin >= end {
            return String::new();
        }
        let fresh = &self.answer[begin..end];
        let ready = &fresh[..fresh.len() - self.masking.unfinished(fresh)];
        self.shown = (start, begin + ready.len());
        self.masking.restore_with(ready, |kind, value| self.draft.shown(kind, value))
    }

    /// The whole answer, as it came.
    #[must_use]
    pub(crate) fn into_answer(self) -> String {
        self.answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::polishing::privacy::{Patterns, Scope};
    use vermilion_engine::document::{Document, DocumentFormat, MessageChannel};

    #[test]
    fn however_an_answer_is_cut_the_preview_is_the_same() {
        let text = "See https://acme.com/x or write to a@b.com";
        let document = Document { content: text, format: DocumentFormat::Plain, channel: MessageChannel::Email };
        let draft = Draft::read(&document, &[]);
        let mut masking = Masking::new(&[text], || 77_777);
        let masked = masking.mask(text, &[], &Patterns::default(), Scope::All).text;
        let answer = format!("<think>é {masked}</think>\n{masked} [[ok]] <3");
        for size in 1..answer.len() {
            let mut preview = AnswerPreview::new(&masking, &draft);
            let mut shown = String::new();
            let mut rest = answer.as_str();
            while !rest.is_empty() {
                let (piece, after) = rest.split_at(rest.ceil_char_boundary(size.min(rest.len())));
                let delta = preview.push(piece);
                assert!(!delta.contains("think") && !delta.contains(masking.nonce()), "{delta}");
                shown.push_str(&delta);
                rest = after;
            }
            assert_eq!(shown, format!("{text} [[ok]] <3"));
            assert_eq!(preview.into_answer(), answer);
        }
    }
}
