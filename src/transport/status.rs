//! Every error of a call, and the one mapping of each to a `tonic::Status` with `google.rpc` details. What a status says
//! never holds a piece of the text.

mod polish;

use std::{collections::HashMap, time::Duration};

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

use crate::{
    auth::{AuthError, Role, permissions::Denied},
    metrics::Tally,
    polishing::{Condition, Unmet, request::PolishError},
    settings::{InvalidId, StoreError, name::InvalidName, page::InvalidPageToken, rules::InvalidValue},
};
use vermilion_engine::language::InvalidLanguageTag;

/// `google.rpc.ErrorInfo.domain` of all our errors.
pub(crate) const DOMAIN: &str = "vermilion";

/// How many violations one status lists: it travels in a header, whose size is limited.
pub(crate) const MAX_VIOLATIONS: usize = 20;

/// When a client that was turned away may try again.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// A field that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    /// The field's path in the request.
    pub field: String,
    /// The rule.
    pub rule: RequestRule,
}

impl Violation {
    /// Of a field whose path is known beforehand.
    pub(super) fn new(field: &str, rule: RequestRule) -> Self {
        Self { field: field.to_owned(), rule }
    }
}

/// The rules that a request may break.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RequestRule {
    /// The document is too long.
    #[error("the text has {size} bytes, more than the limit of {limit}")]
    TextTooLong {
        /// Bytes of UTF-8.
        size: usize,
        /// The most.
        limit: usize,
    },
    /// No word at all.
    #[error("the word is empty")]
    WordEmpty,
    /// The word is too long.
    #[error("the word has {size} characters, more than the limit of {limit}")]
    WordTooLong {
        /// Characters.
        size: usize,
        /// The most.
        limit: usize,
    },
    /// A name or an id of the client's own is too long.
    #[error("it has {size} characters, more than the limit of {limit}")]
    TooLong {
        /// Characters.
        size: usize,
        /// The most.
        limit: usize,
    },
    /// A line end, a NUL or the like in an id of the client's own.
    #[error("expected no control characters")]
    ControlCharacter,
    /// No language tag.
    #[error(transparent)]
    LanguageCode(#[from] InvalidLanguageTag),
    /// More suggestions than there are, or fewer than none.
    #[error("expected {least} to {most}, found {found}")]
    MaxSuggestions {
        /// The least.
        least: usize,
        /// The most.
        most: usize,
        /// What the client sent.
        found: i32,
    },
    /// A unit that this version does not know.
    #[error("unknown offset encoding {0}")]
    OffsetEncoding(i32),
    /// A kind that this version does not know.
    #[error("unknown kind of misspelling {0}")]
    Kind(i32),
    /// A span that does not lie in this text.
    #[error(transparent)]
    Span(SpanError),
    /// The same of a span that is asked about.
    #[error("{0}")]
    OnlySpan(SpanError),
    /// No name of a resource of that kind.
    #[error(transparent)]
    Name(#[from] InvalidName),
    /// No id.
    #[error(transparent)]
    Id(#[from] InvalidId),
    /// A setting that breaks a rule.
    #[error(transparent)]
    Value(#[from] InvalidValue),
    /// The resource itself is missing from the request.
    #[error("expected a {0}")]
    Missing(&'static str),
    /// An agent of another tenant where only one's own will do.
    #[error("expected an agent of this tenant")]
    ForeignAgent,
    /// A type of agent that this version does not know, or none.
    #[error("expected AUDIO, VIDEO, MULTIMEDIA or VERSATILE, found {0}")]
    AgentType(i32),
    /// An update without a mask.
    #[error("expected the fields to change: {0}")]
    MaskEmpty(String),
    /// A path of a mask that is no field to change.
    #[error("not a field that can be changed; these can: {0}")]
    MaskPath(String),
    /// Nothing where something is needed.
    #[error("expected at least one character")]
    Empty,
    /// More items than there may be.
    #[error("expected at most {limit}, found {size}")]
    TooMany {
        /// So many.
        size: usize,
        /// The most.
        limit: usize,
    },
    /// A value that this version does not know.
    #[error("unknown {what} {found}")]
    Unknown {
        /// Of what.
        what: &'static str,
        /// What the client sent.
        found: i32,
    },
    /// The size of a page.
    #[error("expected 1 to {most}, or 0 for the default, found {found}")]
    PageSize {
        /// The most.
        most: u32,
        /// What the client sent.
        found: i32,
    },
    /// The token of a page.
    #[error(transparent)]
    PageToken(#[from] InvalidPageToken),
    /// No word in a batch, or too many.
    #[error("expected 1 to {most} words, found {found}")]
    BatchSize {
        /// The most.
        most: usize,
        /// What the client sent.
        found: usize,
    },
}

/// What is wrong with a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SpanError {
    /// It ends before it starts.
    #[error("the span ends before it starts")]
    Reversed,
    /// It starts before the text or ends after it.
    #[error("the span is out of the text's range")]
    OutOfRange,
    /// It cuts a character: a UTF-8 sequence or a surrogate pair.
    #[error("the span begins or ends inside a character")]
    InsideCharacter,
}

/// Why a call fails.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CallError {
    /// The request breaks a rule.
    #[error("{}: {}", .0.field, .0.rule)]
    Invalid(Violation),
    /// Several fields break rules: the first of them, and how many there are in all.
    #[error("{total} values break a rule; the first: {}: {}", first[0].field, first[0].rule)]
    InvalidMany {
        /// At least one; at most [`MAX_VIOLATIONS`].
        first: Vec<Violation>,
        /// All.
        total: usize,
    },
    /// A format that this version cannot read.
    #[error("this version reads plain text and HTML only")]
    UnsupportedFormat,
    /// A change of a field that is someone else's.
    #[error("{field} is changed by callers with the role {:?} only", owner.name())]
    ForeignField {
        /// Its path.
        field: &'static str,
        /// Whose it is.
        owner: Role,
    },
    /// What the settings store says of a resource, by its name.
    #[error("{resource}: {error}")]
    Settings {
        /// The resource that was asked for.
        resource: String,
        /// What is wrong.
        error: StoreError,
    },
    /// No identity, and the call needs one.
    #[error("this call needs an identity")]
    Unauthenticated,
    /// Credentials that are missing where they are needed, or refused.
    #[error(transparent)]
    Identity(#[from] AuthError),
    /// An identity that may not do this.
    #[error("the caller may not do this")]
    Forbidden,
    /// A resource that is not there, or is another tenant's.
    #[error("there is no such resource")]
    NotFound,
    /// Polishing is not open to the caller: these conditions are not met.
    #[error("polishing is not available: {}", told(.0))]
    ConditionsUnmet(Vec<(Condition, Unmet)>),
    /// The operator has configured no model.
    #[error("no language model is configured: the operator sets polishing.primary")]
    ModelNotConfigured,
    /// A polish that came to nothing; the draft in the client's hands stays valid.
    #[error(transparent)]
    Polish(#[from] PolishError),
    /// The settings store does not answer.
    #[error("the settings cannot be read just now")]
    SettingsUnavailable,
    /// The message is longer than the method takes: by how much, in words that quote nothing of it.
    #[error("the request is too long: {0}")]
    MessageTooLong(String),
    /// What came is no message of the method: why, in words that quote nothing of it.
    #[error("the request cannot be read: {0}")]
    Unreadable(String),
    /// The request did not arrive in time.
    #[error("the request has not arrived in time")]
    RequestIncomplete,
    /// Too many calls in hand.
    #[error("too many calls at once")]
    Overloaded,
    /// Too many bytes of answers wait for clients to take them.
    #[error("too many answers wait to be taken")]
    AnswersWaiting,
    /// The deadline has passed.
    #[error("the deadline has passed")]
    DeadlineExceeded,
    /// The service is going.
    #[error("the service is shutting down")]
    ShuttingDown,
    /// A bug of ours; the log knows more.
    #[error("internal error")]
    Internal,
}

impl From<Violation> for CallError {
    fn from(violation: Violation) -> Self {
        Self::Invalid(violation)
    }
}

impl From<Violation> for Status {
    fn from(violation: Violation) -> Self {
        CallError::from(violation).into()
    }
}

impl From<Denied> for CallError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Unauthenticated => Self::Unauthenticated,
            Denied::Forbidden => Self::Forbidden,
            Denied::Hidden => Self::NotFound,
        }
    }
}

impl CallError {
    const fn code(&self) -> Code {
        match self {
            Self::Invalid(_) | Self::InvalidMany { .. } | Self::Unreadable(_) => Code::InvalidArgument,
            Self::Settings { error, .. } => store_code(error),
            Self::UnsupportedFormat => Code::Unimplemented,
            Self::Identity(AuthError::KeysUnavailable) => Code::Unavailable,
            // As gRPC has it for messages over the limit, wherever they are refused.
            Self::MessageTooLong(_) | Self::Identity(AuthError::TooMany) => Code::ResourceExhausted,
            Self::Unauthenticated | Self::Identity(_) => Code::Unauthenticated,
            Self::Forbidden | Self::ForeignField { .. } => Code::PermissionDenied,
            Self::NotFound => Code::NotFound,
            Self::ConditionsUnmet(_) | Self::ModelNotConfigured => Code::FailedPrecondition,
            Self::Polish(error) => polish::code(error),
            // Not RESOURCE_EXHAUSTED, which tells a client of its own quota: another replica may well have room.
            Self::SettingsUnavailable | Self::Overloaded | Self::AnswersWaiting | Self::ShuttingDown => {
                Code::Unavailable
            }
            Self::DeadlineExceeded | Self::RequestIncomplete => Code::DeadlineExceeded,
            Self::Internal => Code::Internal,
        }
    }

    /// Whether the same call may well succeed a little later.
    const fn passes(&self) -> bool {
        matches!(
            self,
            Self::SettingsUnavailable
                | Self::Overloaded
                | Self::AnswersWaiting
                | Self::Settings { error: StoreError::Unavailable | StoreError::Busy { .. }, .. }
                | Self::ShuttingDown
                | Self::Identity(AuthError::KeysUnavailable | AuthError::TooMany)
        )
    }

    /// `google.rpc.ErrorInfo.reason`: stable, part of the API.
    fn reason(&self) -> &'static str {
        match self {
            Self::Invalid(violation) => violation.rule.reason(),
            Self::InvalidMany { first, .. } => first.first().map_or("INVALID", |violation| violation.rule.reason()),
            Self::UnsupportedFormat => "FORMAT_UNSUPPORTED",
            Self::Unauthenticated => "IDENTITY_MISSING",
            Self::Identity(error) => error.reason(),
            Self::Forbidden | Self::ForeignField { .. } => "PERMISSION_DENIED",
            Self::Settings { error, .. } => store_reason(error),
            Self::NotFound => "NOT_FOUND",
            Self::ConditionsUnmet(_) => "CONDITIONS_UNMET",
            Self::ModelNotConfigured => "MODEL_NOT_CONFIGURED",
            Self::Polish(error) => polish::reason(error),
            Self::SettingsUnavailable => "SETTINGS_UNAVAILABLE",
            Self::MessageTooLong(_) => "MESSAGE_TOO_LONG",
            Self::Unreadable(_) => "REQUEST_UNREADABLE",
            Self::RequestIncomplete => "REQUEST_INCOMPLETE",
            Self::Overloaded => "OVERLOADED",
            Self::AnswersWaiting => "ANSWERS_WAITING",
            Self::DeadlineExceeded => "DEADLINE_EXCEEDED",
            Self::ShuttingDown => "SHUTTING_DOWN",
            Self::Internal => "INTERNAL",
        }
    }
}

impl RequestRule {
    /// `google.rpc.ErrorInfo.reason`, and the violation's own: stable, part of the API.
    const fn reason(&self) -> &'static str {
        match self {
            Self::TextTooLong { .. } => "TEXT_TOO_LONG",
            Self::WordEmpty => "WORD_EMPTY",
            Self::WordTooLong { .. } => "WORD_TOO_LONG",
            Self::TooLong { .. } => "TOO_LONG",
            Self::LanguageCode(_) => "LANGUAGE_CODE_INVALID",
            Self::MaxSuggestions { .. } => "MAX_SUGGESTIONS_OUT_OF_RANGE",
            Self::OffsetEncoding(_) => "OFFSET_ENCODING_UNKNOWN",
            Self::Kind(_) => "KIND_UNKNOWN",
            Self::Span(_) => "PROTECTED_SPAN_INVALID",
            Self::OnlySpan(_) => "ONLY_SPAN_INVALID",
            Self::Name(_) | Self::ForeignAgent => "NAME_INVALID",
            Self::Id(_) | Self::ControlCharacter => "ID_INVALID",
            Self::Missing(_) => "RESOURCE_MISSING",
            Self::AgentType(_) => "AGENT_TYPE_UNKNOWN",
            Self::Empty => "EMPTY",
            Self::TooMany { .. } => "TOO_MANY",
            Self::Unknown { .. } => "VALUE_UNKNOWN",
            Self::MaskEmpty(_) | Self::MaskPath(_) => "UPDATE_MASK_INVALID",
            Self::PageSize { .. } => "PAGE_SIZE_OUT_OF_RANGE",
            Self::PageToken(_) => "PAGE_TOKEN_INVALID",
            Self::BatchSize { .. } => "BATCH_SIZE_OUT_OF_RANGE",
            Self::Value(value) => match value {
                InvalidValue::OutOfRange { .. } => "VALUE_OUT_OF_RANGE",
                InvalidValue::LanguageCode => "LANGUAGE_CODE_INVALID",
                InvalidValue::TextTooLong { .. } => "TEXT_TOO_LONG",
                InvalidValue::TextControl => "TEXT_INVALID",
                InvalidValue::WordEmpty => "WORD_EMPTY",
                InvalidValue::WordTooLong { .. } => "WORD_TOO_LONG",
                InvalidValue::WordSingleCharacter => "WORD_SINGLE_CHARACTER",
                InvalidValue::WordNotOneLine | InvalidValue::WordWithoutLetter => "WORD_INVALID",
            },
        }
    }
}

const fn store_code(error: &StoreError) -> Code {
    match error {
        StoreError::NotFound => Code::NotFound,
        StoreError::AlreadyExists => Code::AlreadyExists,
        StoreError::EtagMismatch => Code::Aborted,
        StoreError::IntelligentAgentLimit { .. } | StoreError::DictionaryFull { .. } => Code::FailedPrecondition,
        StoreError::PageToken(_) => Code::InvalidArgument,
        // The tenant's own doing: no other replica would help.
        StoreError::Busy { .. } => Code::ResourceExhausted,
        StoreError::Unavailable => Code::Unavailable,
        StoreError::Damaged => Code::Internal,
    }
}

const fn store_reason(error: &StoreError) -> &'static str {
    match error {
        StoreError::NotFound => "NOT_FOUND",
        StoreError::AlreadyExists => "ALREADY_EXISTS",
        StoreError::EtagMismatch => "ETAG_MISMATCH",
        StoreError::IntelligentAgentLimit { .. } => "INTELLIGENT_AGENT_LIMIT",
        StoreError::DictionaryFull { .. } => "DICTIONARY_FULL",
        StoreError::PageToken(_) => "PAGE_TOKEN_INVALID",
        StoreError::Busy { .. } => "SETTINGS_BUSY",
        StoreError::Unavailable => "SETTINGS_UNAVAILABLE",
        StoreError::Damaged => "INTERNAL",
    }
}

impl From<CallError> for Status {
    fn from(error: CallError) -> Self {
        Tally::REFUSALS.add(error.reason(), 1);
        let mut details = ErrorDetails::with_error_info(error.reason(), DOMAIN, HashMap::new());
        if let CallError::Invalid(Violation { field, rule }) = &error {
            details.add_bad_request_violation(field, rule.to_string());
        }
        if let CallError::ConditionsUnmet(conditions) = &error {
            for (condition, unmet) in conditions {
                details.add_precondition_failure_violation(unmet.code(), condition.name(), unmet.to_string());
            }
        }
        if let CallError::InvalidMany { first, .. } = &error {
            for Violation { field, rule } in first {
                details.add_bad_request_violation(field, rule.to_string());
            }
        }
        if let CallError::Settings { resource, error } = &error {
            match error {
                StoreError::IntelligentAgentLimit { .. } | StoreError::DictionaryFull { .. } => {
                    details.add_quota_failure_violation(resource, error.to_string());
                }
                StoreError::PageToken(_) => {
                    details.add_bad_request_violation("page_token", error.to_string());
                }
                StoreError::NotFound
                | StoreError::AlreadyExists
                | StoreError::EtagMismatch
                | StoreError::Busy { .. }
                | StoreError::Unavailable
                | StoreError::Damaged => {}
            }
        }
        if let CallError::Polish(error) = &error {
            polish::detail(error, &mut details);
        }
        if error.passes() {
            details.set_retry_info(Some(RETRY_AFTER));
        }
        Self::with_error_details(error.code(), error.to_string(), details)
    }
}

fn told(conditions: &[(Condition, Unmet)]) -> String {
    conditions.iter().map(|(_, unmet)| unmet.to_string()).collect::<Vec<_>>().join("; ")
}
