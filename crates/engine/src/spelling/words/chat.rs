//! Chat words: short forms that everybody writes in chats (`vc`, `msg`, `thx`) and that belong in no letter. One policy for all
//! languages, by where the text will be sent:
//!
//! | channel | chat words | courtesies and set short forms (`abs`, `thx`, `btw`) |
//! |---|---|---|
//! | chats, text messages, social networks | right | right |
//! | not said | marked | right |
//! | e-mail | marked | marked |
//!
//! What is marked has the whole words for its suggestions. Where nobody says the channel, a word that stands for another within
//! a sentence is marked, since that is the safer error, but a short form that letters have, too, is not. Knows no vocabulary:
//! a chat word that a dictionary has is right everywhere.

use rustc_hash::FxHashMap;

use crate::document::MessageChannel;

/// The chat words of one language.
#[derive(Clone, Debug, Default)]
pub struct ChatWords(FxHashMap<Box<str>, ChatWord>);

#[derive(Clone, Debug)]
struct ChatWord {
    /// What it stands for, the likeliest first.
    meanings: Box<[Box<str>]>,
    /// Whether it is right wherever the channel is not e-mail.
    set_form: bool,
}

/// A line that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ChatWordsError {
    /// No word, tab and meanings.
    #[error("line {0}: expected a word in small letters, a tab and its meanings, divided by |")]
    Line(usize),
    /// A word before any heading.
    #[error("line {0}: expected a heading before it, # chats or # all but e-mail")]
    Heading(usize),
    /// The same word again.
    #[error("line {0}: the word stands twice")]
    Twice(usize),
}

/// What a chat word is where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChatVerdict<'w> {
    Right,
    /// To be written out, as one of these.
    Marked(&'w [Box<str>]),
}

impl ChatWords {
    /// Reads a list: `word TAB meaning|meaning` a line, below the heading `# chats` or `# all but e-mail`; other lines that
    /// begin with `#` are comments.
    ///
    /// # Errors
    /// [`ChatWordsError`] names the first line that is wrong.
    pub fn parse(text: &str) -> Result<Self, ChatWordsError> {
        let mut words = FxHashMap::default();
        let mut set_form = None;
        for (index, line) in text.lines().enumerate() {
            let number = index + 1;
            match line {
                "# chats" => set_form = Some(false),
                "# all but e-mail" => set_form = Some(true),
                _ if line.trim().is_empty() || line.starts_with('#') => {}
                _ => {
                    let set_form = set_form.ok_or(ChatWordsError::Heading(number))?;
                    let (word, meanings) = line.split_once('\t').ok_or(ChatWordsError::Line(number))?;
                    let meanings: Box<[Box<str>]> = meanings.split('|').map(|one| one.trim().into()).collect();
                    let is_word = word.chars().nth(1).is_some() && word.chars().all(|c| c.is_lowercase() || c == '\'');
                    if !is_word || meanings.iter().any(|meaning| meaning.is_empty()) {
                        return Err(ChatWordsError::Line(number));
                    }
                    if words.insert(word.into(), ChatWord { meanings, set_form }).is_some() {
                        return Err(ChatWordsError::Twice(number));
                    }
                }
            }
        }
        Ok(Self(words))
    }

    /// What a word in small letters is in a channel; `None` if it is no chat word.
    pub(super) fn verdict(&self, lower: &str, channel: MessageChannel) -> Option<ChatVerdict<'_>> {
        let word = self.0.get(lower)?;
        let right = match channel {
            MessageChannel::WebChat | MessageChannel::WhatsApp | MessageChannel::Sms | MessageChannel::Social => true,
            MessageChannel::Unspecified => word.set_form,
            MessageChannel::Email => false,
        };
        Some(if right { ChatVerdict::Right } else { ChatVerdict::Marked(&word.meanings) })
    }
}

/// Whether a word in small letters is laughter: `haha`, `kkkk`, `rsrs`. It has no spelling to get wrong.
pub(super) fn is_laughter(lower: &str) -> bool {
    let repeats = |piece: &str, least: usize| {
        let rest = lower.trim_start_matches(piece);
        (lower.len() - rest.len()) / piece.len() >= least && piece.starts_with(rest)
    };
    repeats("k", 2) || repeats("rs", 1) || ["ha", "he", "hi", "hua", "ah", "eh"].iter().any(|piece| repeats(piece, 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use MessageChannel::{Email, Social, Unspecified, WebChat, WhatsApp};

    const LIST: &str = "# chats\nvc\tvocê\nobg\tobrigado|obrigada\n# a comment\n# all but e-mail\nabs\tabraços\n";

    #[track_caller]
    fn check(word: &str, channel: MessageChannel, expected: Option<&[&str]>) {
        let words = ChatWords::parse(LIST).unwrap();
        let marked = match words.verdict(word, channel) {
            Some(ChatVerdict::Marked(meanings)) => Some(meanings.iter().map(|one| &**one).collect::<Vec<_>>()),
            Some(ChatVerdict::Right) | None => None,
        };
        assert_eq!(marked.as_deref(), expected, "{word} in {channel:?}");
    }

    #[test]
    fn the_channel_decides() {
        for channel in [WebChat, WhatsApp, Social, MessageChannel::Sms] {
            check("vc", channel, None);
            check("abs", channel, None);
        }
        check("vc", Unspecified, Some(&["você"]));
        check("abs", Unspecified, None);
        check("vc", Email, Some(&["você"]));
        check("obg", Email, Some(&["obrigado", "obrigada"]));
        check("abs", Email, Some(&["abraços"]));
        check("casa", Email, None);
    }

    #[test]
    fn a_malformed_line_is_an_error_with_its_number() {
        for (text, message) in [
            ("vc\tvocê\n", "line 1: expected a heading before it, # chats or # all but e-mail"),
            ("# chats\nvc você\n", "line 2: expected a word in small letters, a tab and its meanings, divided by |"),
            ("# chats\nvc\t\n", "line 2: expected a word in small letters, a tab and its meanings, divided by |"),
            ("# chats\nVc\tvocê\n", "line 2: expected a word in small letters, a tab and its meanings, divided by |"),
            ("# chats\nvc\tvocê\nvc\tvoce\n", "line 3: the word stands twice"),
        ] {
            assert_eq!(ChatWords::parse(text).map_err(|error| error.to_string()).err().as_deref(), Some(message));
        }
    }

    #[test]
    fn laughter_is_no_word() {
        for word in ["kkk", "kk", "rs", "rsrs", "haha", "hahah", "hehehe", "huahua", "ahahah"] {
            assert!(is_laughter(word), "{word}");
        }
        for word in ["ha", "k", "kr", "rsa", "hahat", "", "heh", "rss"] {
            assert!(!is_laughter(word), "{word}");
        }
    }
}
