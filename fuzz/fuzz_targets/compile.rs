//! Any two files, taken for a Hunspell dictionary, compile or are refused; what compiles opens, and answers for any word.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vermilion_engine::spelling::words::{
    compile::{self, NamedBytes},
    lexicon::Lexicon,
};

/// A few kilobytes reach every directive; more only makes each run slower.
const LONGEST: usize = 4096;

/// Divides the input into the affix file and the word file; text dictionaries do not hold it.
const DIVIDER: u8 = 0xFF;

fuzz_target!(|input: &[u8]| {
    if input.len() > LONGEST {
        return;
    }
    let at = input.iter().position(|byte| *byte == DIVIDER).unwrap_or(input.len() / 2);
    let (affix, entries) = input.split_at(at);
    let entries = entries.strip_prefix(&[DIVIDER]).unwrap_or(entries);
    let compiled = compile::compile_lexicon(
        NamedBytes { name: "fuzz.aff", bytes: affix },
        NamedBytes { name: "fuzz.dic", bytes: entries },
        |_| {},
    );
    if let Ok(compiled) = compiled {
        let lexicon = Lexicon::open(compiled.bytes.into(), true).expect("what was compiled opens");
        assert_eq!(lexicon.len(), compiled.forms, "no form is lost");
        for word in String::from_utf8_lossy(entries).split_whitespace().take(16) {
            lexicon.accepts(word);
        }
    }
});
