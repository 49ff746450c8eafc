//! A stand-in for a language model, so that people can try polishing on their own machine without a key: corrects the spelling and
//! applies a few fixed substitutions for each tone and operation. Knows no server, understands nothing, and says so wherever it shows.
//!
//! It answers prompts as a model does, so that masking, guard, quota and preview are the real ones.

use std::{sync::Arc, time::Duration};

use tokio::time::{self, Instant};
use tokio_stream::{Stream, StreamExt as _};

use super::{
    ChatModel, Completion, ModelChunk, ModelError, ModelStream, Permit, Prompt, TokenUsage,
    guard::language::{DetectedLanguage, detect_language},
    prompt::{self, Operation, Tone},
};

/// Between two pieces of a preview, unless there are so many that it would take longer than [`LONGEST_PREVIEW`].
const PIECE_INTERVAL: Duration = Duration::from_millis(40);
const LONGEST_PREVIEW: Duration = Duration::from_secs(3);

/// Puts right what is misspelled.
pub trait Corrector: Send + Sync + 'static {
    /// The text with the best suggestion in place of each misspelling, but for what stands in `[[` and `]]`. Tens of microseconds a
    /// sentence, of Chinese milliseconds.
    fn corrected(&self, text: &str, language: DetectedLanguage) -> String;
}

/// The stand-in.
pub struct DemoModel(pub Arc<dyn Corrector>);

#[async_trait::async_trait]
impl ChatModel for DemoModel {
    async fn complete(&self, _: &Permit, prompt: &Prompt, _: Instant) -> Result<Completion, ModelError> {
        let text = self.answer(prompt)?;
        let usage = usage(prompt, &text);
        Ok(Completion { text, usage })
    }

    async fn stream(&self, _: &Permit, prompt: &Prompt, deadline: Instant) -> Result<ModelStream, ModelError> {
        let answer = self.answer(prompt)?;
        let usage = usage(prompt, &answer);
        Ok(Box::pin(written(&answer, usage, deadline)))
    }
}

impl DemoModel {
    fn answer(&self, prompt: &Prompt) -> Result<String, ModelError> {
        let task = prompt::read_back(prompt).ok_or(ModelError::Malformed)?;
        let language = detect_language(task.draft).unwrap_or(DetectedLanguage::English);
        let corrector = |text: &str| self.0.corrected(text, language);
        Ok(rewrite(task.draft, language, task.operation, task.tone, corrector))
    }
}

/// A piece at a time, as a model writes.
fn written(
    answer: &str,
    usage: TokenUsage,
    deadline: Instant,
) -> impl Stream<Item = Result<ModelChunk, ModelError>> + use<> {
    let pieces: Vec<String> = pieces(answer);
    let count = u32::try_from(pieces.len()).unwrap_or(u32::MAX).max(1);
    let interval = PIECE_INTERVAL.min(LONGEST_PREVIEW / count);
    let all = pieces.into_iter().map(ModelChunk::Text).chain([ModelChunk::End(usage)]);
    tokio_stream::iter(all).then(move |piece| async move {
        if matches!(piece, ModelChunk::Text(_)) {
            time::timeout_at(deadline, time::sleep(interval)).await.map_err(|_| ModelError::Timeout)?;
        }
        Ok(piece)
    })
}

/// Words; of what has no blanks, a few characters.
fn pieces(text: &str) -> Vec<String> {
    const LONGEST: usize = 4;
    let mut pieces = Vec::new();
    for word in text.split_inclusive(char::is_whitespace) {
        if word.is_ascii() {
            pieces.push(word.to_owned());
        } else {
            let characters: Vec<char> = word.chars().collect();
            pieces.extend(characters.chunks(LONGEST).map(|chunk| chunk.iter().collect::<String>()));
        }
    }
    pieces
}

fn usage(prompt: &Prompt, answer: &str) -> TokenUsage {
    let tokens = |bytes: usize| u32::try_from(bytes / 4).unwrap_or(u32::MAX);
    TokenUsage { prompt: tokens(prompt::text_bytes(prompt)), completion: tokens(answer.len()), estimated: true }
}

/// What stands for what, in small letters; longer phrases count before shorter ones.
type Substitutions = &'static [(&'static str, &'static str)];

/// Chat spelling.
const ENGLISH: Substitutions = &[
    ("pls", "please"),
    ("plz", "please"),
    ("thx", "thanks"),
    ("u", "you"),
    ("ur", "your"),
    ("gonna", "going to"),
    ("wanna", "want to"),
    ("i", "I"),
    ("im", "I'm"),
    ("dont", "don't"),
    ("cant", "can't"),
    ("didnt", "didn't"),
    ("doesnt", "doesn't"),
    ("isnt", "isn't"),
    ("tmrw", "tomorrow"),
    ("msg", "message"),
];
const ENGLISH_PROFESSIONAL: Substitutions = &[
    ("hi", "hello"),
    ("hey", "hello"),
    ("thanks a lot", "thank you very much"),
    ("thanks", "thank you"),
    ("can't", "cannot"),
    ("don't", "do not"),
    ("won't", "will not"),
    ("isn't", "is not"),
    ("didn't", "did not"),
    ("doesn't", "does not"),
    ("i'm", "I am"),
    ("i'll", "I will"),
    ("i've", "I have"),
    ("we're", "we are"),
    ("we'll", "we will"),
    ("we've", "we have"),
    ("you're", "you are"),
    ("you'll", "you will"),
    ("it's", "it is"),
];
const ENGLISH_FRIENDLY: Substitutions = &[
    ("hello", "hi"),
    ("thank you for", "thanks for"),
    ("cannot", "can't"),
    ("do not", "don't"),
    ("will not", "won't"),
    ("is not", "isn't"),
    ("did not", "didn't"),
    ("does not", "doesn't"),
    ("i am", "I'm"),
    ("i will", "I'll"),
    ("i have", "I've"),
    ("we are", "we're"),
    ("we will", "we'll"),
    ("we have", "we've"),
    ("it is", "it's"),
];
const ENGLISH_SHORTER: Substitutions = &[
    ("in order to", "to"),
    ("at this moment in time", "now"),
    ("at the moment", "now"),
    ("really", ""),
    ("very", ""),
    ("actually", ""),
    ("basically", ""),
];
const ENGLISH_SIMPLER: Substitutions = &[
    ("in order to", "to"),
    ("prior to", "before"),
    ("purchase", "buy"),
    ("assistance", "help"),
    ("assist", "help"),
    ("commence", "start"),
    ("regarding", "about"),
    ("additional", "more"),
];
const PORTUGUESE: Substitutions = &[
    ("vc", "você"),
    ("vcs", "vocês"),
    ("pq", "porque"),
    ("tb", "também"),
    ("tbm", "também"),
    ("q", "que"),
    ("n", "não"),
    ("nao", "não"),
    ("hj", "hoje"),
    ("qdo", "quando"),
    ("msg", "mensagem"),
    ("pfv", "por favor"),
];
const PORTUGUESE_PROFESSIONAL: Substitutions =
    &[("oi", "olá"), ("tá", "está"), ("tô", "estou"), ("pra", "para"), ("pro", "para o"), ("a gente vai", "nós vamos")];
const PORTUGUESE_FRIENDLY: Substitutions = &[("prezado", "olá"), ("prezada", "olá"), ("olá", "oi")];
const PORTUGUESE_SHORTER: Substitutions =
    &[("neste momento", "agora"), ("a fim de", "para"), ("muito obrigado", "obrigado")];
const PORTUGUESE_SIMPLER: Substitutions = &[("adquirir", "comprar"), ("efetuar", "fazer"), ("a fim de", "para")];
const CHINESE: Substitutions = &[("你", "您"), ("不好意思", "抱歉")];
const NOTHING: Substitutions = &[];

/// The rules by language, in the order in which they are applied.
fn substitutions(language: DetectedLanguage, operation: Operation, tone: Tone) -> [Substitutions; 2] {
    match (language, operation, tone) {
        (DetectedLanguage::English, Operation::FixGrammar, _) => [ENGLISH, NOTHING],
        (DetectedLanguage::English, Operation::Shorten, _) => [ENGLISH, ENGLISH_SHORTER],
        (DetectedLanguage::English, Operation::Simplify, _) => [ENGLISH, ENGLISH_SIMPLER],
        (DetectedLanguage::English, _, Tone::Professional) => [ENGLISH, ENGLISH_PROFESSIONAL],
        (DetectedLanguage::English, _, Tone::Friendly) => [ENGLISH, ENGLISH_FRIENDLY],
        (DetectedLanguage::Portuguese, Operation::FixGrammar, _) => [PORTUGUESE, NOTHING],
        (DetectedLanguage::Portuguese, Operation::Shorten, _) => [PORTUGUESE, PORTUGUESE_SHORTER],
        (DetectedLanguage::Portuguese, Operation::Simplify, _) => [PORTUGUESE, PORTUGUESE_SIMPLER],
        (DetectedLanguage::Portuguese, _, Tone::Professional) => [PORTUGUESE, PORTUGUESE_PROFESSIONAL],
        (DetectedLanguage::Portuguese, _, Tone::Friendly) => [PORTUGUESE, PORTUGUESE_FRIENDLY],
        _ => [NOTHING, NOTHING],
    }
}

/// The text by the rules: chat spelling first, as its words look like misspellings of others.
fn rewrite(
    text: &str,
    language: DetectedLanguage,
    operation: Operation,
    tone: Tone,
    correct: impl Fn(&str) -> String,
) -> String {
    if language == DetectedLanguage::Chinese {
        let text = correct(text);
        let polite = if operation == Operation::FixGrammar { text } else { polite_chinese(&text) };
        return chinese_punctuation(&polite);
    }
    let [always, asked] = substitutions(language, operation, tone);
    let text = correct(&substitute(text, always));
    capitalised(&substitute(&text, asked))
}

/// A word of the text, or what lies between two.
#[derive(Clone, Copy)]
struct Piece<'t> {
    text: &'t str,
    is_word: bool,
}

/// Words and what lies between them; placeholders are no words.
fn split(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_letter = |c: char| c.is_alphabetic() || matches!(c, '\'' | '’');
        let (length, is_word) = if rest.starts_with("[[") {
            (rest.find("]]").map_or(rest.len(), |end| end + 2), false)
        } else if first.is_alphabetic() {
            (rest.find(|c| !is_letter(c)).unwrap_or(rest.len()), true)
        } else if first.is_alphanumeric() {
            // "2u" is none of our words.
            (rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len()), false)
        } else {
            (first.len_utf8(), false)
        };
        pieces.push(Piece { text: &rest[..length], is_word });
        rest = &rest[length..];
    }
    pieces
}

/// The longest phrase first; a phrase with its capital keeps it. Words are contracted only where another word follows.
fn substitute(text: &str, rules: Substitutions) -> String {
    const LONGEST_PHRASE: usize = 5;
    let pieces = split(text);
    let mut out = String::with_capacity(text.len() + 16);
    let mut at = 0;
    while at < pieces.len() {
        // Five words and the four blanks between them.
        let found = (0..LONGEST_PHRASE).rev().find_map(|blanks| {
            let phrase = pieces.get(at..=at + 2 * blanks)?;
            let written: String = phrase.iter().map(|piece| piece.text).collect();
            let sought = written.to_lowercase().replace('’', "'");
            let rule = rules.iter().find(|(from, _)| *from == sought).filter(|_| phrase[0].is_word)?;
            let follows =
                matches!(&pieces[at + phrase.len()..], [blank, word, ..] if blank.text == " " && word.is_word);
            if rule.0.contains(' ') && rule.1.contains('\'') && !follows {
                return None;
            }
            Some((phrase.len(), written, rule.1))
        });
        let Some((length, written, with)) = found else {
            out.push_str(pieces[at].text);
            at += 1;
            continue;
        };
        at += length;
        if with.is_empty() {
            // The blank before or after goes, too.
            at += usize::from(pieces.get(at).is_some_and(|blank| blank.text == " "));
        } else if written.starts_with(char::is_uppercase) {
            push_capitalised(&mut out, with);
        } else {
            out.push_str(with);
        }
    }
    out
}

fn push_capitalised(out: &mut String, word: &str) {
    let mut characters = word.chars();
    out.extend(characters.next().into_iter().flat_map(char::to_uppercase));
    out.push_str(characters.as_str());
}

/// Sentences begin with a capital letter.
fn capitalised(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut begins, mut ended) = (true, false);
    for piece in split(text) {
        if piece.is_word && begins {
            push_capitalised(&mut out, piece.text);
        } else {
            out.push_str(piece.text);
        }
        let is_end = matches!(piece.text, "." | "!" | "?");
        let is_blank = piece.text.chars().all(char::is_whitespace);
        begins = is_blank && (begins || ended) || piece.text == "\n";
        ended = is_end;
    }
    out
}

fn polite_chinese(text: &str) -> String {
    let mut out = text.to_owned();
    for (from, to) in CHINESE {
        // "你们" has no polite form, "您好" has it.
        out = out.replace("你们", "\u{0}").replace(from, to).replace('\u{0}', "你们");
    }
    out
}

/// Full-width marks behind Han characters.
fn chinese_punctuation(text: &str) -> String {
    let is_han = |c: char| matches!(c, '\u{4E00}'..='\u{9FFF}');
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut last = None;
    while let Some(c) = characters.next() {
        let ends = characters.peek().is_none_or(|next| is_han(*next) || next.is_whitespace());
        let wide = match c {
            ',' => '，',
            '?' => '？',
            '!' => '！',
            ';' => '；',
            '.' => '。',
            other => other,
        };
        out.push(if last.is_some_and(is_han) && ends { wide } else { c });
        last = Some(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rewrites_by_tone_and_operation() {
        use DetectedLanguage::{Chinese, English, Portuguese};
        use Operation::{FixGrammar, Improve, Shorten, Simplify};
        use Tone::{Friendly, Professional};
        for (draft, language, operation, tone, expected) in [
            (
                "hi ana, i can't see ur order. pls wait",
                English,
                Improve,
                Professional,
                "Hello ana, I cannot see your order. Please wait",
            ),
            (
                "Hello, it is ready and we will send it. Yes it is.",
                English,
                Improve,
                Friendly,
                "Hi, it's ready and we'll send it. Yes it is.",
            ),
            ("I’m here", English, Improve, Professional, "I am here"),
            ("We are really sorry", English, Shorten, Friendly, "We are sorry"),
            ("prior to your purchase", English, Simplify, Friendly, "Before your buy"),
            ("dont worry, it's fine", English, FixGrammar, Professional, "Don't worry, it's fine"),
            ("see [[URL_1_u]] and 2u", English, Improve, Professional, "See [[URL_1_u]] and 2u"),
            (
                "oi, vc n recebeu? tá a caminho",
                Portuguese,
                Improve,
                Professional,
                "Olá, você não recebeu? Está a caminho",
            ),
            ("你好,你的订单已发出!你们放心", Chinese, Improve, Professional, "您好，您的订单已发出！你们放心"),
            ("价格是 3.5 元,谢谢.", Chinese, FixGrammar, Friendly, "价格是 3.5 元，谢谢。"),
        ] {
            assert_eq!(rewrite(draft, language, operation, tone, str::to_owned), expected, "{draft}");
        }
    }

    #[test]
    fn pieces_make_the_text() {
        for text in ["We have sent it.\n\nBest", "您好，您的订单已经发出。", "", " a"] {
            assert_eq!(pieces(text).concat(), text);
        }
    }
}
