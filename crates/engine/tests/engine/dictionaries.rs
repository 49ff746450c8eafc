//! The compiled dictionaries are what their committed sources compile to, byte for byte, and the sources are what
//! SHA256SUMS says. Ten seconds in the test profile, nearly all of them for Brazilian Portuguese.

use std::{collections::BTreeSet, fs, io::Read as _, path::PathBuf};

use lzma_rust2::XzReader;
use vermilion_engine::spelling::{
    chinese::{
        compile as chinese,
        model::dump::ModelDump,
        readings::PinyinReadings,
        trade::{TradeWord, parse_trade_words},
    },
    words::{
        common,
        compile::{self, NamedBytes},
        lexicon::Lexicon,
    },
};

fn read(path: &str) -> Vec<u8> {
    let full = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../dictionaries").join(path);
    fs::read(&full).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Not `assert_eq!`, which would print megabytes.
#[track_caller]
fn same(path: &str, compiled: &[u8], recipe: &str) {
    let committed = read(path);
    let differ = committed.iter().zip(compiled).position(|(ours, theirs)| ours != theirs);
    assert!(
        committed == compiled,
        "{path}: {} bytes are committed and {} compiled, first different at {differ:?}; `{recipe}` writes it again",
        committed.len(),
        compiled.len()
    );
}

#[track_caller]
fn lexicon(tag: &str) {
    let (affix, entries) = (format!("{tag}/source/index.aff"), format!("{tag}/source/index.dic"));
    let compiled = compile::compile_lexicon(
        NamedBytes { name: &affix, bytes: &read(&affix) },
        NamedBytes { name: &entries, bytes: &read(&entries) },
        |_| {},
    );
    let compiled = compiled.unwrap_or_else(|error| panic!("{error}"));
    same(&format!("{tag}/lexicon.bin"), &compiled.bytes, "just dictionaries");
}

/// From the committed lexicons, which the tests above hold to their sources.
#[track_caller]
fn common_words(language: &str, tags: [&str; 2]) {
    let lexicons = tags.map(|tag| Lexicon::open(read(&format!("{tag}/lexicon.bin")).into(), true).expect("a lexicon"));
    let tsv = String::from_utf8(read(&format!("{language}/frequencies.tsv"))).expect("UTF-8");
    let compiled = common::compile_frequencies(&tsv, &lexicons).unwrap_or_else(|error| panic!("{error}"));
    same(&format!("{language}/common.fst"), &compiled, "just dictionaries");
}

#[test]
fn american_lexicon_is_its_sources() {
    lexicon("en-US");
}

#[test]
fn british_lexicon_is_its_sources() {
    lexicon("en-GB");
}

#[test]
fn brazilian_lexicon_is_its_sources() {
    lexicon("pt-BR");
}

#[test]
fn european_portuguese_lexicon_is_its_sources() {
    lexicon("pt-PT");
}

#[test]
fn english_common_words_are_their_sources() {
    common_words("en", ["en-US", "en-GB"]);
}

#[test]
fn portuguese_common_words_are_their_sources() {
    common_words("pt", ["pt-BR", "pt-PT"]);
}

/// A list of slips is no list of non-words: a dictionary has each, and what is meant are words of it.
#[test]
fn slips_are_words_of_a_dictionary_and_so_is_what_is_meant() {
    for (language, tags, least) in [("en", ["en-US", "en-GB"], 90), ("pt", ["pt-BR", "pt-PT"], 15_000)] {
        let lexicons =
            tags.map(|tag| Lexicon::open(read(&format!("{tag}/lexicon.bin")).into(), true).expect("a lexicon"));
        let is_word = |word: &str| lexicons.iter().any(|lexicon| lexicon.accepts(word));
        let list = String::from_utf8(read(&format!("{language}/slips.tsv"))).expect("UTF-8");
        let pairs: Vec<(&str, &str)> =
            list.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t')).collect();
        assert!(pairs.len() >= least && pairs.is_sorted(), "{language}: {} slips", pairs.len());
        for (slip, meant) in pairs {
            assert!(is_word(slip) && slip != meant && meant.split(' ').all(is_word), "{slip} for {meant}");
        }
    }
}

#[test]
fn chinese_model_is_its_source() {
    let [words, unigrams, bigrams, trigrams] = ["words", "uni", "bi", "tri"].map(|part| {
        let compressed = read(&format!("zh-Hans/source/libime-1.1.17.{part}.xz"));
        let mut plain = Vec::new();
        XzReader::new(compressed.as_slice(), false).read_to_end(&mut plain).expect("xz");
        plain
    });
    let dump = ModelDump { words: &words, unigrams: &unigrams, bigrams: &bigrams, trigrams: &trigrams };
    let text = |path: &str| String::from_utf8(read(path)).expect("UTF-8");
    let readings = PinyinReadings::parse(&text("zh-Hans/readings.tsv")).expect("readings");
    let misspellings = text("zh-Hans/source/vocabulary-typos.txt");
    let lists = ["zh-Hans/source/trade-words.tsv", "zh-Hans/source/trade-reviewed.txt"].map(text);
    let trade: Vec<TradeWord> = lists.iter().flat_map(|list| parse_trade_words(list).expect("words")).collect();
    let changes = chinese::VocabularyChanges { misspellings: &misspellings, trade: &trade };
    let compiled = chinese::compile_model(dump.read().expect("a dump"), changes, &readings);
    let (bytes, _) = compiled.unwrap_or_else(|error| panic!("{error}"));
    same("zh-Hans/model.bin", &bytes, "just chinese-model");
}

/// The sources, licences and lists that came from elsewhere. What we derive from them is held by the tests above.
#[test]
fn sources_are_as_pinned() {
    let sums = String::from_utf8(read("SHA256SUMS")).expect("UTF-8");
    let mut named = BTreeSet::new();
    for line in sums.lines() {
        let (sum, path) = line.split_once("  ").unwrap_or_else(|| panic!("SHA256SUMS: no sum and file in {line:?}"));
        assert_eq!(sha256(&read(path)), sum, "{path}");
        assert!(named.insert(path.to_owned()), "{path} stands twice");
    }
    for tag in ["en-US", "en-GB", "pt-BR", "pt-PT"] {
        for file in ["source/index.aff", "source/index.dic", "LICENSE"] {
            assert!(named.contains(&format!("{tag}/{file}")), "SHA256SUMS lacks {tag}/{file}");
        }
    }
    for part in ["words", "uni", "bi", "tri"] {
        let file = format!("zh-Hans/source/libime-1.1.17.{part}.xz");
        assert!(named.contains(&file), "SHA256SUMS lacks {file}");
    }
    for language in ["en", "pt"] {
        assert!(named.contains(&format!("{language}/frequencies.tsv")), "SHA256SUMS lacks {language}/frequencies.tsv");
    }
}

fn sha256(bytes: &[u8]) -> String {
    use aws_lc_rs::digest::{SHA256, digest};
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
