//! The way of a draft: reserve, mask, ask, judge, perhaps ask once more, restore, proofread, compare. Whatever happens, what
//! comes out is safe to insert, and what was reserved is charged or freed.

use std::{collections::HashSet, sync::Arc, time::SystemTime};

use tokio::{
    sync::{Semaphore, mpsc::Sender},
    time::Instant,
};
use tokio_stream::StreamExt as _;
use tokio_util::task::TaskTracker;

use super::{
    Permit,
    answers::{Answers, Recalled},
    diff,
    guard::{self, Case, Code, Finding, language::Tongue},
    markup,
    model::{Model, ModelError, Piece, Prompt, Usage},
    order::{Order, Outcome, PolishError, Polished},
    privacy::{Kind, Masking, Patterns, Scope},
    prompt::{self, Parts},
    quota::{self, Claim, Feedback, Ledger, LedgerError, RESERVATION_GRACE},
    reasoning,
    seat::Seat,
    secret,
    secret::FingerprintKey,
    stream::Preview,
};
use crate::settings::{AgentId, TenantId};

/// Checks the spelling of a result; what does it is none of polishing's business.
pub trait Proofreader: Send + Sync + 'static {
    /// The misspelled words of a text; none for a language that it does not know.
    fn misspelled(&self, text: &str, tongue: Tongue) -> Vec<String>;
}

/// What is kept from the model.
#[derive(Clone, Debug)]
pub struct Privacy {
    /// How much.
    pub scope: Scope,
    /// The operator's patterns.
    pub patterns: Patterns,
}

/// All that polishing needs from outside.
pub struct Needs {
    /// Whom to ask.
    pub model: Arc<dyn Model>,
    /// Who counts.
    pub ledger: Arc<dyn Ledger>,
    /// Who checks the spelling.
    pub proofreader: Arc<dyn Proofreader>,
    /// What is masked.
    pub privacy: Privacy,
    /// Of request fingerprints.
    pub key: FingerprintKey,
    /// Knows of work that outlives a call: freeing what a client that hung up had reserved.
    pub tasks: TaskTracker,
}

/// Polishes drafts. Shared by all calls.
pub struct Polisher {
    parts: Needs,
    answers: Answers,
    places: Semaphore,
}

/// One draft on its way.
struct Job<'o> {
    order: &'o Order,
    masking: Masking,
    /// The draft, masked.
    draft: String,
    masked: Vec<(Kind, usize)>,
    prompt: Prompt,
}

/// What a model's answer came to.
enum Verdict {
    Reply(String),
    Rejected(Vec<Finding>),
}

impl Polisher {
    /// Over its parts; as many drafts at once as come.
    #[must_use]
    pub fn new(parts: Needs) -> Self {
        Self { parts, answers: Answers::default(), places: Semaphore::new(Semaphore::MAX_PERMITS) }
    }

    /// So many drafts at once; more are refused, not queued: a model that hangs would hold all of them up.
    #[must_use]
    pub fn at_most(self, drafts: usize) -> Self {
        Self { places: Semaphore::new(drafts), ..self }
    }

    /// Polishes a draft, no longer than until `deadline`; shows what is being written on `deltas`, as fast as they are taken.
    ///
    /// # Errors
    /// [`PolishError`]; nothing is charged then.
    pub async fn polish(
        &self,
        permit: Permit,
        order: &Order,
        deadline: Instant,
        deltas: Option<Sender<String>>,
    ) -> Result<Polished, PolishError> {
        let fingerprint = order.request_id.as_ref().map(|_| self.fingerprint(order));
        let working = match order.request_id.clone().zip(fingerprint) {
            None => None,
            Some((id, fingerprint)) => {
                match self.answers.recall((permit.tenant().clone(), permit.agent().clone(), id), fingerprint) {
                    Recalled::Answer(polished) => return Ok(*polished),
                    Recalled::Other => return Err(LedgerError::Reused.into()),
                    Recalled::InProgress => return Err(LedgerError::InProgress.into()),
                    Recalled::Unknown(working) => Some(working),
                }
            }
        };
        let _place = self.places.try_acquire().map_err(|_| PolishError::Busy)?;
        let mut seat = self.reserve(&permit, order, fingerprint.as_ref(), deadline).await?;
        let job = self.prepare(order);
        let (verdict, usage) = self.ask(&permit, &job, &mut seat, deadline, deltas).await?;
        let polished = self.settle(job, verdict, usage, seat).await;
        tracing::info!(
            outcome = polished.outcome.name(),
            findings = polished.findings.len(),
            masked = polished.masked.iter().map(|(_, count)| count).sum::<usize>(),
            tokens = usage.prompt.saturating_add(usage.completion),
            "polished"
        );
        if let Some(working) = working {
            working.done(&polished);
        }
        Ok(polished)
    }

    /// How many places are left in a conversation.
    ///
    /// # Errors
    /// [`LedgerError::Unavailable`].
    pub async fn remaining(&self, tenant: &TenantId, conversation: &str, limit: u32) -> Result<u32, LedgerError> {
        self.parts.ledger.remaining(tenant, conversation, limit, SystemTime::now()).await
    }

    /// Counts what an agent did with a result.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn feedback(
        &self,
        tenant: &TenantId,
        agent: &AgentId,
        polish_id: &str,
        feedback: Feedback,
    ) -> Result<(), LedgerError> {
        self.parts.ledger.feedback(tenant, agent, polish_id, feedback).await
    }

    fn fingerprint(&self, order: &Order) -> [u8; 32] {
        let shape =
            format!("{:?} {:?} {} {:?} {:?}", order.tone, order.operation, order.is_html, order.limit, order.fixed);
        let turns = order.turns.iter().flat_map(|(speaker, text)| {
            [if *speaker == prompt::Speaker::Customer { b"c".as_slice() } else { b"a" }, text.as_bytes()]
        });
        let parts = [order.draft.as_bytes(), order.conversation.as_bytes(), shape.as_bytes()];
        self.parts.key.of(parts.into_iter().chain(turns))
    }

    async fn reserve(
        &self,
        permit: &Permit,
        order: &Order,
        fingerprint: Option<&[u8; 32]>,
        deadline: Instant,
    ) -> Result<Seat, PolishError> {
        let now = SystemTime::now();
        let claim = Claim {
            polish_id: &secret::id(),
            tenant: permit.tenant(),
            agent: permit.agent(),
            conversation: &order.conversation,
            request: order.request_id.as_deref().zip(fingerprint),
            limits: permit.limits(),
            now,
            expires: now + deadline.saturating_duration_since(Instant::now()) + RESERVATION_GRACE,
        };
        let reserved = self.parts.ledger.reserve(&claim).await?;
        Ok(Seat::new(Arc::clone(&self.parts.ledger), self.parts.tasks.clone(), permit.tenant().clone(), reserved))
    }

    fn prepare<'o>(&self, order: &'o Order) -> Job<'o> {
        let Privacy { scope, patterns } = &self.parts.privacy;
        let texts: Vec<&str> =
            std::iter::once(&order.draft).chain(order.turns.iter().map(|(_, text)| text)).map(String::as_str).collect();
        let mut masking = Masking::new(&texts, secret::number);
        let draft = masking.mask(&order.draft, &order.fixed, patterns, *scope);
        let mut masked = draft.counts;
        let mut turns = Vec::with_capacity(order.turns.len());
        for (speaker, text) in &order.turns {
            let turn = masking.mask(text, &[], patterns, *scope);
            turns.push((*speaker, turn.text));
            for (kind, count) in turn.counts {
                match masked.iter_mut().find(|(other, _)| *other == kind) {
                    Some((_, total)) => *total += count,
                    None => masked.push((kind, count)),
                }
            }
        }
        masked.sort_unstable();
        let prompt = prompt::compose(&Parts {
            draft: draft.text.trim(),
            turns: &turns,
            tone: order.tone,
            operation: order.operation,
            limit: order.limit,
            nonce: masking.nonce(),
            has_placeholders: draft.text.contains(masking.nonce()),
        });
        Job { order, masking, draft: draft.text.trim().to_owned(), masked, prompt }
    }

    /// Asks the model, judges, and asks once more where the answer cannot be used.
    async fn ask(
        &self,
        permit: &Permit,
        job: &Job<'_>,
        seat: &mut Seat,
        deadline: Instant,
        deltas: Option<Sender<String>>,
    ) -> Result<(Verdict, Usage), PolishError> {
        let model = &*self.parts.model;
        // Until the server says otherwise, it is at work for us: also for a client that hangs up.
        seat.requests = 1;
        let first = match deltas {
            None => model.complete(permit, &job.prompt, deadline).await.map(|done| (done.text, done.usage)),
            Some(deltas) => stream(model, permit, job, deadline, &deltas).await,
        };
        let (answer, usage) = match first {
            Ok(done) => done,
            Err(error) => {
                seat.requests = u32::from(did_work(error));
                let code = match error {
                    ModelError::Cut => Code::Cut,
                    ModelError::Empty => Code::Empty,
                    ModelError::Withheld => Code::Withheld,
                    other => return Err(other.into()),
                };
                let usage = estimate(&job.prompt);
                return Ok((Verdict::Rejected(vec![Finding { code, count: 1 }]), usage));
            }
        };
        let findings = match self.judge(job, &answer).await {
            Verdict::Rejected(findings) => findings,
            reply => return Ok((reply, usage)),
        };
        let problems: Vec<String> = findings.iter().map(|finding| finding.code.to_string()).collect();
        let prompt = prompt::repaired(&job.prompt, reasoning::strip(&answer).to_owned(), &problems);
        seat.requests = 2;
        match model.complete(permit, &prompt, deadline).await {
            Ok(done) => Ok((self.judge(job, &done.text).await, plus(usage, done.usage))),
            Err(error) => {
                seat.requests = 1 + u32::from(did_work(error));
                Ok((Verdict::Rejected(findings), usage))
            }
        }
    }

    async fn judge(&self, job: &Job<'_>, answer: &str) -> Verdict {
        let reply = reasoning::strip(answer);
        let case = Case {
            draft: &job.draft,
            reply,
            masking: &job.masking,
            operation: job.order.operation,
            limit: job.order.limit,
        };
        let mut findings = guard::judge(&case);
        if findings.is_empty() && reply != job.draft {
            let count = self.misspellings_added(job, reply).await;
            if count > 0 {
                findings.push(Finding { code: Code::MisspellingAdded, count });
            }
        }
        if findings.is_empty() { Verdict::Reply(reply.to_owned()) } else { Verdict::Rejected(findings) }
    }

    /// How many words of the reply are misspelled that were not so, or not there, in the draft.
    async fn misspellings_added(&self, job: &Job<'_>, reply: &str) -> usize {
        let read = |text: &str| {
            job.masking
                .restore_with(text, |kind, value| if kind == Kind::Markup { " ".to_owned() } else { value.to_owned() })
        };
        let (draft, reply) = (read(&job.draft), read(reply));
        let Some(tongue) = guard::language::tongue(&reply) else { return 0 };
        let proofreader = Arc::clone(&self.parts.proofreader);
        let count = move || {
            let known = draft.to_lowercase();
            let fresh = new_sentences(&draft, &reply);
            proofreader.misspelled(&fresh, tongue).iter().filter(|word| !known.contains(&word.to_lowercase())).count()
        };
        if tongue == Tongue::Chinese {
            // Some 6 microseconds a character: too long for a thread that serves calls.
            self.parts.tasks.spawn_blocking(count).await.unwrap_or(0)
        } else {
            count()
        }
    }

    async fn settle(&self, job: Job<'_>, verdict: Verdict, usage: Usage, seat: Seat) -> Polished {
        let draft = &job.order.draft;
        let polish_id = seat.polish_id().to_owned();
        let (outcome, content, findings) = match verdict {
            Verdict::Rejected(findings) => (Outcome::RejectedByGuard, draft.clone(), findings),
            Verdict::Reply(reply) => {
                let content = finished(&job, &reply);
                let outcome = if content == *draft { Outcome::Unchanged } else { Outcome::Polished };
                (outcome, content, Vec::new())
            }
        };
        let charge = if outcome == Outcome::Polished { quota::Outcome::Charged } else { quota::Outcome::Freed };
        // The edits are found while the database writes.
        let edits = async { if outcome == Outcome::Polished { diff::edits(draft, &content) } else { Vec::new() } };
        let (remaining, edits) = tokio::join!(seat.end(charge), edits);
        Polished { outcome, content, edits, findings, masked: job.masked, usage, remaining, polish_id }
    }
}

/// What a reply says otherwise than the draft; what stands in both cannot have been misspelled by the model.
fn new_sentences(draft: &str, reply: &str) -> String {
    const ENDS: [char; 7] = ['.', '!', '?', '\n', '。', '！', '？'];
    let known: HashSet<&str> = draft.split_inclusive(ENDS).map(str::trim).collect();
    reply.split_inclusive(ENDS).filter(|sentence| !known.contains(sentence.trim())).collect()
}

/// Whether the server did work that it may charge for.
const fn did_work(error: ModelError) -> bool {
    matches!(
        error,
        ModelError::Malformed | ModelError::Cut | ModelError::Empty | ModelError::Withheld | ModelError::Timeout
    )
}

const fn plus(one: Usage, another: Usage) -> Usage {
    Usage {
        prompt: one.prompt.saturating_add(another.prompt),
        completion: one.completion.saturating_add(another.completion),
        estimated: one.estimated || another.estimated,
    }
}

/// About a token for each four bytes, where no answer tells.
fn estimate(prompt: &Prompt) -> Usage {
    Usage { prompt: u32::try_from(prompt::bytes(prompt) / 4).unwrap_or(u32::MAX), completion: 0, estimated: true }
}

/// The reply with its values, its markup, the line ends of the draft and the white space around it.
fn finished(job: &Job<'_>, reply: &str) -> String {
    let Order { draft, is_html, .. } = job.order;
    let mut content = String::with_capacity(reply.len() + 64);
    content.push_str(&draft[..draft.len() - draft.trim_start().len()]);
    for piece in job.masking.pieces(reply) {
        match piece {
            super::privacy::Piece::Value { value, .. } => content.push_str(value),
            super::privacy::Piece::Text(text) => {
                let lines = if draft.contains("\r\n") {
                    text.replace("\r\n", "\n").replace('\n', "\r\n")
                } else {
                    text.to_owned()
                };
                if *is_html {
                    content.push_str(&markup::escaped(&lines));
                } else {
                    content.push_str(&lines);
                }
            }
        }
    }
    content.push_str(&draft[draft.trim_end().len()..]);
    content
}

/// Asks for an answer in pieces and shows them as they come.
async fn stream(
    model: &dyn Model,
    permit: &Permit,
    job: &Job<'_>,
    deadline: Instant,
    deltas: &Sender<String>,
) -> Result<(String, Usage), ModelError> {
    let mut pieces = model.stream(permit, &job.prompt, deadline).await?;
    let mut preview = Preview::new(&job.masking);
    while let Some(piece) = pieces.next().await {
        match piece? {
            Piece::Text(text) => {
                let delta = preview.push(&text);
                // Nobody may look at the preview; the result still counts.
                if !delta.is_empty() {
                    let _ = deltas.send(delta).await;
                }
            }
            Piece::End(usage) => return Ok((preview.into_answer(), usage)),
        }
    }
    Err(ModelError::Malformed)
}
