//! `vermilion dictionary chinese-model`: packs a language model of Chinese words.

use std::{
    fs,
    io::{IsTerminal as _, Read as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use clap::{ArgGroup, Args};
use lzma_rust2::XzReader;

use super::write_atomically;
use vermilion_engine::spelling::chinese::{
    compile::{VocabularyChanges, compile_model},
    model::{
        arpa,
        dump::{DumpFile, ModelDump},
        ngrams::NGrams,
        pack::PackSummary,
    },
    readings::PinyinReadings,
    trade::parse_trade_words,
};

/// How a file compressed by xz begins.
const XZ_MAGIC: &[u8] = b"\xFD7zXZ\0";

/// All files may be compressed by xz. The model is a dump in four files or an ARPA file of order 3 at most.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("source").required(true).args(["words", "arpa"]))]
pub(crate) struct ChineseModelArguments {
    /// Words of the dump, one a line.
    #[arg(long, requires_all = ["unigrams", "bigrams", "trigrams"])]
    words: Option<PathBuf>,
    /// Its unigrams: log10 of the probability and the backoff, f32 each, little endian.
    #[arg(long, requires = "words")]
    unigrams: Option<PathBuf>,
    /// Its bigrams: two u32 numbers of words, probability and backoff.
    #[arg(long, requires = "words")]
    bigrams: Option<PathBuf>,
    /// Its trigrams: three numbers of words, probability.
    #[arg(long, requires = "words")]
    trigrams: Option<PathBuf>,
    /// An ARPA file instead.
    #[arg(long)]
    arpa: Option<PathBuf>,
    /// Misspellings among the words, to be left out with all their n-grams: lines of `word TAB right word`.
    #[arg(long)]
    without: Option<PathBuf>,
    /// Words that are right and become as probable as they say: lines of `word TAB log10`, or of reviewed words. May be repeated.
    #[arg(long)]
    trade: Vec<PathBuf>,
    /// Readings of characters, for the index of homophones: lines of `character TAB reading,reading`.
    #[arg(long)]
    readings: PathBuf,
    /// Where to write the packed model.
    #[arg(long)]
    out: PathBuf,
}

pub(crate) fn run(arguments: &ChineseModelArguments) -> anyhow::Result<ExitCode> {
    let misspellings = arguments.without.as_deref().map(read_text).transpose()?.unwrap_or_default();
    let readings = PinyinReadings::parse(&read_text(&arguments.readings)?)
        .with_context(|| format!("cannot use {}", arguments.readings.display()))?;
    let mut trade = Vec::new();
    for path in &arguments.trade {
        let words = parse_trade_words(&read_text(path)?);
        trade.extend(words.with_context(|| format!("cannot use {}", path.display()))?);
    }
    progress("reading");
    let ngrams = read_ngrams(arguments)?;
    progress("packing");
    let (bytes, summary) =
        compile_model(ngrams, VocabularyChanges { misspellings: &misspellings, trade: &trade }, &readings)
            .context("cannot pack the model")?;
    write_atomically(&arguments.out, &bytes)?;
    report(&arguments.out, &summary, bytes.len())?;
    Ok(ExitCode::SUCCESS)
}

fn progress(what: &str) {
    let mut terminal = std::io::stderr();
    if terminal.is_terminal() {
        // A terminal that cannot be written to is no reason to fail.
        _ = writeln!(terminal, "{what}");
    }
}

fn read_ngrams(arguments: &ChineseModelArguments) -> anyhow::Result<NGrams> {
    let ChineseModelArguments { words, unigrams, bigrams, trigrams, .. } = arguments;
    match (&arguments.arpa, words, unigrams, bigrams, trigrams) {
        (Some(path), ..) => {
            arpa::read_arpa(&read_text(path)?).with_context(|| format!("cannot use {}", path.display()))
        }
        (None, Some(words), Some(unigrams), Some(bigrams), Some(trigrams)) => {
            read_dump([words, unigrams, bigrams, trigrams])
        }
        _ => bail!("expected --arpa, or --words, --unigrams, --bigrams and --trigrams"),
    }
}

fn read_dump(paths: [&PathBuf; 4]) -> anyhow::Result<NGrams> {
    let [words, unigrams, bigrams, trigrams] = paths.map(|path| read_decompressed(path));
    let (words, unigrams, bigrams, trigrams) = (words?, unigrams?, bigrams?, trigrams?);
    let dump = ModelDump { words: &words, unigrams: &unigrams, bigrams: &bigrams, trigrams: &trigrams };
    dump.read().map_err(|error| {
        let path = match error.file() {
            DumpFile::Words => paths[0],
            DumpFile::Unigrams => paths[1],
            DumpFile::Bigrams => paths[2],
            DumpFile::Trigrams => paths[3],
        };
        anyhow::Error::new(error).context(format!("cannot use {}", path.display()))
    })
}

fn report(out: &Path, summary: &PackSummary, bytes: usize) -> std::io::Result<()> {
    let PackSummary { words, bigrams, trigrams, left_out, added, losses } = summary;
    writeln!(
        anstream::stdout(),
        "{}: {words} words, {bigrams} bigrams, {trigrams} trigrams, {bytes} bytes",
        out.display()
    )?;
    if left_out + added > 0 {
        writeln!(anstream::stdout(), "  {left_out} words left out, {added} bigrams added")?;
    }
    let names = ["unigrams", "their backoffs", "bigrams", "their backoffs", "trigrams"];
    for (name, loss) in names.iter().zip(losses).filter(|(_, loss)| loss.max > 0.0) {
        writeln!(
            anstream::stdout(),
            "  {name} rounded by {:.5} on average, {:.5} at most (log10)",
            loss.mean,
            loss.max
        )?;
    }
    Ok(())
}

/// A file's content, decompressed if it is compressed.
fn read_decompressed(path: &Path) -> anyhow::Result<Vec<u8>> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    if !bytes.starts_with(XZ_MAGIC) {
        return Ok(bytes);
    }
    let mut plain = Vec::new();
    let decompressed = XzReader::new(bytes.as_slice(), true).read_to_end(&mut plain);
    decompressed.with_context(|| format!("cannot decompress {}", path.display()))?;
    Ok(plain)
}

/// A text, decompressed if it is compressed.
pub(super) fn read_text(path: &Path) -> anyhow::Result<String> {
    String::from_utf8(read_decompressed(path)?).with_context(|| format!("{} is not UTF-8", path.display()))
}
