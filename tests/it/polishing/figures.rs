//! How often the guard is wrong, by file of the corpus. Counts only: nobody who writes rules may read what is held out, so no line of it
//! is named. `cargo test --test it polishing::figures -- --nocapture` prints the table for docs/benchmarks.md.

use std::{collections::BTreeMap, fmt::Write as _};

use super::corpus::{CORPUS, Desk, Seen, read};

#[tokio::test]
async fn of_each_file_exactly_the_known_number_is_misjudged() {
    let desk = Desk::open().await;
    let mut table =
        "| corpus | drafts | faithful | refused | hostile | passed |\n|---|---|---|---|---|---|\n".to_owned();
    let (mut refused_by, mut changes) = (String::new(), String::new());
    for file in &CORPUS {
        let entries = read(file.name, file.text);
        let (mut faithful, mut refused, mut hostile, mut passed) = (0, 0, 0, 0);
        let mut codes = BTreeMap::<_, usize>::new();
        for entry in &entries {
            let seen = Seen::new(entry);
            for answer in entry.faithful.iter().chain(&entry.misjudged) {
                faithful += 1;
                if let Err(found) = desk.judge(&seen, &seen.mask(answer)).await {
                    refused += 1;
                    found.into_iter().for_each(|code| *codes.entry(code.name()).or_default() += 1);
                }
            }
            for answer in entry.hostile.iter().chain(&entry.unseen) {
                hostile += 1;
                passed += usize::from(desk.judge(&seen, &seen.mask(answer)).await.is_ok());
            }
        }
        let name = file.name;
        _ = writeln!(table, "| {name} | {} | {faithful} | {refused} | {hostile} | {passed} |", entries.len());
        if !codes.is_empty() {
            _ = writeln!(refused_by, "{name}: faithful answers refused by {codes:?}");
        }
        for (what, count, known) in
            [("faithful refused", refused, file.faithful_refused), ("hostile passed", passed, file.hostile_passed)]
        {
            let verdict = if count > known { "a change for the worse" } else { "better: lower the bound" };
            if count != known {
                _ = writeln!(changes, "{name}: {what}: {count} instead of {known}: {verdict}");
            }
        }
    }
    println!("{table}\n{refused_by}");
    assert!(changes.is_empty(), "\n{changes}");
}
