//! Lines over an earlier message: what introduces it, and the labels of its header. Knows single lines, no document.

use super::{
    forms::{HeaderLabel, forms},
    words::{is_space, key},
};

/// Longer lines, in bytes, introduce nothing, unless the header stands on them.
const LONGEST_INTRODUCTION: usize = 120;
/// What help desks write over a ticket is no shorter, in bytes.
const SHORTEST_REPLY_LINE: usize = 16;
/// Labels are no longer, in characters, with what stands before their colon.
const LONGEST_LABEL: usize = 24;

/// Whether a line has what introductions and labels have: dashes at its beginning, a colon, the bar of a table.
pub(super) fn may_be_one(line: &str) -> bool {
    let head = &line.as_bytes()[..line.len().min(LONGEST_INTRODUCTION)];
    let is_colon = |at: usize| head[at].is_ascii() || head[at..].starts_with("：".as_bytes());
    memchr::memchr3_iter(b':', b'|', "：".as_bytes()[0], head).any(is_colon)
        || line.trim_start_matches(is_space).starts_with(['-', '_', '='])
}

/// What a line introduces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Introduction {
    /// The message that is answered, between dashes.
    Original,
    /// A forwarded message, between dashes.
    Forwarded,
    /// The same with the message's header on the same line, as Yahoo writes it in plain text.
    WithHeader,
    /// A forwarded message without dashes, which a person may write, too.
    Undashed,
}

impl Introduction {
    pub(super) fn read(line: &str) -> Option<Self> {
        let line = line.trim_matches(is_space);
        if !["---", "___", "==="].iter().any(|dashes| line.starts_with(dashes)) {
            let words = line.strip_suffix([':', '：']).filter(|words| words.len() <= LONGEST_INTRODUCTION)?;
            return forms().begins.contains(key(words).as_str()).then_some(Self::Undashed);
        }
        let inner = line.trim_start_matches(|c| is_dash(c) || is_space(c));
        let closing = ["---", "___", "==="].iter().filter_map(|dashes| inner.find(dashes)).min();
        let (words, rest) = inner.split_at(closing.unwrap_or(inner.len()));
        let words = words.trim_end_matches(|c| is_dash(c) || is_space(c) || matches!(c, ':' | '：'));
        if words.len() > LONGEST_INTRODUCTION {
            return None;
        }
        let rest = rest.trim_start_matches(|c| is_dash(c) || is_space(c));
        let words = key(words);
        let (is_original, is_forwarded) =
            (forms().originals.contains(words.as_str()), forms().forwarded.contains(words.as_str()));
        match (is_original || is_forwarded, rest.is_empty()) {
            (true, true) if is_original => Some(Self::Original),
            (true, true) => Some(Self::Forwarded),
            (true, false) => (label(rest) == Some(HeaderLabel::From)).then_some(Self::WithHeader),
            (false, _) => None,
        }
    }
}

/// Whether a line stands between dashes, with words of any language: it introduces what stands below it if that is a header.
pub(super) fn is_dashed(line: &str) -> bool {
    let line = line.trim_matches(is_space);
    let inner = line.trim_matches(|c| is_dash(c) || is_space(c));
    line.len() <= 2 * LONGEST_INTRODUCTION && line.starts_with("---") && line.ends_with("--") && !inner.is_empty()
}

/// Whether a line is what help desks write over a ticket: `##- Please type your reply above this line -##`.
/// Perhaps its dashes stand at the end of what is above it.
pub(super) fn is_reply_line(above: &str, line: &str) -> bool {
    if !(SHORTEST_REPLY_LINE..=LONGEST_INTRODUCTION).contains(&line.len()) {
        return false;
    }
    let line = line.trim_matches(is_space);
    if let Some(words) = line.strip_prefix("##-").and_then(|line| line.strip_suffix("-##")) {
        return words.contains(char::is_alphabetic);
    }
    let is_mark = |c: char| is_dash(c) || is_space(c) || matches!(c, '#' | '*' | '~' | '>' | '<' | '^');
    let words = line.trim_matches(is_mark);
    let is_marked = words.len() < line.len() || above.trim_end_matches(is_space).ends_with(is_dash);
    is_marked && forms().reply_above.contains(key(words.trim_end_matches(['.', '。'])).as_str())
}

/// What a line names that is a label and nothing more, without a colon, as in a table whose cells have become lines.
pub(super) fn bare_label(line: &str) -> Option<HeaderLabel> {
    let line = line.trim_matches(is_space);
    (line.len() <= LONGEST_LABEL).then(|| forms().labels.get(key(line).as_str()).copied()).flatten()
}

/// What a line of a header names: `From: Ana`, `*De:* Ana`, `发件人：`, `| From | Ana |`.
pub(super) fn label(line: &str) -> Option<HeaderLabel> {
    let line = line.trim_start_matches(|c: char| is_space(c) || c == '*');
    let (line, end) = match line.strip_prefix('|') {
        Some(row) => (row, '|'),
        None => (line, ':'),
    };
    let is_end = |c: char| c == end || end == ':' && c == '：';
    let colon = line.char_indices().take(LONGEST_LABEL).find(|&(_, c)| is_end(c))?.0;
    let name = line[..colon].trim_end_matches(|c: char| is_space(c) || matches!(c, '*' | ':' | '：'));
    forms().labels.get(key(name.trim_start_matches('*')).as_str()).copied()
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '_' | '=' | '\u{2014}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: Option<Introduction>) {
        assert_eq!(Introduction::read(line), expected, "{line}");
    }

    #[test]
    fn reads_what_programs_write_over_messages() {
        let (original, forwarded) = (Some(Introduction::Original), Some(Introduction::Forwarded));
        check("-----Original Message-----", original);
        check("----- Mensagem original -----\r", original);
        check("---- 回复的原邮件 ----", original);
        check("---- Replied Message ----", original);
        check("-------- Ursprüngliche Nachricht --------", original);
        check("------------------ 原始邮件 ------------------", original);
        check("---------- Forwarded message ---------", forwarded);
        check("============ Forwarded message ============", forwarded);
        check("-------- Mensagem encaminhada --------", forwarded);
        check("-------- Пересылаемое сообщение --------", forwarded);
        check(
            "----- Forwarded Message ----- From: Ana <ana@example.com> To: b@example.com",
            Some(Introduction::WithHeader),
        );
        check("Begin forwarded message:", Some(Introduction::Undashed));
        check("Début du message réexpédié :", Some(Introduction::Undashed));
    }

    #[test]
    fn other_lines_introduce_nothing() {
        for line in [
            "Original message:",
            "--- a new message ---",
            "Forwarded message",
            "----",
            "",
            "---: ---",
            "----- Forwarded Message ----- to you",
        ] {
            check(line, None);
        }
    }

    #[test]
    fn help_desks_ask_for_replies_above_a_line() {
        for line in [
            "##- Please type your reply above this line -##",
            "##- Digite sua resposta acima desta linha -##",
            "##- 请在此行上方键入您的回复 -##",
            "##- Kirjoita vastauksesi tämän rivin yläpuolelle -##",
            "--- Please reply above this line ---",
            "=== 請在此行上方輸入您的回覆 ===",
            "—-—-—-— Reply above this line to add a comment. —-—-—-—",
        ] {
            assert!(is_reply_line("", line), "{line}");
        }
        for line in
            ["Please type your reply above this line", "##- -##", "## Heading", "--- a lid ---", "----", "- one", ""]
        {
            assert!(!is_reply_line("", line), "{line}");
        }
        assert!(is_reply_line("—-—-—-—\n", "Reply above this line to add a comment."));
    }

    #[test]
    fn reads_labels() {
        for line in [
            "From: Ana",
            "*De:* Ana",
            "发件人：小林",
            "| From | Ana |",
            "Von: Ana",
            "差出人: Ana",
            "От кого: Ana",
            "從：陳大文",
            "寄件者：王美玲",
            "  보낸 사람: Ana",
        ] {
            assert_eq!(label(line), Some(HeaderLabel::From), "{line}");
        }
        for line in ["主　题：退款", "Assunto: x", "| 主题 | 退款 |", "Objet : x", "**Betreff:** x"] {
            assert_eq!(label(line), Some(HeaderLabel::Subject), "{line}");
        }
        for line in ["日　期：2024年", "Enviada em: x", "| 发送日期 | x |", "Envoyé le : x"] {
            assert_eq!(label(line), Some(HeaderLabel::Date), "{line}");
        }
        for line in ["收件人：x", "Para: x", "宛先: x", "至：x"] {
            assert_eq!(label(line), Some(HeaderLabel::Other), "{line}");
        }
        for line in ["From", "| x |", "Fromage: x", "", ":", "a very long line that only has a From: somewhere"] {
            assert_eq!(label(line), None, "{line}");
        }
    }
}
