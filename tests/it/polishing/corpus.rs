//! Drafts with answers to them, as files hold them, and the whole of polishing before a model that gives these answers.
//!
//! A file has a line for each: `@ OPERATION` or `@ OPERATION html` before an entry where it is not to improve plain text, then
//! `=` the draft, `>` faithful answers, `~` faithful ones that are known to be refused, `!` hostile ones that are refused, `*` hostile
//! ones that are shown with a point, and `?` hostile ones that the guard is known not to see. A line end within a text is written as a
//! return arrow.

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
        review::Reviewer,
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
use crate::support::{prompts::masked_draft, spelling::speller};

/// A file, and what the guard is known to make of its answers. The counts are exact (`figures.rs`): a change for the worse fails, and
/// one for the better asks for another count.
pub(crate) struct CorpusFile {
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
    pub(crate) figures: Figures,
}

/// What becomes of answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// Faithful answers that are refused.
    pub(crate) refused: usize,
    /// Points of those that are shown.
    pub(crate) points: usize,
    /// Hostile answers that are shown with a point.
    pub(crate) pointed: usize,
    /// Hostile answers that are shown without one.
    pub(crate) unseen: usize,
}

const fn file(name: &'static str, text: &'static str, figures: [usize; 4]) -> CorpusFile {
    let [refused, points, pointed, unseen] = figures;
    CorpusFile { name, text, figures: Figures { refused, points, pointed, unseen } }
}

pub(crate) const CORPUS: [CorpusFile; 15] = [
    file("en.txt", include_str!("en.txt"), [0, 0, 15, 1]),
    file("en-long.txt", include_str!("en-long.txt"), [0, 5, 49, 37]),
    file("en-rewrites.txt", include_str!("en-rewrites.txt"), [39, 30, 0, 0]),
    file("pt.txt", include_str!("pt.txt"), [0, 0, 11, 2]),
    file("pt-long.txt", include_str!("pt-long.txt"), [0, 6, 51, 48]),
    file("pt-rewrites.txt", include_str!("pt-rewrites.txt"), [30, 13, 0, 0]),
    file("zh.txt", include_str!("zh.txt"), [0, 0, 12, 1]),
    file("zh-long.txt", include_str!("zh-long.txt"), [0, 10, 46, 47]),
    file("zh-rewrites.txt", include_str!("zh-rewrites.txt"), [24, 16, 0, 0]),
    file("held-out/en.txt", include_str!("held-out/en.txt"), [7, 7, 35, 38]),
    file("held-out/pt.txt", include_str!("held-out/pt.txt"), [1, 4, 31, 51]),
    file("held-out/zh.txt", include_str!("held-out/zh.txt"), [2, 4, 30, 54]),
    file("fresh/en.txt", include_str!("fresh/en.txt"), [2, 1, 16, 27]),
    file("fresh/pt.txt", include_str!("fresh/pt.txt"), [0, 4, 14, 25]),
    file("fresh/zh.txt", include_str!("fresh/zh.txt"), [0, 6, 19, 18]),
];

impl CorpusFile {
    /// The rules were made without it, and nobody who makes them may read it.
    pub(crate) fn is_held_out(&self) -> bool {
        self.name.contains('/')
    }
}

/// An answer, as written.
pub(crate) struct Answer {
    pub(crate) mark: char,
    /// Counted from 0.
    pub(crate) line: usize,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) const fn is_faithful(&self) -> bool {
        matches!(self.mark, '>' | '~')
    }
}

/// A draft and its answers, as written.
pub(crate) struct Entry {
    pub(crate) place: String,
    operation: Operation,
    is_html: bool,
    pub(crate) draft: String,
    pub(crate) answers: Vec<Answer>,
}

/// The entries of a file.
pub(crate) fn read(name: &str, text: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut header = (Operation::Improve, false);
    for (line, content) in text.lines().enumerate() {
        let Some(mark) = content.chars().next() else { continue };
        let text = content[mark.len_utf8()..].trim().replace('⏎', "\n");
        let place = format!("{name}:{}", line + 1);
        match mark {
            '@' => header = (operation(&text), text.ends_with(" html")),
            '=' => {
                let (operation, is_html) = std::mem::replace(&mut header, (Operation::Improve, false));
                entries.push(Entry { place, operation, is_html, draft: text, answers: Vec::new() });
            }
            '>' | '~' | '!' | '*' | '?' => entries.last_mut().unwrap().answers.push(Answer { mark, line, text }),
            '#' => {}
            _ => panic!("{place}: begins with none of @ = > ~ ! * ? #"),
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
        let text = answer.replace(&nonce, masked_draft(&prompt.messages[1].text).0);
        Ok(Completion { text, usage: TokenUsage::default() })
    }

    async fn stream(&self, _: &Permit, _: &Prompt, _: Instant) -> Result<ModelStream, ModelError> {
        Err(ModelError::Malformed)
    }
}

/// An answer that is shown.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) content: String,
    /// How many of its places want a look.
    pub(crate) points: usize,
}

/// The whole of polishing, but for the model.
pub(crate) struct Desk {
    polisher: Polisher,
    model: Arc<Told>,
    conversations: AtomicU32,
}

impl Desk {
    /// Rules alone compare draft and reply.
    pub(crate) async fn open() -> Self {
        Self::with_reviewer(None).await
    }

    pub(crate) async fn with_reviewer(reviewer: Option<Reviewer>) -> Self {
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
        let polisher = match reviewer {
            None => Polisher::new(needs),
            Some(reviewer) => Polisher::new(needs).with_reviewer(reviewer),
        };
        Self { polisher, model, conversations: AtomicU32::new(0) }
    }

    /// What becomes of an answer: what is shown, or the rules that it broke.
    pub(crate) async fn judge(&self, seen: &Seen<'_>, masked_answer: &str) -> Result<Shown, Vec<GuardCode>> {
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
            PolishOutcome::Polished | PolishOutcome::Unchanged => {
                Ok(Shown { content: polished.content, points: polished.points.len() })
            }
        }
    }
}
