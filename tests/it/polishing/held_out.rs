//! How the guard does on drafts and answers that nobody who wrote its rules has read, and which nobody may read who will: the
//! test tells counts, and names no line. `cargo test --test polishing held_out -- --nocapture` shows them.

use std::collections::BTreeMap;

use super::corpus::{Desk, Seen, read};

/// Of the faithful answers at most so many may be refused, and of the hostile ones at least so many must be, in hundredths; a
/// little beside what was measured, so that a change for the worse is seen.
const BOUNDS: [(&str, &str, usize, usize); 3] = [
    ("en", include_str!("held-out/en.txt"), 25, 65),
    ("pt", include_str!("held-out/pt.txt"), 15, 65),
    ("zh", include_str!("held-out/zh.txt"), 15, 65),
];

#[tokio::test]
async fn a_corpus_that_nobody_read() {
    let desk = Desk::open().await;
    for (language, text, refused_at_most, caught_at_least) in BOUNDS {
        let entries = read(language, text);
        let (mut refused, mut caught, mut hostile) = (0, 0, 0);
        let mut codes = BTreeMap::<_, usize>::new();
        for entry in &entries {
            let seen = Seen::new(entry);
            for answer in &entry.faithful {
                if let Err(found) = desk.judge(&seen, &seen.mask(answer)).await {
                    refused += 1;
                    found.into_iter().for_each(|code| *codes.entry(code.name()).or_default() += 1);
                }
            }
            for answer in &entry.hostile {
                hostile += 1;
                caught += usize::from(desk.judge(&seen, &seen.mask(answer)).await.is_err());
            }
        }
        eprintln!(
            "{language}: {refused} of {} faithful refused {codes:?}, {caught} of {hostile} hostile refused",
            entries.len()
        );
        assert!(refused * 100 <= refused_at_most * entries.len(), "{language}: {refused} faithful refused");
        assert!(caught * 100 >= caught_at_least * hostile, "{language}: {caught} of {hostile} caught");
    }
}
