//! Flags: the marks on entries and affixes that name affix classes and restrictions, in the four notations of FLAG.

/// One flag, whatever its notation: a character, two characters, or a number.
pub(super) type Flag = u32;

/// How flags are written, as FLAG declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FlagNotation {
    /// One character each (the default, and FLAG UTF-8).
    Character,
    /// Two characters each.
    Long,
    /// Decimal numbers divided by commas.
    Number,
}

impl FlagNotation {
    /// Reads one flag or several; `None` if the text is not in this notation.
    pub(super) fn parse(self, text: &str) -> Option<Vec<Flag>> {
        match self {
            Self::Character => Some(text.chars().map(Flag::from).collect()),
            Self::Long => {
                let characters: Vec<char> = text.chars().collect();
                if !characters.len().is_multiple_of(2) {
                    return None;
                }
                // Two scalar values below 2^16 fit side by side; long flags are ASCII in practice.
                Some(characters.chunks(2).map(|pair| (Flag::from(pair[0]) << 16) ^ Flag::from(pair[1])).collect())
            }
            Self::Number => text.split(',').map(|number| number.trim().parse::<u16>().ok().map(Flag::from)).collect(),
        }
    }

    /// Reads exactly one flag.
    pub(super) fn parse_one(self, text: &str) -> Option<Flag> {
        match self.parse(text)?.as_slice() {
            [flag] => Some(*flag),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_each_notation() {
        assert_eq!(FlagNotation::Character.parse("aé"), Some(vec![0x61, 0xE9]));
        assert_eq!(FlagNotation::Long.parse("Aazz").map(|flags| flags.len()), Some(2));
        assert_eq!(FlagNotation::Long.parse("Aaz"), None);
        assert_eq!(FlagNotation::Number.parse("14,65000"), Some(vec![14, 65000]));
        assert_eq!(FlagNotation::Number.parse("14,x"), None);
        assert_eq!(FlagNotation::Character.parse_one("ab"), None);
    }
}
