//! `SettingsService`: thin handlers. Each reads the names, asks whether the caller may, and only then asks the store, so that
//! no answer depends on whether something exists that is not the caller's to know of.

mod convert;

use std::{sync::Arc, time::SystemTime};

use tonic::{Request, Response, Status};

use super::{
    proto::{
        self as wire,
        settings_service_server::{SettingsService, SettingsServiceServer},
    },
    status::{CallError, Rule, Violation},
};
use crate::{
    auth::{Caller, Denied, Method, Target, authorize, permissions::may_call},
    settings::{AgentId, By, Owner, Store, StoreError, TenantId, name},
    telemetry::RequestId,
};
use convert::{named, page_of};

/// A message may hold ten thousand words of 64 characters of four bytes.
const MESSAGE_BYTES: usize = 4 << 20;

/// The handlers.
pub struct SettingsHandlers {
    store: Arc<dyn Store>,
}

impl SettingsHandlers {
    /// Over a store.
    #[must_use]
    pub const fn new(store: Arc<dyn Store>) -> Self {
        Self { store }
    }

    /// The service.
    #[must_use]
    pub fn service(self) -> SettingsServiceServer<Self> {
        SettingsServiceServer::new(self).max_decoding_message_size(MESSAGE_BYTES)
    }
}

/// Who calls what.
struct Call {
    caller: Caller,
    method: Method,
    request_id: String,
}

impl Call {
    /// The call and its message, if the caller may call the method at all.
    fn enter<M>(request: Request<M>, method: Method) -> Result<(Self, M), CallError> {
        let (_, extensions, message) = request.into_parts();
        let caller = extensions.get::<Caller>().cloned().unwrap_or_default();
        if !may_call(&caller, method) {
            return Err(if caller.is_anonymous() { CallError::Unauthenticated } else { CallError::Forbidden });
        }
        let request_id = extensions.get::<RequestId>().map(ToString::to_string).unwrap_or_default();
        Ok((Self { caller, method, request_id }, message))
    }

    /// Whether the caller may call it for this target, which goes by `resource` in an answer.
    fn may(&self, target: Target<'_>, resource: &str) -> Result<(), CallError> {
        authorize(&self.caller, self.method, target).map_err(|denied| match denied {
            Denied::Hidden => settings_error(resource, StoreError::NotFound),
            Denied::Unauthenticated | Denied::Forbidden => denied.into(),
        })
    }

    fn may_tenant(&self, tenant: &TenantId) -> Result<(), CallError> {
        self.may(Target::Tenant(tenant), &format!("tenants/{tenant}"))
    }

    fn may_agent(&self, tenant: &TenantId, agent: &AgentId) -> Result<(), CallError> {
        self.may(Target::Agent(tenant, agent), &format!("tenants/{tenant}/agents/{agent}"))
    }

    fn may_owner(&self, owner: &Owner) -> Result<(), CallError> {
        self.may(Target::of(&owner.tenant, owner.agent.as_ref()), &owner.to_string())
    }

    fn by(&self) -> By {
        By { actor: self.caller.subject.clone(), request_id: self.request_id.clone(), time: SystemTime::now() }
    }
}

fn settings_error(resource: &str, error: StoreError) -> CallError {
    CallError::Settings { resource: resource.to_owned(), error }
}

/// What the store says, about a resource.
fn of<T>(resource: &str, answer: Result<T, StoreError>) -> Result<T, CallError> {
    answer.map_err(|error| settings_error(resource, error))
}

fn found<T>(resource: &str, answer: Result<Option<T>, StoreError>) -> Result<T, CallError> {
    of(resource, answer)?.ok_or_else(|| settings_error(resource, StoreError::NotFound))
}

fn sent<T>(field: &'static str, resource: Option<T>) -> Result<T, Violation> {
    resource.ok_or_else(|| Violation::of(field, Rule::Missing(field)))
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl SettingsService for SettingsHandlers {
    async fn get_tenant(&self, request: Request<wire::GetTenantRequest>) -> Answer<wire::Tenant> {
        let (call, message) = Call::enter(request, Method::GetTenant)?;
        let id = named("name", &message.name, name::parse_tenant)?;
        call.may_tenant(&id)?;
        Ok(Response::new(found(&message.name, self.store.tenant(&id).await)?.into()))
    }

    async fn list_tenants(&self, request: Request<wire::ListTenantsRequest>) -> Answer<wire::ListTenantsResponse> {
        let (call, message) = Call::enter(request, Method::ListTenants)?;
        call.may(Target::AllTenants, "tenants")?;
        let page = page_of(message.page_size, &message.page_token, "tenants")?;
        let paged = of("tenants", self.store.tenants(&page).await)?;
        let next_page_token = paged.token("tenants");
        let tenants = paged.items.into_iter().map(Into::into).collect();
        Ok(Response::new(wire::ListTenantsResponse { tenants, next_page_token }))
    }

    async fn create_tenant(&self, request: Request<wire::CreateTenantRequest>) -> Answer<wire::Tenant> {
        let (call, message) = Call::enter(request, Method::CreateTenant)?;
        let id = convert::tenant_id("tenant_id", &message.tenant_id)?;
        call.may_tenant(&id)?;
        let fields = convert::tenant_fields(&id, &message.tenant.unwrap_or_default())?;
        let name = format!("tenants/{id}");
        Ok(Response::new(of(&name, self.store.create_tenant(&id, &fields, &call.by()).await)?.into()))
    }

    async fn update_tenant(&self, request: Request<wire::UpdateTenantRequest>) -> Answer<wire::Tenant> {
        let (call, message) = Call::enter(request, Method::UpdateTenant)?;
        let tenant = sent("tenant", message.tenant)?;
        let id = named("tenant.name", &tenant.name, name::parse_tenant)?;
        call.may_tenant(&id)?;
        let change = convert::tenant_change(&call.caller, &id, &tenant, message.update_mask)?;
        let answer = self.store.update_tenant(&id, &change, &tenant.etag, &call.by()).await;
        Ok(Response::new(of(&tenant.name, answer)?.into()))
    }

    async fn delete_tenant(&self, request: Request<wire::DeleteTenantRequest>) -> Answer<()> {
        let (call, message) = Call::enter(request, Method::DeleteTenant)?;
        let id = named("name", &message.name, name::parse_tenant)?;
        call.may_tenant(&id)?;
        of(&message.name, self.store.delete_tenant(&id, &message.etag, &call.by()).await)?;
        Ok(Response::new(()))
    }

    async fn get_agent(&self, request: Request<wire::GetAgentRequest>) -> Answer<wire::Agent> {
        let (call, message) = Call::enter(request, Method::GetAgent)?;
        let (tenant, id) = named("name", &message.name, name::parse_agent)?;
        call.may_agent(&tenant, &id)?;
        Ok(Response::new(found(&message.name, self.store.agent(&tenant, &id).await)?.into()))
    }

    async fn list_agents(&self, request: Request<wire::ListAgentsRequest>) -> Answer<wire::ListAgentsResponse> {
        let (call, message) = Call::enter(request, Method::ListAgents)?;
        let tenant = named("parent", &message.parent, name::parse_tenant)?;
        call.may_tenant(&tenant)?;
        let list = format!("{}/agents", message.parent);
        let page = page_of(message.page_size, &message.page_token, &list)?;
        let paged = of(&message.parent, self.store.agents(&tenant, &page).await)?;
        let next_page_token = paged.token(&list);
        let agents = paged.items.into_iter().map(Into::into).collect();
        Ok(Response::new(wire::ListAgentsResponse { agents, next_page_token }))
    }

    async fn create_agent(&self, request: Request<wire::CreateAgentRequest>) -> Answer<wire::Agent> {
        let (call, message) = Call::enter(request, Method::CreateAgent)?;
        let tenant = named("parent", &message.parent, name::parse_tenant)?;
        let id = convert::agent_id("agent_id", &message.agent_id)?;
        call.may_agent(&tenant, &id)?;
        let fields = convert::agent_fields(&message.agent.unwrap_or_default())?;
        let name = format!("tenants/{tenant}/agents/{id}");
        let answer = self.store.create_agent(&tenant, &id, &fields, &call.by()).await;
        // A missing tenant is not a missing agent.
        let about = if answer == Err(StoreError::NotFound) { &message.parent } else { &name };
        Ok(Response::new(of(about, answer)?.into()))
    }

    async fn update_agent(&self, request: Request<wire::UpdateAgentRequest>) -> Answer<wire::Agent> {
        let (call, message) = Call::enter(request, Method::UpdateAgent)?;
        let agent = sent("agent", message.agent)?;
        let (tenant, id) = named("agent.name", &agent.name, name::parse_agent)?;
        call.may_agent(&tenant, &id)?;
        let change = convert::agent_change(&call.caller, Target::Agent(&tenant, &id), &agent, message.update_mask)?;
        let answer = self.store.update_agent(&tenant, &id, &change, &agent.etag, &call.by()).await;
        Ok(Response::new(of(&agent.name, answer)?.into()))
    }

    async fn delete_agent(&self, request: Request<wire::DeleteAgentRequest>) -> Answer<()> {
        let (call, message) = Call::enter(request, Method::DeleteAgent)?;
        let (tenant, id) = named("name", &message.name, name::parse_agent)?;
        call.may_agent(&tenant, &id)?;
        of(&message.name, self.store.delete_agent(&tenant, &id, &message.etag, &call.by()).await)?;
        Ok(Response::new(()))
    }

    async fn list_dictionary_words(
        &self,
        request: Request<wire::ListDictionaryWordsRequest>,
    ) -> Answer<wire::ListDictionaryWordsResponse> {
        let (call, message) = Call::enter(request, Method::ListDictionaryWords)?;
        let owner = named("parent", &message.parent, name::parse_owner)?;
        call.may_owner(&owner)?;
        let list = format!("{}/dictionaryWords", message.parent);
        let page = page_of(message.page_size, &message.page_token, &list)?;
        let paged = of(&message.parent, self.store.words(&owner, &page).await)?;
        let next_page_token = paged.token(&list);
        let dictionary_words = paged.items.into_iter().map(Into::into).collect();
        Ok(Response::new(wire::ListDictionaryWordsResponse { dictionary_words, next_page_token }))
    }

    async fn create_dictionary_word(
        &self,
        request: Request<wire::CreateDictionaryWordRequest>,
    ) -> Answer<wire::DictionaryWord> {
        let (call, message) = Call::enter(request, Method::CreateDictionaryWord)?;
        let owner = named("parent", &message.parent, name::parse_owner)?;
        call.may_owner(&owner)?;
        let text = message.dictionary_word.unwrap_or_default().text;
        let text = convert::word_of("dictionary_word.text", &text)?;
        let answer = self.store.create_word(&owner, &text, &call.by()).await;
        Ok(Response::new(of(&message.parent, answer)?.into()))
    }

    async fn batch_create_dictionary_words(
        &self,
        request: Request<wire::BatchCreateDictionaryWordsRequest>,
    ) -> Answer<wire::BatchCreateDictionaryWordsResponse> {
        let (call, message) = Call::enter(request, Method::BatchCreateDictionaryWords)?;
        let owner = named("parent", &message.parent, name::parse_owner)?;
        call.may_owner(&owner)?;
        let texts = convert::words_of(&message.texts)?;
        let words = of(&message.parent, self.store.add_words(&owner, &texts, &call.by()).await)?;
        let dictionary_words = words.into_iter().map(Into::into).collect();
        Ok(Response::new(wire::BatchCreateDictionaryWordsResponse { dictionary_words }))
    }

    async fn delete_dictionary_word(&self, request: Request<wire::DeleteDictionaryWordRequest>) -> Answer<()> {
        let (call, message) = Call::enter(request, Method::DeleteDictionaryWord)?;
        let (owner, id) = named("name", &message.name, name::parse_word)?;
        call.may(Target::of(&owner.tenant, owner.agent.as_ref()), &message.name)?;
        of(&message.name, self.store.delete_word(&owner, id, &call.by()).await)?;
        Ok(Response::new(()))
    }

    async fn list_audit_entries(
        &self,
        request: Request<wire::ListAuditEntriesRequest>,
    ) -> Answer<wire::ListAuditEntriesResponse> {
        let (call, message) = Call::enter(request, Method::ListAuditEntries)?;
        let tenant = named("parent", &message.parent, name::parse_tenant)?;
        call.may_tenant(&tenant)?;
        let list = format!("{}/auditEntries", message.parent);
        let page = page_of(message.page_size, &message.page_token, &list)?;
        let paged = of(&message.parent, self.store.audit_entries(&tenant, &page).await)?;
        let next_page_token = paged.token(&list);
        let audit_entries = paged.items.into_iter().map(Into::into).collect();
        Ok(Response::new(wire::ListAuditEntriesResponse { audit_entries, next_page_token }))
    }
}
