//! `PolishingService`: thin handlers.

use std::{sync::Arc, time::Duration};

use tonic::{Request, Response, Status};

use super::{
    proto::{
        GetPolishingAvailabilityRequest, Operation, PolishReplyRequest, PolishReplyResponse, PolishingAvailability,
        PolishingCondition, RecordPolishFeedbackRequest, RecordPolishFeedbackResponse, StreamPolishReplyResponse, Tone,
        polishing_condition, polishing_service_server::PolishingService,
    },
    status::{CallError, Rule, Violation},
};
use crate::{
    auth::{
        Caller,
        permissions::{Method, Target, authorize},
    },
    polishing::{self, Condition, Evaluation, Unmet},
    settings::{Reader, View},
};

/// The longest conversation id, in characters.
const MAX_CONVERSATION_ID: usize = 128;

/// The handlers.
pub struct PolishingHandlers {
    settings: Arc<dyn Reader>,
    max_age: Duration,
}

impl PolishingHandlers {
    /// Conditions are evaluated on what `settings` says, which may be `max_age` old.
    #[must_use]
    pub fn new(settings: Arc<dyn Reader>, max_age: Duration) -> Self {
        Self { settings, max_age }
    }

    /// The state of the conditions for the caller, evaluated anew.
    async fn evaluate(&self, caller: &Caller) -> Result<Evaluation, CallError> {
        let view = match &caller.tenant {
            Some(tenant) => {
                self.settings.view(tenant, caller.agent.as_ref()).await.map_err(|_| CallError::SettingsUnavailable)?
            }
            None => View::default(),
        };
        Ok(polishing::evaluate(&view))
    }
}

#[tonic::async_trait]
impl PolishingService for PolishingHandlers {
    type StreamPolishReplyStream = tokio_stream::Empty<Result<StreamPolishReplyResponse, Status>>;

    async fn get_polishing_availability(
        &self,
        request: Request<GetPolishingAvailabilityRequest>,
    ) -> Result<Response<PolishingAvailability>, Status> {
        let caller = caller_of(&request, Method::GetPolishingAvailability)?;
        conversation_id(&request.get_ref().conversation_id)?;
        let evaluation = self.evaluate(&caller).await?;
        let model_configured = false;
        Ok(Response::new(PolishingAvailability {
            available: evaluation.is_available() && model_configured,
            conditions: evaluation.conditions().map(condition).collect(),
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
            remaining_in_conversation: None,
            max_age: prost_types::Duration::try_from(self.max_age).ok(),
        }))
    }

    async fn polish_reply(
        &self,
        request: Request<PolishReplyRequest>,
    ) -> Result<Response<PolishReplyResponse>, Status> {
        let caller = caller_of(&request, Method::PolishReply)?;
        let _permit = self.evaluate(&caller).await?.permit().map_err(CallError::ConditionsUnmet)?;
        Err(CallError::ModelNotConfigured.into())
    }

    async fn stream_polish_reply(
        &self,
        request: Request<PolishReplyRequest>,
    ) -> Result<Response<Self::StreamPolishReplyStream>, Status> {
        let caller = caller_of(&request, Method::StreamPolishReply)?;
        let _permit = self.evaluate(&caller).await?.permit().map_err(CallError::ConditionsUnmet)?;
        Err(CallError::ModelNotConfigured.into())
    }

    async fn record_polish_feedback(
        &self,
        request: Request<RecordPolishFeedbackRequest>,
    ) -> Result<Response<RecordPolishFeedbackResponse>, Status> {
        let _caller = caller_of(&request, Method::RecordPolishFeedback)?;
        Err(CallError::ModelNotConfigured.into())
    }
}

/// The caller, whom the identity layer has verified, if it may call the method at all.
fn caller_of<T>(request: &Request<T>, method: Method) -> Result<Caller, CallError> {
    let caller: Caller = request.extensions().get().cloned().unwrap_or_default();
    authorize(&caller, method, Target::Caller)?;
    Ok(caller)
}

fn conversation_id(id: &str) -> Result<(), CallError> {
    let size = id.chars().count();
    let limit = MAX_CONVERSATION_ID;
    if size > limit {
        return Err(Violation::of("conversation_id", Rule::TooLong { size, limit }).into());
    }
    Ok(())
}

fn condition((condition, unmet): (Condition, Option<Unmet>)) -> PolishingCondition {
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
