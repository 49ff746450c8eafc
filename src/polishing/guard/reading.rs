//! One reading of a text, made once, from which all rules judge: its prose, folded, in clauses, what its phrases say, the facts that it
//! states. Knows no rule.

use std::ops::Range;

use vermilion_engine::text::Span;

use super::{
    MARK,
    facts::{self, Fact},
    fold::fold,
    is_han,
    language::DetectedLanguage,
    lexicon::{Concept, Hit, Lexicon, WordList},
    mapped::MappedText,
    numerals::{self, to_digits},
};
use crate::polishing::privacy::{MaskedPiece, Masking, ValueKind};

/// A masked text as it is read: what a [`Reading`] borrows from.
#[derive(Debug)]
pub(super) struct Texts {
    /// As prose: each placeholder one character, inline markup nothing, a block's a line end.
    prose: MappedText,
    folded: MappedText,
    digits: MappedText,
}

impl Texts {
    /// Of a masked text. O(length).
    pub(super) fn new(masking: &Masking, masked: &str) -> Self {
        let prose = prose(masking, masked);
        let folded = fold(prose.as_str());
        let digits = to_digits(folded.as_str());
        Self { prose, folded, digits }
    }

    /// The prose.
    pub(super) fn prose(&self) -> &str {
        self.prose.as_str()
    }
}

/// Tags before and behind which a line ends.
const BLOCKS: &[&str] = &[
    "p",
    "br",
    "div",
    "li",
    "ul",
    "ol",
    "tr",
    "td",
    "th",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "blockquote",
    "section",
    "article",
    "header",
    "footer",
    "pre",
    "dt",
    "dd",
];

fn prose(masking: &Masking, text: &str) -> MappedText {
    let mut prose = MappedText::of_source(text.len());
    let mut at = 0;
    for piece in masking.pieces(text) {
        match piece {
            // What we mark with, nobody else does.
            MaskedPiece::Text(text) => {
                for part in text.split_inclusive([MARK, numerals::BY_WORD, numerals::MAYBE]) {
                    prose.push_run(part.trim_end_matches([MARK, numerals::BY_WORD, numerals::MAYBE]), at);
                    at += part.len();
                }
                continue;
            }
            MaskedPiece::Value { kind: ValueKind::Markup, value, .. } => {
                if ends_line(value) {
                    prose.push_replaced("\n", at);
                }
            }
            MaskedPiece::Value { .. } => prose.push_replaced(MARK.encode_utf8(&mut [0; 4]), at),
        }
        at += masking.piece_len(piece);
    }
    prose
}

/// Whether markup holds a tag of a block.
fn ends_line(markup: &str) -> bool {
    markup.split('<').skip(1).any(|tag| {
        let name = tag.trim_start_matches('/');
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        BLOCKS.iter().any(|block| name.eq_ignore_ascii_case(block))
    })
}

/// What the forms of a word share, or a Han character: its bytes, of which there are eight at most, as one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stem(u64);

impl Stem {
    fn of(text: &str) -> Self {
        Self(text.bytes().take(8).fold(0, |number, byte| number << 8 | u64::from(byte)))
    }

    /// Whether a text holds it.
    pub(super) fn is_in(self, text: &str) -> bool {
        let bytes = self.0.to_be_bytes();
        let stem = &bytes[self.0.leading_zeros() as usize / 8..];
        text.as_bytes().windows(stem.len().max(1)).any(|part| part == stem)
    }
}

/// A part of a folded text, and what it is about.
#[derive(Clone, Debug)]
pub(super) struct Section {
    /// In bytes.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Its words by their stems, ascending, each once.
    pub(super) stems: Vec<Stem>,
}

impl Section {
    /// How many of some stems it has.
    pub(super) fn shared(&self, stems: &[Stem]) -> usize {
        stems.iter().filter(|stem| self.stems.binary_search(stem).is_ok()).count()
    }

    pub(super) const fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// What is known of a text.
#[derive(Debug)]
pub(super) struct Reading<'t> {
    texts: &'t Texts,
    lexicon: &'t Lexicon,
    /// Of the draft: both texts are read in it.
    pub(super) language: Option<DetectedLanguage>,
    /// Ascending.
    pub(super) hits: Vec<Hit>,
    pub(super) clauses: Vec<Section>,
    /// What is compared as one: sentences, and of long ones each three clauses in a row.
    pub(super) passages: Vec<Section>,
    /// Their spans are of the folded text.
    pub(super) facts: Vec<Fact>,
}

impl<'t> Reading<'t> {
    /// Reads a text with the words of a language. O(length).
    pub(super) fn new(texts: &'t Texts, lexicon: &'t Lexicon, language: Option<DetectedLanguage>) -> Self {
        let folded = texts.folded.as_str();
        let (clauses, passages) = sections(folded, lexicon);
        let mut facts = facts::read(texts.digits.as_str());
        for fact in &mut facts {
            let span = texts.digits.source_span(fact.span.clone());
            fact.span = span.start..span.end;
        }
        Self { texts, lexicon, language, hits: lexicon.hits(folded), clauses, passages, facts }
    }

    /// Whether a folded word is in a list of its language.
    pub(super) fn lists(&self, list: WordList, word: &str) -> bool {
        self.lexicon.lists(list, word)
    }

    /// The length of the longest word of a list that a folded text begins with, of so many characters at most.
    pub(super) fn listed_prefix(&self, list: WordList, text: &str, longest: usize) -> Option<usize> {
        self.lexicon.listed_prefix(list, text, longest)
    }

    /// The folded text.
    pub(super) fn folded(&self) -> &'t str {
        self.texts.folded.as_str()
    }

    /// The prose, in which names have their capitals.
    pub(super) fn prose(&self) -> &'t str {
        self.texts.prose()
    }

    /// Where a part of the folded text is in the masked text.
    pub(super) fn span(&self, folded: Range<usize>) -> Span {
        let prose = self.texts.folded.source_span(folded);
        self.prose_span(prose.start..prose.end)
    }

    /// Where a part of the prose is in the masked text.
    pub(super) fn prose_span(&self, prose: Range<usize>) -> Span {
        self.texts.prose.source_span(prose)
    }

    /// What is said within a part of the folded text.
    pub(super) fn within(&self, range: Range<usize>) -> &[Hit] {
        let start = self.hits.partition_point(|hit| hit.start < range.start);
        let end = start + self.hits[start..].partition_point(|hit| hit.start < range.end);
        &self.hits[start..end]
    }

    /// Whether any of it is said anywhere.
    pub(super) fn says(&self, is_meant: impl Fn(Concept) -> bool) -> bool {
        self.hits.iter().any(|hit| is_meant(hit.concept))
    }

    /// The clause of a place.
    pub(super) fn clause_at(&self, at: usize) -> Option<&Section> {
        let next = self.clauses.partition_point(|clause| clause.start <= at);
        self.clauses.get(next.checked_sub(1)?)
    }

    /// The stems of all clauses, ascending, each once.
    pub(super) fn all_stems(&self) -> Vec<Stem> {
        united(&self.clauses)
    }

    /// The stems of a part, in their order.
    pub(super) fn stems(&self, range: Range<usize>) -> impl DoubleEndedIterator<Item = Stem> {
        stems(&self.folded()[range], self.lexicon)
    }
}

/// The most sections that are looked at: more has no reply that a person wrote.
const MOST: usize = 400;

/// Clauses of a passage.
const WINDOW: usize = 3;

fn sections(text: &str, lexicon: &Lexicon) -> (Vec<Section>, Vec<Section>) {
    let (mut clauses, mut passages) = (Vec::new(), Vec::new());
    let (mut start, mut first) = (0, 0);
    let close = |clauses: &mut Vec<Section>, start: usize, end: usize| {
        let part = &text[start..end];
        let (from, to) = (part.len() - part.trim_start().len(), part.trim_end().len());
        if from < to && clauses.len() < MOST {
            let mut stems: Vec<Stem> = stems(part, lexicon).collect();
            stems.sort_unstable();
            stems.dedup();
            clauses.push(Section { start: start + from, end: start + to, stems });
        }
    };
    let mut chars = text.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        let stop = stops(before, c, next);
        before = c;
        let Some(stop) = stop else { continue };
        close(&mut clauses, start, at);
        start = at + c.len_utf8();
        if stop == Stop::Sentence {
            add_passages(&clauses[first..], &mut passages);
            first = clauses.len();
        }
    }
    close(&mut clauses, start, text.len());
    add_passages(&clauses[first..], &mut passages);
    (clauses, passages)
}

/// What ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stop {
    Clause,
    Sentence,
}

/// Whether a character ends a clause; between Han characters a space is as good as a mark.
fn stops(before: char, c: char, next: Option<char>) -> Option<Stop> {
    let spaced = next.is_none_or(char::is_whitespace);
    match c {
        '\n' | '。' | '！' | '？' | '；' | '：' => Some(Stop::Sentence),
        '.' | '!' | '?' | ';' | ':' if spaced => Some(Stop::Sentence),
        '!' | '?' if next.is_some_and(is_han) => Some(Stop::Sentence),
        '，' | '(' | ')' => Some(Stop::Clause),
        ',' if spaced || is_han(before) => Some(Stop::Clause),
        '-' if spaced && before == ' ' => Some(Stop::Clause),
        ' ' if is_han(before) => Some(Stop::Clause),
        _ => None,
    }
}

fn add_passages(clauses: &[Section], passages: &mut Vec<Section>) {
    for window in clauses.windows(WINDOW.min(clauses.len().max(1))) {
        if let [first, .., last] | [first @ last] = window {
            passages.push(Section { start: first.start, end: last.end, stems: united(window) });
        }
    }
}

/// The stems of some sections, ascending, each once.
fn united(sections: &[Section]) -> Vec<Stem> {
    let mut stems: Vec<Stem> = sections.iter().flat_map(|section| section.stems.iter().copied()).collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}

/// Words by what their forms share, numbers, and Han characters; without those that tell nothing.
fn stems<'t, 'l>(text: &'t str, lexicon: &'l Lexicon) -> impl DoubleEndedIterator<Item = Stem> + use<'t, 'l> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.flat_map(move |word| {
        let han = word.contains(is_han);
        let characters = word.char_indices().filter(|(_, c)| is_han(*c) && !NO_CONTENT.contains(*c));
        let characters = characters.map(move |(at, c)| Stem::of(&word[at..at + c.len_utf8()]));
        let whole = if han { None } else { stem(word, lexicon) };
        han.then_some(characters).into_iter().flatten().chain(whole)
    })
}

/// Han characters without content.
const NO_CONTENT: &str = "的了是在您你我们请就也都会这那和与把吗呢吧哦啊呀哈地得着过要给为";

/// The longest stem, in bytes.
const LONGEST_STEM: usize = 5;

fn stem(word: &str, lexicon: &Lexicon) -> Option<Stem> {
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    let is_long = word.len() >= 4 && !lexicon.lists(WordList::Empty, word);
    (is_number || is_long).then(|| Stem::of(&word[..word.floor_char_boundary(LONGEST_STEM.min(word.len()))]))
}

#[cfg(test)]
mod tests {
    use super::{
        super::{language::detect_language, lexicon},
        *,
    };
    use crate::polishing::privacy::{Patterns, Scope};

    #[track_caller]
    fn check(text: &str, clauses: &[&str]) {
        let masking = Masking::new(&[text], || 77_777);
        let texts = Texts::new(&masking, text);
        let language = detect_language(text);
        let reading = Reading::new(&texts, lexicon::of(language), language);
        let found: Vec<&str> = reading.clauses.iter().map(|clause| reading.span(clause.range()).slice(text)).collect();
        assert_eq!(found, clauses, "{text}");
    }

    #[test]
    fn clauses_end_where_their_marks_say() {
        check("We can't, sorry. It is 1,234.50 €; ok", &["We can't", "sorry", "It is 1,234.50 €", "ok"]);
        check("不能改地址；如需帮助：请联系 我们都在，谢谢", &["不能改地址", "如需帮助", "请联系", "我们都在", "谢谢"]);
        check("Não dá (só amanhã)\nTá?", &["Não dá", "só amanhã", "Tá"]);
    }

    #[test]
    fn a_blocks_markup_ends_a_line() {
        let text = "a<p>b<b>c</b></p>";
        let mut masking = Masking::new(&[text], || 77_777);
        let markup = |start: usize, end: usize| (Span::new(start, end), ValueKind::Markup);
        let fixed = [markup(1, 4), markup(5, 8), markup(9, 13), markup(13, 17)];
        let masked = masking.mask(text, &fixed, &Patterns::default(), Scope::Fixed).text;
        assert_eq!(Texts::new(&masking, &masked).prose(), "a\nbc\n");
    }
}
