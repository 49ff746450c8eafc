//! The form of an answer: its length, its end, what is wrapped around it, and whether it is still about the draft. Pure.

use std::{collections::HashSet, sync::LazyLock};

use regex::Regex;

use super::{GuardCase, GuardCode, MARK, is_han};
use crate::polishing::prompt::{self, Operation};

/// How much longer or shorter an answer may be: `least * draft - slack` to `most * draft + slack` characters.
struct Bounds {
    least: f64,
    most: f64,
    slack: f64,
}

const fn bounds(operation: Operation) -> Bounds {
    match operation {
        Operation::Improve => Bounds { least: 0.45, most: 2.2, slack: 120.0 },
        Operation::FixGrammar => Bounds { least: 0.75, most: 1.35, slack: 20.0 },
        Operation::Shorten => Bounds { least: 0.2, most: 1.0, slack: 10.0 },
        Operation::Expand => Bounds { least: 0.9, most: 4.0, slack: 300.0 },
        Operation::Simplify => Bounds { least: 0.35, most: 1.6, slack: 60.0 },
    }
}

/// Whether the answer has a length that the task explains and the channel takes.
pub(super) fn length(case: &GuardCase<'_>, draft: &str, reply: &str) -> Option<GuardCode> {
    let restored = |text: &str| {
        case.masking.restore_with(text, |kind, value| match kind {
            crate::polishing::privacy::ValueKind::Markup => String::new(),
            _ => value.to_owned(),
        })
    };
    if let Some(limit) = case.limit {
        let size = |text: &str| restored(text).trim().chars().count();
        let replied = size(case.reply);
        // A draft that is too long already may be made better, but not longer.
        if replied > limit && replied > size(case.draft) {
            return Some(GuardCode::ChannelLimit);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "texts are far shorter than 2^52")]
    let [before, after] = [draft, reply].map(|text| text.trim().chars().count() as f64);
    let Bounds { least, most, slack } = bounds(case.operation);
    // Of a short draft little can be left out; to be polite takes more than a few characters in any script.
    let spare = if draft.contains(is_han) { 3.0 } else { 10.0 };
    let shortest = (before * least - spare).max(0.0);
    let longest = before * most + slack.min(20.0 + before * 3.0);
    if after > longest {
        return Some(GuardCode::TooLong);
    }
    (after < shortest).then_some(GuardCode::TooShort)
}

const QUOTES: [(char, char); 7] =
    [('"', '"'), ('“', '”'), ('\'', '\''), ('「', '」'), ('«', '»'), ('`', '`'), ('‘', '’')];

/// Markdown that people do not write in chats, and blanks to fill in.
static MARKDOWN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?m)```|^#{1,6} |\*\*[^*\n]+\*\*|^\s*---+\s*$|^>\s|</?(?:p|br|b|i|strong|em|div|span|a|ul|li|reply|draft|output|think)(?-u:\b)[^>]*>|\[[\p{L} ][^\]\[\n]{1,40}\]|【[^】\n]{1,20}】").ok()
});

/// Whether the answer is wrapped in quotation marks or has markup, fences or blanks to fill in that the draft lacks.
pub(super) fn has_format(draft: &str, reply: &str) -> bool {
    let (draft, reply) = (draft.trim(), reply.trim());
    let wrapped = |text: &str| {
        let inner = text.chars().next().zip(text.chars().next_back());
        text.chars().count() > 1 && inner.is_some_and(|ends| QUOTES.contains(&ends))
    };
    let marked = |text: &str| MARKDOWN.as_ref().map_or(0, |pattern| pattern.find_iter(text).count());
    wrapped(reply) && !wrapped(draft) || marked(reply) > marked(draft)
}

/// How many items of the draft's lists are no items in the answer, or have another number there.
pub(super) fn items_changed(draft: &str, reply: &str) -> usize {
    let items = |text: &'_ str| -> Vec<String> { text.lines().filter(|line| is_item(line)).map(item_number).collect() };
    let (before, after) = (items(draft), items(reply));
    if before.len() < 2 {
        return 0;
    }
    let is_numbered = |number: &str| !number.is_empty();
    let renumbered =
        before.iter().zip(&after).filter(|(one, other)| one != other && is_numbered(one) && is_numbered(other));
    before.len().saturating_sub(after.len()).max(if before.len() == after.len() { renumbered.count() } else { 0 })
}

/// The digits that an item begins with; nothing for one with a mark.
fn item_number(line: &str) -> String {
    line.trim_start().chars().take_while(char::is_ascii_digit).collect()
}

/// A line of a list: `- `, `* `, `• `, `1. `, `1) `, `1、`.
fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    ["- ", "* ", "• ", "– "].iter().any(|mark| line.starts_with(mark))
        || (1..=2).contains(&digits) && line[digits..].starts_with(['.', ')', '、', '．'])
}

/// What ends a sentence, or a message.
fn ends_well(c: char) -> bool {
    matches!(
        c,
        '.' | '!'
            | '?'
            | '。'
            | '！'
            | '？'
            | '…'
            | ')'
            | '）'
            | '"'
            | '”'
            | ':'
            | '：'
            | '~'
            | '～'
            | '」'
            | '》'
            | '*'
            | ']'
            | MARK
    ) || !(c.is_alphanumeric() || matches!(c, ',' | '，' | '、' | ';' | '；' | '-' | '–' | '—' | '&' | '/' | '('))
}

/// Words after which no sentence ends.
const DANGLING: &[&str] = &[
    "the", "a", "an", "to", "of", "for", "and", "or", "with", "your", "our", "de", "da", "do", "e", "ou", "para",
    "com", "o", "a", "seu", "sua", "em", "no", "na", "que", "的", "和", "与", "或", "在", "将", "为",
];

/// What a message may end with, in small letters.
const VALEDICTIONS: &[&str] = &[
    "regards",
    "wishes",
    "sincerely",
    "thanks",
    "thank you",
    "cheers",
    "atenciosamente",
    "obrigado",
    "obrigada",
    "abraço",
    "abraços",
    "cumprimentos",
    "cordialmente",
    "谢谢",
    "謝謝",
    "此致",
    "敬上",
    "敬礼",
    "敬禮",
];

/// Whether the answer breaks off: it ends without a mark and not as the draft does, or where nothing can end.
pub(super) fn is_cut(draft: &str, reply: &str) -> bool {
    let (draft, reply) = (draft.trim_end(), reply.trim_end());
    let last = |text: &str| text.lines().next_back().unwrap_or_default().trim().to_lowercase();
    let (before, ending) = (last(draft), last(reply));
    if before == ending {
        return false;
    }
    let Some(end) = reply.chars().next_back() else { return true };
    if matches!(end, ',' | '，' | '、' | ';' | '；' | '(' | '（' | '&' | '/') && !draft.ends_with(end) {
        // A valediction is a line of its own with a comma, but then a name follows it.
        return true;
    }
    let dangles = |line: &str| {
        let word = line.rsplit(|c: char| c.is_whitespace()).next().unwrap_or_default();
        DANGLING.iter().any(|dangling| {
            word == *dangling
                || (!dangling.is_ascii()
                    && word.chars().count() > 2
                    && word.ends_with(dangling)
                    && !dangling.chars().any(char::is_lowercase))
        })
    };
    if dangles(&ending) && !dangles(&before) {
        return true;
    }
    let open = |text: &str, opening: char, closing: char| text.matches(opening).count() > text.matches(closing).count();
    let opened =
        |text: &str| open(text, '(', ')') || open(text, '（', '）') || open(text, '“', '”') || open(text, '《', '》');
    if opened(reply) && !opened(draft) {
        return true;
    }
    if VALEDICTIONS.iter().any(|valediction| ending.ends_with(valediction)) {
        return false;
    }
    // Without a mark at its end an answer is whole only where it ends as the draft does.
    !ends_well(end) && last_word(draft) != last_word(reply)
}

/// The last word in small letters, or the last character of a script without spaces.
fn last_word(text: &str) -> String {
    let end = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    match end.chars().next_back() {
        Some(c) if c >= '\u{2E80}' => c.to_string(),
        _ => end.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase(),
    }
}

/// Words of four letters and more by their beginnings, and pairs of Han characters.
fn stems(text: &str) -> HashSet<String> {
    let mut stems = HashSet::new();
    let lower = text.to_lowercase();
    for word in lower.split(|c: char| !c.is_alphanumeric()) {
        let chars: Vec<char> = word.chars().collect();
        if chars.iter().any(|c| is_han(*c)) {
            stems.extend(chars.iter().filter(|c| is_han(**c)).map(ToString::to_string));
        } else if chars.len() >= 4 {
            stems.insert(chars.iter().take(4).collect());
        }
    }
    stems
}

/// Whether hardly a word of the draft is left.
pub(super) fn is_unrelated(draft: &str, reply: &str, operation: Operation) -> bool {
    let (before, after) = (stems(draft), stems(reply));
    if before.len() < 6 {
        // Too little to tell; but of two or more words one must be left.
        return before.len() >= 3 && before.is_disjoint(&after) && operation == Operation::FixGrammar;
    }
    let kept = before.intersection(&after).count();
    let least = match operation {
        Operation::FixGrammar => 60,
        Operation::Improve | Operation::Expand => 25,
        Operation::Shorten | Operation::Simplify => 20,
    };
    kept * 100 < before.len() * least
}

/// Whether the answer holds our delimiters or a sentence of our rules.
pub(super) fn leaks(case: &GuardCase<'_>) -> bool {
    let lower = case.reply.to_lowercase();
    let told = |sentence: &&str| lower.contains(*sentence) && !case.draft.to_lowercase().contains(*sentence);
    prompt::PROMPT_LEAK_PHRASES.iter().any(told)
        || ["draft", "conversation", "turn"].iter().any(|name| lower.contains(&format!("<{name}_")))
}
