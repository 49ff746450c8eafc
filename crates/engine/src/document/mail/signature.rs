//! Signatures: the line that a phone puts below a message, and what stands below two dashes. Knows single lines and the lines of
//! one signature, no document.

use std::cell::LazyCell;

use rustc_hash::FxHashSet;

use super::words::{FormsByEdge, columns, is_space, key};

/// The words that may name a device, as [`key`] writes them.
type Devices = FxHashSet<Box<str>>;

/// Longer lines, in bytes, are no program's.
const LONGEST_SENT_FROM: usize = 120;
/// What is the writer's below a signature has so many sentences, and so many columns, at least.
const OWN_SENTENCES: usize = 2;
const OWN_LENGTH: usize = 40;
/// A signature below dashes that may also be a divider has at most so many lines that show something, each at most so long, in
/// characters.
const SIGNATURE_LINES: usize = 6;
const SIGNATURE_LINE_LENGTH: usize = 60;

/// A form of `forms/`: words, perhaps around devices.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SentFromForm {
    /// What stands before, between and behind the devices.
    words: Vec<Box<str>>,
}

impl SentFromForm {
    pub(super) fn parse(line: &str) -> Result<Self, &'static str> {
        let words: Vec<Box<str>> = line.split("{device}").map(|words| words.trim().to_lowercase().into()).collect();
        if words.iter().any(|words| words.contains(['{', '}'])) {
            return Err("expected no placeholder but {device}");
        }
        if words.iter().all(|words| words.is_empty()) {
            return Err("expected words around {device}");
        }
        Ok(Self { words })
    }

    pub(super) fn add_to(self, forms: &mut FormsByEdge<Self>) {
        let [start, end] = [self.words.first(), self.words.last()].map(|words| words.cloned().unwrap_or_default());
        forms.add(self, &start, &end);
    }

    fn matches(&self, line: &str, devices: &Devices) -> bool {
        let [start, inner @ ..] = &self.words[..] else { return false };
        let Some(mut rest) = strip_start(line, start) else { return false };
        let Some((end, inner)) = inner.split_last() else { return rest.trim().is_empty() };
        for words in inner {
            let Some(at) = rest.to_ascii_lowercase().find(&**words) else { return false };
            if !is_device(&rest[..at], devices) {
                return false;
            }
            rest = &rest[at + words.len()..];
        }
        strip_end(rest, end).is_some_and(|device| is_device(device, devices))
    }
}

/// Whether a line is what a phone puts below a message: a form and nothing more, with devices that are named as such.
pub(super) fn is_sent_from(line: &str, forms: &FormsByEdge<SentFromForm>, devices: &Devices) -> bool {
    if line.len() > LONGEST_SENT_FROM {
        return false;
    }
    let line = line.trim_matches(is_space).trim_end_matches(['.', '。']);
    // In plain text Outlook writes its link behind the words. Most lines have no candidate, and it is one look for all of them.
    let words = LazyCell::new(|| line.split("<http").next().unwrap_or(line));
    forms.candidates(line).any(|form| form.matches(*words, devices))
}

/// The rest of a line behind words in small letters.
fn strip_start<'l>(line: &'l str, words: &str) -> Option<&'l str> {
    let mut rest = line.char_indices();
    for expected in words.chars() {
        let (_, c) = rest.next()?;
        if !c.to_lowercase().eq(std::iter::once(expected)) {
            return None;
        }
    }
    Some(rest.as_str())
}

fn strip_end<'l>(line: &'l str, words: &str) -> Option<&'l str> {
    let mut rest = line.char_indices();
    for expected in words.chars().rev() {
        let (_, c) = rest.next_back()?;
        if !c.to_lowercase().eq(std::iter::once(expected)) {
            return None;
        }
    }
    Some(rest.as_str())
}

/// Whether a text names a device: words of the list, with makes and models, which have capitals or digits.
fn is_device(text: &str, devices: &Devices) -> bool {
    let mut known = false;
    let is_edge = |c: char| matches!(c, '.' | ',' | '，' | '(' | ')' | '™' | '®');
    let mut words = text.split(is_space).map(|word| word.trim_matches(is_edge)).filter(|word| !word.is_empty());
    let all = words.all(|word| {
        let listed = is_listed(word, devices);
        known |= listed;
        listed || word.contains(|c: char| c.is_uppercase() || c.is_ascii_digit())
    });
    all && known
}

/// Whether a word is on the list, or several without blanks between them (`小米手机`).
fn is_listed(word: &str, devices: &Devices) -> bool {
    let word = key(word);
    let mut rest = word.as_str();
    while !rest.is_empty() {
        let longest = devices.iter().filter(|device| rest.starts_with(&***device)).max_by_key(|device| device.len());
        let Some(device) = longest else { return false };
        rest = &rest[device.len()..];
        // Only scripts without blanks join words.
        if !rest.is_empty() && rest.starts_with(|c: char| c.is_ascii_lowercase()) && device.is_ascii() {
            return false;
        }
    }
    true
}

/// A line of two dashes, above a signature or between the parts of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Delimiter {
    /// Where the line begins.
    pub(super) start: usize,
    /// Whether the blank follows that makes it the delimiter of signatures (RFC 3676).
    is_marked: bool,
    /// Whether it is one of several, which divide a text.
    divides: bool,
}

impl Delimiter {
    /// Of a line that begins at `start`.
    pub(super) fn read(start: usize, line: &str) -> Option<Self> {
        let is_one = line.starts_with("--") && line.trim_end_matches(is_space) == "--";
        is_one.then(|| Self { start, is_marked: line[2..].contains(|c: char| c != '\r'), divides: false })
    }

    /// What counts of two such lines: the last with its blank; two without divide the text.
    pub(super) const fn followed_by(self, next: Self) -> Self {
        match (self.is_marked, next.is_marked) {
            (true, false) => self,
            (_, true) => next,
            (false, false) => Self { divides: true, ..next },
        }
    }

    /// Whether the text below it is a signature. Without its blank that depends on the text: few short lines, none a sentence
    /// or an item of a list.
    pub(super) fn opens_signature(self, below: &str) -> bool {
        let mut lines = below.lines().skip(1).map(|line| line.trim_matches(is_space)).filter(|line| !line.is_empty());
        self.is_marked
            || !self.divides && lines.by_ref().take(SIGNATURE_LINES).all(is_of_signature) && lines.next().is_none()
    }
}

/// Where a signature ends in the text from its delimiter on: before a paragraph of several sentences that an empty line sets apart,
/// unless that `is_notice`.
pub(super) fn signature_end(below: &str, is_notice: impl Fn(&str) -> bool) -> usize {
    let mut at = 0;
    let mut begin = None;
    let mut first = true;
    for line in below.split_inclusive('\n').chain(["\n"]) {
        if line.trim_matches(is_space).is_empty() {
            let paragraph = begin.take().map(|begin| (begin, &below[begin..at]));
            if let Some((begin, _)) = paragraph.filter(|(_, text)| !first && is_own(text) && !is_notice(text)) {
                return begin;
            }
            first &= paragraph.is_none();
        } else {
            begin = begin.or(Some(at));
        }
        at += line.len();
    }
    below.len()
}

/// Whether a paragraph has several sentences.
fn is_own(text: &str) -> bool {
    let text = text.trim_matches(is_space);
    let is_end = |(at, mark): (usize, &str)| {
        let after = text[at + mark.len()..].chars().next();
        let word = text[..at].chars().rev().take_while(|c| c.is_alphabetic()).count();
        word >= 3 && (mark.len() > 1 || after.is_none_or(is_space))
    };
    columns(text) >= OWN_LENGTH
        && text.match_indices(['.', '!', '?', '。', '！', '？']).filter(|&end| is_end(end)).count() >= OWN_SENTENCES
}

/// Whether a line may be one of a signature: short, no sentence, no item of a list.
pub(super) fn is_of_signature(line: &str) -> bool {
    let is_item = line.starts_with(['-', '*', '•', '·', '–'])
        || line.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['.', ')', '、'])
            && line.starts_with(|c: char| c.is_ascii_digit());
    let is_sentence = line.ends_with(['.', '!', '?', ':', ';', ',', '。', '！', '？', '：', '；', '，']);
    line.chars().count() <= SIGNATURE_LINE_LENGTH && !is_item && !is_sentence
}

#[cfg(test)]
mod tests {
    use super::{super::forms::forms, *};

    #[track_caller]
    fn check(expected: bool, lines: &[&str]) {
        for line in lines {
            assert_eq!(is_sent_from(line, &forms().sent_from, &forms().devices), expected, "{line}");
        }
    }

    #[test]
    fn phones_sign_and_people_do_not() {
        check(true, &["Sent from my iPhone", "Sent from my Galaxy S24 Ultra", "Sent from my T-Mobile 5G device."]);
        check(
            true,
            &[
                "Sent from Yahoo Mail on Android",
                "Get Outlook for iOS<https://aka.ms/o0ukef>",
                "Sent from Mail for Windows 10",
            ],
        );
        check(
            true,
            &["Enviado do meu iPhone", "Enviado do meu smartphone Samsung Galaxy.", "Obter o Outlook para Android"],
        );
        check(true, &["发自我的 iPhone", "发自我的小米手机", "從我的 iPhone 傳送", "获取 Outlook for iOS"]);
        check(true, &["Envoyé de mon iPhone", "Von meinem iPhone gesendet", "iPhoneから送信", "나의 iPhone에서 보냄"]);
        check(false, &["Sent from my desk to yours: we recieved it", "Sent from my iPhone because my laptop is brokn"]);
        check(
            false,
            &["Sent from London", "Sent from my", "sent from the phone shop", "I got it. Sent from my iPhone"],
        );
        check(false, &["Enviado do meu escritório: já recebemos", "Enviado do meu iPhone, que estava quebrado"]);
        check(false, &["发自我的内心，感谢您", "从我的角度看", "從我的手機看不到圖片", ""]);
    }

    #[track_caller]
    fn check_dashes(expected: bool, text: &str) {
        let line = text.lines().next().unwrap_or_default();
        let found = Delimiter::read(0, line).is_some_and(|delimiter| delimiter.opens_signature(text));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn dashes_open_signatures_and_divide_lists() {
        check_dashes(true, "--\nMark Ellwood\nAcme Suport");
        check_dashes(
            true,
            "-- \nMark. He wrote this, in a sentence that is long enough to be none of a signature, one would think.",
        );
        check_dashes(true, "--\r\nMark\r\n");
        check_dashes(false, "--\n- two lids");
        check_dashes(false, "--\n2. a lid");
        check_dashes(false, "--\nThe lid is sent tomorow.");
        check_dashes(false, "--\na\nb\nc\nd\ne\nf\ng");
        check_dashes(false, "---\nMark");
    }

    #[track_caller]
    fn check_end(marked: &str) {
        let text = marked.replace('|', "");
        assert!(Delimiter::read(0, text.lines().next().unwrap_or_default()).is_some(), "a delimiter");
        let end = signature_end(&text, |text| text.contains("confidential"));
        assert_eq!(format!("{}|{}", &text[..end], &text[end..]), marked);
    }

    #[test]
    fn several_sentences_below_a_signature_are_the_writers() {
        check_end("-- \nMark\nAcme. We help. Always, with all that you need.|");
        check_end("-- \nMark\n\nTel. 12 34\nSee us at the fair in May.|");
        check_end("-- \nMark\n\n|PS: I have found the lid. It was in the other box.\n\nMark");
        check_end("-- \nMark\n\nIt is confidential, this mail. Do tell us if it came to you by mistake.|");
        check_end("-- \n客服部 小陈\n\n|另外，您的包裹已经找到了。我们会在明天上午为您寄出。");
        check_end("-- \n\nMark\n\n\n|We have sent it today. You will have it\non Friday. Have a nice day!\n");
        check_end("-- \n|");
    }
}
