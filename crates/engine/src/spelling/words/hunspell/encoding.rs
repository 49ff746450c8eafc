//! Decodes dictionary files: byte order mark, line ends, and the character set that SET names.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::HunspellError;

/// The character set that an affix file declares with SET; without one UTF-8 if its flags are, else ISO 8859-1, as
/// hunspell(5) says.
pub(super) fn declared_charset(file: &str, bytes: &[u8]) -> Result<&'static Encoding, HunspellError> {
    for (index, line) in strip_bom(bytes).split(|&byte| byte == b'\n').enumerate() {
        let mut fields = line.split(u8::is_ascii_whitespace).filter(|field| !field.is_empty());
        if fields.next() != Some(b"SET") {
            continue;
        }
        let label = String::from_utf8_lossy(fields.next().unwrap_or_default()).into_owned();
        return encoding_for_label(&label).ok_or_else(|| HunspellError::UnknownCharset {
            file: file.to_owned(),
            line: index + 1,
            label,
        });
    }
    let flags_are_utf8 = memchr::memmem::find(bytes, b"FLAG UTF-8").is_some();
    Ok(if flags_are_utf8 { UTF_8 } else { WINDOWS_1252 })
}

/// hunspell(5) spells some names otherwise than the WHATWG does.
fn encoding_for_label(label: &str) -> Option<&'static Encoding> {
    let lower = label.to_ascii_lowercase();
    let whatwg = match lower.strip_prefix("microsoft-cp") {
        Some(page) => format!("windows-{page}"),
        None => match lower.strip_prefix("iso8859") {
            Some(part) => format!("iso-8859{part}"),
            None => lower,
        },
    };
    Encoding::for_label(whatwg.as_bytes())
}

/// The lines of a file, numbered from 1, without byte order mark and line ends.
pub(super) fn decode_lines(
    file: &str,
    bytes: &[u8],
    charset: &'static Encoding,
) -> Result<Vec<(usize, String)>, HunspellError> {
    strip_bom(bytes)
        .split(|&byte| byte == b'\n')
        .enumerate()
        .map(|(index, line)| {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let text = charset.decode_without_bom_handling_and_without_replacement(line).ok_or_else(|| {
                HunspellError::Undecodable { file: file.to_owned(), line: index + 1, charset: charset.name() }
            })?;
            Ok((index + 1, text.into_owned()))
        })
        .collect()
}

fn strip_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}
