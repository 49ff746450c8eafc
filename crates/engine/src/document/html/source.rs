//! What a source says at spans of it, without being read as a document: its character references, its `data:` addresses. Knows no
//! element.

use super::{reference, tag};
use crate::text::Span;

/// The text at spans of a source, with character references read.
pub(in crate::document) fn text_at(source: &str, spans: &[Span]) -> String {
    let mut text = String::new();
    for span in spans {
        reference::decode(span.slice(source), &mut text);
    }
    text
}

/// How many bytes of a source are `data:` addresses: whole values of attributes, or in the brackets of `url()` in a style.
pub(in crate::document) fn data_url_bytes(source: &str) -> usize {
    let (mut at, mut bytes) = (0, 0);
    while let Some(tag) = tag::next(source, at) {
        tag.each_attribute(|name, value| bytes += data_bytes(name, value));
        at = tag.span.end;
    }
    bytes
}

/// How much of an attribute's value is a `data:` address.
fn data_bytes(name: &str, value: &str) -> usize {
    let is_data = |value: &str| value.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"));
    if !name.eq_ignore_ascii_case("style") {
        return if is_data(value.trim_start()) { value.len() } else { 0 };
    }
    let in_brackets = value.split("url(").skip(1).filter_map(|url| {
        let url = &url[..url.find(')')?];
        let address = url.trim_start_matches("&quot;").trim_start_matches("&#39;").trim_start_matches(['"', '\'', ' ']);
        is_data(address).then_some(url.len())
    });
    in_brackets.sum()
}

/// The references in a span of a source, with what they stand for.
pub(in crate::document) fn references(source: &str, span: Span) -> Vec<(Span, String)> {
    let text = span.slice(source);
    let read = |at: usize| {
        let (characters, length) = reference::read(&text[at..])?;
        let mut meaning = String::new();
        characters.push_to(&mut meaning);
        Some((Span::new(at, at + length).shifted(span.start), meaning))
    };
    memchr::memchr_iter(b'&', text.as_bytes()).filter_map(read).collect()
}

/// The length of what the character reference that `source` begins with stands for, and its own.
pub(super) fn reference_lengths(source: &str) -> (usize, usize) {
    reference::read(source).map_or((0, 0), |(characters, length)| (characters.len(), length))
}
