//! `SettingsService`: thin handlers. Each reads the names, asks whether the caller may, and only then asks the store, so that
//! no answer depends on whether something exists that is not the caller's to know of.

mod convert;

use std::{sync::Arc, time::SystemTime};

use tonic::{Request, Response, Status};

use super::{
    layers::CallTime,
    proto::{
        self as wire,
        settings_service_server::{SettingsService, SettingsServiceServer},
    },
    status::{CallError, RequestRule, Violation},
};
use crate::{
    auth::{AccessTarget, Caller, Denied, Method, Role, authorize, permissions::may_call},
    settings::{AgentId, AuditContext, DictionaryOwner, SettingsStore, StoreError, TenantId, audit::AuditScope, name},
    telemetry::RequestId,
};
use convert::{parse_name, parse_page};

/// A message may hold ten thousand words of 64 characters of four bytes.
pub(crate) const MESSAGE_BYTES: usize = 4 << 20;

/// The handlers.
pub(crate) struct SettingsHandlers {
    store: Arc<dyn SettingsStore>,
}

impl SettingsHandlers {
    /// Over a store.
    #[must_use]
    pub(crate) const fn new(store: Arc<dyn SettingsStore>) -> Self {
        Self { store }
    }

    /// The service.
    #[must_use]
    pub(crate) fn service(self) -> SettingsServiceServer<Self> {
        SettingsServiceServer::new(self).max_decoding_message_size(MESSAGE_BYTES)
    }
}

/// Who calls what.
struct SettingsCall {
    caller: Caller,
    method: Method,
    request_id: String,
    now: SystemTime,
}

impl SettingsCall {
    /// The call and its message, if the caller may call the method at all.
    fn from_request<M>(request: Request<M>, method: Method) -> Result<(Self, M), CallError> {
        let (_, extensions, message) = request.into_parts();
        let caller = extensions.get::<Caller>().cloned().unwrap_or_default();
        if !may_call(&caller, method) {
            return Err(if caller.is_anonymous() { CallError::Unauthenticated } else { CallError::Forbidden });
        }
        let request_id = extensions.get::<RequestId>().map(ToString::to_string).unwrap_or_default();
        let now = CallTime::of(&extensions).now;
        Ok((Self { caller, method, request_id, now }, message))
    }

    /// Whether the caller may call it for this target, which goes by `resource` in an answer.
    fn authorize(&self, target: AccessTarget<'_>, resource: &str) -> Result<(), CallError> {
        authorize(&self.caller, self.method, target).map_err(|denied| match denied {
            Denied::Hidden => settings_error(resource, StoreError::NotFound),
            Denied::Unauthenticated | Denied::Forbidden => denied.into(),
        })
    }

    fn authorize_tenant(&self, tenant: &TenantId) -> Result<(), CallError> {
        self.authorize(AccessTarget::Tenant(tenant), &format!("tenants/{tenant}"))
    }

    fn authorize_agent(&self, tenant: &TenantId, agent: &AgentId) -> Result<(), CallError> {
        self.authorize(AccessTarget::Agent(tenant, agent), &format!("tenants/{tenant}/agents/{agent}"))
    }

    fn authorize_owner(&self, owner: &DictionaryOwner) -> Result<(), CallError> {
        self.authorize(AccessTarget::new(&owner.tenant, owner.agent.as_ref()), &owner.to_string())
    }

    /// The log of a tenant that is gone stays with the operator, also when another tenant has its id.
    const fn audit_scope(&self) -> AuditScope {
        if self.caller.roles.contains(Role::Operator) { AuditScope::Id } else { AuditScope::Tenant }
    }

    fn audit_context(&self) -> AuditContext {
        AuditContext { actor: self.caller.subject.clone(), request_id: self.request_id.clone(), time: self.now }
    }
}

fn settings_error(resource: &str, error: StoreError) -> CallError {
    CallError::Settings { resource: resource.to_owned(), error }
}

/// What the store says, about a resource.
fn map_store_error<T>(resource: &str, answer: Result<T, StoreError>) -> Result<T, CallError> {
    answer.map_err(|error| settings_error(resource, error))
}

fn require_found<T>(resource: &str, answer: Result<Option<T>, StoreError>) -> Result<T, CallError> {
    map_store_error(resource, answer)?.ok_or_else(|| settings_error(resource, StoreError::NotFound))
}

fn require_field<T>(field: &'static str, resource: Option<T>) -> Result<T, Violation> {
    resource.ok_or_else(|| Violation::new(field, RequestRule::Missing(field)))
}

type RpcResult<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl SettingsService for SettingsHandlers {
    async fn get_tenant(&self, request: Request<wire::GetTenantRequest>) -> RpcResult<wire::Tenant> {
        let (call, message) = SettingsCall::from_request(request, Method::GetTenant)?;
        let id = parse_name("name", &message.name, name::parse_tenant)?;
        call.authorize_tenant(&id)?;
        Ok(Response::new(require_found(&message.name, self.store.get_tenant(&id).await)?.into()))
    }

    async fn list_tenants(&self, request: Request<wire::ListTenantsRequest>) -> RpcResult<wire::ListTenantsResponse> {
        let (call, message) = SettingsCall::from_request(request, Method::ListTenants)?;
        call.authorize(AccessTarget::AllTenants, "tenants")?;
        let page = parse_page(message.page_size, &message.page_token, "tenants")?;
        let paged = map_store_error("tenants", self.store.list_tenants(&page).await)?;
        let next_page_token = paged.next_page_token("tenants");
        let tenants = paged.items.into_iter().map(Into::into).collect();
        Ok(Response::new(wire::ListTenantsResponse { tenants, next_page_token }))
    }

    async fn create_tenant(&self, request: Request<wire::CreateTenantRequest>) -> RpcResult<wire::Tenant> {
        let (call, message) = SettingsCall::from_request(request, Method::CreateTenant)?;
        let id = convert::parse_tenant_id("tenant_id", &message.tenant_id)?;
        call.authorize_tenant(&id)?;
        let fields = convert::tenant_fields(&id, &message.tenant.unwrap_or_default())?;
        let name = format!("tenants/{id}");
        Ok(Response::new(
            map_store_error(&name, self.store.create_tenant(&id, &fields, &call.audit_context()).await)?.into(),
        ))
    }

    async fn update_tenant(&self, request: Request<wire::UpdateTenantRequest>) -> RpcResult<wire::Tenant> {
        let (call, message) = SettingsCall::from_request(request, Method::UpdateTenant)?;
        let tenant = require_field("tenant", message.tenant)?;
        let id = parse_name("tenant.name", &tenant.name, name::parse_tenant)?;
        call.authorize_tenant(&id)?;
        let change = convert::tenant_change(&call.caller, &id, &tenant, message.update_mask)?;
        let answer = self.store.update_tenant(&id, &change, &tenant.etag, &call.audit_context()).await;
        Ok(Response::new(map_store_error(&tenant.name, answer)?.into()))
    }

    async fn delete_tenant(&self, request: Request<wire::DeleteTenantRequest>) -> RpcResult<()> {
        let (call, message) = SettingsCall::from_request(request, Method::DeleteTenant)?;
        let id = parse_name("name", &message.name, name::parse_tenant)?;
        call.authorize_tenant(&id)?;
        map_store_error(&message.name, self.store.delete_tenant(&id, &message.etag, &call.audit_context()).await)?;
        Ok(Response::new(()))
    }

    async fn get_agent(&self, request: Request<wire::GetAgentRequest>) -> RpcResult<wire::Agent> {
        let (call, message) = SettingsCall::from_request(request, Method::GetAgent)?;
        let (tenant, id) = parse_name("name", &message.name, name::parse_agent)?;
        call.authorize_agent(&tenant, &id)?;
        Ok(Response::new(require_found(&message.name, self.store.get_agent(&tenant, &id).await)?.into()))
    }

    async fn list_agents(&self, request: Request<wire::ListAgentsRequest>) -> RpcResult<wire::ListAgentsResponse> {
        let (call, message) = SettingsCall::from_request(request, Method::ListAgents)?;
        let tenant = parse_name("parent", &message.parent, name::parse_tenant)?;
        call.authorize_tenant(&tenant)?;
        let list = format!("{}/agents", message.parent);
        let page = parse_page(message.page_size, &message.page_token, &list)?;
        let paged = map_store_error(&message.parent, self.store.list_agents(&tenant, &page).await)?;
        let next_page_token = paged.next_page_token(&list);
        let agents = paged.items.into_iter().map(Into::into).collect();
        Ok(Response::new(wire::ListAgentsResponse { agents, next_page_token }))
    }

    async fn create_agent(&self, request: Request<wire::CreateAgentRequest>) -> RpcResult<wire::Agent> {
        let (call, message) = SettingsCall::from_request(request, Method::CreateAgent)?;
        let tenant = parse_name("parent", &message.parent, name::parse_tenant)?;
        let id = convert::parse_agent_id("agent_id", &message.agent_id)?;
        call.authorize_agent(&tenant, &id)?;
        let fields = convert::agent_fields(&tenant, &message.agent.unwrap_or_default())?;
        let name = format!("tenants/{tenant}/agents/{id}");
        let answer = self.store.create_agent(&tenant, &id, &fields, &call.audit_context()).await;
        // A missing tenant is not a missing agent.
        let about = if answer == Err(StoreError::NotFound) { &message.parent } else { &name };
        Ok(Response::new(map_store_error(about, answer)?.into()))
    }

    async fn update_agent(&self, request: Request<wire::UpdateAgentRequest>) -> RpcResult<wire::Agent> {
        let (call, message) = SettingsCall::from_request(request, Method::UpdateAgent)?;
        let agent = require_field("agent", message.agent)?;
        let (tenant, id) = parse_name("agent.name", &agent.name, name::parse_agent)?;
        call.authorize_agent(&tenant, &id)?;
        let change = convert::agent_change(&call.caller, (&tenant, &id), &agent, message.update_mask)?;
        let answer = self.store.update_agent(&tenant, &id, &change, &agent.etag, &call.audit_context()).await;
        Ok(Response::new(map_store_error(&agent.name, answer)?.into()))
    }

    async fn delete_agent(&self, request: Request<wire::DeleteAgentRequest>) -> RpcResult<()> {
        let (call, message) = SettingsCall::from_request(request, Method::DeleteAgent)?;
        let (tenant, id) = parse_name("name", &message.name, name::parse_agent)?;
        call.authorize_agent(&tenant, &id)?;
        map_store_error(
            &message.name,
            self.store.delete_agent(&tenant, &id, &message.etag, &call.audit_context()).await,
        )?;
        Ok(Response::new(()))
    }

    async fn list_dictionary_words(
        &self,
        request: Request<wire::ListDictionaryWordsRequest>,
    ) -> RpcResult<wire::ListDictionaryWordsResponse> {
        let (call, message) = SettingsCall::from_request(request, Method::ListDictionaryWords)?;
        let owner = parse_name("parent", &message.parent, name::parse_owner)?;
        call.authorize_owner(&owner)?;
        let list = format!("{}/dictionaryWords", message.parent);
        let page = parse_page(message.page_size, &message.page_token, &list)?;
        let paged = map_store_error(&message.parent, self.store.list_words(&owner, &page).await)?;
        let next_page_token = paged.next_page_token(&list);
        let dictionary_words = paged.items.into_iter().map(Into::into).collect();
        Ok(Response::new(wire::ListDictionaryWordsResponse { dictionary_words, next_page_token }))
    }

    async fn create_dictionary_word(
        &self,
        request: Request<wire::CreateDictionaryWordRequest>,
    ) -> RpcResult<wire::DictionaryWord> {
        let (call, message) = SettingsCall::from_request(request, Method::CreateDictionaryWord)?;
        let owner = parse_name("parent", &message.parent, name::parse_owner)?;
        call.authorize_owner(&owner)?;
        let text = message.dictionary_word.unwrap_or_default().text;
        let text = convert::parse_word("dictionary_word.text", &text)?;
        let answer = self.store.create_word(&owner, &text, &call.audit_context()).await;
        Ok(Response::new(map_store_error(&message.parent, answer)?.into()))
    }

    async fn batch_create_dictionary_words(
        &self,
        request: Request<wire::BatchCreateDictionaryWordsRequest>,
    ) -> RpcResult<wire::BatchCreateDictionaryWordsResponse> {
        let (call, message) = SettingsCall::from_request(request, Method::BatchCreateDictionaryWords)?;
        let owner = parse_name("parent", &message.parent, name::parse_owner)?;
        call.authorize_owner(&owner)?;
        map_store_error(&message.parent, self.store.check_line(&owner))?;
        let texts = convert::parse_words(&message.texts)?;
        let words =
            map_store_error(&message.parent, self.store.create_words(&owner, &texts, &call.audit_context()).await)?;
        let dictionary_words = words.into_iter().map(Into::into).collect();
        Ok(Response::new(wire::BatchCreateDictionaryWordsResponse { dictionary_words }))
    }

    async fn delete_dictionary_word(&self, request: Request<wire::DeleteDictionaryWordRequest>) -> RpcResult<()> {
        let (call, message) = SettingsCall::from_request(request, Method::DeleteDictionaryWord)?;
        let (owner, id) = parse_name("name", &message.name, name::parse_word)?;
        call.authorize(AccessTarget::new(&owner.tenant, owner.agent.as_ref()), &message.name)?;
        map_store_error(&message.name, self.store.delete_word(&owner, id, &call.audit_context()).await)?;
        Ok(Response::new(()))
    }

    async fn list_dictionary_candidates(
        &self,
        request: Request<wire::ListDictionaryCandidatesRequest>,
    ) -> RpcResult<wire::ListDictionaryCandidatesResponse> {
        let (call, message) = SettingsCall::from_request(request, Method::ListDictionaryCandidates)?;
        let tenant = parse_name("parent", &message.parent, name::parse_tenant)?;
        call.authorize_tenant(&tenant)?;
        let list = format!("{}/dictionaryCandidates", message.parent);
        let page = parse_page(message.page_size, &message.page_token, &list)?;
        let min_agents = convert::parse_min_agents(message.min_agents)?;
        let answer = self.store.list_candidates(&tenant, min_agents, call.now, &page).await;
        let paged = map_store_error(&message.parent, answer)?;
        let next_page_token = paged.next_page_token(&list);
        let dictionary_candidates = paged.items.into_iter().map(Into::into).collect();
        Ok(Response::new(wire::ListDictionaryCandidatesResponse { dictionary_candidates, next_page_token }))
    }

    async fn accept_dictionary_candidate(
        &self,
        request: Request<wire::AcceptDictionaryCandidateRequest>,
    ) -> RpcResult<wire::DictionaryWord> {
        let (call, message) = SettingsCall::from_request(request, Method::AcceptDictionaryCandidate)?;
        let (tenant, id) = parse_name("name", &message.name, name::parse_candidate)?;
        call.authorize(AccessTarget::Tenant(&tenant), &message.name)?;
        let answer = self.store.accept_candidate(&tenant, id, &call.audit_context()).await;
        Ok(Response::new(map_store_error(&message.name, answer)?.into()))
    }

    async fn dismiss_dictionary_candidate(
        &self,
        request: Request<wire::DismissDictionaryCandidateRequest>,
    ) -> RpcResult<()> {
        let (call, message) = SettingsCall::from_request(request, Method::DismissDictionaryCandidate)?;
        let (tenant, id) = parse_name("name", &message.name, name::parse_candidate)?;
        call.authorize(AccessTarget::Tenant(&tenant), &message.name)?;
        map_store_error(&message.name, self.store.dismiss_candidate(&tenant, id, &call.audit_context()).await)?;
        Ok(Response::new(()))
    }

    async fn list_audit_entries(
        &self,
        request: Request<wire::ListAuditEntriesRequest>,
    ) -> RpcResult<wire::ListAuditEntriesResponse> {
        let (call, message) = SettingsCall::from_request(request, Method::ListAuditEntries)?;
        let tenant = parse_name("parent", &message.parent, name::parse_tenant)?;
        call.authorize_tenant(&tenant)?;
        let list = format!("{}/auditEntries", message.parent);
        let page = parse_page(message.page_size, &message.page_token, &list)?;
        let scope = call.audit_scope();
        let paged = map_store_error(&message.parent, self.store.list_audit_entries(&tenant, scope, &page).await)?;
        let next_page_token = paged.next_page_token(&list);
        let audit_entries = paged.items.into_iter().map(Into::into).collect();
        Ok(Response::new(wire::ListAuditEntriesResponse { audit_entries, next_page_token }))
    }
}
