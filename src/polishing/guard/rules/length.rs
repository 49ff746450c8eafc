//! The answer has a length that the task explains and the channel takes.

use super::{GuardCode, Pair, Place};
use crate::polishing::{
    guard::is_han,
    privacy::{Masking, ValueKind},
    prompt::Operation,
};

/// How much longer or shorter an answer may be: `least * draft - slack` to `most * draft + slack` characters.
struct Bounds {
    least: f64,
    most: f64,
    slack: f64,
}

const fn bounds(operation: Operation) -> Bounds {
    match operation {
        Operation::Improve => Bounds { least: 0.45, most: 2.2, slack: 120.0 },
        Operation::FixGrammar => Bounds { least: 0.75, most: 1.35, slack: 20.0 },
        Operation::Shorten => Bounds { least: 0.2, most: 1.0, slack: 10.0 },
        Operation::Expand => Bounds { least: 0.9, most: 4.0, slack: 300.0 },
        Operation::Simplify => Bounds { least: 0.35, most: 1.6, slack: 60.0 },
    }
}

pub(super) fn find(pair: &Pair<'_>, code: GuardCode) -> Vec<Place> {
    match broken(pair) {
        Some(broken) if broken == code => vec![Place::default()],
        _ => Vec::new(),
    }
}

fn broken(pair: &Pair<'_>) -> Option<GuardCode> {
    let case = pair.case;
    if let Some(limit) = case.limit {
        let replied = size(case.masking, case.reply);
        // A draft that is too long already may be made better, but not longer.
        if replied > limit && replied > size(case.masking, case.draft) {
            return Some(GuardCode::ChannelLimit);
        }
    }
    let draft = pair.draft.prose();
    #[expect(clippy::cast_precision_loss, reason = "texts are far shorter than 2^52")]
    let [before, after] = [draft, pair.reply.prose()].map(|text| text.trim().chars().count() as f64);
    let Bounds { least, most, slack } = bounds(case.operation);
    // Of a short draft little can be left out; to be polite takes more than a few characters in any script.
    let spare = if draft.contains(is_han) { 3.0 } else { 10.0 };
    let shortest = (before * least - spare).max(0.0);
    let longest = before * most + slack.min(20.0 + before * 3.0);
    if after > longest {
        return Some(GuardCode::TooLong);
    }
    (after < shortest).then_some(GuardCode::TooShort)
}

/// Characters of a text with its values and without its markup.
fn size(masking: &Masking, text: &str) -> usize {
    let restored = masking.restore_with(text, |kind, value| match kind {
        ValueKind::Markup => String::new(),
        _ => value.to_owned(),
    });
    restored.trim().chars().count()
}
