//! The words by which mail programs introduce quoted messages, in English, Portuguese and Chinese. Knows no document.
//!
//! As written by Gmail, Outlook, Yahoo Mail, Apple Mail, Thunderbird, QQ Mail, Foxmail and 163 Mail in these languages.

/// What a line of a message's header names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HeaderLabel {
    /// The sender.
    From,
    /// The subject, which all programs write.
    Subject,
    /// Anything else: dates, receivers.
    Other,
}

/// Lines above an earlier message, without the dashes around them, in small letters.
const ORIGINAL: &[&str] = &[
    "original message",
    "original",
    "original appointment",
    "mensagem original",
    "原始邮件",
    "原邮件",
    "原始郵件",
    "原始信件",
];
/// The same above a forwarded message.
const FORWARDED: &[&str] = &[
    "forwarded message",
    "forwarded mail",
    "mensagem encaminhada",
    "mensagem reencaminhada",
    "转发的邮件",
    "转发邮件",
    "转发邮件信息",
    "转发信息",
    "轉寄郵件",
    "轉寄的郵件",
    "轉寄訊息",
];
/// The same where no dashes stand around.
const BEGIN_FORWARDED: &[&str] = &[
    "begin forwarded message",
    "início da mensagem encaminhada",
    "início da mensagem reencaminhada",
    "开始转发的邮件",
    "以下是转发的邮件",
    "下面是被转发的邮件",
    "開始轉寄郵件",
];

const FROM: &[&str] = &["from", "de", "发件人", "發件人", "寄件者", "寄件人"];
const SUBJECT: &[&str] = &["subject", "assunto", "主题", "主題", "主旨"];
const OTHER: &[&str] = &[
    "sent",
    "date",
    "to",
    "cc",
    "bcc",
    "reply-to",
    "importance",
    "enviado",
    "enviada",
    "enviado em",
    "enviada em",
    "data",
    "para",
    "cco",
    "responder a",
    "responder para",
    "importância",
    "发送时间",
    "发送日期",
    "发件时间",
    "日期",
    "时间",
    "收件人",
    "抄送",
    "抄送人",
    "密送",
    "回复",
    "重要性",
    "寄件日期",
    "傳送時間",
    "發送時間",
    "收件者",
    "副本",
    "時間",
];

/// How the line over a quotation ends, in small letters and without its colon.
const WROTE: &[&str] = &["wrote", "escreveu", "写道", "寫道"];
/// How it begins where it does not begin with a name.
const ON: &[&str] = &["on ", "at ", "em ", "no dia ", "a ", "在", "于", "於"];

/// Lines that phones put below a message, in small letters: how they begin.
const SENT_FROM: &[&str] = &[
    "sent from my ",
    "sent from outlook",
    "sent from yahoo mail",
    "get outlook for ",
    "enviado do meu ",
    "enviado a partir do meu ",
    "enviado do yahoo mail",
    "enviado do outlook",
    "obter o outlook para ",
    "obtenha o outlook para ",
    "发自我的",
    "從我的",
    "发送自我的",
    "傳自我的",
    "获取 outlook for ",
    "获取outlook for ",
    "寄自我的",
];

/// Whether a line introduces an earlier message; `Some(true)` if that was forwarded.
pub(super) fn introduces(line: &str) -> Option<bool> {
    let inner = line.trim_matches(|c: char| is_dash(c) || is_space(c));
    // Dashes on both sides, or the words would be a sentence.
    if inner.len() > 60 || inner.is_empty() {
        return None;
    }
    let has_dashes = line.trim_start_matches(is_space).starts_with("---")
        || line.trim_start_matches(is_space).starts_with("___")
        || line.trim_start_matches(is_space).starts_with("===");
    let words = inner.trim_end_matches([':', '：']).to_lowercase();
    let words = words.split(is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    if has_dashes && ORIGINAL.contains(&words.as_str()) {
        Some(false)
    } else if has_dashes && FORWARDED.contains(&words.as_str())
        || inner.ends_with([':', '：']) && BEGIN_FORWARDED.contains(&words.as_str())
    {
        Some(true)
    } else {
        None
    }
}

/// What a line of a header names: `From: Ana`, `*De:* Ana`, `发件人：`.
pub(super) fn label(line: &str) -> Option<HeaderLabel> {
    let line = line.trim_start_matches(|c: char| is_space(c) || c == '*');
    let colon = line.char_indices().take(24).find(|(_, c)| matches!(c, ':' | '：'))?.0;
    let name = line[..colon].trim_end_matches(|c: char| is_space(c) || c == '*').to_lowercase();
    let name = name.as_str();
    if FROM.contains(&name) {
        Some(HeaderLabel::From)
    } else if SUBJECT.contains(&name) {
        Some(HeaderLabel::Subject)
    } else {
        OTHER.contains(&name).then_some(HeaderLabel::Other)
    }
}

/// Whether a line ends as the line over a quotation does.
pub(super) fn ends_attribution(line: &str) -> bool {
    let line = line.trim_end_matches(is_space);
    let Some(line) = line.strip_suffix([':', '：']) else { return false };
    let line = line.trim_end_matches(is_space);
    WROTE.iter().any(|wrote| {
        line.len() >= wrote.len()
            && line.get(line.len() - wrote.len()..).is_some_and(|end| end.eq_ignore_ascii_case(wrote))
    })
}

/// Whether a line begins as the line over a quotation does.
pub(super) fn begins_attribution(line: &str) -> bool {
    let line = line.trim_start_matches(is_space);
    ON.iter().any(|on| line.get(..on.len()).is_some_and(|start| start.eq_ignore_ascii_case(on)))
}

/// Whether an attribution names a day, as it does in all programs.
pub(super) fn has_day(attribution: &str) -> bool {
    attribution.contains(|c: char| c.is_ascii_digit())
}

/// Whether it names an address or a time of day, so that no person will have written it.
pub(super) fn is_by_program(attribution: &str) -> bool {
    let bytes = attribution.as_bytes();
    let is_time =
        |at: usize| at > 0 && bytes[at - 1].is_ascii_digit() && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
    attribution.contains('@')
        || memchr::memchr2_iter(b':', b'h', bytes).any(is_time)
        || attribution.char_indices().any(|(at, c)| c == '：' && at > 0 && bytes[at - 1].is_ascii_digit())
}

/// Whether a line is what a phone puts below a message.
pub(super) fn is_sent_from(line: &str) -> bool {
    const LONGEST: usize = 60;
    let line = line.trim_matches(is_space);
    if line.is_empty() || line.len() > LONGEST {
        return false;
    }
    let line = line.to_lowercase();
    SENT_FROM.iter().any(|start| line.starts_with(start))
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '_' | '=' | '\u{2014}')
}

pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}' | '\u{FEFF}' | '\u{200E}' | '\u{200F}')
}
