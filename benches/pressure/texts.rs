//! What agents type, cut to a length, with one misspelling in some twenty words.

const ENGLISH: &str = include_str!("../../crates/engine/tests/replies/en.txt");
const PORTUGUESE: &str = include_str!("../../crates/engine/tests/replies/pt-BR.txt");
const CHINESE: &str = include_str!("../../crates/engine/tests/replies/zh-Hans.txt");

/// Words of `text` from the `n`th reply on, with every twentieth misspelled: its two middle letters are exchanged, and where
/// `fresh` is asked for, a letter is put in that depends on `n`, so that no call finds its suggestions remembered.
fn misspelled(text: &str, n: usize, words: usize, fresh: bool) -> String {
    let replies: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let all = replies.iter().cycle().skip(n % replies.len()).flat_map(|line| line.split_whitespace());
    let slip = |(at, word): (usize, &str)| {
        if at % 20 != 10 || !word.is_ascii() || word.len() < 4 {
            return word.to_owned();
        }
        let (head, tail) = word.split_at(word.len() / 2);
        if !fresh {
            return format!("{}{}{}{}", &head[..head.len() - 1], &tail[..1], &head[head.len() - 1..], &tail[1..]);
        }
        let letter = |n: usize| char::from(b'a' + u8::try_from(n % 26).unwrap());
        format!("{head}{}{}{tail}", letter(n), letter(n / 26))
    };
    all.take(words).enumerate().map(slip).collect::<Vec<_>>().join(" ")
}

/// So many English words.
pub(crate) fn english(n: usize, words: usize, fresh: bool) -> String {
    misspelled(ENGLISH, n, words, fresh)
}

/// So many Portuguese words.
pub(crate) fn portuguese(n: usize, words: usize, fresh: bool) -> String {
    misspelled(PORTUGUESE, n, words, fresh)
}

/// So many characters of Chinese.
pub(crate) fn chinese(n: usize, characters: usize) -> String {
    let replies: Vec<&str> = CHINESE.lines().filter(|line| !line.starts_with('#')).collect();
    let all = replies.iter().cycle().skip(n % replies.len()).flat_map(|line| line.chars());
    all.take(characters).map(|c| if c == '的' && n.is_multiple_of(3) { '得' } else { c }).collect()
}

/// An e-mail in HTML with a quotation.
pub(crate) fn html(n: usize) -> String {
    format!(
        "<p>{}</p><blockquote type=\"cite\"><p>{}</p></blockquote>",
        english(n, 120, false),
        english(n + 7, 120, false)
    )
}
