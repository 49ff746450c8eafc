//! Compiles a Hunspell dictionary into a lexicon.

use rustc_hash::FxHashMap;

use super::{
    hunspell::{AffixFile, DictionaryFile, HunspellError, expand},
    lexicon::{FormatError, LexiconBuilder, LexiconRules},
};

/// A file with the name that stands in error messages.
#[derive(Clone, Copy, Debug)]
pub struct NamedBytes<'b> {
    pub name: &'b str,
    /// Its content.
    pub bytes: &'b [u8],
}

/// A compiled lexicon and its measure.
#[derive(Debug)]
pub struct CompiledLexicon {
    /// The file, as [`super::lexicon`] reads it.
    pub bytes: Vec<u8>,
    /// Entries of the word file.
    pub entries: usize,
    /// Distinct forms derived from them.
    pub forms: usize,
}

/// Why a dictionary cannot be compiled.
#[derive(Debug, thiserror::Error)]
pub enum LexiconCompileError {
    /// The source is at fault.
    #[error(transparent)]
    Source(#[from] HunspellError),
    /// The lexicon cannot be written.
    #[error(transparent)]
    Format(#[from] FormatError),
}

/// How far a compilation is.
#[derive(Clone, Copy, Debug)]
pub enum CompileProgress {
    /// Deriving forms: entries done, of all.
    Deriving {
        /// Entries done.
        done: usize,
        /// All entries.
        all: usize,
    },
    /// Sorting and writing this many derived forms.
    Writing {
        /// Forms, duplicates included.
        forms: usize,
    },
}

/// Compiles. pt-BR, the largest of ours, takes 10.5 million forms, about 8 s and 600 MB for the time being.
///
/// # Errors
/// [`LexiconCompileError`] with file and line.
pub fn compile_lexicon(
    affix: NamedBytes<'_>,
    entries: NamedBytes<'_>,
    mut progress: impl FnMut(CompileProgress),
) -> Result<CompiledLexicon, LexiconCompileError> {
    let affix = AffixFile::parse(affix.name, affix.bytes)?;
    let entries = DictionaryFile::parse(entries.name, entries.bytes, &affix)?;
    let all = entries.len();
    let forms = expand(&affix, &entries, |done| progress(CompileProgress::Deriving { done, all }))?;
    progress(CompileProgress::Writing { forms: forms.len() });
    let mut builder = LexiconBuilder::new(&lexicon_rules(&affix, &entries))?;
    let forms = forms.for_each_sorted(|form, flags| builder.insert(form, flags))?;
    Ok(CompiledLexicon { bytes: builder.finish()?, entries: all, forms })
}

fn lexicon_rules(affix: &AffixFile, entries: &DictionaryFile) -> LexiconRules {
    let components: FxHashMap<String, Vec<u32>> = entries.compound_components(affix).into_iter().collect();
    LexiconRules {
        breaks: affix.break_patterns.clone(),
        conversions: affix.input_conversions.clone(),
        ignored: affix.ignore.iter().collect(),
        compound_min: affix.compound_min,
        compounds: affix.compound_rules.clone(),
        components,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spelling::words::lexicon::Lexicon;

    fn compiled(affix: &str, entries: &str) -> Result<CompiledLexicon, LexiconCompileError> {
        let named = |name, text: &'static [u8]| NamedBytes { name, bytes: text };
        // The two texts live as long as the test.
        let [affix, entries] = [affix, entries].map(|text| &*text.as_bytes().to_vec().leak());
        compile_lexicon(named("a.aff", affix), named("a.dic", entries), |_| {})
    }

    #[track_caller]
    fn check_error(affix: &str, entries: &str, message: &str) {
        match compiled(affix, entries) {
            Ok(_) => panic!("compiled: {affix:?}"),
            Err(error) => assert_eq!(error.to_string(), message, "{affix:?}"),
        }
    }

    #[track_caller]
    fn check_forms(affix: &str, entries: &str, accepted: &[&str], refused: &[&str]) {
        let compiled = compiled(affix, entries).unwrap_or_else(|error| panic!("{affix:?}: {error}"));
        let lexicon = Lexicon::open(compiled.bytes.into(), true).unwrap_or_else(|error| panic!("{affix:?}: {error}"));
        for word in accepted {
            assert!(lexicon.accepts(word), "{word} of {affix:?}");
        }
        for word in refused {
            assert!(!lexicon.accepts(word), "{word} of {affix:?}");
        }
    }

    #[test]
    fn a_broken_dictionary_is_an_error_with_file_line_and_what_was_expected() {
        let header = "the header of a class is: SFX flag, Y or N, the number of its rules";
        check_error("SFX B Y x\nSFX B y ies .\n", "1\nfly/B\n", &format!("a.aff:1: {header}"));
        check_error("SFX B y ies .\n", "1\nfly/B\n", &format!("a.aff:1: {header}"));
        check_error("SET UTF-8\nSFX B Y 2\nSFX B y ies .\n", "1\nfly/B\n", "a.aff:2: SFX declares 2 rows, 1 follow");
        check_error(
            "SFX B Y 1\nSFX B y ies .\nSFX B 0 s .\n",
            "1\nfly/B\n",
            "a.aff:3: one row too many: the header on line 1 declares 1",
        );
        check_error(
            "SFX B Y 1\nSFX B 0 s .\nPFX B Y 1\nPFX B 0 re .\n",
            "1\nfly/B\n",
            "a.aff:3: the flag already names a class on the other side of a word",
        );
        check_error("SFX B Y 1\nSFX B y\n", "1\nfly/B\n", "a.aff:2: an affix rule needs flag, strip and add");
        check_error("SFX B Y 1\nSFX B y ies [x\n", "1\nfly/B\n", "a.aff:2: the condition has an open bracket");
        check_error("BREAK 2\nBREAK -\n", "1\na\n", "a.aff:1: BREAK declares 2 rows, 1 follow");
        check_error("BREAK -\n", "1\na\n", "a.aff:1: the first BREAK line takes a count");
        check_error(
            "REP 1\nREP a b\nREP c d\n",
            "1\na\n",
            "a.aff:3: one row too many: the header on line 1 declares 1",
        );
        check_error("ICONV 1\nICONV ’\n", "1\na\n", "a.aff:2: ICONV takes two strings");
        check_error("COMPOUNDRULE 3\nCOMPOUNDRULE ab\n", "1\na\n", "a.aff:1: COMPOUNDRULE declares 3 rows, 1 follow");
        check_error(
            "COMPOUNDRULE 1\nCOMPOUNDRULE *a\n",
            "1\na\n",
            "a.aff:2: COMPOUNDRULE takes flags, each with an optional * or ?",
        );
        check_error("AF 2\nAF AB\n", "1\na/1\n", "a.aff:1: AF declares 2 rows, 1 follow");
        check_error("# two\nSET KLINGON-1\n", "1\na\n", "a.aff:2: SET names the unknown character set \"KLINGON-1\"");
        check_error("FLAG short\n", "1\na\n", "a.aff:1: FLAG takes one of: long, num, UTF-8");
        check_error("\nCOMPOUNDFLAG A\n", "1\na\n", "a.aff:2: COMPOUNDFLAG is not supported");
        check_error("", "word\n", "a.dic:1: expected the number of entries");
        check_error("FLAG num\n", "1\na/x\n", "a.dic:2: unreadable flags");
    }

    #[test]
    fn derives_what_the_tables_say() {
        check_forms(
            "SFX B Y 2\n# as in flies\nSFX B y ies [^aeiou]y\nSFX B 0 s [^y]\n",
            "2\nfly/B\nsee/B\n",
            &["fly", "flies", "sees"],
            &["flys", "seeies"],
        );
        // A class may come in two parts.
        check_forms(
            "SFX B Y 1\nSFX B 0 s .\nSFX B Y 1\nSFX B 0 ed .\n",
            "1\nwalk/B\n",
            &["walks", "walked"],
            &["walking"],
        );
        check_forms("BREAK 0\n", "1\nfoo\n", &["foo"], &["foo-foo"]);
        check_forms("", "1\nfoo\n", &["foo", "foo-foo"], &["fo"]);
        check_forms("AF 1\nAF B\nSFX B Y 1\nSFX B 0 s .\n", "1\nwalk/1\n", &["walks"], &["walk1"]);
        check_forms(
            "FLAG num\nCOMPOUNDMIN 1\nONLYINCOMPOUND 9\nCOMPOUNDRULE 1\nCOMPOUNDRULE (1)*(2)\n",
            "2\n1/1\n1th/2,9\n",
            &["11th", "1"],
            &["1th1"],
        );
    }
}
