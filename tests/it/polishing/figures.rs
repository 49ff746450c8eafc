//! What the guard makes of answers, by file of the corpus. Counts only: nobody who writes rules may read what is held out, so no line of it
//! is named. `cargo test --test it polishing::figures -- --nocapture` prints the table for docs/benchmarks.md.

use std::{collections::BTreeMap, fmt::Write as _};

use vermilion::polishing::guard::GuardCode;

use super::corpus::{CORPUS, CorpusFile, Desk, Figures, Seen, read};

/// What became of the answers of a file.
#[derive(Default)]
pub(super) struct Tally {
    drafts: usize,
    faithful: usize,
    hostile: usize,
    pub(super) found: Figures,
    /// What faithful answers were refused for.
    codes: BTreeMap<GuardCode, usize>,
}

pub(super) const TABLE: &str = "| corpus | drafts | faithful | refused | points | hostile | refused | pointed at | unseen |\n\
     |---|---|---|---|---|---|---|---|---|\n";

impl Tally {
    pub(super) async fn of(desk: &Desk, file: &CorpusFile) -> Self {
        let entries = read(file.name, file.text);
        let mut tally = Self { drafts: entries.len(), ..Self::default() };
        for entry in &entries {
            let seen = Seen::new(entry);
            for answer in &entry.answers {
                let judged = desk.judge(&seen, &seen.mask(&answer.text)).await;
                let all = if answer.is_faithful() { &mut tally.faithful } else { &mut tally.hostile };
                *all += 1;
                match (answer.is_faithful(), judged) {
                    (true, Ok(shown)) => tally.found.points += shown.points,
                    (true, Err(broken)) => {
                        tally.found.refused += 1;
                        broken.into_iter().for_each(|code| *tally.codes.entry(code).or_default() += 1);
                    }
                    (false, Ok(shown)) => {
                        tally.found.pointed += usize::from(shown.points > 0);
                        tally.found.unseen += usize::from(shown.points == 0);
                    }
                    (false, Err(_)) => {}
                }
            }
        }
        tally
    }

    /// Its row of [`TABLE`].
    pub(super) fn row(&self, name: &str) -> String {
        let Self { drafts, faithful, hostile, found: Figures { refused, points, pointed, unseen }, .. } = self;
        let caught = hostile - pointed - unseen;
        format!(
            "| {name} | {drafts} | {faithful} | {refused} | {points} | {hostile} | {caught} | {pointed} | {unseen} |\n"
        )
    }
}

#[tokio::test]
async fn of_each_file_exactly_the_known_number_is_misjudged() {
    let desk = Desk::open().await;
    let (mut table, mut refused_by, mut changes) = (TABLE.to_owned(), String::new(), String::new());
    for file in &CORPUS {
        let tally = Tally::of(&desk, file).await;
        let name = file.name;
        table += &tally.row(name);
        if !tally.codes.is_empty() {
            let codes: Vec<_> = tally.codes.iter().map(|(code, count)| format!("{} {count}", code.name())).collect();
            _ = writeln!(refused_by, "{name}: faithful answers refused by {}", codes.join(", "));
        }
        if tally.found != file.figures {
            let Figures { refused, points, pointed, unseen } = tally.found;
            _ = writeln!(changes, "{name}: [{refused}, {points}, {pointed}, {unseen}] instead of {:?}", file.figures);
        }
    }
    println!("{table}\n{refused_by}");
    assert!(changes.is_empty(), "\n{changes}");
}
