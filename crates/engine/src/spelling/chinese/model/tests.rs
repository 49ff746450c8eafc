//! The model by hand-made n-grams, against the formula, and on files that are none.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{
    ModelWordId, NGramModel, NGramModelError, WordScore, arpa,
    dump::{DumpFile, ModelDump},
    ngrams::{Bigram, NGramWeight, NGrams, Trigram, UNKNOWN_WORD},
    pack::{self, PackError, PackedModel},
};

const ARPA: &str = "\\data\\
ngram 1=7
ngram 2=6
ngram 3=3

\\1-grams:
-4\t<unk>
-99\t<s>\t-0.5
-1\t</s>
-1.5\t我\t-0.25
-2\t想\t-0.5
-2.5\t想要\t-0.125
-3\t退款

\\2-grams:
-0.5\t<s> 我\t-0.25
-0.75\t我 想\t-0.375
-1.25\t我 想要
-1\t想 退款\t-0.0625
-0.625\t退款 </s>
-0.875\t我 退款

\\3-grams:
-0.25\t我 想 退款
-0.125\t<s> 我 想
-0.5\t我 想要 退款

\\end\\
";

fn packed(arpa: &str) -> PackedModel {
    let ngrams = arpa::read_arpa(arpa).unwrap_or_else(|error| panic!("{error}"));
    pack::pack_model(&ngrams, |_| true).unwrap_or_else(|error| panic!("{error}"))
}

fn model(arpa: &str) -> NGramModel {
    NGramModel::open(packed(arpa).to_bytes().into(), true).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn backs_off_as_the_formula_says() {
    let model = model(ARPA);
    let id = |word: &str| model.id_of_str(word).unwrap_or(ModelWordId::UNKNOWN);
    #[track_caller]
    fn check(model: &NGramModel, words: [ModelWordId; 3], log10: f32, order: u8) {
        let [first, second, third] = words;
        assert_eq!(model.score([first, second], third), WordScore { log10, order });
    }
    for (words, log10, order) in [
        // Seen, in all its length.
        ("我 想 退款", -0.25, 3),
        // The trigram was not seen, its beginning has a backoff, its end was seen.
        ("我 想 我", -0.375 - 0.5 - 1.5, 1),
        ("我 想 想要", -0.375 - 0.5 - 2.5, 1),
        // The beginning was not seen, the end was.
        ("退款 想 退款", -1.0, 2),
        ("退款 我 想", -0.75, 2),
        // Nothing was seen but the word.
        ("退款 退款 我", -1.5, 1),
        ("我 退款 想要", -2.5, 1),
        // At the beginning of a text.
        ("- - 我", -1.5, 1),
        ("- 我 想", -0.75, 2),
        ("- 想要 我", -0.125 - 1.5, 1),
        // Unknown words.
        ("我 想 -", -0.375 - 0.5 - 4.0, 1),
        ("我 - 想", -2.0, 1),
        ("- - -", -4.0, 1),
    ] {
        let ids: Vec<ModelWordId> = words.split(' ').map(&id).collect();
        check(&model, [ids[0], ids[1], ids[2]], log10, order);
    }
    // 想要 退款 ends a trigram and is no bigram: it got the probability of backing off, -0.125 - 3.
    check(&model, ["退款", "想要", "退款"].map(id), -3.125, 2);
    check(&model, ["我", "想要", "退款"].map(id), -0.5, 3);
    assert_eq!(model.unigram_log10(id("想要")), -2.5);
}

#[test]
fn words_are_found_in_text() {
    let model = model(ARPA);
    let mut words: Vec<String> = model.words().map(|word| model.word_characters(word).to_string()).collect();
    words.sort();
    assert_eq!(words, ["想", "想要", "我", "退款"]);
    for (text, expected) in
        [("想要退款", "想 想要"), ("退款", "退款"), ("退", ""), ("款", ""), ("", ""), ("a想", ""), ("<s>我", "")]
    {
        let text: Vec<char> = text.chars().collect();
        let mut found = Vec::new();
        model.for_each_prefix(&text, |length, word| {
            assert_eq!(*model.word_characters(word), text[..length]);
            assert_eq!(model.id_of_chars(&text[..length]), Some(word));
            found.push(model.word_characters(word).to_string());
        });
        assert_eq!(found.join(" "), expected);
    }
    for no_word in ["", "退", "款", "退款了", UNKNOWN_WORD, "<s>", "</s>"] {
        assert_eq!(model.id_of_str(no_word), None, "{no_word}");
    }
    assert!(
        model.word_characters(ModelWordId::UNKNOWN).is_empty()
            && model.word_characters(ModelWordId::from_index(u32::MAX)).is_empty()
    );
    assert_eq!(model.unigram_log10(ModelWordId::from_index(u32::MAX)), -4.0);
}

#[test]
fn what_is_not_packed_is_counted() {
    let ngrams = arpa::read_arpa(ARPA).expect("a model");
    let summary = pack::pack_model(&ngrams, |word| word != "想要").expect("packed").summary;
    assert_eq!((summary.words, summary.bigrams, summary.trigrams), (3, 3, 1));
    assert_eq!((summary.left_out, summary.added), (3, 0), "<s>, </s> and 想要");
    let summary = packed(ARPA).summary;
    assert_eq!((summary.words, summary.bigrams, summary.trigrams, summary.added), (4, 5, 2, 1), "想要 退款 is added");
    let long = ARPA.replace("退款", "退款退款退款退款退款退款退款退款退");
    assert_eq!(packed(&long).summary.words, 3, "17 characters are too long");
}

#[test]
fn sections_can_be_added() {
    let mut packed = packed(ARPA);
    packed.add_section("homophones", vec![1, 2, 3]);
    let model = NGramModel::open(packed.to_bytes().into(), true).expect("a model");
    assert_eq!(model.section("homophones"), Some(&[1, 2, 3][..]));
    assert_eq!(model.section("pictures"), None);
    assert!(model.id_of_str("退款").is_some());
}

#[test]
fn what_is_no_model_cannot_be_packed() {
    let pack = |ngrams: &NGrams| pack::pack_model(ngrams, |_| true).map(|_| ()).map_err(|error| error.to_string());
    let weight = NGramWeight { log10: -1.0, backoff: 0.0 };
    let words = || ["我", "想"].map(str::to_owned).to_vec();
    let bigram = Bigram { words: [0, 1], weight };
    let trigram = Trigram { words: [0, 1, 0], log10: -1.0 };
    let good = NGrams { words: words(), unigrams: vec![weight; 2], bigrams: vec![bigram], trigrams: vec![trigram] };
    assert_eq!(pack(&good), Ok(()));
    for (ngrams, message) in [
        (NGrams::default(), "the model holds no words"),
        (
            NGrams { words: vec![UNKNOWN_WORD.into()], unigrams: vec![weight], ..good.clone() },
            "the model holds no words",
        ),
        (NGrams { words: vec!["我".into(); 2], ..good.clone() }, "the n-gram `我` stands twice"),
        (NGrams { bigrams: vec![bigram; 2], ..good.clone() }, "the n-gram `我 想` stands twice"),
        (NGrams { trigrams: vec![trigram; 2], ..good.clone() }, "the n-gram `我 想 我` stands twice"),
    ] {
        assert_eq!(pack(&ngrams), Err(message.to_owned()));
    }
    assert_eq!(pack::pack_model(&good, |_| false).map(|_| ()), Err(PackError::Empty));
}

#[test]
fn other_texts_are_no_arpa_files() {
    for (old, new, message) in [
        ("\\data\\", "data", r"line 1: expected \data\, with which an ARPA file begins"),
        ("ngram 2=6", "ngram 2=six", "line 3: expected `ngram 2=` and a count"),
        ("ngram 2=6", "ngram 3=6", "line 3: expected `ngram 2=` and a count"),
        (
            "\nngram 3=3",
            "\nngram 3=3\nngram 4=1",
            "line 5: expected a model of order 3 at most, not n-grams of order 4",
        ),
        ("\\1-grams:", "\\2-grams:", r"line 6: expected `ngram 1=` and a count, or after all counts \1-grams:"),
        ("-1.5\t我", "1.5\t我", "line 10: expected log10 of a probability: a number, at most 0"),
        ("-1.5\t我", "nan\t我", "line 10: expected log10 of a probability: a number, at most 0"),
        ("-1.5\t我\t-0.25", "-1.5\t我\t略", "line 10: expected a backoff, which is a number, or nothing"),
        ("-1.5\t我\t-0.25", "-1.5\t想\t-0.25", "line 11: expected a word that no line before has, not \"想\" again"),
        ("-0.875\t我 退款", "-0.875\t我", "line 21: expected 2 words after the probability"),
        ("-0.875\t我 退款", "-0.875\t我 你", "line 21: expected words that are unigrams too, unlike \"你\""),
        (
            "-0.875\t我 退款",
            "-0.875\t我 退款 0 0",
            "line 21: expected a probability, 2 words, a backoff and nothing else",
        ),
        ("-0.875\t我 退款\n", "", "line 22: expected 1 more of the 6 2-grams"),
        ("ngram 2=6", "ngram 2=5", r"line 21: expected \3-grams: after 5 2-grams"),
        ("\n\\end\\\n", "", r"line 27: expected \end\ after 3 3-grams"),
    ] {
        let text = ARPA.replacen(old, new, 1);
        assert_ne!(text, ARPA, "{old}");
        let error = arpa::read_arpa(&text).expect_err(message).to_string();
        assert_eq!(error, message, "{old} -> {new}");
    }
    // Orders below three are models too, and some programs write carriage returns.
    for text in ["\\data\\\nngram 1=1\n\n\\1-grams:\n-1 我\n\\end\\\n", &ARPA.replace('\n', "\r\n")] {
        model(text);
    }
}

/// A dump of the words 我 and 想, the bigram and a trigram.
fn dump() -> [Vec<u8>; 4] {
    let record = |numbers: &[u32], weights: &[f32]| -> Vec<u8> {
        let numbers = numbers.iter().copied().flat_map(u32::to_le_bytes);
        numbers.chain(weights.iter().copied().flat_map(f32::to_le_bytes)).collect()
    };
    [
        "<unk>\n我\n想\n".into(),
        [record(&[], &[-6.0, 0.0]), record(&[], &[-1.0, -0.5]), record(&[], &[-2.0, -0.0])].concat(),
        record(&[1, 2], &[-0.5, -0.25]),
        record(&[1, 2, 1], &[-0.125]),
    ]
}

#[test]
fn dumps_are_read() {
    let [words, unigrams, bigrams, trigrams] = &dump();
    let ngrams = ModelDump { words, unigrams, bigrams, trigrams }.read().expect("a dump");
    let bytes = pack::pack_model(&ngrams, |_| true).expect("packed").to_bytes();
    let model = NGramModel::open(bytes.into(), true).expect("a model");
    let [me, want] = ["我", "想"].map(|word| model.id_of_str(word).expect("a word"));
    assert_eq!(model.score([me, want], me), WordScore { log10: -0.125, order: 3 });
    assert_eq!(model.score([me, want], want), WordScore { log10: -2.25, order: 1 });
    assert_eq!(model.unigram_log10(ModelWordId::UNKNOWN), -6.0);
}

#[test]
fn other_files_are_no_dumps() {
    let infinite = f32::INFINITY.to_le_bytes();
    type DumpMutation<'a> = &'a dyn Fn(&mut [Vec<u8>; 4]);
    let cases: &[(DumpMutation<'_>, DumpFile, &str)] = &[
        (&|files| files[0][8] = 0xFF, DumpFile::Words, "line 2: expected a word in UTF-8"),
        (&|files| files[0].insert(6, b'\n'), DumpFile::Words, "line 2: expected a word, not an empty line"),
        (&|files| files[0].extend("我\n".bytes()), DumpFile::Words, "line 4: expected a word that no line before has"),
        (&|files| files[1].truncate(16), DumpFile::Unigrams, "expected a record for each of the 3 words, found 2"),
        (&|files| files[1].truncate(17), DumpFile::Unigrams, "byte 16: expected a record of 8 bytes"),
        (
            &|files| files[1][8..12].copy_from_slice(&infinite),
            DumpFile::Unigrams,
            "byte 8: expected log10 of a probability, at most 0, and a finite backoff",
        ),
        (&|files| files[2].push(0), DumpFile::Bigrams, "byte 16: expected a record of 16 bytes"),
        (
            &|files| files[2][4] = 3,
            DumpFile::Bigrams,
            "byte 0: expected numbers of words, each below the count of words",
        ),
        (
            &|files| files[3][11] = 1,
            DumpFile::Trigrams,
            "byte 0: expected numbers of words, each below the count of words",
        ),
    ];
    for (change, file, message) in cases {
        let mut files = dump();
        change(&mut files);
        let [words, unigrams, bigrams, trigrams] = &files;
        let error = ModelDump { words, unigrams, bigrams, trigrams }.read().expect_err(message);
        assert_eq!((error.file(), error.to_string().as_str()), (*file, *message));
    }
}

/// Models of up to 400 n-grams over 60 words, some of which are longer forms of others.
fn models() -> impl Strategy<Value = NGrams> {
    let word = |number: u32| -> String {
        let letter = |number| char::from_u32(0x4E00 + number).unwrap_or_default();
        if number < 20 { letter(number).into() } else { [letter(number % 20), letter(number)].iter().collect() }
    };
    let log10 = -7.0..0.0_f32;
    let bigram = (0..60_u32, 0..60_u32, log10.clone(), -1.0..0.5_f32);
    let trigram = (0..60_u32, 0..60_u32, 0..60_u32, log10.clone());
    let unigrams = prop::collection::vec((log10, -1.0..0.0_f32), 60);
    let ngrams = (unigrams, prop::collection::vec(bigram, 0..400), prop::collection::vec(trigram, 0..200));
    ngrams.prop_map(move |(unigrams, bigrams, trigrams)| {
        let bigrams: BTreeMap<[u32; 2], NGramWeight> =
            bigrams.into_iter().map(|(a, b, log10, backoff)| ([a, b], NGramWeight { log10, backoff })).collect();
        let trigrams: BTreeMap<[u32; 3], f32> = trigrams.into_iter().map(|(a, b, c, p)| ([a, b, c], p)).collect();
        NGrams {
            words: (0..60).map(word).collect(),
            unigrams: unigrams.into_iter().map(|(log10, backoff)| NGramWeight { log10, backoff }).collect(),
            bigrams: bigrams.into_iter().map(|(words, weight)| Bigram { words, weight }).collect(),
            trigrams: trigrams.into_iter().map(|(words, log10)| Trigram { words, log10 }).collect(),
        }
    })
}

/// The formula of the module, on maps.
fn reference(ngrams: &NGrams, [a, b, c]: [u32; 3]) -> f32 {
    let bigram = |words: [u32; 2]| ngrams.bigrams.iter().find(|it| it.words == words).map(|it| it.weight);
    let trigram = ngrams.trigrams.iter().find(|it| it.words == [a, b, c]);
    trigram.map_or_else(
        || {
            let second = &ngrams.unigrams[b as usize];
            let shorter =
                bigram([b, c]).map_or(second.backoff + ngrams.unigrams[c as usize].log10, |weight| weight.log10);
            bigram([a, b]).map_or(0.0, |weight| weight.backoff) + shorter
        },
        |trigram| trigram.log10,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn scores_follow_the_formula(ngrams in models(), others in prop::collection::vec([0..60_u32, 0..60, 0..60], 200)) {
        let packed = pack::pack_model(&ngrams, |_| true).expect("packed");
        let most = packed.summary.losses.iter().map(|loss| loss.max).sum::<f64>() as f32 + 1e-5;
        let model = NGramModel::open(packed.to_bytes().into(), true).expect("a model");
        let seen = ngrams.trigrams.iter().map(|trigram| trigram.words);
        let ends = ngrams.bigrams.iter().map(|bigram| [bigram.words[1], bigram.words[0], bigram.words[1]]);
        for words in others.into_iter().chain(seen).chain(ends) {
            let ids = words.map(|word| model.id_of_str(&ngrams.words[word as usize]).expect("a word"));
            let [first, second, third] = ids;
            let scored = model.score([first, second], third).log10;
            let expected = reference(&ngrams, words);
            prop_assert!((scored - expected).abs() <= most, "{words:?}: {scored}, not {expected}");
            let (before, after) = (model.bigram_context(first), model.bigram_context(second));
            let context = before.extend(before.bigram_score(second), &after);
            prop_assert_eq!(context.score(after.bigram_score(third)).log10, scored);
        }
    }

    #[test]
    fn the_order_of_the_source_does_not_matter(ngrams in models(), by in 1..60_u32) {
        let turned = |word: u32| (word + by) % 60;
        let mut other = ngrams.clone();
        other.words.rotate_right(by as usize);
        other.unigrams.rotate_right(by as usize);
        other.bigrams.iter_mut().for_each(|bigram| bigram.words = bigram.words.map(turned));
        other.trigrams.iter_mut().for_each(|trigram| trigram.words = trigram.words.map(turned));
        other.bigrams.reverse();
        other.trigrams.reverse();
        let [one, two] = [&ngrams, &other].map(|ngrams| pack::pack_model(ngrams, |_| true).expect("packed").to_bytes());
        prop_assert!(one == two);
    }

    #[test]
    fn damage_is_found_and_never_panics(
        ngrams in models(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let good = pack::pack_model(&ngrams, |_| true).expect("packed").to_bytes();
        let mut file = good.clone();
        for (at, byte) in changes {
            let at = at.index(file.len());
            file[at] = byte;
        }
        if let Some(cut) = cut {
            file.truncate(cut.index(file.len()));
        }
        if file != good {
            prop_assert!(NGramModel::open(file.clone().into(), true).is_err());
        }
        // Unverified, as if someone had written the file so: answers mean nothing, but come.
        if let Ok(model) = NGramModel::open(file.into(), false) {
            ask_everything(&model);
        }
    }
}

fn ask_everything(model: &NGramModel) {
    let numbers = [0, 1, 2, 7, 19, 21, 40, 59, 60, 1 << 20, u32::MAX].map(ModelWordId::from_index);
    for &first in &numbers {
        _ = (model.word_characters(first), model.unigram_log10(first));
        for &second in &numbers {
            let after = model.bigram_context(second);
            let context = after.trigram_context(first);
            for &third in &numbers {
                _ = context.score(after.bigram_score(third));
            }
        }
    }
    let text: Vec<char> = (0x4E00..0x4E40).filter_map(char::from_u32).collect();
    (0..text.len()).for_each(|from| model.for_each_prefix(&text[from..], |_, word| _ = model.word_characters(word)));
    _ = (model.words().take(100).count(), model.section("rows").map(<[u8]>::len), model.id_of_str("一丁"));
}

#[test]
fn a_file_without_a_section_is_refused() {
    let good = packed(ARPA).to_bytes();
    for (name, message) in [
        ("letters", "its section `letters` is missing or not within the file"),
        ("nodes", "its section `nodes` is missing or not within the file"),
        ("rows", "its section `rows` is missing or not within the file"),
        ("codebooks", "its section `codebooks` is missing or not within the file"),
    ] {
        let mut file = good.clone();
        let at = file.windows(16).position(|window| window.starts_with(name.as_bytes()) && window[name.len()] == 0);
        file[at.expect("in the table")] = b'X';
        let error: NGramModelError = NGramModel::open(file.into(), false).map(|_| ()).expect_err(name);
        assert_eq!(error.to_string(), message);
    }
}
