//! Supplements: reviewed lists of words that a dictionary lacks, a lexicon of their own made at start. Lines of several words
//! are expressions, which are right as wholes only.

use super::{
    hunspell::{AffixFile, DictionaryFile, HunspellError, expand},
    lexicon::{FormatError, Lexicon, LexiconBuilder, LexiconRules},
};

/// Reads the words of a list: one a line, `#` begins a comment line. Words take the case rules of a lexicon: `app` admits `App` and
/// `APP`, `WhatsApp` only itself and `WHATSAPP`. About 1 ms for 2,000 words.
///
/// # Errors
/// [`FormatError`] from the automaton's builder.
pub fn read(text: &str) -> Result<Lexicon, SupplementError> {
    let words = entries(text).filter(|entry| !entry.contains(' '));
    let forms = expand(&AffixFile::without_affixes(), &DictionaryFile::from_words(words), |_| {})?;
    let mut builder = LexiconBuilder::new(&LexiconRules::default())?;
    forms.for_each_sorted(|form, flags| builder.insert(form, flags))?;
    Ok(Lexicon::open(builder.finish()?.into(), false)?)
}

/// The expressions of a list: its lines of several words. `#` begins a comment line, as with words.
pub(crate) fn expressions(text: &str) -> impl Iterator<Item = &str> {
    entries(text).filter(|entry| entry.contains(' '))
}

fn entries(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
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
        let list = "# brands\nWhatsApp\napp\n\nWi-Fi\ne-mail\npro rata\n";
        assert_eq!(read(list).is_ok_and(|lexicon| lexicon.accepts(word)), expected, "{word}");
    }

    #[test]
    fn keeps_to_the_case_rules() {
        for word in ["WhatsApp", "WHATSAPP", "app", "App", "APP", "Wi-Fi", "WI-FI", "E-mail", "e-mail"] {
            check(word, true);
        }
        for word in ["whatsapp", "Whatsapp", "aPP", "wi-fi", "# brands", "mail", "rata", "pro rata"] {
            check(word, false);
        }
    }

    #[test]
    fn lines_of_several_words_are_expressions() {
        let list = "# of several words\npro rata\napp\n et al. \n";
        assert_eq!(expressions(list).collect::<Vec<_>>(), ["pro rata", "et al."]);
    }
}
