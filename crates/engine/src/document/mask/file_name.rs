//! File names and paths. Knows a short list of extensions and the ways in which paths begin, no file system.

/// Extensions that agents meet. None is a top-level domain of our list, few are words. Sorted.
const EXTENSIONS: &[&str] = &[
    "7z", "aac", "apk", "avi", "bak", "bat", "bmp", "cer", "cfg", "cpp", "crt", "css", "csv", "dat", "dll", "dmg",
    "doc", "docx", "dwg", "eml", "eps", "epub", "exe", "flac", "gif", "gz", "heic", "htm", "html", "ico", "ics", "ini",
    "ipa", "iso", "jar", "java", "jpeg", "jpg", "js", "json", "jsx", "log", "m4a", "md", "mkv", "mov", "mp3", "mp4",
    "mpeg", "mpg", "msg", "msi", "odp", "ods", "odt", "ofx", "ogg", "pdf", "pem", "pfx", "php", "png", "pps", "ppt",
    "pptx", "psd", "pst", "py", "rar", "rtf", "sh", "sql", "svg", "tar", "tgz", "tif", "tiff", "tmp", "ts", "tsx",
    "ttf", "txt", "vcf", "wav", "webm", "webp", "wma", "wmv", "xls", "xlsm", "xlsx", "xml", "yaml", "yml", "zip",
];

/// Whether `label` is a known extension, in lower case or in capitals, not capitalised as at the start of a sentence.
pub(super) fn is_extension(label: &str) -> bool {
    const LONGEST: usize = 5;
    let is_one_case =
        !label.bytes().any(|byte| byte.is_ascii_uppercase()) || !label.bytes().any(|byte| byte.is_ascii_lowercase());
    label.len() <= LONGEST && is_one_case && EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(label))
}

/// The length of the file name at the beginning of `name`: up to a known extension that ends it or that a sentence is
/// glued to, as in `report.pdf.Please`.
pub(super) fn file_end(name: &str) -> Option<usize> {
    let (stem, last) = name.rsplit_once('.')?;
    if is_extension(last) {
        return (!stem.is_empty()).then_some(name.len());
    }
    let (earlier, extension) = stem.rsplit_once('.')?;
    (!earlier.is_empty() && last.starts_with(char::is_uppercase) && is_extension(extension)).then_some(stem.len())
}

/// `C:\Users`, `D:/data`.
pub(super) fn has_drive(token: &str) -> bool {
    let bytes = token.as_bytes();
    matches!(bytes, [drive, b':', b'\\', ..] if drive.is_ascii_alphabetic())
        || matches!(bytes, [drive, b':', b'/', next, ..] if drive.is_ascii_alphabetic() && *next != b'/')
}

/// Whether a token with `/` or `\` is a path, seen by where it begins (`before` is the character in front of it), by
/// its extension, or by its many backslashes. `and/or`, `he/she/they`, `/ana`, `24/7` are none.
pub(super) fn is_path(token: &str, before: Option<char>) -> bool {
    let is_glued = before.is_some_and(|c| c.is_alphanumeric() || matches!(c, ')' | ']' | '}' | '"' | '\'' | '”' | '’'));
    let has_letter = token.chars().any(char::is_alphabetic);
    if !has_letter {
        return false;
    }
    let is_relative = ["./", "../", ".\\", "..\\"].into_iter().any(|prefix| token.starts_with(prefix));
    if is_relative || token.starts_with("\\\\") || token.bytes().filter(|&byte| byte == b'\\').count() >= 2 {
        return true;
    }
    let steps = token.split('/').filter(|step| !step.is_empty()).count();
    let is_rooted = token.starts_with('/') && !token.starts_with("//");
    if is_rooted && !is_glued && (steps >= 2 || token.len() > 1 && token.ends_with('/')) {
        return true;
    }
    token.rsplit(['/', '\\']).next().is_some_and(|last| file_end(last) == Some(last.len()))
}
