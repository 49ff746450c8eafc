//! Supplements: reviewed lists of words that a dictionary lacks, a lexicon of their own made at start.

use super::{
    hunspell::{AffixFile, DictionaryFile, HunspellError, expand},
    lexicon::{FormatError, Lexicon, LexiconBuilder, LexiconRules},
};

/// Reads a list: one word a line, `#` begins a comment line. Words take the case rules of a lexicon: `app` admits `App` and
/// `APP`, `WhatsApp` only itself and `WHATSAPP`. About 1 ms for 2,000 words.
///
/// # Errors
/// [`FormatError`] from the automaton's builder.
pub fn read(text: &str) -> Result<Lexicon, SupplementError> {
    let words = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let forms = expand(&AffixFile::without_affixes(), &DictionaryFile::from_words(words), |_| {})?;
    let mut builder = LexiconBuilder::new(&LexiconRules::default())?;
    forms.for_each_sorted(|form, flags| builder.insert(form, flags))?;
    Ok(Lexicon::open(builder.finish()?.into(), false)?)
}

/// Why a list cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SupplementError {
    /// Too many words.
    #[error(transparent)]
    Source(#[from] HunspellError),
    /// The lexicon cannot be written.
    #[error(transparent)]
    Format(#[from] FormatError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, expected: bool) {
        let list = "# brands\nWhatsApp\napp\n\nWi-Fi\ne-mail\n";
        assert_eq!(read(list).is_ok_and(|lexicon| lexicon.accepts(word)), expected, "{word}");
    }

    #[test]
    fn keeps_to_the_case_rules() {
        for word in ["WhatsApp", "WHATSAPP", "app", "App", "APP", "Wi-Fi", "WI-FI", "E-mail", "e-mail"] {
            check(word, true);
        }
        for word in ["whatsapp", "Whatsapp", "aPP", "wi-fi", "# brands", "mail"] {
            check(word, false);
        }
    }
}
