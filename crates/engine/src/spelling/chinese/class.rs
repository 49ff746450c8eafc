//! Kinds of corrections that are treated apart.

/// Sentence-final and other particles whose choice is a matter of tone, not of spelling.
const PARTICLES: &str = "呢哈哦呀啊吧呗啦嘛嘞喽哟噢喔嗯";
const NUMERALS: &str = "二三四五六七八九十百千万亿两零〇几";

/// What kind of change a proposal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CorrectionClass {
    /// All but the following.
    Ordinary,
    /// 的, 地, 得 for each other: many write one for all.
    StructuralParticle,
    /// 他, 她, 它 for each other: only the writer knows.
    Pronoun,
    /// A particle changes.
    ModalParticle,
    /// A numeral changes, or a character becomes one. 一 is too common in other words to count.
    Numeral,
}

impl CorrectionClass {
    /// Classifies a change.
    #[must_use]
    pub fn classify(written: &[char], right: &[char]) -> Self {
        let all = |set: &str| {
            let mut pairs = written.iter().zip(right).filter(|(a, b)| a != b);
            pairs.all(|(a, b)| set.contains(*a) && set.contains(*b))
        };
        if all("的地得") {
            Self::StructuralParticle
        } else if all("他她它") {
            Self::Pronoun
        } else if written.iter().zip(right).any(|(a, b)| a != b && PARTICLES.contains(*a)) {
            Self::ModalParticle
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
        fn check(written: &str, right: &str, class: CorrectionClass) {
            let characters = |text: &str| text.chars().collect::<Vec<char>>();
            assert_eq!(CorrectionClass::classify(&characters(written), &characters(right)), class, "{written} {right}");
        }
        check("的", "得", CorrectionClass::StructuralParticle);
        check("跑的", "跑得", CorrectionClass::StructuralParticle);
        check("她", "他", CorrectionClass::Pronoun);
        check("呢", "呐", CorrectionClass::ModalParticle);
        check("三", "山", CorrectionClass::Numeral);
        check("丰", "三", CorrectionClass::Numeral);
        check("以", "已", CorrectionClass::Ordinary);
        check("的", "地方", CorrectionClass::StructuralParticle);
        check("他", "地", CorrectionClass::Ordinary);
    }
}
