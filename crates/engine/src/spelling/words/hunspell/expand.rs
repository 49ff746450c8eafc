//! Derives every form that a dictionary accepts, with the restrictions on each.
//!
//! Hunspell strips affixes from a word until it meets an entry; we apply the same rules forward, once, ahead of time. A
//! root entry outranks derived forms of the same spelling, as its look-up comes first in Hunspell (`HunspellMgr::checkword`).

use super::{
    AffixFile, DictionaryFile, HunspellError,
    affix::{AffixClass, AffixRule, AffixSide},
    flags::Flag,
};
use crate::spelling::words::{casing, lexicon::FormFlags};

/// The most forms that a lexicon may hold. pt-BR, the largest of ours, has 10.5 million.
pub(crate) const MAX_FORMS: usize = 30_000_000;

/// Derived forms, in one buffer: millions of small strings would cost more than they hold.
#[derive(Debug, Default)]
pub(crate) struct FormSet {
    bytes: Vec<u8>,
    forms: Vec<DerivedForm>,
}

#[derive(Clone, Copy, Debug)]
struct DerivedForm {
    start: u32,
    len: u16,
    flags: FormFlags,
    /// A root entry: outranks derived forms.
    root: bool,
}

impl FormSet {
    fn push(&mut self, word: &str, flags: FormFlags, root: bool) {
        // A form longer than 64 KiB or a buffer past 4 GiB cannot come from a dictionary within MAX_FORMS.
        let (Ok(start), Ok(len)) = (u32::try_from(self.bytes.len()), u16::try_from(word.len())) else { return };
        self.bytes.extend_from_slice(word.as_bytes());
        self.forms.push(DerivedForm { start, len, flags, root });
    }

    /// How many were derived, duplicates included.
    #[must_use]
    pub(crate) fn len(&self) -> usize {
        self.forms.len()
    }

    fn word(&self, form: DerivedForm) -> &[u8] {
        let start = form.start as usize;
        &self.bytes[start..start + usize::from(form.len)]
    }

    /// Calls `each` for every distinct form in byte order, with the flags that hold for all ways to derive it.
    pub(crate) fn for_each_sorted<E>(
        mut self,
        mut each: impl FnMut(&[u8], FormFlags) -> Result<(), E>,
    ) -> Result<usize, E> {
        let mut forms = std::mem::take(&mut self.forms);
        forms.sort_unstable_by(|&a, &b| self.word(a).cmp(self.word(b)).then(b.root.cmp(&a.root)));
        let mut distinct = 0;
        for same in forms.chunk_by(|&a, &b| self.word(a) == self.word(b)) {
            distinct += 1;
            each(self.word(same[0]), merge_flags(same))?;
        }
        Ok(distinct)
    }
}

/// Roots come first in `same`. A forbidden root forbids the word; else roots decide, and failing those the derived forms.
fn merge_flags(same: &[DerivedForm]) -> FormFlags {
    let roots = same.iter().take_while(|form| form.root);
    if roots.clone().any(|form| form.flags.contains(FormFlags::FORBIDDEN)) {
        return FormFlags::FORBIDDEN;
    }
    let standing = |form: &&DerivedForm| !form.flags.contains(FormFlags::ONLY_IN_COMPOUND);
    let deciding =
        |forms: &[DerivedForm]| forms.iter().filter(standing).map(|form| form.flags).reduce(FormFlags::intersection);
    let split = roots.count();
    deciding(&same[..split]).or_else(|| deciding(&same[split..])).unwrap_or(FormFlags::ONLY_IN_COMPOUND)
}

/// Derives all forms. Calls `progress` now and then with the number of entries done.
///
/// # Errors
/// [`HunspellError::TooManyForms`] past [`MAX_FORMS`].
pub(crate) fn expand(
    affix: &AffixFile,
    entries: &DictionaryFile,
    mut progress: impl FnMut(usize),
) -> Result<FormSet, HunspellError> {
    let mut expansion = AffixExpansion { affix, forms: FormSet::default(), scratch: String::new() };
    for (index, entry) in entries.entries.iter().enumerate() {
        expansion.expand_entry(&entry.word, &entry.flags, FormFlags::NONE);
        if let Some(hidden) = expansion.hidden_capitalised(&entry.word, &entry.flags) {
            expansion.expand_entry(&hidden, &entry.flags, FormFlags::ONLY_ALL_CAPS);
        }
        if expansion.forms.len() > MAX_FORMS {
            let (file, line) = (entries.name.clone(), entry.line);
            return Err(HunspellError::TooManyForms { file, line, limit: MAX_FORMS });
        }
        if index % 4096 == 0 {
            progress(index);
        }
    }
    progress(entries.entries.len());
    Ok(expansion.forms)
}

struct AffixExpansion<'a> {
    affix: &'a AffixFile,
    forms: FormSet,
    scratch: String,
}

/// A class that applies, with the rule of it that does.
type ApplicableRule<'a> = (&'a AffixClass, &'a AffixRule);

impl<'a> AffixExpansion<'a> {
    /// The entry itself, its suffixed, prefixed and doubly affixed forms.
    fn expand_entry(&mut self, word: &str, flags: &[Flag], base: FormFlags) {
        let root = self.form_flags(flags) | base;
        if !has_flag(flags, self.affix.restrictions.need_affix) {
            self.forms.push(word, root, true);
        }
        for suffix in self.applicable_rules(word, flags, AffixSide::Suffix) {
            self.expand_suffix(word, flags, root, suffix);
        }
        for prefix in self.applicable_rules(word, flags, AffixSide::Prefix) {
            let prefixed = apply_rule(word, prefix.1, AffixSide::Prefix);
            self.push_derived(&prefixed, root, &[prefix.1]);
            if !prefix.0.cross {
                continue;
            }
            // A prefix may bring suffixes along that the entry itself does not take.
            let both: Vec<Flag> = flags.iter().chain(&prefix.1.flags).copied().collect();
            for suffix in self.applicable_rules(word, &both, AffixSide::Suffix) {
                if suffix.0.cross {
                    self.expand_cross_product(&prefixed, root, prefix, suffix);
                }
            }
        }
    }

    /// A suffix, the suffixes and prefixes that it allows in turn.
    fn expand_suffix(&mut self, word: &str, flags: &[Flag], root: FormFlags, suffix: ApplicableRule<'a>) {
        let suffixed = apply_rule(word, suffix.1, AffixSide::Suffix);
        self.push_derived(&suffixed, root, &[suffix.1]);
        for second in self.applicable_rules(&suffixed, &suffix.1.flags, AffixSide::Suffix) {
            let twice = apply_rule(&suffixed, second.1, AffixSide::Suffix);
            self.push_derived(&twice, root, &[second.1]);
            // The entry's own prefixes, and those that the inner suffix brings, cross with the outer one.
            let both: Vec<Flag> = flags.iter().chain(&suffix.1.flags).copied().collect();
            for prefix in self.applicable_rules(word, &both, AffixSide::Prefix) {
                if prefix.0.cross && second.0.cross {
                    let form = apply_rule(&twice, prefix.1, AffixSide::Prefix);
                    self.push_derived(&form, root, &[prefix.1, second.1]);
                }
            }
        }
        if suffix.0.cross {
            for prefix in self.applicable_rules(&suffixed, &suffix.1.flags, AffixSide::Prefix) {
                if prefix.0.cross {
                    let form = apply_rule(&suffixed, prefix.1, AffixSide::Prefix);
                    self.push_derived(&form, root, &[prefix.1, suffix.1]);
                }
            }
        }
    }

    /// A prefix and a suffix on one stem, and the suffixes that the suffix allows in turn.
    fn expand_cross_product(
        &mut self,
        prefixed: &str,
        root: FormFlags,
        prefix: ApplicableRule<'a>,
        suffix: ApplicableRule<'a>,
    ) {
        if !prefixed.ends_with(suffix.1.strip.as_str()) {
            return;
        }
        let mut form = std::mem::take(&mut self.scratch);
        form.clear();
        form.push_str(&prefixed[..prefixed.len() - suffix.1.strip.len()]);
        form.push_str(&suffix.1.add);
        self.push_derived(&form, root, &[prefix.1, suffix.1]);
        self.scratch = form;
    }

    /// Keeps a derived form, unless its affixes forbid it to stand alone.
    fn push_derived(&mut self, form: &str, root: FormFlags, affixes: &[&AffixRule]) {
        let restrictions = &self.affix.restrictions;
        let count = |flag: Option<Flag>| affixes.iter().filter(|rule| has_flag(&rule.flags, flag)).count();
        // The outermost affix decides; a circumfix needs both its halves.
        if count(restrictions.need_affix) == affixes.len() && restrictions.need_affix.is_some() {
            return;
        }
        let halves = count(restrictions.circumfix);
        if halves != 0 && halves != 2 {
            return;
        }
        let own = affixes.iter().fold(FormFlags::NONE, |all, rule| all | self.form_flags(&rule.flags));
        self.forms.push(form, root | own, false);
    }

    /// The rules that apply to a stem, of all classes on one side that the flags name.
    fn applicable_rules(&self, word: &str, flags: &[Flag], side: AffixSide) -> Vec<ApplicableRule<'a>> {
        let affix: &'a AffixFile = self.affix;
        let mut found = Vec::new();
        for (index, flag) in flags.iter().enumerate() {
            if flags[..index].contains(flag) {
                continue;
            }
            let Some(class) = affix.classes.get(flag).filter(|class| class.side == side) else { continue };
            found.extend(
                class.rules.iter().filter(|rule| rule_applies(word, rule, side, affix.full_strip)).map(|r| (class, r)),
            );
        }
        found
    }

    fn form_flags(&self, flags: &[Flag]) -> FormFlags {
        let restrictions = &self.affix.restrictions;
        [
            (restrictions.forbidden_word, FormFlags::FORBIDDEN),
            (restrictions.no_suggest, FormFlags::NO_SUGGEST),
            (restrictions.only_in_compound, FormFlags::ONLY_IN_COMPOUND),
            (restrictions.keep_case, FormFlags::KEEP_CASE),
        ]
        .into_iter()
        .filter(|(flag, _)| has_flag(flags, *flag))
        .fold(FormFlags::NONE, |all, (_, flag)| all | flag)
    }

    /// Hunspell's hidden entry through which CIA'S and OPENOFFICE.ORG are right: the capitalised form of a word with
    /// inner capitals, or of an abbreviation that takes affixes (`HashMgr::add_hidden_capitalized_word`).
    fn hidden_capitalised(&self, word: &str, flags: &[Flag]) -> Option<String> {
        let hides = match casing::classify(word) {
            casing::Casing::Mixed | casing::Casing::MixedInitial => true,
            casing::Casing::AllCaps => !flags.is_empty(),
            casing::Casing::Lower | casing::Casing::Initial => false,
        };
        (hides && !has_flag(flags, self.affix.restrictions.forbidden_word))
            .then(|| casing::capitalised(&word.to_lowercase()))
    }
}

fn has_flag(flags: &[Flag], flag: Option<Flag>) -> bool {
    flag.is_some_and(|flag| flags.contains(&flag))
}

fn rule_applies(word: &str, rule: &AffixRule, side: AffixSide, full_strip: bool) -> bool {
    // Without FULLSTRIP an affix may not replace the whole stem.
    if word.len() <= rule.strip.len() && !(full_strip && word == rule.strip) {
        return false;
    }
    match side {
        AffixSide::Prefix => word.starts_with(rule.strip.as_str()) && rule.condition.matches_start(word),
        AffixSide::Suffix => word.ends_with(rule.strip.as_str()) && rule.condition.matches_end(word),
    }
}

fn apply_rule(word: &str, rule: &AffixRule, side: AffixSide) -> String {
    match side {
        AffixSide::Prefix => format!("{}{}", rule.add, &word[rule.strip.len()..]),
        AffixSide::Suffix => format!("{}{}", &word[..word.len() - rule.strip.len()], rule.add),
    }
}
