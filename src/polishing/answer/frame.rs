//! Takes off what an answer says about itself around the reply: "Here you go:", "Would you like me to make it shorter?". The guard
//! finds it; where it stands by itself at the beginning or at the end, it can be taken off.

use crate::polishing::guard::{GuardCode, GuardFinding};

/// The reply without what the findings say is said about it; `None` where nothing of the kind was found, or it stands among the rest.
#[must_use]
pub(crate) fn trimmed<'r>(reply: &'r str, findings: &[GuardFinding]) -> Option<&'r str> {
    let (mut start, mut end) = (0, reply.len());
    for finding in findings {
        let Some(place) = finding.reply.first() else { continue };
        match finding.code {
            GuardCode::Preamble => {
                let behind = reply.get(place.end..)?;
                let mark = behind.chars().next().filter(|c| matches!(c, ':' | '：' | '\n'))?;
                start = start.max(place.end + mark.len_utf8());
            }
            // Up to the end the answer speaks of itself, from the line or the sentence on that does.
            GuardCode::Remark => end = end.min(beginning(reply, place.start)?),
            _ => {}
        }
    }
    let inner = reply.get(start..end)?.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '*' | '_' | '='));
    (inner.len() < reply.trim().len() && !inner.is_empty()).then_some(inner)
}

/// The longest remark, in bytes: what is longer is more than that.
const LONGEST: usize = 400;

/// Where the last lines or sentences begin that a place is in; `None` where much follows it.
fn beginning(reply: &str, at: usize) -> Option<usize> {
    let before = reply.get(..at)?;
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let sentence = before.rfind(['.', '!', '?', '。', '！', '？']);
    let sentence = sentence.map_or(0, |at| at + before[at..].chars().next().map_or(0, char::len_utf8));
    let start = line.max(sentence);
    (reply.len() - start <= LONGEST && start > 0).then_some(start)
}
