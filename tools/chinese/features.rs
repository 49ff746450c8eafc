//! Writes the features of candidates for sentences of which the right form is known: what `train.py` learns from.
//!
//! `cargo run --release --example chinese-features -- MODEL READINGS SHAPES NOTORIOUS PHRASES OUT SENTENCES...`, where SENTENCES are lines of
//! `as written TAB right`, equally long. `--names` prints the names of the features, one a line. Prints the candidate recall of each file: the share of wrong characters for which
//! the right one is among the candidates.

use std::{
    env, fs,
    io::{BufWriter, Write},
};

use anyhow::Context as _;
use vermilion_engine::spelling::chinese::{
    confusion::ConfusionSets,
    corrector::{Corrector, VerifierExample, Workspace},
    features,
    homophones::HomophoneIndex,
    model::NGramModel,
    phrases::PhraseCounts,
    readings::PinyinReadings,
    resources::ChineseResources,
    shapes::SimilarShapes,
    trade::TradeWords,
    verifier::Verifier,
};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if arguments == ["--names"] {
        anstream::println!("{}", features::FEATURE_NAMES.join("\n"));
        return Ok(());
    }
    let [model, readings, shapes, notorious, phrases, out, sentences @ ..] = arguments.as_slice() else {
        anyhow::bail!("expected MODEL READINGS SHAPES NOTORIOUS PHRASES OUT SENTENCES...");
    };
    let read = |path: &str| fs::read(path).with_context(|| format!("cannot read {path}"));
    let model = NGramModel::open(read(model)?.into(), true)?;
    let readings = PinyinReadings::parse(&fs::read_to_string(readings)?)?;
    let shapes = SimilarShapes::parse(&fs::read_to_string(shapes)?, &fs::read_to_string(notorious)?)?;
    let trade = TradeWords::open(model.section("trade").unwrap_or_default().to_vec().into());
    let homophones = HomophoneIndex::open(HomophoneIndex::pack(&model, &readings).into())?;
    let phrases = PhraseCounts::open(read(phrases)?.into())?;
    let confusions = ConfusionSets::new(&model, readings, shapes);
    let corrector =
        Corrector::new(ChineseResources { model, confusions, homophones, phrases, trade }, Verifier::untrained());
    let mut workspace = Workspace::default();
    let mut out = BufWriter::new(fs::File::create(out)?);
    let mut number = 0_u32;
    for path in sentences {
        let (mut wrong, mut found) = (0, 0);
        for line in fs::read_to_string(path)?.lines() {
            let (written, right) = line.split_once('\t').with_context(|| format!("{path}: expected a tab"))?;
            let (written, right): (Vec<char>, Vec<char>) = (written.chars().collect(), right.chars().collect());
            if written.len() != right.len() {
                continue;
            }
            number += 1;
            let observations = corrector.verifier_examples(&mut workspace, &written, &vec![false; written.len()]);
            let hits = |position: &usize| observations.iter().any(|o| is_right(o, &right) && covers(o, *position));
            let errors = (0..written.len()).filter(|&position| written[position] != right[position]);
            let (hit, missed): (Vec<usize>, Vec<usize>) = errors.partition(hits);
            wrong += hit.len() + missed.len();
            found += hit.len();
            for observation in &observations {
                let label = f32::from(is_right(observation, &right));
                let clean = f32::from(written == right);
                let proposal = &observation.proposal;
                let row = [label, number as f32, clean, proposal.start as f32, proposal.length as f32];
                for value in row.iter().chain(&observation.features) {
                    out.write_all(&value.to_le_bytes())?;
                }
            }
        }
        anstream::println!("{path}: candidate recall {:.3}", found as f64 / f64::from(wrong.max(1) as u32));
    }
    Ok(())
}

fn is_right(observation: &VerifierExample, right: &[char]) -> bool {
    observation.proposal.text() == &right[observation.proposal.start..observation.proposal.end()]
}

fn covers(observation: &VerifierExample, position: usize) -> bool {
    (observation.proposal.start..observation.proposal.end()).contains(&position)
}
