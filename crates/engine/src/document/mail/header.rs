//! The header of an earlier message, as it stands in the text. Knows lines and labels, no outline.
//!
//! - From, Sent, To, Subject: lines with labels, the sender's and the subject's among them.
//! - Lotus Notes writes no label for the sender: a line with a name, a line with a day and a time, then To and Subject, whose
//!   values may stand on lines of their own.

use super::{
    attribution,
    forms::HeaderLabel,
    introduction,
    words::{after, is_blank, is_space, line},
};

/// Lines of a header, with those that its receivers are continued on.
const HEADER_LINES: usize = 12;
/// The day and the time of a message by themselves are no longer, in bytes; nor are names, that stand over them.
const LONGEST_TIME: usize = 48;
const LONGEST_NAME: usize = 120;

/// A header of an earlier message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) end: usize,
    /// Whether it has what people leave out who tell others what to write: an address, a date and a time.
    pub(super) has_timed_address: bool,
    /// Whether its date has a time.
    pub(super) has_time: bool,
    /// Whether that date stands directly below the sender or above, as in Outlook's, which has names alone.
    pub(super) is_by_outlook: bool,
}

impl Header {
    /// One that begins at `start`.
    pub(super) fn read(text: &str, start: usize) -> Option<Self> {
        let (mut at, mut end) = (start, None);
        let (mut sender, mut date) = (None, None);
        let (mut labels, mut has_subject) = (0_usize, false);
        for index in 0..HEADER_LINES {
            let read = line(text, at);
            let words = read.slice(text);
            match introduction::label(words) {
                Some(HeaderLabel::From) if sender.is_some() => break,
                Some(label) => {
                    match label {
                        HeaderLabel::From => sender = Some(labels),
                        HeaderLabel::Subject => has_subject = true,
                        HeaderLabel::Date if date.is_none() && attribution::has_time(words) => date = Some(labels),
                        HeaderLabel::Date | HeaderLabel::Other => {}
                    }
                    labels += 1;
                    end = Some(read.end);
                }
                None if index == 0 || is_blank(words) => break,
                None => {}
            }
            at = after(text, read);
            if at >= text.len() || labels == 0 {
                break;
            }
        }
        let (end, sender) = (end.filter(|_| has_subject && labels >= 3)?, sender?);
        Some(Self {
            end,
            has_timed_address: attribution::has_timed_address(&text[start..end]),
            has_time: date.is_some(),
            is_by_outlook: date.is_some_and(|date| sender.abs_diff(date) == 1),
        })
    }
}

/// Where a header of Lotus Notes ends whose line with the day begins at `start`.
pub(super) fn end_below_time(text: &str, start: usize) -> Option<usize> {
    if !text[start..].starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let first = line(text, start);
    if !is_time(first.slice(text)) {
        return None;
    }
    let (mut at, mut labels) = (after(text, first), 0);
    for _ in 0..HEADER_LINES {
        let read = line(text, at);
        let words = read.slice(text);
        let with_colon = introduction::label(words);
        match with_colon.or_else(|| introduction::bare_label(words)) {
            Some(HeaderLabel::Subject) if labels > 0 => {
                let is_bare = with_colon.is_none();
                let value = line(text, after(text, read));
                return Some(if is_bare && !is_blank(value.slice(text)) { value.end } else { read.end });
            }
            Some(HeaderLabel::Other) => labels += 1,
            Some(_) => return None,
            None if labels == 0 && !is_blank(words) => return None,
            None => {}
        }
        at = after(text, read);
        if at >= text.len() {
            break;
        }
    }
    None
}

/// Where the line with the sender begins over a line that begins at `start`, if there is one.
pub(super) fn sender_above(text: &str, start: usize) -> Option<usize> {
    let above = text[..start].strip_suffix('\n')?;
    let begin = memchr::memrchr(b'\n', above.as_bytes()).map_or(0, |end| end + 1);
    let words = above[begin..].trim_matches(is_space);
    (!words.is_empty() && words.len() <= LONGEST_NAME && !words.ends_with(['.', '!', '?', '。', '！', '？']))
        .then_some(begin)
}

/// Whether a line is a day with a time and nothing else that is long.
fn is_time(words: &str) -> bool {
    let words = words.trim_matches(is_space);
    words.len() <= LONGEST_TIME
        && words.split(is_space).all(|word| word.chars().filter(|c| c.is_alphabetic()).count() <= 9)
        && attribution::has_time(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, rest: &str, is_by_outlook: bool) {
        let header = Header::read(text, 0).expect("a header");
        assert_eq!((&text[header.end..], header.is_by_outlook), (rest, is_by_outlook), "{text}");
    }

    #[test]
    fn dates_beside_the_sender_are_of_programs() {
        check("From: Ana\nSent: Tuesday, March 4, 2025 3:22 PM\nTo: Bo\nSubject: x\n\ny", "\n\ny", true);
        check("Gesendet: Dienstag, 4. März 2025 um 15:22 Uhr\nVon: Ana\nAn: Bo\nBetreff: x", "", true);
        check("寄件者：王美玲\n傳送時間：2025年3月4日 下午 03:22\n收件者：客服\n主旨：x\ny", "\ny", true);
        check("From: Lisbon\nTo: Madrid\nDate: 12 May 2025, 10:30\nSubject: trip\ny", "\ny", false);
        check("From: Leeds\nDate: 12 May\nTo: York\nSubject: stock", "", false);
    }

    #[test]
    fn reads_headers_of_notes() {
        let text = "05/03/2025 10:11\n\nTo\n\"Tom\" <tom@example.com>\ncc\n\nSubject\nRe: supplier\n\nx";
        assert_eq!(end_below_time(text, 0).map(|end| &text[end..]), Some("\n\nx"));
        let text = "03/05/2025 10:11 AM\n        To:     Tom Rudd/LON/Acme@Acme\n        cc:\n        Subject:        Re: x\n\ny";
        assert_eq!(end_below_time(text, 0).map(|end| &text[end..]), Some("\n\ny"));
        for text in ["05/03/2025 10:11\nTo do:\nSubject: x", "05/03/2025 10:11\n\nSubject: x", "To: a\nSubject: x", ""]
        {
            assert_eq!(end_below_time(text, 0), None, "{text}");
        }
    }
}
