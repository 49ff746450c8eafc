//! The preview of an answer that is being written: values are back in their places, a placeholder that is not all there is held
//! back, thoughts and what is no part of a reply are not shown. Pure; the result replaces the preview wholly, so nothing depends on it.

use super::{
    answer,
    draft::Draft,
    privacy::{MaskedPiece, Masking},
};

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
        let mut delta = String::with_capacity(ready.len());
        for piece in self.masking.pieces(ready) {
            match piece {
                MaskedPiece::Text(text) => delta.push_str(&self.masking.without_invented(text)),
                MaskedPiece::Value { kind, value, .. } => delta.push_str(&self.draft.shown(kind, value)),
            }
        }
        delta
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

    /// What a preview shows of an answer that comes in pieces of so many bytes, and the answer as it was taken.
    fn previewed(mut preview: AnswerPreview<'_>, answer: &str, size: usize) -> (Vec<String>, String) {
        let (mut deltas, mut rest) = (Vec::new(), answer);
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(rest.ceil_char_boundary(size.min(rest.len())));
            deltas.push(preview.push(piece));
            rest = after;
        }
        (deltas, preview.into_answer())
    }

    #[test]
    fn however_an_answer_is_cut_the_preview_is_the_same() {
        let text = "See https://acme.com/x or write to a@b.com";
        let document = Document { content: text, format: DocumentFormat::Plain, channel: MessageChannel::Email };
        let draft = Draft::read(&document, &[]);
        let mut masking = Masking::new(&[text], || 77_777);
        let masked = masking.mask(text, &[], &Patterns::default(), Scope::All).text;
        let answer = format!("<think>é {masked}</think>\n{masked} [[ok]] <3");
        for size in 1..answer.len() {
            let (deltas, whole) = previewed(AnswerPreview::new(&masking, &draft), &answer, size);
            for delta in &deltas {
                assert!(!delta.contains("think") && !delta.contains(masking.nonce()), "{delta}");
            }
            let shown = deltas.concat();
            assert_eq!(shown, format!("{text} [[ok]] <3"));
            assert_eq!(whole, answer);
        }
    }

    /// A placeholder of this call's ending that stands for nothing is never shown; the guard refuses the answer in the end.
    #[test]
    fn a_placeholder_that_the_model_invents_is_not_shown() {
        let text = "See https://acme.com/x";
        let document = Document { content: text, format: DocumentFormat::Plain, channel: MessageChannel::Email };
        let draft = Draft::read(&document, &[]);
        let mut masking = Masking::new(&[text], || 77_777);
        let masked = masking.mask(text, &[], &Patterns::default(), Scope::All).text;
        let nonce = masking.nonce();
        let answer =
            format!("[[URL_7_{nonce}]]Ok {masked} [[AMOUNT_3_{nonce}]], a_{nonce}]] [[é_{nonce}]] [ok] [[go]]");
        for size in 1..answer.len() {
            let shown = previewed(AnswerPreview::new(&masking, &draft), &answer, size).0.concat();
            assert!(!shown.contains(&format!("_{nonce}]]")), "{shown}");
            assert!(shown.starts_with(&format!("Ok {text} , a")) && shown.ends_with(" [ok] [[go]]"), "{shown}");
        }
    }
}
