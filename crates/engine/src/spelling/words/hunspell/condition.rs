//! The condition of an affix rule: which stems it applies to, e.g. `[^aeiou]y`.

/// One position of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
enum CharacterClass {
    Any,
    Literal(char),
    OneOf(Vec<char>),
    NoneOf(Vec<char>),
}

impl CharacterClass {
    fn matches(&self, c: char) -> bool {
        match self {
            Self::Any => true,
            Self::Literal(one) => *one == c,
            Self::OneOf(set) => set.contains(&c),
            Self::NoneOf(set) => !set.contains(&c),
        }
    }
}

/// A sequence of positions that a stem must begin with (prefixes) or end with (suffixes).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct AffixCondition(Vec<CharacterClass>);

impl AffixCondition {
    /// Reads a condition; `None` if a bracket is not closed.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut positions = Vec::new();
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            positions.push(match c {
                '.' => CharacterClass::Any,
                '[' => {
                    let mut set: Vec<char> = Vec::new();
                    loop {
                        match rest.next()? {
                            ']' => break,
                            member => set.push(member),
                        }
                    }
                    if set.first() == Some(&'^') {
                        set.remove(0);
                        CharacterClass::NoneOf(set)
                    } else {
                        CharacterClass::OneOf(set)
                    }
                }
                one => CharacterClass::Literal(one),
            });
        }
        // A lone dot means "always", even for an empty stem.
        if positions == [CharacterClass::Any] {
            positions.clear();
        }
        Some(Self(positions))
    }

    /// Whether a stem begins as the condition asks.
    pub(super) fn matches_start(&self, stem: &str) -> bool {
        let mut characters = stem.chars();
        self.0.iter().all(|position| characters.next().is_some_and(|c| position.matches(c)))
    }

    /// Whether a stem ends as the condition asks.
    pub(super) fn matches_end(&self, stem: &str) -> bool {
        let mut characters = stem.chars().rev();
        self.0.iter().rev().all(|position| characters.next().is_some_and(|c| position.matches(c)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(condition: &str, stem: &str, start: bool, end: bool) {
        let parsed = AffixCondition::parse(condition).unwrap_or_default();
        assert_eq!((parsed.matches_start(stem), parsed.matches_end(stem)), (start, end), "{condition} on {stem}");
    }

    #[test]
    fn matches_stems() {
        check(".", "", true, true);
        check("y", "very", false, true);
        check("[^aeiou]y", "play", false, false);
        check("[^aeiou]y", "baby", false, true);
        check("[çk]a", "faça", false, true);
        check("..", "a", false, false);
        check("in", "in", true, true);
    }

    #[test]
    fn refuses_an_open_bracket() {
        assert_eq!(AffixCondition::parse("[ab"), None);
    }
}
