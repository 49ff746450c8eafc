//! Confusion sets: words that are taken for one another, as the reviewed file of a language has them. Knows no model.
//!
//! A set begins with its members in brackets; what follows says why it is one, how it is judged, what each member means, and
//! which words beside a member decide by themselves (see [`super::pattern`]):
//!
//! ```text
//! [of/off]
//! why: one letter
//! judged: model, patterns
//! of: belonging to
//! off: away, not on
//! wrong: turn/switch [of>off] the
//! right: because [of]
//! ```
//!
//! What stands anywhere in the sentence tells the model something, too, where a set has `sentence` lines, three at most: each names words,
//! endings (with their accents, and two letters before them), and words with such an ending that do not count.
//!
//! ```text
//! sentence: ontem/passada/*ou/-estou
//! ```
//!
//! A member of the model may have two words (`por que`). Patterns may name other words than members.

use rustc_hash::FxHashMap;

use super::{
    model::MOST_MEMBERS,
    pattern::{ContextPattern, MOST_SENTENCE_LISTS, PatternVerdict, SentenceFacts, SentenceWords},
    window::ContextWindow,
};

/// Why a file of sets cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: expected {expected}")]
pub struct ConfusionSetsError {
    /// Counted from 1.
    pub line: usize,
    /// What was expected there.
    pub expected: &'static str,
}

/// All sets of a language.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConfusionSets {
    sets: Vec<ConfusionSet>,
    /// What is to be asked of a word in small letters.
    questions: FxHashMap<Box<str>, MemberQuestions>,
}

/// One set.
#[derive(Clone, Debug)]
pub(crate) struct ConfusionSet {
    /// As its line has them, in small letters.
    pub members: Vec<SetMember>,
    /// Whether the model judges its members.
    pub by_model: bool,
    /// Words that tell something wherever in the sentence they stand.
    sentence: Vec<SentenceWords>,
    /// Where it begins in its file, from 1.
    line: usize,
}

/// A member of a set.
#[derive(Clone, Debug)]
pub(crate) struct SetMember {
    /// One word, or two with a blank between.
    pub text: Box<str>,
    /// What it means, for people.
    pub sense: Box<str>,
}

/// What is to be asked where a word stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct MemberQuestions {
    /// Patterns whose first written word it is, and the set of each.
    pub patterns: Vec<(u16, ContextPattern)>,
    /// Members that the model judges and whose first word it is; those of two words first.
    pub members: Vec<MemberPlace>,
}

impl MemberQuestions {
    /// Of how many sets that the model judges the word by itself is a member.
    pub(crate) fn own_sets(&self) -> u32 {
        self.members.iter().filter(|place| place.second.is_none()).count() as u32
    }
}

/// A member as the model knows it.
#[derive(Clone, Debug)]
pub(crate) struct MemberPlace {
    /// Which set.
    pub set: u16,
    /// Which of its members.
    pub member: u8,
    /// The second word, if it has two.
    pub second: Option<Box<str>>,
}

impl ConfusionSets {
    /// Reads a file of sets; some 100 us.
    ///
    /// # Errors
    /// The first line that is not as it should be.
    pub(crate) fn parse(text: &str) -> Result<Self, ConfusionSetsError> {
        let mut parsed = Self::default();
        let mut open: Option<OpenSet> = None;
        let mut lines = 0;
        for (index, line) in text.lines().enumerate() {
            lines = index + 1;
            let at = |expected| ConfusionSetsError { line: index + 1, expected };
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(members) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                parsed.close(open.take())?;
                open = Some(OpenSet::begin(members, index + 1).map_err(at)?);
            } else {
                let set = open.as_mut().ok_or_else(|| at("a set in brackets before it"))?;
                set.add_line(line).map_err(at)?;
            }
        }
        parsed.close(open)?;
        if parsed.sets.is_empty() {
            return Err(ConfusionSetsError { line: lines, expected: "at least one set" });
        }
        for questions in parsed.questions.values_mut() {
            questions.members.sort_by_key(|place| place.second.is_none());
        }
        Ok(parsed)
    }

    fn close(&mut self, open: Option<OpenSet>) -> Result<(), ConfusionSetsError> {
        let Some(open) = open else { return Ok(()) };
        let error = |expected| ConfusionSetsError { line: open.set.line, expected };
        if open.why.is_empty() {
            return Err(error("the reason of the set: why: ..."));
        }
        if open.judged.is_empty() {
            return Err(error("how it is judged: judged: model, judged: patterns, or both"));
        }
        if open.set.members.iter().any(|member| member.sense.is_empty()) {
            return Err(error("what each member means: member: ..."));
        }
        let number = u16::try_from(self.sets.len()).map_err(|_| error("fewer sets"))?;
        if open.judged.contains("patterns") == open.patterns.is_empty() {
            return Err(error("patterns if, and only if, they judge"));
        }
        for pattern in open.patterns {
            self.ask(&pattern.written[0]).patterns.push((number, pattern));
        }
        if !open.set.sentence.is_empty() && !open.set.by_model {
            return Err(error("sentence lines for the model alone"));
        }
        if open.set.by_model {
            for (member, index) in open.set.members.iter().zip(0_u8..) {
                let mut words = member.text.split(' ');
                let (first, second) = (words.next().unwrap_or_default(), words.next().map(Into::into));
                if words.next().is_some() {
                    return Err(error("members of one or two words"));
                }
                self.ask(first).members.push(MemberPlace { set: number, member: index, second });
            }
        }
        self.sets.push(open.set);
        Ok(())
    }

    fn ask(&mut self, first: &str) -> &mut MemberQuestions {
        self.questions.entry(first.into()).or_default()
    }

    /// The sets, in the order of the file.
    pub(crate) fn sets(&self) -> &[ConfusionSet] {
        &self.sets
    }

    /// The first words of all members and patterns.
    pub(crate) fn first_words(&self) -> impl Iterator<Item = &str> {
        self.questions.keys().map(|word| &**word)
    }

    /// What is to be asked where a word (in small letters) stands.
    pub(crate) fn questions(&self, lower: &str) -> Option<&MemberQuestions> {
        self.questions.get(lower)
    }
}

impl ConfusionSet {
    /// Its members with `/` between.
    pub(crate) fn name(&self) -> String {
        let members: Vec<&str> = self.members.iter().map(|member| &*member.text).collect();
        members.join("/")
    }

    /// Whether the sentence is to be read.
    pub(crate) fn reads_sentence(&self) -> bool {
        !self.sentence.is_empty()
    }

    /// What the sentence that the window has read tells.
    pub(crate) fn sentence_facts(&self, window: &ContextWindow) -> SentenceFacts {
        SentenceFacts::of(&self.sentence, window)
    }

    /// What both words mean, as one sentence; empty if the file does not say.
    pub(crate) fn explanation(&self, written: &str, right: &str) -> String {
        let sense = |word: &str| self.members.iter().find(|member| *member.text == *word).map(|member| &*member.sense);
        match (sense(written), sense(right)) {
            (Some(written_sense), Some(right_sense)) => {
                format!("\"{written}\": {written_sense}; \"{right}\": {right_sense}.")
            }
            (None, Some(sense)) => format!("\"{right}\": {sense}."),
            (Some(sense), None) => format!("\"{written}\": {sense}."),
            (None, None) => String::new(),
        }
    }
}

/// A set that is being read.
struct OpenSet {
    set: ConfusionSet,
    why: String,
    judged: String,
    patterns: Vec<ContextPattern>,
}

impl OpenSet {
    fn begin(members: &str, line: usize) -> Result<Self, &'static str> {
        let members: Vec<SetMember> =
            members.split('/').map(|text| SetMember { text: text.trim().into(), sense: "".into() }).collect();
        if members.len() < 2 || members.iter().any(|member| member.text.is_empty()) {
            return Err("at least two members, with / between");
        }
        if members.len() > MOST_MEMBERS {
            return Err("at most four members");
        }
        if members.iter().any(|member| member.text.to_lowercase() != *member.text) {
            return Err("members in small letters");
        }
        let set = ConfusionSet { members, by_model: false, sentence: Vec::new(), line };
        Ok(Self { set, why: String::new(), judged: String::new(), patterns: Vec::new() })
    }

    fn is_member(&self, word: &str) -> bool {
        self.set.members.iter().any(|member| *member.text == *word)
    }

    fn add_line(&mut self, line: &str) -> Result<(), &'static str> {
        let (key, value) = line.split_once(':').ok_or("a key, a colon and a value")?;
        let (key, value) = (key.trim(), value.trim());
        if value.is_empty() {
            return Err("a value after the colon");
        }
        let verdict = match key {
            "why" => {
                self.why = value.to_owned();
                return Ok(());
            }
            "judged" => {
                if value.split(',').any(|judge| !matches!(judge.trim(), "model" | "patterns")) {
                    return Err("model, patterns, or both");
                }
                self.set.by_model = value.contains("model");
                self.judged = value.to_owned();
                return Ok(());
            }
            "sentence" if self.set.sentence.len() == MOST_SENTENCE_LISTS => return Err("at most three sentence lines"),
            "sentence" => {
                self.set.sentence.push(SentenceWords::parse(value)?);
                return Ok(());
            }
            // A word may be a member, too: then the line says what it means.
            word if self.is_member(word) && !value.contains('[') => {
                self.set
                    .members
                    .iter_mut()
                    .filter(|member| *member.text == *word)
                    .for_each(|member| member.sense = value.into());
                return Ok(());
            }
            "right" => PatternVerdict::Right,
            "wrong" => PatternVerdict::Wrong,
            "hint" => PatternVerdict::Hint,
            _ => return Err("why, judged, sentence, right, wrong, hint, or a member of the set"),
        };
        self.patterns.push(ContextPattern::parse(verdict, value)?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SET: &str = "[of/off]\nwhy: one letter\njudged: model, patterns\nof: belonging to\noff: not on\n";

    #[track_caller]
    fn check_error(text: &str, line: usize, expected: &'static str) {
        assert_eq!(ConfusionSets::parse(text).err(), Some(ConfusionSetsError { line, expected }), "{text}");
    }

    #[test]
    fn reads_members_senses_and_patterns() {
        let sets = ConfusionSets::parse(&format!("# a comment\n{SET}wrong: turn [of>off] the\n")).expect("sets");
        let set = &sets.sets()[0];
        assert_eq!((set.name().as_str(), set.by_model), ("of/off", true));
        assert_eq!(set.explanation("of", "off"), "\"of\": belonging to; \"off\": not on.");
        assert_eq!(sets.questions("of").map(|asked| (asked.patterns.len(), asked.members.len())), Some((1, 1)));
        assert!(sets.questions("turn").is_none());
    }

    #[test]
    fn malformed_lines_fail_loudly() {
        check_error("", 0, "at least one set");
        check_error("why: x", 1, "a set in brackets before it");
        check_error("[of]", 1, "at least two members, with / between");
        check_error("[of/Off]", 1, "members in small letters");
        check_error("[of/off]\njudged: model\nof: a\noff: b", 1, "the reason of the set: why: ...");
        check_error("[of/off]\nwhy: x\nof: a\noff: b", 1, "how it is judged: judged: model, judged: patterns, or both");
        check_error("[of/off]\nwhy: x\njudged: model\nof: a", 1, "what each member means: member: ...");
        check_error("[of/off]\nwhy: x\njudged: guessing", 3, "model, patterns, or both");
        check_error(&format!("{SET}woof: a"), 6, "why, judged, sentence, right, wrong, hint, or a member of the set");
        check_error(&format!("{SET}wrong turn [of>off]"), 6, "a key, a colon and a value");
        check_error(&format!("{SET}wrong: turn [of]"), 6, "[written>right]");
        for malformed in ["on//off", "on/*", "-", "on off/by"] {
            check_error(&format!("{SET}sentence: {malformed}"), 6, "words and endings with / between");
        }
        check_error(&format!("{SET}sentence: On"), 6, "words in small letters");
        let patterns = SET.replace("model, ", "");
        check_error(&format!("{patterns}wrong: a [of>off]\nsentence: on"), 1, "sentence lines for the model alone");
        check_error(&format!("{SET}{}", "sentence: on\n".repeat(4)), 9, "at most three sentence lines");
        check_error(SET, 1, "patterns if, and only if, they judge");
    }
}
