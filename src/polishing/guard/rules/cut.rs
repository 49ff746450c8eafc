//! The answer is whole: it ends with a mark, or as its draft does, or at least with what its draft says last. A draft without a full stop
//! may have an answer without one.

use super::{GuardCode, Pair, Place};
use crate::polishing::guard::{
    MARK, is_han,
    lexicon::Concept,
    reading::{Reading, Section},
};

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
    "the", "a", "an", "to", "of", "for", "and", "or", "with", "your", "our", "is", "are", "we", "if", "unless", "by",
    "from", "de", "da", "do", "e", "ou", "para", "com", "o", "seu", "sua", "em", "no", "na", "que", "por", "ao", "dos",
    "das", "um", "uma", "se", "的", "和", "与", "或", "在", "将", "为",
];

pub(super) fn find(pair: &Pair<'_>, _: GuardCode) -> Vec<Place> {
    if !is_cut(pair) {
        return Vec::new();
    }
    let reply = pair.reply.prose().trim_end();
    let last = reply.char_indices().next_back().map_or(0, |(at, _)| at);
    vec![Place::of_reply(pair.reply.prose_span(last..reply.len()))]
}

fn is_cut(pair: &Pair<'_>) -> bool {
    let (draft, reply) = (pair.draft.prose().trim_end(), pair.reply.prose().trim_end());
    let last = |text: &str| text.lines().next_back().unwrap_or_default().trim().to_lowercase();
    let (before, ending) = (last(draft), last(reply));
    if before == ending {
        return false;
    }
    let Some(end) = reply.chars().next_back() else { return true };
    if matches!(end, '，' | '、' | ';' | '；' | '(' | '（' | '&' | '/') && !draft.ends_with(end) {
        return true;
    }
    // A sign-off is a line of its own, often with a comma.
    let is_below = pair.reply.clauses.len() > 1;
    let is_sign_off = is_below && ending.chars().count() <= LONGEST_SIGN_OFF && says_courtesy(pair.reply);
    if end == ',' && !draft.ends_with(',') && !is_sign_off {
        return true;
    }
    if dangles(&ending) && !dangles(&before) {
        return true;
    }
    let open = |text: &str, opening: char, closing: char| text.matches(opening).count() > text.matches(closing).count();
    let opened =
        |text: &str| open(text, '(', ')') || open(text, '（', '）') || open(text, '“', '”') || open(text, '《', '》');
    if opened(reply) && !opened(draft) {
        return true;
    }
    // A draft with a mark at its end shows that its writer sets them.
    let is_marked = draft.ends_with(['.', '!', '?', '。', '！', '？']);
    let is_whole = is_sign_off || !is_marked && says_the_end(pair);
    !ends_well(end) && last_word(draft) != last_word(reply) && !is_whole
}

/// In characters.
const LONGEST_SIGN_OFF: usize = 60;

/// Whether a text ends with what anyone may add: thanks, regards, a name.
fn says_courtesy(reading: &Reading<'_>) -> bool {
    let Some(last) = reading.clauses.last() else { return false };
    // "Best regards,\nAna": the name is a line below.
    let before = reading.clauses.len().checked_sub(2).and_then(|at| reading.clauses.get(at));
    // Ends with it: "please keep" is none.
    let is_polite = |range: std::ops::Range<usize>| {
        let hits = reading.within(range.clone()).iter();
        hits.filter(|hit| matches!(hit.concept, Concept::Courtesy | Concept::Request)).any(|hit| hit.end >= range.end)
    };
    let is_below = |before: &Section| reading.folded()[before.end..last.start].contains('\n');
    let is_name = last.stems.len() <= 2 && before.is_some_and(|before| is_below(before) && is_polite(before.range()));
    is_polite(last.range()) || is_name
}

/// Whether an answer without a mark at its end says what its draft says last: neither has a mark, or the draft's last words are there.
fn says_the_end(pair: &Pair<'_>) -> bool {
    let Some(tail) = pair.reply.clauses.last() else { return false };
    let partial = pair.reply.folded()[tail.range()].rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let folded = pair.draft.folded();
    if !partial.is_empty()
        && partial.chars().all(|c| c.is_alphabetic() && !is_han(c))
        && !SHORT_WORDS.contains(&partial)
    {
        // A word of the draft that is broken off.
        let words = || folded.split(|c: char| !c.is_alphanumeric());
        if words().any(|word| word.len() > partial.len() && word.starts_with(partial))
            && !words().any(|word| word == partial)
        {
            return false;
        }
    }
    // The last clause of the draft that says something.
    let is_courtesy =
        |clause: &Section| pair.draft.within(clause.range()).iter().any(|hit| hit.concept == Concept::Courtesy);
    let mut saying = pair.draft.clauses.iter().rev().filter(|clause| !clause.stems.is_empty());
    let Some(said) = saying.find(|clause| clause.stems.len() > 2 || !is_courtesy(clause)) else {
        // Nothing but courtesy: then as many words.
        return pair.reply.folded().split_whitespace().count() >= folded.split_whitespace().count();
    };
    let near = pair.reply.all_stems();
    let kept = said.stems.iter().filter(|stem| near.binary_search(stem).is_ok()).count();
    // Single Han characters are found anywhere.
    let most = if folded[said.range()].contains(is_han) { 4 } else { 3 };
    kept * 5 >= said.stems.len() * most
}

/// Words of one or two letters, and beginnings of longer ones, that a sentence may end with.
const SHORT_WORDS: &[&str] = &[
    "it", "me", "us", "up", "so", "ok", "pm", "am", "ja", "so", "la", "ca", "ta", "ne", "ai", "eu", "tu", "ti", "app",
    "you", "out", "all", "one", "two", "now", "day", "aqui", "bem", "dia", "mes", "ano",
];

fn dangles(line: &str) -> bool {
    let word = line.rsplit(char::is_whitespace).next().unwrap_or_default();
    DANGLING.iter().any(|dangling| match dangling.is_ascii() {
        true => word == *dangling,
        false => word.chars().count() > 2 && word.ends_with(dangling),
    })
}

/// The last word in small letters, or the last character of a script without spaces.
fn last_word(text: &str) -> String {
    let end = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    match end.chars().next_back() {
        Some(c) if c >= '\u{2E80}' => c.to_string(),
        _ => end.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase(),
    }
}
