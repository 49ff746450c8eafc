//! The time of a score of the Chinese language model: `cargo bench --bench chinese_model`.
//!
//! One thread, warm, the best of nine rounds. Contexts and words are those of 20,000 trigrams drawn from the committed source by a
//! fixed rule, each as likely as another: harder on the caches than text, which repeats itself.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a benchmark prints, and may stop at the first surprise"
)]

use std::{fs, hint::black_box, io::Read as _, time::Instant};

use lzma_rust2::XzReader;
use vermilion_engine::spelling::chinese::model::{ModelWordId, NGramModel, TrigramContext};

const ROUNDS: usize = 9;
const CONTEXTS: usize = 20_000;
/// Words that a decoder tries after each pair of words.
const WORDS: usize = 30;
/// Pairs of words that end alike and are tried together: the states of a beam.
const HISTORIES: usize = 8;

fn main() {
    // `cargo test --benches` passes --test: build and go.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let bytes: &'static [u8] = file("model.bin").leak();
    let opening = Instant::now();
    let model = NGramModel::open(bytes.into(), false).expect("the committed model");
    println!("opened in {:.2} ms", opening.elapsed().as_secs_f64() * 1e3);
    let opening = Instant::now();
    NGramModel::open(bytes.into(), true).expect("the committed model");
    println!("opened and verified in {:.1} ms", opening.elapsed().as_secs_f64() * 1e3);

    let drawn = draw(&model);
    let word = |index: usize| drawn[index % drawn.len()][2];
    measure("a word by itself", CONTEXTS * WORDS, || {
        (0..CONTEXTS * WORDS).map(|index| model.unigram_log10(word(7 * index))).sum()
    });
    measure("a pair of words, looked up", CONTEXTS, || {
        for &[first, second, _] in &drawn {
            black_box(model.bigram_context(second).trigram_context(first));
        }
        0.0
    });
    measure("one score after it", CONTEXTS, || {
        drawn.iter().map(|&[first, second, third]| model.score([first, second], third).log10).sum()
    });
    measure("of 30 scores after it, each", CONTEXTS * WORDS, || {
        let scores = drawn.iter().enumerate().map(|(index, &[first, second, _])| {
            let after = model.bigram_context(second);
            let context = after.trigram_context(first);
            (0..WORDS).map(|other| context.score(after.bigram_score(word(index + 31 * other))).log10).sum::<f32>()
        });
        scores.sum()
    });
    measure("of 30 scores after 8 histories, each", CONTEXTS * WORDS * HISTORIES, || {
        let scores = drawn.iter().enumerate().map(|(index, &[_, second, _])| {
            let after = model.bigram_context(second);
            let histories: [TrigramContext<'_>; HISTORIES] =
                std::array::from_fn(|other| after.trigram_context(drawn[(index + other) % drawn.len()][0]));
            let steps = (0..WORDS).map(|other| after.bigram_score(word(index + 31 * other)));
            steps.map(|step| histories.iter().map(|history| history.score(step).log10).sum::<f32>()).sum::<f32>()
        });
        scores.sum()
    });
    measure("the characters of a word", CONTEXTS, || {
        drawn.iter().map(|&[.., third]| model.word_characters(third).len() as f32).sum()
    });
}

fn file(name: &str) -> Vec<u8> {
    fs::read(format!("{}/../../dictionaries/zh-Hans/{name}", env!("CARGO_MANIFEST_DIR"))).expect("a committed file")
}

fn source(part: &str) -> Vec<u8> {
    let (compressed, mut plain) = (file(&format!("source/libime-1.1.17.{part}.xz")), Vec::new());
    XzReader::new(compressed.as_slice(), false).read_to_end(&mut plain).expect("xz");
    plain
}

/// Trigrams of the source, spread over all of it in an order that jumps about.
fn draw(model: &NGramModel) -> Vec<[ModelWordId; 3]> {
    let words = String::from_utf8(source("words")).expect("UTF-8");
    let words: Vec<&str> = words.lines().collect();
    let trigrams = source("tri");
    let count = trigrams.len() / 16;
    let trigram = |index: usize| {
        let at = 16 * (index.wrapping_mul(2_654_435_761) % count);
        let number = |field| trigrams[at + field..].first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes));
        // Misspellings are left out of the packed model.
        let [first, second, third] = [0, 4, 8].map(|field| model.id_of_str(words[number(field) as usize]));
        Some([first?, second?, third?])
    };
    (0..).filter_map(trigram).take(CONTEXTS).collect()
}

fn measure(what: &str, scores: usize, mut run: impl FnMut() -> f32) {
    let best = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        black_box(run());
        start.elapsed()
    });
    let best = best.min().unwrap_or_default();
    println!("{what:40} {:7.1} ns", best.as_secs_f64() * 1e9 / scores as f64);
}
