//! Words why an answer was refused, for a model that is to write another one: what is wrong, with the clauses of the masked texts where it
//! is. "A negation was dropped" mends little; the clause that was lost mends most. Pure.

use super::guard::GuardFinding;
use vermilion_engine::text::Span;

/// A refused answer, as a second one is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct RefusedAnswer<'r> {
    /// The masked draft.
    pub(super) draft: &'r str,
    /// The masked answer.
    pub(super) answer: &'r str,
    /// Of the tags.
    pub(super) nonce: &'r str,
}

/// So many problems are named at most: a longer list helps nobody.
const MAX_PROBLEMS: usize = 12;

/// The longest clause that is quoted, in bytes; a longer one is cut around the place.
const MAX_QUOTE: usize = 320;

impl RefusedAnswer<'_> {
    /// What is wrong, a line each; what has been said is not said again.
    pub(super) fn problems(&self, findings: &[GuardFinding]) -> Vec<String> {
        let mut problems: Vec<String> = Vec::new();
        for finding in findings {
            let problem = self.problem(finding);
            if problems.len() < MAX_PROBLEMS && !problems.contains(&problem) {
                problems.push(problem);
            }
        }
        problems
    }

    fn problem(&self, finding: &GuardFinding) -> String {
        let mut problem = finding.code.to_string();
        for (said_by, text, spans) in
            [("the draft says", self.draft, &finding.draft), ("your answer says", self.answer, &finding.reply)]
        {
            if let (Some(first), Some(last)) = (spans.first(), spans.last()) {
                let place = Span::new(first.start, last.end.max(first.end));
                let nonce = self.nonce;
                problem.push_str(&format!("; {said_by} <quote_{nonce}>{}</quote_{nonce}>", clause(text, place)));
            }
        }
        problem
    }
}

/// The clause around a place, without blanks at its ends.
fn clause(text: &str, place: Span) -> &str {
    const ENDS: [char; 12] = ['.', '!', '?', ';', '\n', '。', '！', '？', '；', '，', ',', '\u{3001}'];
    let (start, end) = (place.start.min(text.len()), place.end.min(text.len()));
    let (Some(before), Some(behind)) = (text.get(..start), text.get(end..)) else { return "" };
    // A comma or a point between digits ends nothing.
    let ends = |at: usize, c: char| {
        ENDS.contains(&c) && !text[at + c.len_utf8()..].chars().next().is_some_and(|next| next.is_ascii_digit())
    };
    let from = before.char_indices().rev().find(|(at, c)| ends(*at, *c)).map_or(0, |(at, c)| at + c.len_utf8());
    let to = behind.char_indices().find(|(at, c)| ends(end + at, *c)).map_or(text.len(), |(at, _)| end + at);
    if to - from <= MAX_QUOTE {
        return text[from..to].trim();
    }
    let spare = MAX_QUOTE.saturating_sub(end - start) / 2;
    let from = text.ceil_char_boundary(start.saturating_sub(spare).max(from));
    let to = text.floor_char_boundary((start + MAX_QUOTE).min(end + spare).min(to).max(from));
    text[from..to].trim()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::polishing::guard::GuardCode;

    fn place(text: &str, words: &str) -> Span {
        let at = text.find(words).expect("it is there");
        Span::new(at, at + words.len())
    }

    #[track_caller]
    fn check(text: &str, words: &str, expected: &str) {
        assert_eq!(clause(text, place(text, words)), expected);
    }

    #[test]
    fn the_clause_around_a_place_is_quoted() {
        let text = "We cannot refund it, but you pay 1,500.50 less. Call us?\nBye";
        check(text, "refund", "We cannot refund it");
        check(text, "500", "but you pay 1,500.50 less");
        check(text, "Call", "Call us");
        check(text, "Bye", "Bye");
        check(text, "it, but", "We cannot refund it, but you pay 1,500.50 less");
        check("您的订单不能退款，只能换货。", "退款", "您的订单不能退款");
        let long = format!("{} middle {}", "é".repeat(500), "ü".repeat(500));
        let quoted = clause(&long, place(&long, "middle"));
        assert!(quoted.contains("middle") && quoted.len() <= MAX_QUOTE, "{}", quoted.len());
    }

    #[test]
    fn a_problem_names_what_was_lost() {
        let (draft, answer) = ("It does not happen again. Bye.", "It happens again. Bye.");
        let refused = RefusedAnswer { draft, answer, nonce: "x1" };
        let finding = GuardFinding {
            code: GuardCode::NegationChanged,
            draft: vec![place(draft, "not")],
            reply: vec![place(answer, "happens")],
        };
        let problems = refused.problems(&[finding.clone(), finding, GuardFinding::whole(GuardCode::Cut)]);
        assert_eq!(
            problems,
            [
                "a negation was dropped or added; the draft says <quote_x1>It does not happen again</quote_x1>; your answer says \
             <quote_x1>It happens again</quote_x1>",
                "the answer breaks off",
            ]
        );
    }
}
