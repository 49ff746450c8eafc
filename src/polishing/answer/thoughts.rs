//! What a model thinks before it answers, in any notation: between tags of any brackets, in channels, under a heading. Some servers
//! send only the closing tag, so everything up to the last one is thought, and so is everything after an opening one that nothing
//! closes.

use std::sync::LazyLock;

use regex::Regex;

use crate::polishing::guard::pattern;

/// A tag around a thought: `<think>`, `[THINK]`, `◁think▷`, `<|begin_of_thought|>`, `<seed:think>`.
static TAG: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)[<\[◁⟨〈【《]\s*(?<slash>[/／]?)\s*[|｜]?\s*(?:[a-z]{1,12}[:_])?(?<end>end_of_)?(?:begin_of_)?
        (?:think(?:ing)?|thoughts?|reason(?:ing)?|reflection|scratch_?pad|(?:inner|internal)_?(?:thoughts?|monologue)|monologue
          |cot|chain[_\ -]of[_\ -]thought|analysis|思考|思考过程|推理|思维链|分析|pensamento|racioc[ií]nio)
        (?:\s[^<>\[\]◁▷⟨⟩〈〉【】《》\n]{0,60})?[|｜]?\s*[>\]▷⟩〉】》]",
    )
});

/// Where the channel of the answer begins.
static FINAL_CHANNEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)<[|｜]channel[|｜]>\s*final[^<]{0,60}(?:<[|｜]constrain[|｜]>[^<]{0,40})?<[|｜]message[|｜]>")
});

/// The start of a channel.
static CHANNEL: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)<[|｜](?:channel|message)[|｜]>"));

/// The same where a server has dropped the tokens: `analysisWe need to...assistantfinalHello`.
static BARE_CHANNEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^\s*(?:assistant)?(?:analysis|commentary)(?:[\p{Lu}\p{Han}]|\s*(?:We|The user|User|I need|Need)\b)")
});

/// A heading over a thought, at the beginning.
static HEADING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xi)^[\s*\#_>]*(?:(?:my\ )?thought\ process|thoughts?|thinking(?:\ process)?|reasoning|chain\ of\ thought|scratchpad
        |思考过程|思考|推理过程|推理|分析过程|racioc[ií]nio|pensamento)[\s*_]*[:：]",
    )
});

/// A heading over the answer.
static ANSWER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?xim)^[\s*\#_>]*(?:(?:final|polished|revised)\ (?:answer|reply|response|output|version)|final|answer|reply|response|output
        |resposta(?:\ final)?|vers[ãa]o\ final|最终(?:回复|答复|答案)|回复|答复|答案)[\s*_]*[:：][\s*_]*",
    )
});

/// The beginning of a bare channel's answer.
const BARE_FINAL: &str = "assistantfinal";

/// The answer without thoughts and without white space around it.
pub(super) fn strip<'a>(draft: &str, answer: &'a str) -> &'a str {
    let (start, end) = outside(draft, answer);
    answer[start..end].trim()
}

/// Where in an answer, which may not be all there yet, the reply is, as far as thoughts tell.
pub(super) fn outside(draft: &str, answer: &str) -> (usize, usize) {
    let nothing = (answer.len(), answer.len());
    if let Some(found) = FINAL_CHANNEL.find_iter(answer).last() {
        return (found.end(), answer.len());
    }
    if CHANNEL.is_match(answer) && !CHANNEL.is_match(draft) {
        return nothing;
    }
    if BARE_CHANNEL.is_match(answer) && !BARE_CHANNEL.is_match(draft) {
        return answer.rfind(BARE_FINAL).map_or(nothing, |at| (at + BARE_FINAL.len(), answer.len()));
    }
    if let Some(heading) = HEADING.find(answer).filter(|_| !HEADING.is_match(draft)) {
        let rest = &answer[heading.end()..];
        return ANSWER.find_iter(rest).last().map_or(nothing, |found| (heading.end() + found.end(), answer.len()));
    }
    let (mut start, mut open) = (0, None);
    for found in TAG.captures_iter(answer) {
        let (Some(whole), Some(slash)) = (found.get(0), found.name("slash")) else { continue };
        if draft.contains(whole.as_str()) {
            continue;
        }
        if slash.is_empty() && found.name("end").is_none() {
            open.get_or_insert(whole.start());
        } else {
            (start, open) = (whole.end(), None);
        }
    }
    (start, open.unwrap_or(answer.len()))
}

/// Whether the beginning of an answer may still become a thought that nothing closes.
pub(super) fn may_begin(answer: &str) -> bool {
    const BEGINNINGS: [&str; 6] = ["analysis", "commentary", "assistantanalysis", "thinking", "reasoning", "thought"];
    let begins = answer.trim_start_matches(|c: char| !c.is_alphabetic());
    let small: String = begins.chars().take(20).flat_map(char::to_lowercase).collect();
    !small.is_empty() && BEGINNINGS.iter().any(|beginning| beginning.starts_with(small.trim_end()))
}
