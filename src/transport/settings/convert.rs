//! Settings between the wire and the domain: functions in, `From` out. The only file that knows both.

use std::time::SystemTime;

use crate::{
    auth::{AccessTarget, Caller, UpdateField, authorize_change},
    settings::{
        Agent, AgentFields, AgentId, AgentType, AgentUpdate, DictionaryOwner, DictionaryWord, PageRequest, Tenant,
        TenantFields, TenantId, TenantUpdate,
        audit::{AuditAction, AuditEntry},
        fields::{AgentField, Field, FieldRow, FieldSet as _, FieldUpdate as _, FieldValue, TenantField},
        learning::{self, DictionaryCandidate},
        name::{self, InvalidName, candidate_name},
        page, rules,
    },
    transport::{
        proto,
        status::{CallError, MAX_VIOLATIONS, RequestRule, Violation},
    },
};

/// Reads a name in this field.
pub(super) fn parse_name<T>(
    field: &str,
    name: &str,
    parse: impl Fn(&str) -> Result<T, InvalidName>,
) -> Result<T, Violation> {
    parse(name).map_err(|error| Violation::new(field, error.into()))
}

pub(super) fn parse_tenant_id(field: &str, id: &str) -> Result<TenantId, Violation> {
    TenantId::new(id).map_err(|error| Violation::new(field, error.into()))
}

pub(super) fn parse_agent_id(field: &str, id: &str) -> Result<AgentId, Violation> {
    AgentId::new(id).map_err(|error| Violation::new(field, error.into()))
}

pub(super) fn parse_page(size: i32, token: &str, list: &str) -> Result<PageRequest, Violation> {
    let most = page::MAX_PAGE_SIZE;
    let size = match u32::try_from(size) {
        Ok(0) => page::DEFAULT_PAGE_SIZE,
        Ok(size) if size <= most => size,
        _ => return Err(Violation::new("page_size", RequestRule::PageSize { most, found: size })),
    };
    PageRequest::new(size, token, list).map_err(|error| Violation::new("page_token", error.into()))
}

/// By how many agents a candidate must have been reported.
pub(super) fn parse_min_agents(number: i32) -> Result<u32, Violation> {
    if number == 0 {
        return Ok(learning::DEFAULT_MIN_AGENTS);
    }
    rules::validate_range(number.into(), &(learning::LEAST_MIN_AGENTS..=learning::MAX_AGENTS))
        .map_err(|error| Violation::new("min_agents", error.into()))
}

pub(super) fn parse_word(field: &str, text: &str) -> Result<String, Violation> {
    rules::validate_word(text).map_err(|error| Violation::new(field, error.into()))
}

/// All words, or the lines that are none.
pub(super) fn parse_words(texts: &[String]) -> Result<Vec<String>, CallError> {
    let (most, found) = (rules::MAX_BATCH_WORDS, texts.len());
    if !(1..=most).contains(&found) {
        return Err(Violation::new("texts", RequestRule::BatchSize { most, found }).into());
    }
    let mut words = Vec::with_capacity(found);
    let (mut first, mut total) = (Vec::new(), 0);
    for (line, text) in texts.iter().enumerate() {
        match rules::validate_word(text) {
            Ok(word) => words.push(word),
            Err(error) => {
                total += 1;
                if first.len() < MAX_VIOLATIONS {
                    first.push(Violation { field: format!("texts[{line}]"), rule: error.into() });
                }
            }
        }
    }
    if total == 0 { Ok(words) } else { Err(CallError::InvalidMany { first, total }) }
}

/// A new tenant's fields. What is not set takes its default.
pub(super) fn tenant_fields(id: &TenantId, tenant: &proto::Tenant) -> Result<TenantFields, Violation> {
    let (defaults, unset) = (TenantFields::default(), proto::Tenant::default());
    let mut values = TenantUpdate::default();
    for field in TenantField::ALL {
        let value = WireValue::of_tenant(*field, tenant);
        if value != WireValue::of_tenant(*field, &unset) {
            values.set(*field, value.read(id, "tenant", field.row())?);
        }
    }
    Ok(defaults.updated(&values))
}

/// The changes of the fields in the mask, each of which must be the caller's to change.
pub(super) fn tenant_change(
    caller: &Caller,
    id: &TenantId,
    tenant: &proto::Tenant,
    mask: Option<prost_types::FieldMask>,
) -> Result<TenantUpdate, CallError> {
    let mut change = TenantUpdate::default();
    for field in masked_fields(caller, UpdateField::Tenant, AccessTarget::Tenant(id), mask)? {
        change.set(field, WireValue::of_tenant(field, tenant).read(id, "tenant", field.row())?);
    }
    Ok(change)
}

/// A new agent's fields.
pub(super) fn agent_fields(id: &TenantId, agent: &proto::Agent) -> Result<AgentFields, CallError> {
    let mut values = AgentUpdate::default();
    for field in AgentField::ALL {
        values.set(*field, WireValue::of_agent(*field, agent).read(id, "agent", field.row())?);
    }
    values.complete().ok_or(CallError::Internal)
}

/// As [`tenant_change`].
pub(super) fn agent_change(
    caller: &Caller,
    (tenant, id): (&TenantId, &AgentId),
    agent: &proto::Agent,
    mask: Option<prost_types::FieldMask>,
) -> Result<AgentUpdate, CallError> {
    let mut change = AgentUpdate::default();
    for field in masked_fields(caller, UpdateField::Agent, AccessTarget::Agent(tenant, id), mask)? {
        change.set(field, WireValue::of_agent(field, agent).read(tenant, "agent", field.row())?);
    }
    Ok(change)
}

fn masked_fields<F: Field>(
    caller: &Caller,
    update_field: impl Fn(F) -> UpdateField,
    target: AccessTarget<'_>,
    mask: Option<prost_types::FieldMask>,
) -> Result<Vec<F>, CallError> {
    let known = || F::ALL.iter().map(|field| field.row().path).collect::<Vec<_>>().join(", ");
    let paths = mask.map(|mask| mask.paths).unwrap_or_default();
    if paths.is_empty() {
        return Err(Violation::new("update_mask", RequestRule::MaskEmpty(known())).into());
    }
    let mut fields = Vec::new();
    for (at, path) in paths.iter().enumerate() {
        let field = F::at(path).ok_or_else(|| Violation {
            field: format!("update_mask.paths[{at}]"),
            rule: RequestRule::MaskPath(known()),
        })?;
        let judged = update_field(field);
        authorize_change(caller, judged, target)
            .map_err(|_| CallError::ForeignField { field: judged.path(), owner: judged.owner() })?;
        fields.push(field);
    }
    Ok(fields)
}

/// The value of a field as it is sent.
#[derive(Clone, Copy, PartialEq)]
enum WireValue<'w> {
    Flag(bool),
    Number(i32),
    LanguageCode(&'w str),
    Agent(&'w str),
    AgentType(i32),
    Text(&'w str),
}

impl<'w> WireValue<'w> {
    const fn of_tenant(field: TenantField, tenant: &'w proto::Tenant) -> Self {
        match field {
            TenantField::RefineResponseEnabled => Self::Flag(tenant.refine_response_enabled),
            TenantField::AdministratorAgent => Self::Agent(tenant.administrator_agent.as_str()),
            TenantField::IntelligentAgentLimit => Self::Number(tenant.intelligent_agent_limit),
            TenantField::LanguageCode => Self::LanguageCode(tenant.language_code.as_str()),
            TenantField::ConversationPolishLimit => Self::Number(tenant.conversation_polish_limit),
            TenantField::AgentDailyPolishLimit => Self::Number(tenant.agent_daily_polish_limit),
            TenantField::TenantDailyPolishLimit => Self::Number(tenant.tenant_daily_polish_limit),
            TenantField::PolishingGuidance => Self::Text(tenant.polishing_guidance.as_str()),
            TenantField::DictionaryLearning => Self::Flag(tenant.dictionary_learning),
        }
    }

    const fn of_agent(field: AgentField, agent: &proto::Agent) -> Self {
        match field {
            AgentField::Type => Self::AgentType(agent.r#type),
            AgentField::IntelligentRecognition => Self::Flag(agent.intelligent_recognition),
            AgentField::ReplyPolishing => Self::Flag(agent.reply_polishing),
        }
    }

    /// The value, for a field of the `resource` in the request, which belongs to the tenant.
    fn read(self, tenant: &TenantId, resource: &str, field: &FieldRow) -> Result<FieldValue, Violation> {
        let rule = match self {
            Self::Flag(on) => Ok(FieldValue::Flag(on)),
            Self::Number(number) => {
                field.validate_number(number.into()).map(FieldValue::Number).map_err(RequestRule::from)
            }
            Self::LanguageCode(tag) => {
                rules::validate_language_code(tag).map(FieldValue::LanguageCode).map_err(RequestRule::from)
            }
            Self::Text(text) => field.validate_text(text).map(FieldValue::Text).map_err(RequestRule::from),
            Self::Agent(name) => parse_tenant_agent(tenant, name).map(FieldValue::Agent),
            Self::AgentType(wire) => parse_agent_type(wire).map(FieldValue::AgentType),
        };
        rule.map_err(|rule| Violation { field: format!("{resource}.{}", field.path), rule })
    }
}

fn parse_tenant_agent(tenant: &TenantId, name: &str) -> Result<Option<AgentId>, RequestRule> {
    if name.is_empty() {
        return Ok(None);
    }
    let (owner, agent) = name::parse_agent(name)?;
    if owner == *tenant { Ok(Some(agent)) } else { Err(RequestRule::ForeignAgent) }
}

fn parse_agent_type(wire: i32) -> Result<AgentType, RequestRule> {
    use proto::AgentType as Wire;
    match Wire::try_from(wire) {
        Ok(Wire::Audio) => Ok(AgentType::Audio),
        Ok(Wire::Video) => Ok(AgentType::Video),
        Ok(Wire::Multimedia) => Ok(AgentType::Multimedia),
        Ok(Wire::Versatile) => Ok(AgentType::Versatile),
        Ok(Wire::Unspecified) | Err(_) => Err(RequestRule::AgentType(wire)),
    }
}

impl From<AgentType> for proto::AgentType {
    fn from(kind: AgentType) -> Self {
        match kind {
            AgentType::Audio => Self::Audio,
            AgentType::Video => Self::Video,
            AgentType::Multimedia => Self::Multimedia,
            AgentType::Versatile => Self::Versatile,
        }
    }
}

impl From<Tenant> for proto::Tenant {
    fn from(tenant: Tenant) -> Self {
        let Tenant { id, etag, fields, intelligent_agent_count, created, updated } = tenant;
        let administrator =
            fields.administrator_agent.map(|agent| DictionaryOwner::agent(id.clone(), agent).to_string());
        Self {
            name: DictionaryOwner::tenant(id).to_string(),
            etag,
            refine_response_enabled: fields.refine_response_enabled,
            administrator_agent: administrator.unwrap_or_default(),
            intelligent_agent_limit: int32(fields.intelligent_agent_limit),
            intelligent_agent_count: int32(intelligent_agent_count),
            language_code: fields.language_code,
            conversation_polish_limit: int32(fields.conversation_polish_limit),
            agent_daily_polish_limit: int32(fields.agent_daily_polish_limit),
            tenant_daily_polish_limit: int32(fields.tenant_daily_polish_limit),
            polishing_guidance: fields.polishing_guidance.as_str().to_owned(),
            create_time: Some(timestamp(created)),
            update_time: Some(timestamp(updated)),
            dictionary_learning: fields.dictionary_learning,
        }
    }
}

impl From<Agent> for proto::Agent {
    fn from(agent: Agent) -> Self {
        Self {
            name: DictionaryOwner::agent(agent.tenant, agent.id).to_string(),
            etag: agent.etag,
            r#type: proto::AgentType::from(agent.fields.kind).into(),
            intelligent_recognition: agent.fields.intelligent_recognition,
            reply_polishing: agent.fields.reply_polishing,
            create_time: Some(timestamp(agent.created)),
            update_time: Some(timestamp(agent.updated)),
        }
    }
}

impl From<DictionaryWord> for proto::DictionaryWord {
    fn from(word: DictionaryWord) -> Self {
        Self { name: word.owner.word_name(word.id), text: word.text, create_time: Some(timestamp(word.created)) }
    }
}

impl From<DictionaryCandidate> for proto::DictionaryCandidate {
    fn from(candidate: DictionaryCandidate) -> Self {
        Self {
            name: candidate_name(&candidate.tenant, candidate.id),
            agent_count: int32(candidate.agents),
            ignored_count: int32(candidate.ignored),
            added_count: int32(candidate.added),
            create_time: Some(timestamp(candidate.created)),
            update_time: Some(timestamp(candidate.reported)),
            expire_time: Some(timestamp(candidate.expires())),
            text: candidate.text,
            language_code: candidate.language,
        }
    }
}

impl From<AuditEntry> for proto::AuditEntry {
    fn from(entry: AuditEntry) -> Self {
        let action = match entry.change.action {
            AuditAction::Create => proto::AuditAction::Create,
            AuditAction::Update => proto::AuditAction::Update,
            AuditAction::Delete => proto::AuditAction::Delete,
        };
        Self {
            name: format!("tenants/{}/auditEntries/{}", entry.tenant, entry.id),
            time: Some(timestamp(entry.by.time)),
            actor: entry.by.actor,
            request_id: entry.by.request_id,
            resource: entry.change.resource,
            action: action.into(),
            field: entry.change.field,
            old_value: entry.change.old,
            new_value: entry.change.new,
        }
    }
}

/// The rules keep numbers far below the limit of int32.
fn int32(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn timestamp(time: SystemTime) -> prost_types::Timestamp {
    time.into()
}
