//! Kinds of corrections that are treated apart.

/// Sentence-final and other particles whose choice is a matter of tone, not of spelling.
const PARTICLES: &str = "呢哈哦呀啊吧呗啦嘛嘞喽哟噢喔嗯";
const NUMERALS: &str = "二三四五六七八九十百千万亿两零〇几";

/// What kind of change a proposal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// All but the following.
    Ordinary,
    /// 的, 地, 得 for each other: many write one for all.
    Structural,
    /// 他, 她, 它 for each other: only the writer knows.
    Pronoun,
    /// A particle changes.
    Particle,
    /// A numeral changes, or a character becomes one. 一 is too common in other words to count.
    Numeral,
}

impl Class {
    /// Classifies a change.
    #[must_use]
    pub fn of(written: &[char], right: &[char]) -> Self {
        let all = |set: &str| {
            let mut pairs = written.iter().zip(right).filter(|(a, b)| a != b);
            pairs.all(|(a, b)| set.contains(*a) && set.contains(*b))
        };
        if all("的地得") {
            Self::Structural
        } else if all("他她它") {
            Self::Pronoun
        } else if written.iter().zip(right).any(|(a, b)| a != b && PARTICLES.contains(*a)) {
            Self::Particle
        } else if written.iter().zip(right).any(|(a, b)| a != b && (NUMERALS.contains(*a) || NUMERALS.contains(*b))) {
            Self::Numeral
        } else {
            Self::Ordinary
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classifies_by_the_characters_that_change() {
        #[track_caller]
        fn check(written: &str, right: &str, class: Class) {
            let characters = |text: &str| text.chars().collect::<Vec<char>>();
            assert_eq!(Class::of(&characters(written), &characters(right)), class, "{written} {right}");
        }
        check("的", "得", Class::Structural);
        check("跑的", "跑得", Class::Structural);
        check("她", "他", Class::Pronoun);
        check("呢", "呐", Class::Particle);
        check("三", "山", Class::Numeral);
        check("丰", "三", Class::Numeral);
        check("以", "已", Class::Ordinary);
        check("的", "地方", Class::Structural);
        check("他", "地", Class::Ordinary);
    }
}
