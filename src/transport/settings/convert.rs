//! Settings between the wire and the domain: `TryFrom` in, `From` out. The only file that knows both.

use std::time::SystemTime;

use crate::{
    auth::{AccessTarget, Caller, Resource, UpdateField, authorize_change},
    settings::{
        Agent, AgentId, AgentType, DictionaryOwner, DictionaryWord, PageRequest, Tenant, TenantId,
        audit::{AuditAction, AuditEntry},
        name::{self, InvalidName},
        page, rules,
        store::{AgentFields, AgentUpdate, TenantFields, TenantUpdate},
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

/// A new tenant's fields; limits that are 0 take their defaults.
pub(super) fn tenant_fields(id: &TenantId, tenant: &proto::Tenant) -> Result<TenantFields, Violation> {
    let defaults = TenantFields::default();
    let or = |value, default| if value == 0 { i64::from(default) } else { i64::from(value) };
    let (conversation, daily, all) = (
        or(tenant.conversation_polish_limit, defaults.conversation_polish_limit),
        or(tenant.agent_daily_polish_limit, defaults.agent_daily_polish_limit),
        or(tenant.tenant_daily_polish_limit, defaults.tenant_daily_polish_limit),
    );
    Ok(TenantFields {
        refine_response_enabled: tenant.refine_response_enabled,
        administrator_agent: parse_administrator(id, &tenant.administrator_agent)?,
        intelligent_agent_limit: parse_limit(
            UpdateField::IntelligentAgentLimit,
            tenant.intelligent_agent_limit.into(),
            rules::LARGE_LIMIT,
        )?,
        language_code: parse_language(&tenant.language_code)?,
        conversation_polish_limit: parse_limit(
            UpdateField::ConversationPolishLimit,
            conversation,
            rules::CONVERSATION_LIMIT,
        )?,
        agent_daily_polish_limit: parse_limit(UpdateField::AgentDailyPolishLimit, daily, rules::LARGE_LIMIT)?,
        tenant_daily_polish_limit: parse_limit(UpdateField::TenantDailyPolishLimit, all, rules::LARGE_LIMIT)?,
    })
}

/// The changes of the fields in the mask, each of which must be the caller's to change.
pub(super) fn tenant_change(
    caller: &Caller,
    id: &TenantId,
    tenant: &proto::Tenant,
    mask: Option<prost_types::FieldMask>,
) -> Result<TenantUpdate, CallError> {
    let mut change = TenantUpdate::default();
    for field in masked_fields(caller, Resource::Tenant, AccessTarget::Tenant(id), mask)? {
        match field {
            UpdateField::RefineResponseEnabled => change.refine_response_enabled = Some(tenant.refine_response_enabled),
            UpdateField::AdministratorAgent => {
                change.administrator_agent = Some(parse_administrator(id, &tenant.administrator_agent)?);
            }
            UpdateField::IntelligentAgentLimit => {
                let value = tenant.intelligent_agent_limit.into();
                change.intelligent_agent_limit = Some(parse_limit(field, value, rules::LARGE_LIMIT)?);
            }
            UpdateField::LanguageCode => change.language_code = Some(parse_language(&tenant.language_code)?),
            UpdateField::ConversationPolishLimit => {
                let value = tenant.conversation_polish_limit.into();
                change.conversation_polish_limit = Some(parse_limit(field, value, rules::CONVERSATION_LIMIT)?);
            }
            UpdateField::AgentDailyPolishLimit => {
                let value = tenant.agent_daily_polish_limit.into();
                change.agent_daily_polish_limit = Some(parse_limit(field, value, rules::LARGE_LIMIT)?);
            }
            UpdateField::TenantDailyPolishLimit => {
                let value = tenant.tenant_daily_polish_limit.into();
                change.tenant_daily_polish_limit = Some(parse_limit(field, value, rules::LARGE_LIMIT)?);
            }
            // `masked` gives fields of a tenant only.
            UpdateField::Type | UpdateField::IntelligentRecognition | UpdateField::ReplyPolishing => {
                return Err(CallError::Internal);
            }
        }
    }
    Ok(change)
}

/// A new agent's fields.
pub(super) fn agent_fields(agent: &proto::Agent) -> Result<AgentFields, Violation> {
    Ok(AgentFields {
        kind: parse_agent_type(agent.r#type)?,
        intelligent_recognition: agent.intelligent_recognition,
        reply_polishing: agent.reply_polishing,
    })
}

/// As [`tenant_change`].
pub(super) fn agent_change(
    caller: &Caller,
    target: AccessTarget<'_>,
    agent: &proto::Agent,
    mask: Option<prost_types::FieldMask>,
) -> Result<AgentUpdate, CallError> {
    let mut change = AgentUpdate::default();
    for field in masked_fields(caller, Resource::Agent, target, mask)? {
        match field {
            UpdateField::Type => change.kind = Some(parse_agent_type(agent.r#type)?),
            UpdateField::IntelligentRecognition => change.intelligent_recognition = Some(agent.intelligent_recognition),
            UpdateField::ReplyPolishing => change.reply_polishing = Some(agent.reply_polishing),
            // `masked` gives fields of an agent only.
            UpdateField::RefineResponseEnabled
            | UpdateField::AdministratorAgent
            | UpdateField::IntelligentAgentLimit
            | UpdateField::LanguageCode
            | UpdateField::ConversationPolishLimit
            | UpdateField::AgentDailyPolishLimit
            | UpdateField::TenantDailyPolishLimit => return Err(CallError::Internal),
        }
    }
    Ok(change)
}

fn masked_fields(
    caller: &Caller,
    resource: Resource,
    target: AccessTarget<'_>,
    mask: Option<prost_types::FieldMask>,
) -> Result<Vec<UpdateField>, CallError> {
    let known = || {
        let paths = UpdateField::all().filter(|field| field.resource() == resource).map(UpdateField::path);
        paths.collect::<Vec<_>>().join(", ")
    };
    let paths = mask.map(|mask| mask.paths).unwrap_or_default();
    if paths.is_empty() {
        return Err(Violation::new("update_mask", RequestRule::MaskEmpty(known())).into());
    }
    let mut fields = Vec::new();
    for (at, path) in paths.iter().enumerate() {
        let field = UpdateField::at(resource, path).ok_or_else(|| Violation {
            field: format!("update_mask.paths[{at}]"),
            rule: RequestRule::MaskPath(known()),
        })?;
        authorize_change(caller, field, target)
            .map_err(|_| CallError::ForeignField { field: field.path(), owner: field.owner() })?;
        fields.push(field);
    }
    Ok(fields)
}

fn parse_administrator(tenant: &TenantId, sent: &str) -> Result<Option<AgentId>, Violation> {
    if sent.is_empty() {
        return Ok(None);
    }
    let field = "tenant.administrator_agent";
    let (owner, agent) = parse_name(field, sent, name::parse_agent)?;
    if owner == *tenant { Ok(Some(agent)) } else { Err(Violation::new(field, RequestRule::ForeignAgent)) }
}

fn parse_language(tag: &str) -> Result<String, Violation> {
    rules::validate_language_code(tag).map_err(|error| Violation::new("tenant.language_code", error.into()))
}

fn parse_limit(field: UpdateField, value: i64, range: (u32, u32)) -> Result<u32, Violation> {
    rules::validate_range(value, range)
        .map_err(|error| Violation { field: format!("tenant.{}", field.path()), rule: error.into() })
}

fn parse_agent_type(wire: i32) -> Result<AgentType, Violation> {
    use proto::AgentType as Wire;
    match Wire::try_from(wire) {
        Ok(Wire::Audio) => Ok(AgentType::Audio),
        Ok(Wire::Video) => Ok(AgentType::Video),
        Ok(Wire::Multimedia) => Ok(AgentType::Multimedia),
        Ok(Wire::Versatile) => Ok(AgentType::Versatile),
        Ok(Wire::Unspecified) | Err(_) => Err(Violation::new("agent.type", RequestRule::AgentType(wire))),
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
        let administrator =
            tenant.administrator_agent.map(|agent| DictionaryOwner::agent(tenant.id.clone(), agent).to_string());
        Self {
            name: DictionaryOwner::tenant(tenant.id).to_string(),
            etag: tenant.etag,
            refine_response_enabled: tenant.refine_response_enabled,
            administrator_agent: administrator.unwrap_or_default(),
            intelligent_agent_limit: int32(tenant.intelligent_agent_limit),
            intelligent_agent_count: int32(tenant.intelligent_agent_count),
            language_code: tenant.language_code,
            conversation_polish_limit: int32(tenant.conversation_polish_limit),
            agent_daily_polish_limit: int32(tenant.agent_daily_polish_limit),
            tenant_daily_polish_limit: int32(tenant.tenant_daily_polish_limit),
            create_time: Some(timestamp(tenant.created)),
            update_time: Some(timestamp(tenant.updated)),
        }
    }
}

impl From<Agent> for proto::Agent {
    fn from(agent: Agent) -> Self {
        Self {
            name: DictionaryOwner::agent(agent.tenant, agent.id).to_string(),
            etag: agent.etag,
            r#type: proto::AgentType::from(agent.kind).into(),
            intelligent_recognition: agent.intelligent_recognition,
            reply_polishing: agent.reply_polishing,
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
