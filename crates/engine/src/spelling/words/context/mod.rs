//! Words in context: right words in the wrong place (`your welcome`, `mais` for `mas`), which no look-up in a dictionary finds.
//!
//! Which words are taken for one another is a reviewed file of a language, `contexts.txt` (see [`sets`]). Where a member of a set
//! stands, three words and signs on either side are read ([`window`]), and
//!
//! 1. patterns of the file decide, first those that say that the word is right ([`pattern`]);
//! 2. else a log-linear model of the set (`contexts.bin`, [`model`]) adds up what each word around, each ending, each class
//!    ([`classes`]), each pair and some threes of them say for the one member and for the other ([`features`]): the difference is the
//!    log-odds that the other was meant. Where that is not far from the bar, some sets ask for the rest of the sentence, too: whether
//!    it has one of a list of words (`ontem` and other pasts before a `pode` that may be `pôde`).
//!
//! What is above the bar of the error lane is told everyone, what is above that of the hint lane whoever asks for hints. The bars
//! are set for each member and each other by sources that the weights were not learnt from ([`train`]): so that of right text
//! hardly a word is marked, and of wrong words as many as that allows.
//!
//! Worked example, `I can see their was a problem.`: around `their` stand `see`, `can`, `i` and `was`, `a`, `problem`. In right text `was`
//! is hardly ever the word after `their`, often that after `there`; `was a` tells still more, and `see` before it little. The sums for their,
//! there and they're are 0.0, 6.4 and -5.5, their priors included. 6.4 is above the bar of the error lane, 1.5, for `there` where
//! `their` is written (that of the hint lane is 0.5): so `their` is marked, and `there` is suggested. A test holds these figures.
//!
//! Knows no lexicon. What a word is judged by are the words around it, never who wrote it.

pub(crate) mod classes;
pub(crate) mod features;
pub(crate) mod hashing;
pub(crate) mod model;
pub(crate) mod pattern;
pub(crate) mod sets;
pub mod train;
pub(crate) mod window;

use std::{borrow::Cow, cell::LazyCell, sync::Arc};

use features::FeatureList;
use hashing::{hash_neighbour, hash_word};
use model::{ContextModel, ContextModelError, LogOdds, MemberScores};
use pattern::{ContextPattern, PatternVerdict};
use sets::{ConfusionSets, ConfusionSetsError, MemberPlace, MemberQuestions};
use window::{ContextTokens, ContextWindow, EDGE};

use super::{
    accents::AccentedForm,
    casing::{self, Casing},
    memory::{KeyMemory, MemoryKey},
};
use crate::text::Span;

/// The name of the model's set for words that lost an accent; no set of a file can have it.
pub(crate) const ACCENT_SET: &str = "bare/accented";

/// One word in a hundred of those that are taken for one another is wrong, where people type in a hurry: what log-odds become
/// probabilities by. Only how sure a suggestion looks depends on it, no mark.
const SLIP_LOG_ODDS: LogOdds = -4.6;

/// A pattern is not believed where the words around say so strongly otherwise, as log-odds without what is known of the words
/// themselves: text has taught the model what nobody thought of.
const PATTERN_BAR: LogOdds = -4.0;

/// Capitals within a sentence are no name's where a word has at least so many bytes, and a pattern says that it is wrong: `Dear Costumer`.
const LEAST_CAPITAL: usize = 5;

/// What it adds to the log-odds that an accent was lost that hardly anyone ever means the bare word.
const RARE_BARE_WORD: LogOdds = 3.0;

/// How much more is asked for before everyone is told, where a word beside the place is one that right text hardly has: of it nothing was
/// learnt, and it may be misspelt itself (`We no logner sell it`).
const STRANGE_NEIGHBOUR: LogOdds = 1.5;

/// The sentence is read only where the words around leave so much, or less, to the bar of hints: it hardly ever says more.
const SENTENCE_MARGIN: LogOdds = 4.0;

/// The probability that is told where the words before settle it.
const SETTLED: f32 = 0.98;

/// Places that are remembered.
const SILENT_PLACES: usize = 1 << 15;

/// Why data of words in context cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContextDataError {
    /// The reviewed sets.
    #[error(transparent)]
    Sets(#[from] ConfusionSetsError),
    /// The model.
    #[error(transparent)]
    Model(#[from] ContextModelError),
}

/// Judges words by what is around them, in one language.
#[derive(Debug)]
pub(crate) struct ContextJudge {
    sets: ConfusionSets,
    model: ContextModel,
    first_words: WordFilter,
    /// Where there was nothing to tell.
    silent: KeyMemory,
}

/// A word that is probably another in its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ContextVerdict {
    /// What is to be replaced; longer than the word if the member has two.
    pub span: Span,
    /// What was probably meant, the likeliest first, in small letters; with probabilities.
    pub meant: Vec<(String, f32)>,
    /// Whether only who asks for hints is to be told.
    pub hint: bool,
    /// What the word and the likeliest other mean; empty if nobody said.
    pub explanation: Arc<str>,
}

/// What patterns or the model say of a place.
struct Opinion {
    set: u16,
    /// What was probably meant, the likeliest first; with probabilities.
    meant: Vec<(String, f32)>,
    hint: bool,
}

/// A place that is judged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ContextPlace<'t> {
    /// The text around, as far as it may be read.
    pub text: &'t str,
    /// The word.
    pub span: Span,
    /// The word, in small letters and with plain apostrophes.
    pub lower: &'t str,
    /// Whether it is written with a capital.
    pub capital: bool,
}

impl ContextJudge {
    /// With the reviewed sets and the model of a language.
    ///
    /// # Errors
    /// [`ContextDataError`]
    pub(crate) fn new(sets: &str, model: Cow<'static, [u8]>) -> Result<Self, ContextDataError> {
        let sets = ConfusionSets::parse(sets)?;
        let names = sets.sets().iter().map(|set| set.by_model.then(|| set.name()));
        let model = ContextModel::open(model, names.chain([Some(ACCENT_SET.to_owned())]))?;
        let first_words = WordFilter::new(sets.first_words());
        Ok(Self { sets, model, first_words, silent: KeyMemory::with_slots(SILENT_PLACES) })
    }

    /// Whether a word as written may be the first of a member: never `false` for one.
    pub(crate) fn may_be_member(&self, word: &str) -> bool {
        self.first_words.may_contain(word)
    }

    /// What is asked of a word (in small letters) that is the first of a member, or that a pattern has.
    pub(crate) fn questions(&self, lower: &str) -> Option<&MemberQuestions> {
        self.sets.questions(lower)
    }

    /// Judges a word of which so much is asked. Some 3 us for each set that has it, and 2 for the sentence if it is read, where it was not
    /// judged lately among the same words.
    pub(crate) fn judge(
        &self,
        asked: &MemberQuestions,
        place: ContextPlace<'_>,
        window: &mut ContextWindow,
    ) -> Option<ContextVerdict> {
        // A text that somebody made to have the key of another's could hide one mark of it, and secret keys take a microsecond a message.
        let near = NearText::around(place.text, place.span);
        let key = near.key();
        if self.silent.has(key) {
            return None;
        }
        window.seen = place.span;
        let verdict = self.judge_unquoted(asked, place, window);
        if verdict.is_none() && near.holds(window.seen) {
            self.silent.put(key);
        }
        verdict.filter(|verdict| !is_quoted(place.text, verdict.span))
    }

    /// Whether the model has read a word (in small letters) often, with its accents or without.
    pub(crate) fn has_read(&self, word: &str) -> bool {
        self.model.classes().has(hash_neighbour(word))
    }

    /// Whether a pattern says that a word is right where it stands.
    pub(crate) fn says_right(
        &self,
        asked: &MemberQuestions,
        place: ContextPlace<'_>,
        window: &mut ContextWindow,
    ) -> bool {
        window.read(place.text, place.span);
        asked.patterns.iter().any(|(_, pattern)| {
            pattern.verdict == PatternVerdict::Right && pattern.written.len() == 1 && pattern.matches(window)
        })
    }

    fn judge_unquoted(
        &self,
        asked: &MemberQuestions,
        place: ContextPlace<'_>,
        window: &mut ContextWindow,
    ) -> Option<ContextVerdict> {
        window.read(place.text, place.span);
        let first = |words: &[Box<str>]| words[1..].iter().zip(1..).all(|(word, at)| window.after(at) == &**word);
        let longer = asked.members.iter().any(|member| second_follows(member, window));
        let needs_more = asked.patterns.iter().any(|(_, pattern)| pattern.written.len() > 1 && first(&pattern.written));
        if !needs_more && !longer {
            return self.judge_words(asked, place, 1, window);
        }
        // The longer of two members that begin alike goes first.
        let (second, _) = place.text[place.span.end..].char_indices().find(|(_, c)| c.is_alphanumeric())?;
        let second = place.span.end + second;
        let end = window::word_end(place.text, second, place.text.len());
        window.seen.end = window.seen.end.max(end);
        // No line ends between.
        let joined = place.text[place.span.end..second].chars().all(|c| matches!(c, ' ' | '\u{A0}'));
        if joined {
            let whole = ContextPlace { span: Span::new(place.span.start, end), ..place };
            window.read(place.text, whole.span);
            let verdict = self.judge_words(asked, whole, 2, window);
            if verdict.is_some() || longer {
                return verdict;
            }
            window.read(place.text, place.span);
        }
        self.judge_words(asked, place, 1, window)
    }

    /// Judges a place of so many words, around which the window was read.
    fn judge_words(
        &self,
        asked: &MemberQuestions,
        place: ContextPlace<'_>,
        words: usize,
        window: &mut ContextWindow,
    ) -> Option<ContextVerdict> {
        let mut told: Option<Opinion> = None;
        let second = (words == 2).then(|| last_word(place.text, place.span));
        let written = |texts: &[Box<str>]| texts.get(1).map(|text| &**text) == second.as_deref();
        // A capital within a sentence is a name's or a title's, of which the model has read none.
        let inside = place.capital && !begins_sentence(window);
        for (set, pattern) in asked.patterns.iter().filter(|_| !inside || place.lower.len() >= LEAST_CAPITAL) {
            if pattern.written.len() != words || !written(&pattern.written) || !pattern.matches(window) {
                continue;
            }
            let hint = match pattern.verdict {
                PatternVerdict::Right => return None,
                PatternVerdict::Wrong => false,
                PatternVerdict::Hint => true,
            };
            if self.model_denies(*set, asked, pattern, second.as_deref(), place, window) {
                continue;
            }
            if told.as_ref().is_none_or(|before| before.hint && !hint) {
                let meant = vec![(pattern.right.to_string(), if hint { 0.7 } else { SETTLED })];
                told = Some(Opinion { set: *set, meant, hint });
            }
        }
        if told.is_none() && !inside {
            told = self.ask_model(asked.members.iter(), second.as_deref(), place, window);
        }
        let Opinion { set, meant, hint } = told?;
        let text = match &second {
            Some(second) => format!("{} {second}", place.lower),
            None => place.lower.to_owned(),
        };
        let explanation = self.sets.sets()[usize::from(set)].explanation(&text, &meant[0].0);
        Some(ContextVerdict { span: place.span, meant, hint, explanation: explanation.into() })
    }

    /// Whether the model of the pattern's set is sure that the word is right all the same.
    fn model_denies(
        &self,
        set: u16,
        asked: &MemberQuestions,
        pattern: &ContextPattern,
        second: Option<&str>,
        place: ContextPlace<'_>,
        window: &mut ContextWindow,
    ) -> bool {
        let own = |member: &&MemberPlace| member.set == set && member.second.as_deref() == second;
        let number = usize::from(set);
        let meant = self.sets.sets()[number].members.iter().position(|member| member.text == pattern.right);
        let (Some(written), Some(meant)) = (asked.members.iter().find(own), meant) else { return false };
        let tokens = window.tokens(self.model.classes());
        let mut scores = self.scores(number, &tokens);
        self.add_sentence(number, &tokens, place, window, &mut scores);
        let prior = self.model.prior(number);
        let evidence = |member: usize| scores[member] - prior[member];
        evidence(meant) - evidence(usize::from(written.member)) < PATTERN_BAR
    }

    /// What the model says of a set's members by the words around a place.
    fn scores(&self, set: usize, tokens: &ContextTokens) -> MemberScores {
        let mut scores = self.model.prior(set);
        let mut features = FeatureList::default();
        let owner = self.model.set(set).name;
        features.fill(owner, tokens);
        self.model.add_evidence(set, &features, &mut scores);
        scores
    }

    /// Adds what the sentence says, if the set asks for it. Some 2 us.
    fn add_sentence(
        &self,
        set: usize,
        tokens: &ContextTokens,
        place: ContextPlace<'_>,
        window: &mut ContextWindow,
        scores: &mut MemberScores,
    ) {
        let words = &self.sets.sets()[set];
        if words.reads_sentence() {
            window.read_sentence(place.text, place.span);
            let mut features = FeatureList::default();
            features.add_sentence(self.model.set(set).name, tokens, words.sentence_facts(window));
            self.model.add_evidence(set, &features, scores);
        }
    }

    /// The set by which the word is likeliest to be another, what was meant, and whether that is a hint.
    fn ask_model<'s>(
        &self,
        members: impl Iterator<Item = &'s MemberPlace>,
        second: Option<&str>,
        place: ContextPlace<'_>,
        window: &mut ContextWindow,
    ) -> Option<Opinion> {
        let mut members = members.filter(|member| member.second.as_deref() == second).peekable();
        members.peek()?;
        let tokens = window.tokens(self.model.classes());
        let strange = LazyCell::new(|| {
            let near = [tokens.left[0], tokens.right[0]].map(|token| token.word);
            near.iter().any(|word| *word != 0 && !self.model.classes().has(*word))
        });
        let mut best: Option<(LogOdds, Opinion)> = None;
        for member in members {
            let set = usize::from(member.set);
            let words = &self.sets.sets()[set].members;
            let written = usize::from(member.member);
            let odds = |scores: MemberScores, margin: LogOdds| {
                let others = (0..words.len()).filter(move |&other| other != written);
                let odds = others.map(move |other| {
                    (scores[other] - scores[written], other, self.model.set(set).bars(written, other))
                });
                odds.filter(move |(odds, _, bars)| *odds + margin >= bars.hint)
            };
            let mut scores = self.scores(set, &tokens);
            if odds(scores, SENTENCE_MARGIN).next().is_none() {
                continue;
            }
            self.add_sentence(set, &tokens, place, window, &mut scores);
            let mut meant: Vec<_> = odds(scores, 0.0).collect();
            meant.sort_by(|(one, ..), (other, ..)| other.total_cmp(one));
            let Some(&(odds, _, bars)) = meant.first() else { continue };
            // By how much it is above its bar, which is comparable between sets.
            let above = odds - bars.error - if *strange { STRANGE_NEIGHBOUR } else { 0.0 };
            if best.as_ref().is_none_or(|(most, _)| above > *most) {
                let texts = meant.iter().map(|&(odds, other, _)| (words[other].text.to_string(), probability(odds)));
                best = Some((above, Opinion { set: member.set, meant: texts.collect(), hint: above < 0.0 }));
            }
        }
        best.map(|(_, opinion)| opinion)
    }

    /// Judges whether a word lost an accent: whether that is only a hint, and its probability. Some 4 us.
    pub(crate) fn judge_accent(
        &self,
        place: ContextPlace<'_>,
        pair: &AccentedForm,
        window: &mut ContextWindow,
    ) -> Option<(bool, f32)> {
        let set = self.sets.sets().len();
        window.read(place.text, place.span);
        if place.capital && !begins_sentence(window) {
            return None;
        }
        if let Some(is_lost) = pair.settled_by(place.lower, [window.before(1), window.before(2)]) {
            return (is_lost && !is_quoted(place.text, place.span)).then_some((false, SETTLED));
        }
        let mut scores = self.model.prior(set);
        let mut features = FeatureList::default();
        let tokens = window.tokens(self.model.classes());
        for owner in [pair.kind_owner(), hash_word(place.lower)] {
            features.fill(owner, &tokens);
            self.model.add_evidence(set, &features, &mut scores);
        }
        features.fill_facts(pair.facts(place.lower));
        self.model.add_evidence(set, &features, &mut scores);
        let bars = self.model.set(set).bars(0, 1);
        // One bar is set for all pairs, by those that the text has; the others are judged by their frequencies, too.
        let odds = scores[1] - scores[0] + if pair.is_rare() { RARE_BARE_WORD } else { 0.0 };
        (odds >= bars.hint && !is_quoted(place.text, place.span)).then(|| (odds < bars.error, probability(odds)))
    }
}

/// A word and the bytes around it: what is told of it is the same wherever the same stands, if no more was read.
#[derive(Clone, Copy, Debug)]
struct NearText<'t> {
    text: &'t str,
    word: Span,
    /// Both together; it may cut characters.
    near: Span,
}

impl<'t> NearText<'t> {
    /// Bytes on either side: more than three words of the usual length.
    const BYTES: usize = 48;

    fn around(text: &'t str, word: Span) -> Self {
        let near = Span::new(word.start.saturating_sub(Self::BYTES), text.len().min(word.end + Self::BYTES));
        Self { text, word, near }
    }

    /// Whether the text begins, or ends, with it.
    fn is_edge(&self) -> [bool; 2] {
        [self.near.start == 0, self.near.end == self.text.len()]
    }

    /// Of the bytes, of which of them are the word, and of the edges.
    fn key(&self) -> MemoryKey {
        let Self { text, word, near } = self;
        let bytes = &text.as_bytes()[near.start..near.end];
        MemoryKey::of((bytes, word.start - near.start, word.len(), self.is_edge()))
    }

    /// Whether all that was read, and two characters beyond, is in it.
    fn holds(&self, read: Span) -> bool {
        const MARGIN: usize = 2 * 4;
        let [begins, ends] = self.is_edge();
        (begins || self.near.start + MARGIN <= read.start) && (ends || read.end + MARGIN <= self.near.end)
    }
}

/// Whether a capital is in place after what stands before.
pub(super) fn begins_sentence(window: &ContextWindow) -> bool {
    matches!(window.before(1), EDGE | ":" | "(" | "-")
}

/// Whether a word begins with a capital; `None` if it has other capitals, as names and acronyms have.
pub(super) fn written_with_capital(word: &str) -> Option<bool> {
    match casing::classify(word) {
        Casing::Lower => Some(false),
        Casing::Initial => Some(true),
        // `A`, `É`.
        Casing::AllCaps if word.chars().nth(1).is_none() => Some(true),
        _ => None,
    }
}

/// Whether the member has two words and the second stands after the window's place.
fn second_follows(member: &MemberPlace, window: &ContextWindow) -> bool {
    member.second.as_deref().is_some_and(|second| window.after(1) == second)
}

/// The last word of a span of two, in small letters.
fn last_word(text: &str, span: Span) -> String {
    span.slice(text).rsplit([' ', '\u{A0}']).next().unwrap_or_default().to_lowercase()
}

fn probability(odds: LogOdds) -> f32 {
    1.0 / (1.0 + (-(odds + SLIP_LOG_ODDS)).exp())
}

/// Whether a place is within a quotation that begins and ends in its line: somebody else's words, or a word that is spoken of.
fn is_quoted(text: &str, span: Span) -> bool {
    const REACH: usize = 160;
    let before = &text[text.ceil_char_boundary(span.start.saturating_sub(REACH))..span.start];
    let after = &text[span.end..text.floor_char_boundary(span.end + REACH)];
    let before = before.rsplit('\n').next().unwrap_or_default();
    let after = after.split('\n').next().unwrap_or_default();
    let opened = |open: char, close: char| match before.rfind(open) {
        Some(at) => !before[at + open.len_utf8()..].contains(close) && after.contains(close),
        None => false,
    };
    opened('“', '”')
        || opened('«', '»')
        || opened('‘', '’')
        || before.matches('"').count() % 2 == 1 && after.contains('"')
}

/// Tells most words that are not in a list by their length, first and last byte.
#[derive(Debug)]
struct WordFilter([u64; 64]);

impl WordFilter {
    fn new<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        let mut bits = [0_u64; 64];
        for word in words {
            let key = Self::key(word);
            bits[key / 64] |= 1 << (key % 64);
        }
        Self(bits)
    }

    fn may_contain(&self, word: &str) -> bool {
        let key = Self::key(word);
        self.0[key / 64] & 1 << (key % 64) != 0
    }

    /// The same for a word with and without a capital: the two differ in one bit of the first letter's last byte, which is not
    /// looked at.
    fn key(word: &str) -> usize {
        let bytes = word.as_bytes();
        let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return 0 };
        let letters = usize::from(first | 0x20) * 31 + usize::from(last | 0x20);
        (letters * 67 + bytes.len()) % 4096
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_lets_members_pass_with_and_without_a_capital() {
        let filter = WordFilter::new(["your", "é", "às", "a"].into_iter());
        for word in ["your", "Your", "é", "É", "às", "Às", "a", "A"] {
            assert!(filter.may_contain(word), "{word}");
        }
        let others = ["customer", "delivery", "tomorrow", "please", "router", "invoice"];
        assert!(others.iter().filter(|word| filter.may_contain(word)).count() <= 1);
    }

    #[test]
    fn a_place_that_is_remembered_is_its_word_and_all_that_was_read_around_it() {
        let read = |text: &str, word: &str| {
            let start = text.find(word).expect("the word");
            let place = Span::new(start, start + word.len());
            let near = NearText::around(text, place);
            let mut window = ContextWindow::default();
            window.seen = place;
            window.read(text, place);
            (near.key(), near.holds(window.seen))
        };
        let far = "Thank you for the call and for all of your patience so far";
        let text = format!("{far}, please let us know if their order of last week is late, so that we can help. {far}");
        let (told, holds) = read(&text, "their");
        assert!(holds);
        assert_eq!(read(&format!("{far}. {text} {far}"), "their").0, told, "what is far does not count");
        for other in ["if their orders", "when their order", "if Their order"] {
            let other = text.replace("if their order", other);
            assert_ne!(read(&other, if other.contains("Their") { "Their" } else { "their" }).0, told, "{other}");
        }
        // The words of the second are longer than what is near.
        let (_, holds) = read(&format!("{} of {}", "x".repeat(60), "y".repeat(60)), "of");
        assert!(!holds);
        // Where the text ends is seen from the word, and kept apart from a text that goes on.
        let short = "it is their order";
        let (ends, holds) = read(short, "their");
        assert!(holds && ends != read(&format!("{short} of last week"), "their").0);
    }

    fn english() -> ContextJudge {
        macro_rules! data {
            ($include:ident, $file:literal) => {
                $include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../dictionaries/en/", $file))
            };
        }
        let model: &'static [u8] = data!(include_bytes, "contexts.bin");
        ContextJudge::new(data!(include_str, "contexts.txt"), model.into()).expect("the embedded data")
    }

    /// What the first lines of this file say.
    #[test]
    fn the_worked_example_is_true() {
        let judge = english();
        let set = judge.sets.sets().iter().position(|set| set.name() == "their/there/they're").expect("the set");
        let text = "I can see their was a problem.";
        let mut window = ContextWindow::default();
        window.read(text, Span::new(10, 15));
        let scores = judge.scores(set, &window.tokens(judge.model.classes()));
        let bars = judge.model.set(set).bars(0, 1);
        let told =
            format!("{:.1}, {:.1} and {:.1}; {:.1}, {:.1}", scores[0], scores[1], scores[2], bars.error, bars.hint);
        assert_eq!(told, WORKED);
        let doc = include_str!("mod.rs").lines().take_while(|line| line.starts_with("//!")).collect::<String>();
        for number in WORKED.split(['a', 'n', 'd', ',', ';', ' ']).filter(|number| !number.is_empty()) {
            assert!(doc.contains(number), "{number} is not in the example");
        }
    }

    const WORKED: &str = "0.0, 6.4 and -5.5; 1.5, 0.5";

    #[track_caller]
    fn check_quoted(marked: &str, expected: bool) {
        let start = marked.find("their").expect("the word");
        assert_eq!(is_quoted(marked, Span::new(start, start + 5)), expected, "{marked}");
    }

    #[test]
    fn quotations_are_told() {
        check_quoted("write \"their\" here", true);
        check_quoted("the message “their was an error” comes", true);
        check_quoted("a 5\" screen, and their box", false);
        check_quoted("\"Hi\", and their box", false);
        check_quoted("“Hi” and their “box”", false);
        check_quoted("don’t tell their friend", false);
    }
}
