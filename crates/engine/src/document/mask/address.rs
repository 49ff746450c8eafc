//! Web and e-mail addresses. Knows the shape of hosts and a short list of top-level domains, no network.

use super::class;

/// Top-level domains that begin no sentence: enough to take `example.com` for an address. Sorted.
///
/// Chosen by hand from the IANA root zone: the generic ones in wide use, and the countries of our customers.
const DOMAINS: &[&str] = &[
    "app", "au", "biz", "br", "ca", "ch", "cl", "cloud", "cn", "co", "com", "cz", "dev", "dk", "edu", "fi", "fr",
    "gov", "hk", "ie", "info", "int", "io", "jp", "jus", "kr", "ly", "mil", "mo", "mobi", "mx", "my", "mz", "net",
    "nl", "nz", "online", "org", "pl", "pt", "ru", "sa", "sg", "shop", "site", "store", "tech", "th", "tr", "tv", "tw",
    "ua", "uk", "uy", "vn", "xyz", "za",
];

/// Top-level domains that are words of English or Portuguese, or that begin sentences in chats: an address only with a
/// path or a subdomain, since `ok.eu vou` is two sentences. Sorted.
const WORDLIKE_DOMAINS: &[&str] = &[
    "ai", "am", "ao", "ar", "as", "at", "be", "blog", "by", "care", "cv", "de", "do", "email", "es", "eu", "gl",
    "help", "in", "is", "it", "la", "link", "live", "me", "na", "news", "no", "page", "pe", "py", "se", "so", "to",
    "us", "vc", "ve",
];

/// What divides a scheme from a host.
const SCHEME_END: &str = "://";

/// How far a brace may close behind its opening within an address, in bytes.
const BRACE_REACH: usize = 100;

/// Where in `token` an address with a scheme begins (`https://`, `ftp://`), and the length of its scheme.
pub(super) fn find_scheme(token: &str, after: &str) -> Option<(usize, usize)> {
    memchr::memmem::find_iter(token.as_bytes(), SCHEME_END).find_map(|colon| {
        let length = scheme_before(&token[..colon])? + SCHEME_END.len();
        let start = colon + SCHEME_END.len() - length;
        let host = if start + length < token.len() { &token[start + length..] } else { after };
        let is_host = host
            .starts_with(|c: char| c.is_ascii_alphanumeric() || class::continues_token(c) || matches!(c, '[' | '{'));
        is_host.then_some((start, length))
    })
}

/// The length of a token that names a part of a message: `cid:part1.0609@example.com` (RFC 2392).
pub(super) fn content_id(token: &str) -> Option<usize> {
    let is_one =
        ["cid:", "mid:"].iter().any(|scheme| token.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    (is_one && token[4..].contains(|c: char| matches!(c, '@' | '.' | '_') || c.is_ascii_digit())).then_some(token.len())
}

/// Where the address ends that begins at `start` with a scheme of `scheme` bytes.
pub(super) fn with_scheme(text: &str, start: usize, scheme: usize) -> usize {
    let host = start + scheme;
    let end = url_end(text, start);
    // Only a bare host has a sentence glued to it: behind a path nothing tells the two apart.
    let host_only = text.get(host..end).filter(|rest| !rest.contains(['/', '?', '#', ':']));
    host_only.and_then(|rest| host_end(rest, true)).map_or(end, |length| host + length)
}

/// The length of the scheme at the end of `before`.
fn scheme_before(before: &str) -> Option<usize> {
    let letters = before.bytes().rev().take_while(u8::is_ascii_alphabetic).count();
    let name = &before[before.len() - letters..];
    let known = ["https", "http"].into_iter().find(|known| ends_with_ignoring_case(name, known));
    match known {
        Some(known) => Some(known.len()),
        None => (letters >= 2).then_some(letters),
    }
}

/// Where an address without a scheme ends that begins with the host `start..end`: `www.…`, `example.com/help`.
pub(super) fn without_scheme(text: &str, start: usize, end: usize) -> Option<usize> {
    let host = &text[start..end];
    let after = &text[end..];
    let has_path = after.starts_with(['/', '?', '#'])
        || after.strip_prefix(':').is_some_and(|port| port.starts_with(|c: char| c.is_ascii_digit()));
    let has_www = host.get(..4).is_some_and(|www| www.eq_ignore_ascii_case("www."))
        && host[4..].starts_with(|c: char| c.is_alphanumeric());
    match host_end(host, has_path) {
        Some(length) if length == host.len() && has_path => Some(url_end(text, start)),
        Some(length) => Some(start + length),
        None => has_www.then(|| url_end(text, start)),
    }
}

/// The length of the e-mail address at the beginning of `part`; `at` is where its `@` stands.
pub(super) fn email(part: &str, at: usize) -> Option<usize> {
    let (local, domain) = (&part[..at], &part[at + 1..]);
    let local_holds = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '\u{300}'..='\u{36F}');
    if local.is_empty() || local.ends_with('.') || !local.chars().all(local_holds) {
        return None;
    }
    if let Some(length) = host_end(domain, true) {
        return Some(at + 1 + length);
    }
    let (_, last) = domain.rsplit_once('.')?;
    let is_valid = domain.split('.').all(is_host_label) && last.len() >= 2 && last.chars().all(char::is_alphabetic);
    is_valid.then_some(part.len())
}

/// The length of the host at the beginning of `host`: up to a known top-level domain that ends it or that a sentence is
/// glued to, as in `acme.com.Please`.
fn host_end(host: &str, has_path: bool) -> Option<usize> {
    let mut best = None;
    let mut start = 0;
    let mut previous = 0;
    for (index, label) in host.split('.').enumerate() {
        let end = start + label.len();
        if !is_host_label(label) {
            break;
        }
        // `i.e.it` and `p.m.no` are no subdomains.
        let has_subdomain = index > 1 && previous > 2;
        if index > 0 && is_top_level(label, has_path || has_subdomain, has_path) {
            best = Some(end);
        }
        previous = label.len();
        start = end + 1;
    }
    let best = best?;
    let rest = host[best..].strip_prefix('.').unwrap_or(&host[best..]);
    (rest.is_empty() || rest.starts_with(char::is_uppercase)).then_some(best)
}

fn is_host_label(label: &str) -> bool {
    !label.is_empty()
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c.is_alphanumeric() || c == '-' || matches!(c, '\u{300}'..='\u{36F}'))
}

fn is_top_level(label: &str, wordlike_too: bool, any_case: bool) -> bool {
    if label.len() > 6 || (!any_case && label.bytes().any(|byte| byte.is_ascii_uppercase())) {
        return false;
    }
    let holds = |table: &[&str]| table.iter().any(|domain| domain.eq_ignore_ascii_case(label));
    holds(DOMAINS) || (wordlike_too && holds(WORDLIKE_DOMAINS))
}

/// Where the address that begins at `start` ends: before white space, quotes, angle brackets, a closing bracket that it
/// did not open, characters that join no token, and without the punctuation of the sentence around it.
fn url_end(text: &str, start: usize) -> usize {
    let (mut round, mut square, mut curly) = (0_usize, 0_usize, 0_usize);
    let mut brace_at = start;
    let mut end = start;
    for (offset, c) in text[start..].char_indices() {
        match c {
            '(' => round += 1,
            '[' => square += 1,
            '{' => {
                if curly == 0 {
                    brace_at = start + offset;
                }
                curly += 1;
            }
            ')' if round > 0 => round -= 1,
            ']' if square > 0 => square -= 1,
            '}' if curly > 0 => curly -= 1,
            ')' | ']' | '}' | '<' | '>' | '"' | '`' | '|' | '\\' | '^' => break,
            _ if c.is_ascii_graphic() || class::continues_token(c) => {}
            _ => break,
        }
        end = start + offset + c.len_utf8();
        if curly > 0 && end - brace_at > BRACE_REACH {
            break;
        }
    }
    if curly > 0 {
        end = brace_at;
    }
    let is_of_sentence = ['.', ',', ';', ':', '!', '?', '\'', '*', '_', '~', '-', '(', '[', '{', '&'];
    start + text[start..end].trim_end_matches(is_of_sentence).len()
}

fn ends_with_ignoring_case(name: &str, suffix: &str) -> bool {
    name.len() >= suffix.len() && name[name.len() - suffix.len()..].eq_ignore_ascii_case(suffix)
}
