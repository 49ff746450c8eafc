//! `PolishingService`: thin handlers.

pub(super) mod request;
mod result;
mod stream;

use std::{sync::Arc, time::Duration};

use tokio::sync::mpsc;
use tonic::{Request, Response, Status};
use tracing::{Instrument as _, field, info_span};

pub(crate) use stream::PolishStream;

use super::{
    layers::{CallTime, Facts, authorized_caller},
    proto::{
        Channel, GetPolishingAvailabilityRequest, ModelState, Operation, PolishReplyRequest, PolishReplyResponse,
        PolishingAvailability, PolishingCondition, RecordPolishFeedbackRequest, RecordPolishFeedbackResponse, Review,
        Tone, polishing_condition, polishing_service_server::PolishingService, record_polish_feedback_request,
    },
    status::{CallError, RequestRule, Violation},
    tallies,
};
use crate::{
    auth::{Caller, Method},
    metrics::Tally,
    polishing::{
        self, Condition, Evaluation, Permit, Unmet, quota::Feedback, request::PolishWindow, review::ReviewState,
        service::Polisher,
    },
    settings::{PolishingSettings, SettingsReader},
};
pub(super) use request::{MAX_DRAFT_BYTES, MAX_TURN_BYTES, MAX_TURNS};

use request::ParsedPolishRequest;

/// How many deltas may wait for a client that reads slowly, before the model's server has to wait, too.
const DELTA_BUFFER: usize = 16;

/// The handlers.
pub(crate) struct PolishingHandlers {
    settings: Arc<dyn SettingsReader>,
    max_age: Duration,
    polisher: Option<Arc<Polisher>>,
}

impl PolishingHandlers {
    /// Conditions are evaluated on what `settings` says, which may be `max_age` old; without a polisher no model is
    /// configured.
    #[must_use]
    pub(crate) fn new(settings: Arc<dyn SettingsReader>, max_age: Duration, polisher: Option<Arc<Polisher>>) -> Self {
        Self { settings, max_age, polisher }
    }

    /// What a polish needs: the conditions first, since they are the caller's own matter.
    async fn admit(&self, caller: &Caller) -> Result<(Permit, Arc<Polisher>), CallError> {
        let step = info_span!("conditions");
        let permit = self.evaluate(caller).instrument(step).await?.permit().map_err(CallError::ConditionsUnmet)?;
        Ok((permit, Arc::clone(self.polisher()?)))
    }

    fn polisher(&self) -> Result<&Arc<Polisher>, CallError> {
        self.polisher.as_ref().ok_or(CallError::ModelNotConfigured)
    }

    /// The state of the conditions for the caller, evaluated anew.
    async fn evaluate(&self, caller: &Caller) -> Result<Evaluation, CallError> {
        let view = match &caller.tenant {
            Some(tenant) => self
                .settings
                .polishing_settings(tenant, caller.agent.as_ref())
                .await
                .map_err(|_| CallError::SettingsUnavailable)?,
            None => PolishingSettings::default(),
        };
        Ok(polishing::evaluate(&view))
    }
}

#[tonic::async_trait]
impl PolishingService for PolishingHandlers {
    type StreamPolishReplyStream = PolishStream;

    async fn get_polishing_availability(
        &self,
        request: Request<GetPolishingAvailabilityRequest>,
    ) -> Result<Response<PolishingAvailability>, Status> {
        let caller = authorized_caller(request.extensions(), Method::GetPolishingAvailability)?;
        let now = CallTime::of(request.extensions()).now;
        let conversation = request.into_inner().conversation_id;
        request::check_id("conversation_id", &conversation)?;
        let evaluation = self.evaluate(&caller).await?;
        let model_configured = self.polisher.is_some();
        let today = match (&self.polisher, &caller.tenant, &caller.agent, evaluation.limits()) {
            // What nobody asked for by name does not make the answer fail.
            (Some(polisher), Some(tenant), Some(agent), Some(limits)) => {
                polisher.remaining_today(tenant, agent, limits, now).await.ok().map(result::count_i32)
            }
            _ => None,
        };
        let remaining = match (&self.polisher, &caller.tenant, evaluation.limits()) {
            (Some(polisher), Some(tenant), Some(limits)) if !conversation.is_empty() => {
                let left = polisher.remaining_polishes(tenant, &conversation, limits.conversation, now).await;
                Some(result::count_i32(left.map_err(polishing::request::PolishError::from).map_err(CallError::from)?))
            }
            _ => None,
        };
        let availability = PolishingAvailability {
            available: evaluation.is_available() && model_configured,
            conditions: evaluation.conditions().map(wire_condition).collect(),
            model_configured,
            tones: vec![Tone::Friendly.into(), Tone::Professional.into()],
            operations: [
                Operation::Improve,
                Operation::FixGrammar,
                Operation::Shorten,
                Operation::Expand,
                Operation::Simplify,
            ]
            .map(i32::from)
            .to_vec(),
            remaining_in_conversation: remaining,
            max_age: prost_types::Duration::try_from(self.max_age).ok(),
            review: self.polisher.as_deref().map_or(Review::Unspecified, review_of).into(),
            remaining_today: today,
            model_state: self.polisher.as_deref().map_or(ModelState::NotConfigured, model_state).into(),
        };
        tallies::count_availability(&availability);
        Ok(Response::new(availability))
    }

    async fn polish_reply(
        &self,
        request: Request<PolishReplyRequest>,
    ) -> Result<Response<PolishReplyResponse>, Status> {
        let caller = authorized_caller(request.extensions(), Method::PolishReply)?;
        let window = polish_window(&request);
        let (permit, polisher) = self.admit(&caller).await?;
        let asked = read_draft(request.into_inner())?;
        let polished = polisher.polish(permit, &asked.request, window, None).instrument(info_span!("polish")).await;
        let polished = polished.map_err(CallError::from)?;
        let result = asked.response(polished);
        tallies::count_polish(&result);
        Ok(Response::new(PolishReplyResponse { result: Some(result) }))
    }

    async fn stream_polish_reply(
        &self,
        request: Request<PolishReplyRequest>,
    ) -> Result<Response<PolishStream>, Status> {
        let caller = authorized_caller(request.extensions(), Method::StreamPolishReply)?;
        let window = polish_window(&request);
        let (permit, polisher) = self.admit(&caller).await?;
        let asked = read_draft(request.into_inner())?;
        let (sender, deltas) = mpsc::channel(DELTA_BUFFER);
        // It is polled by whoever sends the answer, when the call has returned.
        let step = info_span!("polish");
        let work = async move {
            let polished = polisher.polish(permit, &asked.request, window, Some(sender)).await?;
            let result = asked.response(polished);
            tallies::count_polish(&result);
            Ok(result)
        };
        Ok(Response::new(PolishStream::new(Box::pin(work.instrument(step)), deltas)))
    }

    async fn record_polish_feedback(
        &self,
        request: Request<RecordPolishFeedbackRequest>,
    ) -> Result<Response<RecordPolishFeedbackResponse>, Status> {
        let caller = authorized_caller(request.extensions(), Method::RecordPolishFeedback)?;
        let RecordPolishFeedbackRequest { polish_id, feedback } = request.into_inner();
        let feedback = parse_feedback(feedback)?;
        request::check_id("polish_id", &polish_id)?;
        let (Some(tenant), Some(agent)) = (&caller.tenant, &caller.agent) else {
            return Err(CallError::NotFound.into());
        };
        let counted = match feedback {
            Feedback::Accepted => "ACCEPTED",
            Feedback::Edited => "EDITED",
            Feedback::Discarded => "DISCARDED",
        };
        self.polisher()?
            .record_feedback(tenant, agent, &polish_id, feedback)
            .await
            .map_err(polishing::request::PolishError::from)
            .map_err(CallError::from)?;
        Tally::FEEDBACK.add(counted, 1);
        Ok(Response::new(RecordPolishFeedbackResponse {}))
    }
}

/// The request, and of its document the draft.
fn read_draft(message: PolishReplyRequest) -> Result<ParsedPolishRequest, CallError> {
    let step = info_span!("read", vermilion.channel = field::Empty, vermilion.turns = message.turns.len() as i64);
    let _step = step.enter();
    if let Some(document) = &message.document {
        step.record(
            "vermilion.channel",
            tallies::short(document.channel().as_str_name(), Channel::Unspecified.as_str_name()),
        );
    }
    ParsedPolishRequest::try_from(message)
}

/// Who compares replies with their drafts, as a rule.
const fn review_of(polisher: &Polisher) -> Review {
    result::wire_review(match polisher.reviewer() {
        Some(_) => ReviewState::Model,
        None => ReviewState::RulesOnly,
    })
}

fn model_state(polisher: &Polisher) -> ModelState {
    if polisher.is_model_resting() { ModelState::Resting } else { ModelState::Ready }
}

/// The time that the call gives, whose size is noted for the log.
fn polish_window(request: &Request<PolishReplyRequest>) -> PolishWindow {
    if let (Some(facts), Some(document)) = (request.extensions().get::<Arc<Facts>>(), &request.get_ref().document) {
        facts.note_size(document.content.len());
    }
    let CallTime { now, started, deadline } = CallTime::of(request.extensions());
    PolishWindow { now, started, deadline: deadline.unwrap_or_else(|| started + NO_DEADLINE) }
}

/// Where no layer has set a deadline: in no server of ours.
const NO_DEADLINE: Duration = Duration::from_secs(60);

fn parse_feedback(feedback: i32) -> Result<Feedback, Violation> {
    use record_polish_feedback_request::Feedback as Wire;
    match Wire::try_from(feedback) {
        Ok(Wire::Accepted) => Ok(Feedback::Accepted),
        Ok(Wire::Edited) => Ok(Feedback::Edited),
        Ok(Wire::Discarded) => Ok(Feedback::Discarded),
        Ok(Wire::Unspecified) | Err(_) => {
            Err(Violation::new("feedback", RequestRule::Unknown { what: "feedback", found: feedback }))
        }
    }
}

fn wire_condition((condition, unmet): (Condition, Option<Unmet>)) -> PolishingCondition {
    use polishing_condition::Type;
    let wire = match condition {
        Condition::RefineResponse => Type::RefineResponse,
        Condition::VersatileAgent => Type::VersatileAgent,
        Condition::IntelligentRecognition => Type::IntelligentRecognition,
        Condition::ReplyPolishing => Type::ReplyPolishing,
    };
    PolishingCondition {
        r#type: wire.into(),
        met: unmet.is_none(),
        code: unmet.map_or_else(String::new, |unmet| unmet.code().to_owned()),
        message: unmet.map_or_else(String::new, |unmet| unmet.to_string()),
    }
}
