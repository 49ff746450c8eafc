//! The special tokens of models: `<|im_end|>`, `</s>`, `[INST]`. At the beginning they are taken off, with the name of the speaker
//! behind them; the next one ends the answer, and what follows is invented.

use std::sync::LazyLock;

use regex::Regex;

use crate::polishing::guard::pattern;

static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?x)<[|｜][^<>\n]{1,60}[|｜]>|</?s>|<\|(?:end|eot_id|im_end)|<</?SYS>>|\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS)\]
        |</?(?i:bos|eos|pad|unk|sep|cls|endoftext|eot|eom|eod|(?:start|end|begin)_of_(?:turn|text|utterance|sentence|message|solution)|im_start|im_end)>
        |\[(?:EOS|BOS|PAD|UNK|SEP|CLS|END|DONE|STOP)\]",
    )
});

/// Who is said to speak behind a token.
const SPEAKERS: [&str; 5] = ["assistant", "model", "final", "ai", "bot"];

/// The text before the first token, after those at its beginning.
pub(super) fn strip<'a>(draft: &str, answer: &'a str) -> &'a str {
    let (start, end) = outside(draft, answer);
    answer[start..end].trim()
}

/// The same as a range, of an answer that may not be all there yet.
pub(super) fn outside(draft: &str, answer: &str) -> (usize, usize) {
    let mut start = 0;
    for found in TOKEN.find_iter(answer) {
        if draft.contains(found.as_str()) {
            continue;
        }
        if !answer[start..found.start()].trim().is_empty() {
            return (start, found.start());
        }
        start = found.end();
        let rest = &answer[start..];
        let speaker = SPEAKERS.iter().find(|speaker| {
            rest.strip_prefix(**speaker).is_some_and(|rest| rest.is_empty() || rest.starts_with(['\n', '\r', '<', ':']))
        });
        start += speaker.map_or(0, |speaker| speaker.len());
    }
    (start, answer.len())
}
