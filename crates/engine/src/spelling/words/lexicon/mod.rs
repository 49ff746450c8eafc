//! A compiled lexicon: all forms of a language in one automaton, with Hunspell's verdict on each word.
//!
//! Reading a form is one walk of the automaton, 0.3 to 0.4 us, with no allocation for words in small letters.
//!
//! Hunspell strips affixes from a word until it meets an entry. Here the same rules are applied forward, once, ahead of
//! time (`words/hunspell`), and all derived forms are kept in one finite-state map: the 10.5 million forms of pt-BR
//! take 3.2 MB, are read in place and need no time to load. A look-up does not depend on the number of rules. What is
//! not a list of forms stays a rule beside the map: BREAK, ICONV, IGNORE, and COMPOUNDRULE over components.
//!
//! `tools/hunspell_verdicts.py` compares the verdicts with libhunspell's (docs/benchmarks.md). What would change a
//! verdict and is not honoured (general compounding, CHECKSHARPS, COMPLEXPREFIXES, Turkish case) is a compile error
//! with file and line.
//!
//! The layers over a lexicon are files and modules of their own: supplements, `rules/`, `names.rs`, `accents.rs`,
//! `foreign.rs`. Frequencies (`common.fst`) are a file of their own, too, because of their licence. `vermilion
//! dictionary verdicts` asks the lexicon alone.

mod flags;
mod format;
mod rules;

use std::borrow::Cow;

use fst::{Map, Streamer as _, raw::Fst};

pub(crate) use flags::FormFlags;
pub use format::AutomatonBytes;
pub use format::FormatError;
pub(crate) use format::LexiconBuilder;
pub(crate) use rules::{CompoundItem, LexiconRules};

use super::casing::{self, Casing};

/// Divisions tried for one word at BREAK points before it is given up: keeps `a-b-c-d-...` from growing exponentially.
/// Hunspell gives up at ten break points.
const MAX_BREAKS: u32 = 64;

/// See the module.
#[derive(Debug)]
pub struct Lexicon {
    rules: LexiconRules,
    /// A byte that every BREAK pattern holds (the hyphen, in ours): a word without it need not be looked at.
    break_byte: Option<u8>,
    forms: Map<AutomatonBytes>,
}

/// What the automaton says of one spelling.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Unknown,
    Forbidden,
    Right(FormFlags),
}

impl Lexicon {
    /// Opens a compiled lexicon. `verify` reads all of it to check its checksum: for files that did not come with the
    /// program.
    ///
    /// # Errors
    /// [`FormatError`] if the bytes are no lexicon, or a damaged one.
    pub fn open(bytes: Cow<'static, [u8]>, verify: bool) -> Result<Self, FormatError> {
        let (rules, forms) = format::read(bytes, verify)?;
        let break_byte = rules.common_break_byte();
        Ok(Self { rules, break_byte, forms })
    }

    /// The number of forms.
    #[must_use]
    pub fn len(&self) -> usize {
        self.forms.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    /// Calls `each` with the number and the spelling of every form, in byte order.
    pub fn for_each_form(&self, mut each: impl FnMut(usize, &str)) {
        let mut forms = self.forms.keys();
        let mut index = 0;
        while let Some(form) = forms.next() {
            // Forms come from text, so this always holds.
            if let Ok(form) = std::str::from_utf8(form) {
                each(index, form);
            }
            index += 1;
        }
    }

    /// The automaton, for searches.
    #[must_use]
    pub fn automaton(&self) -> &Fst<AutomatonBytes> {
        self.forms.as_fst()
    }

    /// Whether this very spelling is right and may be suggested.
    #[must_use]
    pub(crate) fn is_suggestible(&self, form: &str) -> bool {
        matches!(self.form(form, false), Standing::Right(flags) if !flags.contains(FormFlags::NO_SUGGEST))
    }

    /// Whether this very spelling, in this very case, is a form.
    #[must_use]
    pub(crate) fn has_form(&self, form: &str) -> bool {
        matches!(self.form(form, false), Standing::Right(_))
    }

    /// Hunspell's verdict on a word (`Hunspell::spell`): case, input conversion, numbers, compounds and break points.
    #[must_use]
    pub fn accepts(&self, word: &str) -> bool {
        let mut fuel = MAX_BREAKS;
        self.spell(word, &mut fuel)
    }

    fn spell(&self, word: &str, fuel: &mut u32) -> bool {
        let prepared = self.rules.prepared(word);
        let word = prepared.as_deref().unwrap_or(word);
        let bare = word.trim_end_matches('.');
        if bare.is_empty() || is_number(bare) {
            return true;
        }
        let dotted = bare.len() < word.len();
        let casing = casing::classify(bare);
        match casing {
            Casing::Lower | Casing::Mixed | Casing::MixedInitial => match self.form(bare, false) {
                Standing::Right(_) => true,
                Standing::Forbidden => false,
                Standing::Unknown => dotted && self.has_form(&format!("{bare}.")) || self.breaks(bare, fuel),
            },
            Casing::AllCaps => {
                self.stands(bare, dotted) || {
                    let lower = bare.to_lowercase();
                    self.stands_after_apostrophe(&lower) || self.stands_capitalised(&lower, casing, dotted, fuel)
                }
            }
            Casing::Initial => self.stands_capitalised(&bare.to_lowercase(), casing, dotted, fuel),
        }
    }

    /// A capitalised word, or one in capitals: as a name, else as a word in small letters.
    fn stands_capitalised(&self, lower: &str, casing: Casing, dotted: bool, fuel: &mut u32) -> bool {
        let all_caps = casing == Casing::AllCaps;
        let mut title = String::with_capacity(lower.len() + 1);
        casing::capitalise_into(lower, &mut title);
        let keeps = |flags: FormFlags| flags.contains(FormFlags::KEEP_CASE);
        match self.form(&title, all_caps) {
            Standing::Forbidden => return false,
            Standing::Right(flags) if !(all_caps && keeps(flags)) => return true,
            _ => {}
        }
        if matches!(self.form(lower, false), Standing::Right(flags) if !keeps(flags)) {
            return true;
        }
        let with_stop =
            |form: &str| matches!(self.form(&format!("{form}."), false), Standing::Right(flags) if !keeps(flags));
        if dotted && (with_stop(lower) || self.has_form(&format!("{title}.")) && !all_caps) {
            return true;
        }
        // As in Hunspell, a word in capitals is divided with only its first letter still one.
        self.breaks(&title, fuel)
    }

    /// SANT'ELIA is Sant'Elia, D'ÁVILA is d'Ávila.
    fn stands_after_apostrophe(&self, lower: &str) -> bool {
        let Some((before, after)) = lower.split_once('\'').filter(|(_, after)| !after.is_empty()) else { return false };
        let inner = format!("{before}'{}", casing::capitalised(after));
        self.stands(&inner, false) || self.stands(&casing::capitalised(&inner), false)
    }

    /// Whether a spelling is right, or right with the full stop that followed it.
    fn stands(&self, word: &str, dotted: bool) -> bool {
        match self.form(word, false) {
            Standing::Right(_) => true,
            Standing::Forbidden => false,
            Standing::Unknown => dotted && self.has_form(&format!("{word}.")),
        }
    }

    fn form(&self, word: &str, all_caps: bool) -> Standing {
        if let Some(flags) = self.forms.get(word).map(FormFlags::from_value) {
            if flags.contains(FormFlags::FORBIDDEN) {
                return Standing::Forbidden;
            }
            let hidden = flags.contains(FormFlags::ONLY_ALL_CAPS) && !all_caps;
            if !hidden && !flags.contains(FormFlags::ONLY_IN_COMPOUND) {
                return Standing::Right(flags);
            }
        }
        if self.rules.is_compound(word) { Standing::Right(FormFlags::NONE) } else { Standing::Unknown }
    }

    /// Divides a word at its break points until all parts are right (the end of `HunspellImpl::spell_internal`).
    fn breaks(&self, word: &str, fuel: &mut u32) -> bool {
        if self.rules.breaks.is_empty() || self.break_byte.is_some_and(|byte| !word.as_bytes().contains(&byte)) {
            return false;
        }
        let points: usize = self.rules.breaks.iter().map(|pattern| word.matches(pattern).count()).sum();
        if points >= 10 {
            return false;
        }
        let right = |part: &str, fuel: &mut u32| {
            *fuel = fuel.saturating_sub(1);
            *fuel > 0 && self.spell(part, fuel)
        };
        for pattern in &self.rules.breaks {
            if pattern.len() == 1 || pattern.len() > word.len() {
                continue;
            }
            let rest = pattern
                .strip_prefix('^')
                .and_then(|start| word.strip_prefix(start))
                .or_else(|| pattern.strip_suffix('$').and_then(|end| word.strip_suffix(end)));
            if rest.is_some_and(|rest| right(rest, fuel)) {
                return true;
            }
        }
        for pattern in &self.rules.breaks {
            let inside = |at: usize| at > 0 && at + pattern.len() < word.len();
            let Some(first) = word.find(pattern.as_str()).filter(|&at| inside(at)) else { continue };
            // The second occurrence first: its left part may be a word that holds the pattern.
            let second = word[first + 1..].find(pattern.as_str()).map(|at| first + 1 + at).filter(|&at| inside(at));
            for at in second.into_iter().chain([first]) {
                if right(&word[at + pattern.len()..], fuel) && right(&word[..at], fuel) {
                    return true;
                }
            }
        }
        false
    }
}

/// Digits with single dots, commas or hyphens between them.
fn is_number(word: &str) -> bool {
    let mut after_digit = false;
    for byte in word.bytes() {
        match byte {
            b'0'..=b'9' => after_digit = true,
            b',' | b'.' | b'-' if after_digit => after_digit = false,
            _ => return false,
        }
    }
    after_digit
}
