//! The line over a quotation: `On ... wrote:`. Knows the joined lines of one, no document.
//!
//! A form of `forms/` is words with gaps between them; a text has the form if it holds the words in their order, the first at
//! its beginning and the last at its end, and each gap holds what its placeholders ask for.

use super::words::{FormsByEdge, is_space, is_unspaced};

/// A form of `forms/`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct AttributionForm {
    /// What stands before the first gap; empty if the form begins with it.
    start: Box<str>,
    /// Gaps, each with the words behind it.
    gaps: Vec<(Gap, Box<str>)>,
}

/// What placeholders that stand side by side ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Gap {
    day: bool,
    timestamp: bool,
    address: bool,
}

impl AttributionForm {
    pub(super) fn parse(line: &str) -> Result<Self, &'static str> {
        let line = line.strip_suffix([':', '：']).ok_or("expected a colon at the end")?.trim_end().to_lowercase();
        let mut pieces = line.split('{');
        let start = normal(pieces.next().unwrap_or_default());
        let mut gaps: Vec<(Gap, Box<str>)> = Vec::new();
        for piece in pieces {
            let (name, words) = piece.split_once('}').ok_or("expected a closing brace")?;
            // Placeholders with nothing but a blank between them are one gap.
            if gaps.last().is_none_or(|(_, words)| !words.trim().is_empty()) {
                gaps.push((Gap::default(), "".into()));
            }
            if let Some((gap, behind)) = gaps.last_mut() {
                gap.ask_for(name)?;
                *behind = normal(words);
            }
        }
        if !gaps.iter().any(|(gap, _)| gap.day || gap.timestamp) {
            return Err("expected {when} or {timestamp}");
        }
        if start.is_empty() && gaps.iter().all(|(_, words)| words.is_empty()) {
            return Err("expected words around the placeholders");
        }
        Ok(Self { start, gaps })
    }

    pub(super) fn add_to(self, forms: &mut FormsByEdge<Self>) {
        let (start, end) = (self.start.clone(), self.gaps.last().map_or("".into(), |(_, words)| words.clone()));
        forms.add(self, &start, &end);
    }

    /// Whether a text, normalised and without its colon, has this form. O(length) for each gap.
    fn matches(&self, text: &str) -> bool {
        let Some(mut rest) = text.strip_prefix(&*self.start) else { return false };
        let Some(((last, ending), inner)) = self.gaps.split_last() else { return false };
        let Some(body) = rest.strip_suffix(&**ending) else { return false };
        rest = body;
        for (gap, words) in inner {
            let Some((before, after)) = rest.split_once(&**words) else { return false };
            if !gap.holds(before) {
                return false;
            }
            rest = after;
        }
        last.holds(rest)
    }
}

impl Gap {
    fn ask_for(&mut self, placeholder: &str) -> Result<(), &'static str> {
        match placeholder {
            "when" => self.day = true,
            "timestamp" => self.timestamp = true,
            "address" => self.address = true,
            "who" => {}
            _ => return Err("expected {when}, {timestamp}, {who} or {address}"),
        }
        Ok(())
    }

    fn holds(self, text: &str) -> bool {
        let text = text.trim();
        !text.is_empty()
            && (!self.day || text.contains(|c: char| c.is_ascii_digit()))
            && (!self.timestamp || has_time(text))
            && (!self.address || has_address(text) && !text.contains(' '))
    }
}

/// Words of a form. Han, kana and Hangul stand without blanks; elsewhere blanks end words.
fn normal(mut words: &str) -> Box<str> {
    if words.trim_start().starts_with(is_unspaced) {
        words = words.trim_start();
    }
    if words.trim_end().ends_with(is_unspaced) {
        words = words.trim_end();
    }
    words.into()
}

/// The joined lines of a possible attribution.
pub(super) struct Attribution {
    /// In small letters, every run of blanks one; without the dashes around it and its colon.
    text: String,
    has_form: bool,
    /// Whether it has a form that begins with words of its own: `On ...`.
    has_opening: bool,
    has_dashes: bool,
}

impl Attribution {
    /// Of lines that end as attributions do; `None` if they name no day.
    pub(super) fn read(lines: &str, forms: &FormsByEdge<AttributionForm>) -> Option<Self> {
        // Every form asks for a day.
        if !lines.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let has_dashes = begins_with_dashes(lines);
        let is_edge = |c: char| is_space(c) || has_dashes && c == '-';
        let words = lines.trim_matches(is_edge).trim_end_matches([':', '：']).trim_end_matches(is_space);
        let mut text = String::with_capacity(words.len());
        for word in words.split(is_space).filter(|word| !word.is_empty()) {
            if !text.is_empty() {
                text.push(' ');
            }
            text.extend(word.chars().flat_map(char::to_lowercase));
        }
        let (mut has_form, mut has_opening) = (false, false);
        for form in forms.candidates(&text).filter(|form| form.matches(&text)) {
            has_form = true;
            has_opening |= !form.start.is_empty();
        }
        Some(Self { text, has_form, has_opening, has_dashes })
    }

    /// Whether it is one wherever it stands: it has what programs write and people do not, an address in angle brackets, an
    /// address with a date and a time of day, dashes.
    pub(super) fn is_by_program(&self) -> bool {
        self.has_form
            && (self.has_dashes
                || has_bracketed_address(&self.text)
                || has_time(&self.text)
                    && (self.names_a_place_of_notes()
                        || has_address(&self.text) && self.names_address_as_programs_do()))
    }

    /// Whether an address without brackets stands where programs put it: before it nothing, or a day. `As a@b.c wrote on ...` is
    /// of a person.
    fn names_address_as_programs_do(&self) -> bool {
        let Some(at) = self.text.find('@') else { return false };
        let before = self.text[..at].trim_end_matches(|c: char| c.is_ascii_alphanumeric() || ".+-_".contains(c));
        let is_joined = before.ends_with(|c: char| is_unspaced(c) && c.is_alphabetic());
        before.is_empty() || self.has_opening && !is_joined
    }

    /// Whether its sender is named as Lotus Notes does: `Ana Silva/Lisbon/Acme`.
    fn names_a_place_of_notes(&self) -> bool {
        let before = self.text.find(|c: char| c.is_ascii_digit()).map_or("", |at| &self.text[..at]);
        let names: Vec<&str> = before.split('/').collect();
        let is_joined =
            |pair: &[&str]| pair[0].ends_with(char::is_alphabetic) && pair[1].starts_with(char::is_alphabetic);
        names.len() >= 3 && names.windows(2).all(is_joined)
    }

    /// Whether it is one over a quotation: also of a program in a language that we do not know, if it has an address.
    pub(super) fn is_over_quotation(&self) -> bool {
        self.has_form || has_address(&self.text)
    }
}

/// Whether a text has what programs write of a message: an address, a date and a time of day.
pub(super) fn has_timed_address(text: &str) -> bool {
    has_address(text) && has_time(text)
}

/// Whether a text names a day with its year, and a time of day.
pub(super) fn has_time(text: &str) -> bool {
    has_date(text) && has_clock(text)
}

/// Whether an attribution may begin with this line and go on in the next.
pub(super) fn may_go_on(line: &str, forms: &FormsByEdge<AttributionForm>) -> bool {
    memchr::memchr(b'@', line.as_bytes()).is_some() || begins_with_dashes(line) || opens(line, forms)
}

/// Whether a line begins with the first words of a form: `On`, `Em`, `在`.
pub(super) fn opens(line: &str, forms: &FormsByEdge<AttributionForm>) -> bool {
    let line = line.trim_start_matches(is_space);
    let begins = |words: &str| {
        let mut rest = line.chars().flat_map(char::to_lowercase);
        words.chars().all(|c| rest.next() == Some(c))
    };
    forms.beginning(line).iter().any(|form| !form.start.is_empty() && begins(&form.start))
}

/// Whether lines that begin with `first` end, with `line`, as attributions do.
pub(super) fn ends(first: &str, line: &str) -> bool {
    let line = line.trim_end_matches(is_space);
    line.ends_with([':', '：']) || line.ends_with("--") && begins_with_dashes(first)
}

fn begins_with_dashes(line: &str) -> bool {
    line.trim_start_matches(is_space).starts_with("--") && !line.trim_matches(|c| is_space(c) || c == '-').is_empty()
}

/// Whether a text names an e-mail address.
pub(super) fn has_address(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'@', bytes)
        .any(|at| at > 0 && is_of_address(bytes[at - 1]) && bytes.get(at + 1).is_some_and(|&next| is_of_address(next)))
}

const fn is_of_address(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// Whether an address stands in angle or square brackets, perhaps broken after the opening one.
fn has_bracketed_address(text: &str) -> bool {
    text.match_indices('@').any(|(at, _)| {
        let before = text[..at]
            .trim_end_matches(|c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | ':' | '\''));
        before.trim_end().ends_with(['<', '[']) && has_address(&text[before.len()..])
    })
}

/// Whether a text names a time of day: `10:30`, `10：30`, `10h30`; `10.30` may be a day.
fn has_clock(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let is_clock = |at: usize| at > 0 && digit(bytes.get(at - 1)) && digit(bytes.get(at + 1));
    memchr::memchr2_iter(b':', b'h', bytes).any(is_clock)
        || text
            .match_indices('：')
            .any(|(at, colon)| at > 0 && digit(bytes.get(at - 1)) && digit(bytes.get(at + colon.len())))
}

/// Whether a text names a day with its year: `2024`, `12.11.24`.
fn has_date(text: &str) -> bool {
    let is_year = |run: &str| run.len() == 4 && (run.starts_with("19") || run.starts_with("20"));
    let is_number = |part: &str| matches!(part.len(), 1 | 2) && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_date = |word: &str| {
        ['.', '/', '-'].iter().any(|mark| word.split(*mark).count() == 3 && word.split(*mark).all(is_number))
    };
    text.split(|c: char| !c.is_ascii_digit()).any(is_year)
        || text.split(' ').any(|word| is_date(word.trim_matches(|c: char| !c.is_ascii_digit())))
}

#[cfg(test)]
mod tests {
    use super::{super::forms::forms, *};

    /// `+`: written by a program, whatever stands below it; `~`: history only over a quotation; `-`: no attribution.
    #[track_caller]
    fn check(expected: char, lines: &str) {
        let found = match Attribution::read(lines, &forms().attributions) {
            Some(attribution) if attribution.is_by_program() => '+',
            Some(attribution) if attribution.is_over_quotation() => '~',
            _ => '-',
        };
        assert_eq!(found, expected, "{lines}");
    }

    #[test]
    fn reads_lines_of_programs() {
        let lines = include_str!("attributions.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        for line in lines {
            let (expected, lines) = line.split_once(' ').expect("a mark and a line");
            check(expected.chars().next().expect("a mark"), &lines.replace('⏎', "\n"));
        }
    }
}
