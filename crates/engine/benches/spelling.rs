//! Words checked per second and the time of a suggestion, beside `spellbook` (a Rust port of Hunspell's algorithms) loading
//! the same dictionaries in the same run: `cargo bench --bench spelling`, or only Chinese with `-- chinese` after it, only the
//! longest checks on the thread that received them with `-- steps`.
//!
//! One thread, medians of nine rounds, taken in turns. Texts: `tests/replies`; typos: one edit in each of 400 frequent
//! words, by a fixed rule.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a benchmark prints, and may stop at the first surprise"
)]

use std::{
    hint::black_box,
    sync::atomic::AtomicBool,
    time::{Duration, Instant},
};

use vermilion_engine::{
    glossary::Glossary,
    language::Language,
    spelling::{CheckRequest, Speller, SpellerLayers, data::LanguageData},
};

const ROUNDS: usize = 9;

const LETTERS: [char; 26] = [
    'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w',
    'x', 'y', 'z',
];

struct Case {
    language: Language,
    folder: &'static str,
    replies: &'static str,
    frequencies: &'static str,
}

const CASES: &[Case] = &[
    Case {
        language: Language::EnglishUs,
        folder: "en-US",
        replies: include_str!("../tests/replies/en.txt"),
        frequencies: include_str!("../../../dictionaries/en/frequencies.tsv"),
    },
    Case {
        language: Language::EnglishGb,
        folder: "en-GB",
        replies: include_str!("../tests/replies/en.txt"),
        frequencies: include_str!("../../../dictionaries/en/frequencies.tsv"),
    },
    Case {
        language: Language::PortugueseBr,
        folder: "pt-BR",
        replies: include_str!("../tests/replies/pt-BR.txt"),
        frequencies: include_str!("../../../dictionaries/pt/frequencies.tsv"),
    },
    Case {
        language: Language::PortuguesePt,
        folder: "pt-PT",
        replies: include_str!("../tests/replies/pt-PT.txt"),
        frequencies: include_str!("../../../dictionaries/pt/frequencies.tsv"),
    },
];

fn main() {
    // `cargo test --benches` passes --test: build and go.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let start = Instant::now();
    let speller = Speller::embedded().expect("the embedded data");
    println!("all languages ready in {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    if std::env::args().any(|argument| argument == "chinese") {
        return chinese(&speller);
    }
    if std::env::args().any(|argument| argument == "steps") {
        return within_steps();
    }
    println!(
        "{:8} {:>16} {:>16} {:>14} {:>14} {:>14} {:>14}",
        "", "check words/s", "peer words/s", "suggest p50", "suggest max", "peer p50", "peer max"
    );
    for case in CASES {
        run(&speller, case);
    }
    worst(&speller);
    within_steps();
    chinese(&speller);
    own_words();
}

/// What ten thousand words of a tenant cost: to build, to look for in the replies, to find a near one among.
fn own_words() {
    let words: Vec<String> =
        (0..10_000).map(|number| format!("{}zol{}x", LETTERS[number % 26], number * 7919)).collect();
    let replies = include_str!("../tests/replies/pt-BR.txt");
    let glossary = Glossary::new(&words);
    let build = (0..ROUNDS).map(|_| timed(|| Glossary::new(&words).len())).collect();
    let find = (0..ROUNDS).map(|_| timed(|| glossary.find(replies).len())).collect();
    let near = (0..ROUNDS)
        .map(|_| timed(|| (0..100).map(|_| glossary.similar_words("zolina", 5, &mut 2_000).words.len()).sum()))
        .collect();
    println!(
        "10,000 own words: built in {:.1} ms; looked for in {} words in {:.3} ms; a near one in {:.1} us",
        ms(median(build)),
        replies.split_whitespace().count(),
        ms(median(find)),
        ms(median(near)) * 1e3 / 100.0
    );
}

/// How long a check may hold its thread that is lent 5,000 steps: the median of nine tries with nothing remembered, for the worst
/// length of texts that are made to be slow.
fn within_steps() {
    let without = SpellerLayers { memory: false, ..SpellerLayers::ALL };
    let speller = Speller::new(LanguageData::embedded(), without).expect("the embedded data");
    let english = Language::English;
    let distinct: String = (0..40_000).map(|at| format!("{}{} ", LETTERS[at % 26], LETTERS[at / 26 % 26])).collect();
    let longer: String = (0..40_000)
        .map(|at: usize| format!("x{}{}{}q ", LETTERS[at % 26], LETTERS[at / 26 % 26], LETTERS[at / 676 % 26]))
        .collect();
    for (name, language, unit) in [
        ("all pairs of letters", english, distinct.as_str()),
        ("17,576 nonsense words", english, &longer),
        ("nonsense of five letters", english, "bqxzk wrtpl gnhmv xxkcd "),
        ("nonsense with capitals", english, "Bqxzk Wrtpl Gnhmv Xxkcd "),
        ("long nonsense with capitals", english, "Bqxzkwrtplgnhmv Wrtplgnhmvbqxzkgnhmv "),
        ("mixed capitals", english, "bQxzk wRtplgnhmv gnHmv xxkCd "),
        ("Polish", english, "Dziękujemy za kontakt, Państwa zamówienie zostało wysłane i dotrze jutro rano. "),
        ("hyphens", english, "bq-xz-wr-tp-gn-hm-vx-xk-cd "),
        ("letters apart", english, "b q x z "),
        ("two letters", english, "bq xz wr tp gn "),
        ("one word of 40 letters", english, "bqxzkwrtplgnhmvxxkcdbqxzkwrtplgnhmvxxkcd "),
        ("words without accents", Language::PortugueseBr, "analise musica voce nao esta publico "),
        ("right words", english, "thank you for your order it will arrive tomorrow "),
        ("ambiguous Chinese", Language::ChineseSimplified, "是时事市"),
        ("Chinese with errors", Language::ChineseSimplified, "非常报歉，您的订单以经发出。"),
        ("Traditional Chinese", Language::ChineseTraditional, "請問您的訂單以經發出了嗎，"),
    ] {
        let mut worst = (Duration::ZERO, 0, false);
        for bytes in [20, 50, 100, 150, 200, 300, 500, 1_000, 2_000, 4_000, 5_000, 9_000] {
            let text: String = unit
                .chars()
                .cycle()
                .scan(0, |size, c| {
                    *size += c.len_utf8();
                    (*size <= bytes).then_some(c)
                })
                .collect();
            let mut done = false;
            let times = (0..ROUNDS).map(|_| {
                let cancelled = AtomicBool::new(false);
                timed(|| {
                    done = speller.check_within(&CheckRequest::new(&text, language, &cancelled), 5_000).is_some();
                    text.len()
                })
            });
            let time = median(times.collect());
            if time > worst.0 {
                worst = (time, bytes, done);
            }
        }
        let (time, bytes, done) = worst;
        println!("{name:28} {:7.1} us for {bytes} bytes, {}", ms(time) * 1e3, if done { "done" } else { "given up" });
        let text: String = unit.chars().cycle().take(256 * 1024 / unit.len() * unit.chars().count()).collect();
        let cancelled = AtomicBool::new(false);
        let whole = timed(|| speller.check(&CheckRequest::new(&text, language, &cancelled)).findings.len());
        println!("{:28} {:7.1} ms for 256 KiB", "", ms(whole));
    }
}

/// Microseconds for 100 characters of Chinese: correct replies, sentences with an error each, and the worst that we know.
fn chinese(speller: &Speller) {
    let correct = include_str!("../tests/replies/zh-Hans.txt").to_owned();
    let table = include_str!("../tests/spelling/zh-Hans.txt").lines().filter(|line| line.contains('>'));
    let wrong: String = table.map(|line| as_written(line) + "\n").collect();
    let hostile = ["的地得", "是事世市式", "以经", "一", "请"].map(|piece| piece.repeat(2_000 / piece.chars().count()));
    let random = ambiguous(256 * 1024 / '是'.len_utf8());
    for (name, text) in
        [("correct", correct), ("with errors", wrong), ("hostile", hostile.join("\n")), ("256 KiB at random", random)]
    {
        for language in [Language::ChineseSimplified, Language::ChineseTraditional] {
            let times = (0..ROUNDS).map(|_| timed(|| text.lines().map(|line| check(speller, language, line)).sum()));
            let hundreds = text.chars().count() as f64 / 100.0;
            println!(
                "{:8} {name}: {:.3} ms for 100 characters",
                language.tag(),
                ms(median(times.collect())) / hundreds
            );
        }
    }
}

/// Characters each of which may be any other.
fn ambiguous(length: usize) -> String {
    let next = |seed: &u32| Some(seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    std::iter::successors(Some(7), next)
        .map(|seed| ['是', '时', '事', '市'][(seed >> 30) as usize])
        .take(length)
        .collect()
}

/// A line of a table with the wrong side of each mark.
fn as_written(line: &str) -> String {
    let mut parts = line.trim_start_matches('?').split('[');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (mark, rest) = part.split_once(']').unwrap_or((part, ""));
        text.push_str(mark.split('>').next().unwrap_or_default());
        text.push_str(rest);
    }
    text
}

fn run(speller: &Speller, case: &Case) {
    let source = |file: &str| {
        let path = format!("{}/../../dictionaries/{}/source/index.{file}", env!("CARGO_MANIFEST_DIR"), case.folder);
        std::fs::read_to_string(path).expect("the dictionary's source")
    };
    let peer = spellbook::Dictionary::new(&source("aff"), &source("dic")).expect("a dictionary that the peer reads");

    let words: Vec<&str> = case
        .replies
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.contains(char::is_alphabetic))
        .collect();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(timed(|| case.replies.lines().map(|line| check(speller, case.language, line)).sum::<usize>()));
        theirs.push(timed(|| words.iter().filter(|word| !peer.check(word)).count()));
    }

    let typos: Vec<String> = case.frequencies.lines().step_by(37).filter_map(typo).take(400).collect();
    let our_times = sorted(typos.iter().map(|typo| timed(|| speller.suggest(typo, case.language, 5).len())));
    let mut out = Vec::new();
    // The peer takes up to seconds for one word: a tenth of the typos will do.
    let their_times = sorted(typos.iter().step_by(10).map(|typo| {
        timed(|| {
            out.clear();
            peer.suggest(typo, &mut out);
            out.len()
        })
    }));
    println!(
        "{:8} {:>16.0} {:>16.0} {:>11.3} ms {:>11.3} ms {:>11.3} ms {:>11.3} ms",
        case.folder,
        words.len() as f64 / median(ours).as_secs_f64(),
        words.len() as f64 / median(theirs).as_secs_f64(),
        ms(our_times[our_times.len() / 2]),
        ms(our_times[our_times.len() - 1]),
        ms(their_times[their_times.len() / 2]),
        ms(their_times[their_times.len() - 1]),
    );
}

/// The slowest suggestion over input that is no typo of anything.
fn worst(speller: &Speller) {
    let noise = |seed: usize, length: usize| -> String {
        (0..length).map(|at| char::from(b'a' + ((at * 7 + seed * 13 + at * at * seed) % 26) as u8)).collect()
    };
    let mut inputs =
        vec!["a".repeat(150), "é".repeat(150), "ab".repeat(75), "ção".repeat(50), "-".repeat(150), "a-".repeat(75)];
    inputs.extend((1..40).map(|seed| noise(seed, 150)));
    inputs.extend((1..40).map(|seed| noise(seed, 12 + seed)));
    let slowest = inputs
        .iter()
        .flat_map(|input| {
            [Language::English, Language::PortugueseBr, Language::PortuguesePt].map(|language| (input, language))
        })
        .map(|(input, language)| timed(|| speller.suggest(input, language, 5).len()))
        .max()
        .unwrap_or_default();
    println!("worst suggestion over {} hostile inputs in three languages: {:.3} ms", inputs.len(), ms(slowest));
}

fn check(speller: &Speller, language: Language, text: &str) -> usize {
    let cancelled = AtomicBool::new(false);
    let request = CheckRequest { max_suggestions: 0, ..CheckRequest::new(text, language, &cancelled) };
    speller.check(&request).findings.len()
}

/// One edit, chosen by the word itself.
fn typo(line: &str) -> Option<String> {
    let word = line.split('\t').next().filter(|word| word.chars().count() >= 5)?;
    let mut letters: Vec<char> = word.chars().collect();
    let at = 1 + letters.len() * 7 % (letters.len() - 2);
    match letters.len() % 3 {
        0 => letters.swap(at, at + 1),
        1 => drop(letters.remove(at)),
        _ => letters.insert(at, letters[at]),
    }
    Some(letters.into_iter().collect())
}

fn timed(work: impl FnOnce() -> usize) -> Duration {
    let start = Instant::now();
    black_box(work());
    start.elapsed()
}

fn median(times: Vec<Duration>) -> Duration {
    let times = sorted(times.into_iter());
    times[times.len() / 2]
}

fn sorted(times: impl Iterator<Item = Duration>) -> Vec<Duration> {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    times
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
