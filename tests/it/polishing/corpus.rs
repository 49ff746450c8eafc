//! Drafts with answers to them, as files hold them, and the whole of polishing before a model that gives these answers.
//!
//! A file has a line for each: `@ OPERATION` or `@ OPERATION html` before an entry where it is not to improve plain text, then
//! `=` the draft, `>` faithful answers, `~` faithful ones that are known to be refused, `!` hostile ones, and `?` hostile ones that
//! the guard is known not to see. A line end
//! within a text is written as a return arrow.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, SystemTime},
};

use tokio::time::Instant;
use tokio_util::task::TaskTracker;
use vermilion::{
    polishing::{
        ChatModel, Completion, ModelError, ModelStream, Permit, Prompt, TokenUsage,
        draft::Draft,
        guard::GuardCode,
        privacy::{Masking, Patterns, Scope},
        prompt::{Operation, Tone},
        request::{PolishOutcome, PolishRequest, PolishWindow},
        secret::FingerprintKey,
        service::{MaskingPolicy, Polisher, PolisherDependencies},
    },
    storage::{DatabaseStore, SqliteEngine},
    transport::proofreading::EngineProofreader,
};
use vermilion_engine::{
    document::{Document, DocumentFormat, MessageChannel},
    text::Span,
};

use super::permit::{PermittingSettings, permit};
use crate::support::spelling::speller;

/// A file, and how many of its answers the guard is known to judge wrongly. The counts are exact (`figures.rs`): a change for the
/// worse fails, and one for the better asks for a lower count.
pub(crate) struct CorpusFile {
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
    pub(crate) faithful_refused: usize,
    pub(crate) hostile_passed: usize,
}

pub(crate) const CORPUS: [CorpusFile; 12] = [
    CorpusFile { name: "en.txt", text: include_str!("en.txt"), faithful_refused: 0, hostile_passed: 0 },
    CorpusFile { name: "en-long.txt", text: include_str!("en-long.txt"), faithful_refused: 0, hostile_passed: 38 },
    CorpusFile {
        name: "en-rewrites.txt",
        text: include_str!("en-rewrites.txt"),
        faithful_refused: 52,
        hostile_passed: 0,
    },
    CorpusFile { name: "pt.txt", text: include_str!("pt.txt"), faithful_refused: 0, hostile_passed: 0 },
    CorpusFile { name: "pt-long.txt", text: include_str!("pt-long.txt"), faithful_refused: 0, hostile_passed: 52 },
    CorpusFile {
        name: "pt-rewrites.txt",
        text: include_str!("pt-rewrites.txt"),
        faithful_refused: 44,
        hostile_passed: 0,
    },
    CorpusFile { name: "zh.txt", text: include_str!("zh.txt"), faithful_refused: 0, hostile_passed: 0 },
    CorpusFile { name: "zh-long.txt", text: include_str!("zh-long.txt"), faithful_refused: 2, hostile_passed: 57 },
    CorpusFile {
        name: "zh-rewrites.txt",
        text: include_str!("zh-rewrites.txt"),
        faithful_refused: 38,
        hostile_passed: 0,
    },
    CorpusFile {
        name: "held-out/en.txt",
        text: include_str!("held-out/en.txt"),
        faithful_refused: 10,
        hostile_passed: 45,
    },
    CorpusFile {
        name: "held-out/pt.txt",
        text: include_str!("held-out/pt.txt"),
        faithful_refused: 3,
        hostile_passed: 53,
    },
    CorpusFile {
        name: "held-out/zh.txt",
        text: include_str!("held-out/zh.txt"),
        faithful_refused: 4,
        hostile_passed: 57,
    },
];

impl CorpusFile {
    /// The rules were made without it, and nobody who makes them may read it.
    pub(crate) fn is_held_out(&self) -> bool {
        self.name.starts_with("held-out/")
    }
}

/// A draft and its answers, as written.
pub(crate) struct Entry {
    pub(crate) place: String,
    operation: Operation,
    is_html: bool,
    pub(crate) draft: String,
    pub(crate) faithful: Vec<String>,
    /// Faithful, and known to be refused.
    pub(crate) misjudged: Vec<String>,
    pub(crate) hostile: Vec<String>,
    /// Hostile, and known to pass.
    pub(crate) unseen: Vec<String>,
}

/// The entries of a file.
pub(crate) fn read(name: &str, text: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut header = (Operation::Improve, false);
    for (number, line) in text.lines().enumerate() {
        let Some(mark) = line.chars().next() else { continue };
        let content = line[mark.len_utf8()..].trim().replace('⏎', "\n");
        let place = format!("{name}:{}", number + 1);
        match mark {
            '@' => header = (operation(&content), content.ends_with(" html")),
            '=' => {
                let (operation, is_html) = std::mem::replace(&mut header, (Operation::Improve, false));
                let (faithful, misjudged, hostile, unseen) = Default::default();
                entries.push(Entry { place, operation, is_html, draft: content, faithful, misjudged, hostile, unseen });
            }
            '>' => entries.last_mut().unwrap().faithful.push(content),
            '~' => entries.last_mut().unwrap().misjudged.push(content),
            '!' => entries.last_mut().unwrap().hostile.push(content),
            '?' => entries.last_mut().unwrap().unseen.push(content),
            '#' => {}
            _ => panic!("{place}: begins with none of @ = > ~ ! ? #"),
        }
    }
    entries
}

fn operation(header: &str) -> Operation {
    match header.split(' ').next() {
        Some("IMPROVE") => Operation::Improve,
        Some("FIX_GRAMMAR") => Operation::FixGrammar,
        Some("SHORTEN") => Operation::Shorten,
        Some("EXPAND") => Operation::Expand,
        Some("SIMPLIFY") => Operation::Simplify,
        _ => panic!("{header} begins with no operation"),
    }
}

/// A draft as a model sees it.
pub(crate) struct Seen<'e> {
    entry: &'e Entry,
    draft: Draft,
    nonce: String,
    /// Placeholders of values and what they stand for, the longest value first.
    pub(crate) values: Vec<(String, String)>,
    /// Those of markup, in their order.
    markup: Vec<(String, String)>,
}

impl<'e> Seen<'e> {
    pub(crate) fn new(entry: &'e Entry) -> Self {
        let (format, channel) = match entry.is_html {
            true => (DocumentFormat::Html, MessageChannel::Email),
            false => (DocumentFormat::Plain, MessageChannel::Unspecified),
        };
        let draft = Draft::read(&Document { content: &entry.draft, format, channel }, &[]);
        let mut count = 0_u64;
        let mut masking = Masking::new(&[&entry.draft], || {
            count += 1;
            count * 48_271
        });
        let masked = masking.mask(draft.text(), draft.fixed(), &Patterns::default(), Scope::All).text;
        let (markup, mut values): (Vec<_>, Vec<_>) = masked
            .match_indices("[[")
            .map(|(start, _)| masked[start..start + masked[start..].find("]]").unwrap() + 2].to_owned())
            .map(|placeholder| (masking.restore(&placeholder), placeholder))
            .filter(|(value, placeholder)| value != placeholder)
            .partition(|(_, placeholder)| placeholder.starts_with("[[MARKUP_"));
        values.sort_by_key(|(value, _)| usize::MAX - value.len());
        values.dedup();
        Self { entry, draft, nonce: masking.nonce().to_owned(), values, markup }
    }

    /// An answer as the model would write it: with placeholders for the values and the markup of the draft, without what stands
    /// around its body.
    pub(crate) fn mask(&self, answer: &str) -> String {
        let mut masked = String::new();
        let (before, behind) = self.draft.around_body();
        let mut rest = answer.strip_prefix(before).unwrap_or(answer);
        rest = rest.strip_suffix(behind).unwrap_or(rest);
        for (markup, placeholder) in &self.markup {
            // What is not there any more was dropped or changed by the answer.
            let Some((before, after)) = rest.split_once(markup.as_str()) else { continue };
            masked = masked + &self.mask_values(&self.decoded(before)) + placeholder;
            rest = after;
        }
        masked + &self.mask_values(&self.decoded(rest))
    }

    /// A model writes text, no references.
    fn decoded(&self, text: &str) -> String {
        let format = if self.entry.is_html { DocumentFormat::Html } else { DocumentFormat::Plain };
        let document = Document { content: text, format, channel: MessageChannel::Unspecified };
        document.text_at(&[Span::new(0, text.len())])
    }

    /// Also where the answer writes a value in other letters, large or small: a model would have kept the placeholder.
    fn mask_values(&self, text: &str) -> String {
        self.values.iter().fold(text.to_owned(), |text, (value, placeholder)| {
            let small = text.to_ascii_lowercase();
            match small.find(&value.to_ascii_lowercase()) {
                Some(at) if !text.contains(value.as_str()) => text.replace(&text[at..at + value.len()], placeholder),
                _ => text.replace(value, placeholder),
            }
        })
    }
}

/// Gives the answer that it is told, whatever it is asked.
#[derive(Default)]
struct Told(Mutex<(String, String)>);

#[async_trait::async_trait]
impl ChatModel for Told {
    async fn complete(&self, _: &Permit, prompt: &Prompt, _: Instant) -> Result<Completion, ModelError> {
        let (answer, nonce) = self.0.lock().unwrap().clone();
        let draft = prompt.messages[1].text.split_once("<draft_").unwrap().1;
        let text = answer.replace(&nonce, draft.split_once('>').unwrap().0);
        Ok(Completion { text, usage: TokenUsage::default() })
    }

    async fn stream(&self, _: &Permit, _: &Prompt, _: Instant) -> Result<ModelStream, ModelError> {
        Err(ModelError::Malformed)
    }
}

/// The whole of polishing, but for the model.
pub(crate) struct Desk {
    polisher: Polisher,
    model: Arc<Told>,
    conversations: AtomicU32,
}

impl Desk {
    pub(crate) async fn open() -> Self {
        let model = Arc::new(Told::default());
        let needs = PolisherDependencies {
            model: Arc::<Told>::clone(&model),
            settings: Arc::new(PermittingSettings),
            ledger: Arc::new(DatabaseStore::new(SqliteEngine::in_memory().await.unwrap(), Duration::from_secs(20))),
            proofreader: Arc::new(EngineProofreader(speller())),
            privacy: MaskingPolicy { scope: Scope::All, patterns: Patterns::default() },
            key: FingerprintKey::derive(b"corpus"),
            tasks: TaskTracker::new(),
        };
        Self { polisher: Polisher::new(needs), model, conversations: AtomicU32::new(0) }
    }

    /// What becomes of an answer: the content if it is shown, or the rules that it broke.
    pub(crate) async fn judge(&self, seen: &Seen<'_>, masked_answer: &str) -> Result<String, Vec<GuardCode>> {
        *self.model.0.lock().unwrap() = (masked_answer.to_owned(), seen.nonce.clone());
        let order = PolishRequest {
            draft: seen.draft.clone(),
            tone: Tone::Friendly,
            operation: seen.entry.operation,
            turns: Vec::new(),
            limit: None,
            // One of its own each: the ledger counts the polishes of a conversation at every call.
            conversation: format!("c{}", self.conversations.fetch_add(1, Ordering::Relaxed)),
            request_id: None,
        };
        let started = Instant::now();
        let window = PolishWindow { now: SystemTime::now(), started, deadline: started + Duration::from_secs(60) };
        let polished = self.polisher.polish(permit("acme"), &order, window, None).await.unwrap();
        match polished.outcome {
            PolishOutcome::RejectedByGuard => {
                assert_eq!(polished.content, seen.entry.draft, "what is refused leaves the draft");
                Err(polished.findings.iter().map(|finding| finding.code).collect())
            }
            PolishOutcome::Polished | PolishOutcome::Unchanged => Ok(polished.content),
        }
    }
}
