//! Finds quotes in the texts that they are said to come from. A quote may differ in case, white space, quotation marks and the marks at
//! its ends, and may leave something out by an ellipsis; what is not there even so is not found. Pure.

use vermilion_engine::text::Span;

/// The most places of one quote that are compared with those of another.
const MAX_PLACES: usize = 32;

/// A text in which quotes are looked up.
pub(super) struct QuotedText<'t> {
    text: &'t str,
    folded: String,
    /// For each byte of the folded text, where the character it comes from begins in the text, and the end of the text last.
    origin: Vec<usize>,
}

impl<'t> QuotedText<'t> {
    /// O(length).
    pub(super) fn new(text: &'t str) -> Self {
        let (mut folded, mut origin) = (String::with_capacity(text.len()), Vec::with_capacity(text.len() + 1));
        for (at, c) in text.char_indices() {
            fold(c, &mut folded);
            origin.resize(folded.len(), at);
        }
        origin.push(text.len());
        Self { text, folded, origin }
    }

    /// Where a quote stands, each place as the spans of its parts; none for a quote without a letter or digit.
    fn places(&self, quote: &str) -> Vec<Vec<Span>> {
        if !quote.contains(char::is_alphanumeric) {
            return Vec::new();
        }
        let exact: Vec<Vec<Span>> = self.whole_words(self.text, quote).map(|span| vec![span]).collect();
        if !exact.is_empty() {
            return exact;
        }
        let mut folded = String::with_capacity(quote.len());
        quote.chars().for_each(|c| fold(c, &mut folded));
        let found = self.folded_places(trimmed(&folded));
        if !found.is_empty() {
            return found.into_iter().map(|span| vec![span]).collect();
        }
        self.parts(&folded).map(|parts| vec![parts]).unwrap_or_default()
    }

    /// In how many places a quote stands, in whatever case.
    pub(super) fn count(&self, quote: &str) -> usize {
        let mut folded = String::with_capacity(quote.len());
        quote.chars().for_each(|c| fold(c, &mut folded));
        self.folded_places(trimmed(&folded)).len()
    }

    fn folded_places(&self, quote: &str) -> Vec<Span> {
        if !quote.contains(char::is_alphanumeric) {
            return Vec::new();
        }
        let spans = self.whole_words(&self.folded, quote);
        spans.map(|span| self.unfolded(span)).collect()
    }

    /// A quote with ellipses: its parts, each behind the one before.
    fn parts(&self, folded: &str) -> Option<Vec<Span>> {
        let parts: Vec<&str> = folded.split("...").map(trimmed).filter(|part| !part.is_empty()).collect();
        if parts.len() < 2 {
            return None;
        }
        let mut spans: Vec<Span> = Vec::with_capacity(parts.len());
        for part in parts {
            let after = spans.last().map_or(0, |span| span.end);
            spans.push(self.folded_places(part).into_iter().find(|span| span.start >= after)?);
        }
        Some(spans)
    }

    /// Places of a piece where words do not run on beyond its ends; scripts without spaces have no such ends.
    fn whole_words<'s>(&self, text: &'s str, piece: &'s str) -> impl Iterator<Item = Span> + use<'s> {
        let runs_on = |a: Option<char>, b: Option<char>| {
            let in_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && c < '\u{2E80}');
            in_word(a) && in_word(b)
        };
        let places = text.match_indices(piece).filter(move |(at, piece)| {
            let end = at + piece.len();
            !runs_on(text[..*at].chars().next_back(), piece.chars().next())
                && !runs_on(piece.chars().next_back(), text[end..].chars().next())
        });
        places.map(|(at, piece)| Span::new(at, at + piece.len())).take(MAX_PLACES)
    }

    /// A span of the folded text in the text.
    fn unfolded(&self, span: Span) -> Span {
        let start = self.origin.get(span.start).copied().unwrap_or(self.text.len());
        // The end of the last character, not the beginning of the next: what folds to nothing may stand between.
        let last = self.origin.get(span.end.saturating_sub(1)).copied().unwrap_or(start);
        let end = last + self.text[last..].chars().next().map_or(0, char::len_utf8);
        Span::new(start, end.max(start))
    }
}

/// The spans of two quotes in their texts, of which the one that is empty has none. Where they stand in several places, those are
/// taken that stand at about the same part of either text. `None` if a quote is nowhere, or both are empty.
pub(super) fn find_pair(
    (one, in_one): (&str, &QuotedText<'_>),
    (other, in_other): (&str, &QuotedText<'_>),
) -> Option<(Vec<Span>, Vec<Span>)> {
    let places = |quote: &str, text: &QuotedText<'_>| {
        if quote.is_empty() { Some(Vec::new()) } else { Some(text.places(quote)).filter(|found| !found.is_empty()) }
    };
    let (ones, others) = (places(one, in_one)?, places(other, in_other)?);
    match (ones.as_slice(), others.as_slice()) {
        ([], []) => None,
        ([], [first, ..]) => Some((Vec::new(), first.clone())),
        ([first, ..], []) => Some((first.clone(), Vec::new())),
        (ones, others) => {
            let part = |spans: &[Span], text: &QuotedText<'_>| {
                spans.first().map_or(0, |span| span.start * 1000 / text.text.len().max(1))
            };
            let pairs = ones.iter().flat_map(|a| others.iter().map(move |b| (a, b)));
            let nearest = pairs.min_by_key(|(a, b)| part(a, in_one).abs_diff(part(b, in_other)));
            nearest.map(|(a, b)| (a.clone(), b.clone()))
        }
    }
}

/// A character as it is compared: small, white space as one blank, quotation marks and dashes as those of a typewriter.
fn fold(c: char, folded: &mut String) {
    match c {
        c if c.is_whitespace() => {
            if !folded.ends_with(' ') {
                folded.push(' ');
            }
        }
        '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}' => {}
        '‘' | '’' | '‚' | '′' | '`' => folded.push('\''),
        '“' | '”' | '„' | '«' | '»' | '「' | '」' | '″' => folded.push('"'),
        '‐' | '‑' | '‒' | '–' | '—' => folded.push('-'),
        '…' => folded.push_str("..."),
        c => folded.extend(c.to_lowercase()),
    }
}

/// Without the marks and blanks at its ends: models put full stops and quotation marks where the text has none.
fn trimmed(folded: &str) -> &str {
    folded.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '.' | ',' | ';' | ':' | '。' | '，' | '；')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "We’ll refund  R$ 10\nto you.  You may keep “the lamp”; your order İ is [[CODE_1_x]]. 您的订单不能退款，只能换货。";

    #[track_caller]
    fn check(quote: &str, expected: &[&str]) {
        let text = QuotedText::new(TEXT);
        let first = text.places(quote).into_iter().next().unwrap_or_default();
        let found: Vec<&str> = first.iter().map(|span| span.slice(TEXT)).collect();
        assert_eq!(found, expected, "{quote}");
    }

    #[test]
    fn quotes_are_found_as_models_write_them() {
        check("may keep", &["may keep"]);
        check("We'll refund R$ 10 to you", &["We’ll refund  R$ 10\nto you"]);
        check("\"you may keep 'the lamp'\"", &[]);
        check("You May Keep \"the lamp\".", &["You may keep “the lamp"]);
        check("your order İ is [[CODE_1_x]]", &["your order İ is [[CODE_1_x]]"]);
        check("YOUR ORDER", &["your order"]);
        check("不能退款", &["不能退款"]);
        check("不能退款。", &["不能退款"]);
        check("We'll refund … keep", &["We’ll refund", "keep"]);
        check("refund ... the lamp", &["refund", "the lamp"]);
        check("keep ... refund", &[]);
        check("our order", &[]);
        check("und", &[]);
        check("...", &[]);
        check("", &[]);
        check("…", &[]);
    }

    #[test]
    fn of_several_places_those_that_belong_together_are_taken() {
        let draft = "You may call. You may write. You may come.";
        let reply = "Feel free to call. You must write. Feel free to come.";
        let (one, other) = (QuotedText::new(draft), QuotedText::new(reply));
        let (draft, reply) = find_pair(("may", &one), ("must", &other)).expect("both are there");
        assert_eq!((draft[0].start, reply[0].start), (18, 23));
        assert_eq!(find_pair(("may", &one), ("never", &other)), None);
        assert_eq!(find_pair(("", &one), ("", &other)), None);
    }
}
