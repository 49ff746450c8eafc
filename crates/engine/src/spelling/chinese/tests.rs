//! The parts of the method on the toy language, and all of it together.

use std::sync::atomic::AtomicBool;

use super::{
    corrector::{Correction, Workspace},
    decode::DecodedSentence,
    decode::ViterbiDecoder,
    edit_edges::edit_edges,
    lattice::Lattice,
    model::ScoreCache,
    toy,
    work::WorkBudget,
};
use crate::spelling::meter::StepMeter;

fn characters(text: &str) -> Vec<char> {
    text.chars().collect()
}

fn correct(text: &str, fixed: &[usize]) -> Vec<Correction> {
    let text = characters(text);
    let mut untouchable = vec![false; text.len()];
    fixed.iter().for_each(|&position| untouchable[position] = true);
    let cancelled = AtomicBool::new(false);
    toy::corrector().correct(
        &mut Workspace::default(),
        &text,
        &untouchable,
        &mut WorkBudget::new(&StepMeter::unlimited(&cancelled)),
    )
}

#[test]
fn the_best_reading_is_the_likeliest_division_into_words() {
    let model = toy::model();
    let (mut lattice, mut decoder, mut path) = (Lattice::default(), ViterbiDecoder::default(), Vec::new());
    let mut check = |text: &str, words: &[&str]| {
        let text = characters(text);
        lattice.fill(&model, &text);
        let total = decoder.decode(&model, &mut ScoreCache::default(), &lattice, 4);
        decoder.best_path(&lattice, &mut path);
        let spans = path.iter().map(|step| usize::from(step.edge.start)..usize::from(step.edge.end));
        assert_eq!(spans.map(|span| text[span].iter().collect::<String>()).collect::<Vec<_>>(), words);
        assert!((total - path.iter().map(|step| step.log10).sum::<f32>()).abs() < 1e-4);
    };
    check("我们已经到了", &["我们", "已经", "到", "了"]);
    check("我们iPhone 15到了", &["我们", "iPhone", " ", "15", "到", "了"]);
    check("", &[]);
}

#[test]
fn edit_edges_undo_slips_of_sound_and_shape() {
    let model = toy::model();
    let resources = toy::resources();
    let check_up_to = |max_cost: f32, text: &str, suspicious: &[usize], words: &[&str]| {
        let text = characters(text);
        let marks: Vec<bool> = (0..text.len()).map(|position| suspicious.contains(&position)).collect();
        let mut edges = Vec::new();
        let cancelled = AtomicBool::new(false);
        let meter = StepMeter::unlimited(&cancelled);
        let mut work = WorkBudget::unlimited(&meter);
        let sentence = DecodedSentence { text: &text, path: &[], suspicious: &marks };
        edit_edges(&resources, &sentence, |_, _| max_cost, &mut work, &mut edges);
        let mut found: Vec<String> = edges.iter().map(|edge| model.word_characters(edge.word).to_string()).collect();
        found.sort();
        let mut words: Vec<&str> = words.to_vec();
        words.sort_unstable();
        assert_eq!(found, words);
    };
    let check = |text: &str, suspicious: &[usize], words: &[&str]| check_up_to(9.0, text, suspicious, words);
    check("以经", &[0], &["已", "已经"]);
    check("以经", &[1], &[]);
    check("冶疗", &[0], &["治疗"]);
    check("冶疗", &[1], &[]);
    check("到门", &[0, 1], &["道", "们"]);
    check_up_to(1.9, "到门", &[0, 1], &["道"]);
    check_up_to(2.7, "冶疗", &[0], &[]);
    check_up_to(1.7, "以经", &[0], &[]);
}

#[test]
fn marks_the_smallest_span_that_is_wrong() {
    #[track_caller]
    fn check(text: &str, expected: &[(usize, usize, &str)]) {
        let found = correct(text, &[]);
        let found: Vec<(usize, usize, &str)> =
            found.iter().map(|c| (c.range.start, c.range.end, c.candidates[0].text.as_str())).collect();
        assert_eq!(found, expected, "{text}");
    }
    check("我们以经到了", &[(2, 3, "已")]);
    check("我门以经道了", &[(1, 2, "们"), (2, 3, "已"), (4, 5, "到")]);
    check("冶疗到了", &[(0, 1, "治")]);
    check("我们已经到了。", &[]);
    check("OK 123", &[]);
    check("", &[]);
}

#[test]
fn fixed_characters_are_never_touched() {
    assert_eq!(correct("我们以经到了", &[2]), []);
    assert_eq!(correct("我们以经到了", &[3]).len(), 1);
}

#[test]
fn long_texts_are_cut_and_offsets_kept() {
    let text = "我们已经到了。".repeat(60) + "我们以经到了";
    let found = correct(&text, &[]);
    let ranges = found.iter().map(|correction| (correction.range.start, correction.range.end));
    assert_eq!(ranges.collect::<Vec<_>>(), [(422, 423)]);
    let found = correct(&"我们以经到了".repeat(100), &[]);
    assert!(found.windows(2).all(|pair| pair[0].range.end <= pair[1].range.start));
    assert!(found.len() >= 95, "{}", found.len());
}

#[test]
fn a_cancelled_check_ends_without_corrections() {
    let (text, cancelled) = (characters("我们以经到了"), AtomicBool::new(true));
    let meter = StepMeter::unlimited(&cancelled);
    let mut work = WorkBudget::new(&meter);
    let found = toy::corrector().correct(&mut Workspace::default(), &text, &vec![false; text.len()], &mut work);
    assert_eq!(found, []);
    assert!(work.is_incomplete());
}
