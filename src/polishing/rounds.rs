//! The rounds of a draft: a model answers, rules judge, a second reading compares; if the answer cannot be used, once more, with the
//! reasons. At most two answers and two readings, each counted for the day before it is asked for.
//!
//! ```text
//! answer -> rules --refused--> second answer -> rules --refused--> the draft comes back
//!             |                                   |
//!          reading --high severity--> (the same)  reading --high severity--> the draft, or by choice the reply
//!             |                                   |
//!          accepted                            accepted
//! ```

use std::{collections::HashSet, sync::Arc};

use tokio::{sync::mpsc::Sender, task::JoinHandle, time::Instant};
use tokio_stream::StreamExt as _;
use tracing::{Instrument as _, field, info_span};

use super::quota::LedgerError;
use super::{
    Permit, answer, conditions,
    dependencies::PolisherDependencies,
    guard::{self, GuardCase, GuardCode, GuardFinding, language::DetectedLanguage},
    job::{AcceptedAnswer, PolishJob},
    model::{ChatModel, ModelChunk, ModelError, Prompt, TokenUsage},
    prompt,
    reasons::RefusedAnswer,
    request::{ModelUse, PolishError},
    reservation::QuotaReservation,
    review::{Difference, DifferenceKind, HighSeverity, Reading, Reviewer, Severity},
    stream::AnswerPreview,
    time_share::share_until,
};
use vermilion_engine::text::Span;

/// How much of the time that is left a second answer may take, in per cent.
const SECOND_ANSWER_SHARE: u32 = 90;

/// What the rounds came to.
pub(super) struct Rounds {
    pub(super) verdict: AnswerVerdict,
    /// All requests.
    pub(super) usage: ModelUse,
    /// Of these, the readings.
    pub(super) review_usage: ModelUse,
}

/// What a model's answers came to.
pub(super) enum AnswerVerdict {
    Accepted(AcceptedAnswer),
    /// And whether a second reading has said so.
    Rejected {
        findings: Vec<GuardFinding>,
        by_reading: bool,
    },
}

/// What rules make of an answer.
enum RuleVerdict {
    /// It may be shown, as far as rules can tell: the reply, and what they point at.
    Passed(String, Vec<GuardFinding>),
    /// The reply, and what is wrong with it.
    Refused(String, Vec<GuardFinding>),
}

/// Whoever is asked for one draft, and what it has cost.
pub(super) struct Asking<'a> {
    needs: &'a PolisherDependencies,
    /// Who reads a second time.
    reviewer: Option<&'a Reviewer>,
    job: &'a PolishJob<'a>,
    seat: &'a mut QuotaReservation,
    deadline: Instant,
    usage: ModelUse,
    review_usage: ModelUse,
}

impl<'a> Asking<'a> {
    pub(super) fn new(
        needs: &'a PolisherDependencies,
        reviewer: Option<&'a Reviewer>,
        job: &'a PolishJob<'a>,
        seat: &'a mut QuotaReservation,
        deadline: Instant,
    ) -> Self {
        let (usage, review_usage) = Default::default();
        Self { needs, reviewer, job, seat, deadline, usage, review_usage }
    }

    /// Asks the model, judges, and asks once more where the answer cannot be used.
    pub(super) async fn run(mut self, permit: &Permit, deltas: Option<Sender<String>>) -> Result<Rounds, PolishError> {
        let verdict = self.ask_and_judge(permit, deltas).await?;
        Ok(Rounds { verdict, usage: self.usage, review_usage: self.review_usage })
    }
}

impl Asking<'_> {
    async fn ask_and_judge(
        &mut self,
        permit: &Permit,
        deltas: Option<Sender<String>>,
    ) -> Result<AnswerVerdict, PolishError> {
        let answer = match self.first_answer(permit, deltas).await? {
            Ok(answer) => answer,
            Err(findings) => return Ok(AnswerVerdict::Rejected { findings, by_reading: false }),
        };
        // What the second answer has to make better, and what there is if it does not.
        let (reply, findings, kept) = match self.judge_and_read(permit, &answer).await {
            Ok(accepted) => match self.refusal(&accepted) {
                None => return Ok(AnswerVerdict::Accepted(accepted)),
                Some(findings) => (accepted.reply.clone(), findings, Some(accepted)),
            },
            Err((reply, findings)) => (reply, findings, None),
        };
        let renewed = match self.renew(permit).await {
            Ok(renewed) => renewed,
            Err(reason) => {
                tracing::info!(reason, "no second answer is asked for");
                return Ok(self.rejected(findings, kept));
            }
        };
        let job = self.job;
        let refused = RefusedAnswer { draft: &job.draft, answer: &reply, nonce: job.masking.nonce() };
        let problems = refused.problems(&findings);
        let prompt = prompt::repair(&job.prompt, reply.clone(), &problems);
        let Some(second) = self.second_answer(&renewed, &prompt).await else {
            return Ok(self.rejected(findings, kept));
        };
        match self.judge_and_read(&renewed, &second).await {
            Err((_, findings)) => Ok(self.rejected(findings, kept)),
            // Nobody has read this one, but what was wrong with the first is known.
            Ok(accepted) if accepted.differences.is_none() && still_says(&findings, &reply, &accepted.reply) => {
                Ok(self.rejected(findings, kept))
            }
            Ok(accepted) => match self.refusal(&accepted) {
                None => Ok(AnswerVerdict::Accepted(accepted)),
                Some(findings) => Ok(self.rejected(findings, Some(accepted))),
            },
        }
    }

    /// An answer, or why there is none that could be judged.
    async fn first_answer(
        &mut self,
        permit: &Permit,
        deltas: Option<Sender<String>>,
    ) -> Result<Result<String, Vec<GuardFinding>>, ModelError> {
        let (job, deadline) = (self.job, self.deadline);
        let model = &*self.needs.model;
        // Until the server says otherwise, it is at work for us: also for a client that hangs up.
        self.seat.requests = 1;
        let step = ask_step(1);
        let answer = async {
            match deltas {
                None => model.complete(permit, &job.prompt, deadline).await.map(|done| (done.text, done.usage)),
                Some(deltas) => stream_answer(model, permit, job, deadline, &deltas).await,
            }
        };
        match answer.instrument(step.clone()).await {
            Ok((text, usage)) => {
                record_tokens(&step, usage);
                self.usage.add(usage);
                Ok(Ok(text))
            }
            Err(error) => {
                self.seat.requests = u32::from(error.is_billable());
                let code = match error {
                    ModelError::Truncated => GuardCode::Cut,
                    ModelError::Empty => GuardCode::Empty,
                    ModelError::Withheld => GuardCode::Withheld,
                    other => return Err(other),
                };
                self.usage.add(estimate_usage(&job.prompt));
                Ok(Err(vec![GuardFinding::whole(code)]))
            }
        }
    }

    async fn second_answer(&mut self, permit: &Permit, prompt: &Prompt) -> Option<String> {
        self.seat.requests += 1;
        // If it is late, there is time left to say what the first one came to.
        let (_, by) = share_until(self.deadline, SECOND_ANSWER_SHARE);
        let step = ask_step(2);
        match self.needs.model.complete(permit, prompt, by).instrument(step.clone()).await {
            Ok(done) => {
                record_tokens(&step, done.usage);
                self.usage.add(done.usage);
                Some(done.text)
            }
            Err(error) => {
                if error.is_billable() {
                    self.usage.add(estimate_usage(prompt));
                } else {
                    self.seat.requests -= 1;
                }
                None
            }
        }
    }

    /// What may be shown as far as rules can tell, read a second time if somebody reads; or the reply that rules refuse, and for what.
    async fn judge_and_read(
        &mut self,
        permit: &Permit,
        answer: &str,
    ) -> Result<AcceptedAnswer, (String, Vec<GuardFinding>)> {
        let step = info_span!("guard", vermilion.refused = field::Empty, vermilion.findings = field::Empty);
        let verdict = self.judge(answer).instrument(step.clone()).await;
        let (RuleVerdict::Refused(_, findings) | RuleVerdict::Passed(_, findings)) = &verdict;
        step.record("vermilion.refused", matches!(verdict, RuleVerdict::Refused(..)));
        step.record("vermilion.findings", findings.len() as i64);
        drop(step);
        match verdict {
            RuleVerdict::Refused(reply, findings) => Err((reply, findings)),
            RuleVerdict::Passed(reply, soft) => {
                // What was not changed need not be compared.
                let differences = if reply == self.job.draft { None } else { self.read_again(permit, &reply).await };
                Ok(AcceptedAnswer { reply, soft, differences })
            }
        }
    }

    /// A second reading, if there is somebody to read, the conditions still hold and the day has a request left.
    async fn read_again(&mut self, permit: &Permit, reply: &str) -> Option<Vec<Difference>> {
        let reviewer = self.reviewer?;
        let renewed = match self.renew(permit).await {
            Ok(renewed) => renewed,
            Err(reason) => {
                tracing::info!(reason, "no second reading is asked for");
                return None;
            }
        };
        self.seat.requests += 1;
        let job = self.job;
        let ((draft_text, draft_map), (reply_text, reply_map)) = (job.reading_of(&job.draft), job.reading_of(reply));
        let input = job.review_input(&draft_text, &reply_text);
        let step = info_span!(
            "reading",
            vermilion.differences = field::Empty,
            vermilion.tokens.prompt = field::Empty,
            vermilion.tokens.completion = field::Empty,
        );
        let reading = reviewer.read(&renewed, &input, self.deadline).instrument(step.clone()).await;
        let Reading { differences, usage, is_billable } = reading;
        record_tokens(&step, usage);
        step.record("vermilion.differences", differences.as_ref().map(|found| found.len() as i64));
        drop(step);
        if is_billable {
            self.usage.add(usage);
            self.review_usage.add(usage);
        } else {
            self.seat.requests -= 1;
        }
        let placed = |found: Difference| Difference {
            draft: draft_map.map_all(&found.draft),
            reply: reply_map.map_all(&found.reply),
            ..found
        };
        differences.map(|found| found.into_iter().map(placed).collect())
    }

    /// What a reading found that matters, as findings.
    fn refusal(&self, answer: &AcceptedAnswer) -> Option<Vec<GuardFinding>> {
        let high = answer.differences.iter().flatten().filter(|found| found.severity == Severity::High);
        let findings: Vec<GuardFinding> = high.map(finding_of).collect();
        (!findings.is_empty()).then_some(findings)
    }

    /// The draft comes back, unless the operator would rather have a reply that matters shown with its points.
    fn rejected(&self, findings: Vec<GuardFinding>, kept: Option<AcceptedAnswer>) -> AnswerVerdict {
        let shows = self.reviewer.is_some_and(|reviewer| reviewer.high() == HighSeverity::Reply);
        match kept.filter(|_| shows) {
            Some(accepted) => AnswerVerdict::Accepted(accepted),
            None => {
                let by_reading = findings.iter().any(|finding| finding.code == GuardCode::MeaningChanged);
                AnswerVerdict::Rejected { findings, by_reading }
            }
        }
    }

    /// The permit for another request, or why there is none: while the model wrote, someone may have turned a switch off, or others may
    /// have used up the day.
    async fn renew(&mut self, permit: &Permit) -> Result<Permit, &'static str> {
        let settings = &self.needs.settings;
        let settings = settings.polishing_settings(permit.tenant(), Some(permit.agent()));
        let settings = settings.instrument(info_span!("conditions")).await;
        let settings = settings.map_err(|_| "settings unavailable")?;
        let renewed = conditions::evaluate(&settings).permit().map_err(|_| "conditions unmet")?;
        match self.seat.reserve_request(renewed.limits()).instrument(info_span!("reserve")).await {
            Ok(()) => Ok(renewed),
            Err(LedgerError::LimitReached { cap, .. }) => Err(cap.name()),
            Err(_) => Err("ledger unavailable"),
        }
    }

    async fn judge(&self, answer: &str) -> RuleVerdict {
        let job = self.job;
        let judged = |reply: &str| {
            guard::judge(&GuardCase {
                draft: &job.draft,
                reply,
                masking: &job.masking,
                operation: job.request.operation,
                limit: job.request.limit,
            })
        };
        let mut reply = answer::clean(&job.draft, answer).into_owned();
        let mut misspellings = self.count_misspellings(&reply);
        let mut findings = judged(&reply);
        if let Some(inner) = answer::trimmed(&reply, &findings) {
            reply = answer::clean(&job.draft, inner).into_owned();
            misspellings = self.count_misspellings(&reply);
            findings = judged(&reply);
        }
        let (mut hard, mut soft): (Vec<_>, Vec<_>) = findings.into_iter().partition(GuardFinding::refuses);
        hard.extend(job.lost_terms(&reply));
        if hard.is_empty() && reply != job.draft {
            let count = misspellings.count().await;
            hard.extend(std::iter::repeat_n(GuardFinding::whole(GuardCode::MisspellingAdded), count));
        }
        if !hard.is_empty() {
            return RuleVerdict::Refused(reply, hard);
        }
        let guidance = job.guidance.as_str().to_lowercase();
        soft.retain(|finding| !job.is_wished(finding, &reply, &guidance));
        RuleVerdict::Passed(reply, soft)
    }

    /// Counts the words of the reply that are misspelled and were not so, or not there, in the draft and in what the tenant wishes.
    fn count_misspellings(&self, reply: &str) -> MisspellingCount {
        let (job, needs) = (self.job, self.needs);
        let (draft, reply) = (job.read(&job.draft), job.read(reply));
        let Some(tongue) = guard::language::detect_language(&reply) else { return MisspellingCount::later(|| 0) };
        let (proofreader, guidance) = (Arc::clone(&needs.proofreader), job.guidance.clone());
        let count = move || {
            let known = [draft.as_str(), guidance.as_str()].map(str::to_lowercase);
            let fresh = new_sentences(&draft, &reply);
            let words = proofreader.misspelled_words(&fresh, tongue);
            let is_new = |word: &&String| {
                let word = word.to_lowercase();
                known.iter().all(|known| !known.contains(&word))
            };
            words.iter().filter(is_new).count()
        };
        if tongue == DetectedLanguage::Chinese {
            // Some 6 microseconds a character: too long for a thread that serves calls, so it goes on beside the guard.
            MisspellingCount::Underway(needs.tasks.spawn_blocking(count))
        } else {
            MisspellingCount::later(count)
        }
    }
}

/// How many misspellings a reply adds.
enum MisspellingCount {
    /// Is being counted on another thread.
    Underway(JoinHandle<usize>),
    /// Is counted where it is asked for.
    Later(Box<dyn FnOnce() -> usize + Send>),
}

impl MisspellingCount {
    fn later(count: impl FnOnce() -> usize + Send + 'static) -> Self {
        Self::Later(Box::new(count))
    }

    async fn count(self) -> usize {
        match self {
            Self::Underway(task) => task.await.unwrap_or(0),
            Self::Later(count) => count(),
        }
    }
}

/// The step in which a model writes an answer, the first or the second.
fn ask_step(number: u32) -> tracing::Span {
    info_span!(
        "ask",
        vermilion.number = i64::from(number),
        vermilion.tokens.prompt = field::Empty,
        vermilion.tokens.completion = field::Empty,
    )
}

fn record_tokens(step: &tracing::Span, usage: TokenUsage) {
    step.record("vermilion.tokens.prompt", i64::from(usage.prompt))
        .record("vermilion.tokens.completion", i64::from(usage.completion));
}

/// Whether an answer has, word for word, what a reading held against the one before.
fn still_says(findings: &[GuardFinding], before: &str, reply: &str) -> bool {
    findings.iter().filter(|finding| finding.code == GuardCode::MeaningChanged).any(|finding| {
        let quoted = |span: &Span| before.get(span.range()).is_some_and(|quote| reply.contains(quote));
        !finding.reply.is_empty() && finding.reply.iter().all(quoted)
    })
}

/// A difference that matters, as what a second answer has to mend.
fn finding_of(found: &Difference) -> GuardFinding {
    let draft = if found.kind == DifferenceKind::Added { Vec::new() } else { found.draft.clone() };
    GuardFinding { code: GuardCode::MeaningChanged, draft, reply: found.reply.clone() }
}

/// What a reply says otherwise than the draft; what stands in both cannot have been misspelled by the model.
fn new_sentences(draft: &str, reply: &str) -> String {
    const ENDS: [char; 7] = ['.', '!', '?', '\n', '。', '！', '？'];
    let known: HashSet<&str> = draft.split_inclusive(ENDS).map(str::trim).collect();
    reply.split_inclusive(ENDS).filter(|sentence| !known.contains(sentence.trim())).collect()
}

/// About a token for each four bytes, where no answer tells.
fn estimate_usage(prompt: &Prompt) -> TokenUsage {
    TokenUsage {
        prompt: u32::try_from(prompt::text_bytes(prompt) / 4).unwrap_or(u32::MAX),
        completion: 0,
        estimated: true,
    }
}

/// Asks for an answer in pieces and shows them as they come.
async fn stream_answer(
    model: &dyn ChatModel,
    permit: &Permit,
    job: &PolishJob<'_>,
    deadline: Instant,
    deltas: &Sender<String>,
) -> Result<(String, TokenUsage), ModelError> {
    let mut pieces = model.stream(permit, &job.prompt, deadline).await?;
    let mut preview = AnswerPreview::new(&job.masking, &job.request.draft);
    while let Some(piece) = pieces.next().await {
        match piece? {
            ModelChunk::Text(text) => {
                let delta = preview.push(&text);
                // Nobody may look at the preview; the result still counts.
                if !delta.is_empty() {
                    let _ = deltas.send(delta).await;
                }
            }
            ModelChunk::End(usage) => return Ok((preview.into_answer(), usage)),
        }
    }
    Err(ModelError::Malformed)
}
