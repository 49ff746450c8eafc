//! Who am I, and what must I keep to.

use std::{sync::Arc, time::Duration};

use tonic::{Code, Request};
use vermilion::{
    app::demo,
    auth::Authenticator,
    settings::{Cache, SettingsStore, TenantUpdate},
    storage::{DatabaseStore, SqliteEngine},
    transport::proto::{Caller, CallerLimits, GetCallerRequest, Role, caller_service_client::CallerServiceClient},
};

use super::support::{FakeEngine, TestServer};
use crate::settings::support::{author_at, tenant};

async fn ask(server: &TestServer, headers: &[(&'static str, &str)]) -> Result<Caller, tonic::Status> {
    let mut request = Request::new(GetCallerRequest {});
    for (name, value) in headers {
        request.metadata_mut().insert(*name, value.parse().unwrap());
    }
    Ok(CallerServiceClient::new(server.channel().await).get_caller(request).await?.into_inner())
}

#[tokio::test]
async fn a_caller_is_told_what_its_credentials_say() {
    let store: Arc<dyn SettingsStore> =
        Arc::new(DatabaseStore::new(SqliteEngine::in_memory().await.unwrap(), Duration::from_secs(5)));
    demo::seed(store.as_ref()).await.unwrap();
    let change = TenantUpdate { language_code: Some("pt".to_owned()), ..TenantUpdate::default() };
    store.update_tenant(&tenant("demo"), &change, "", &author_at(1)).await.unwrap();
    let cache = Arc::new(Cache::new(store, Duration::from_secs(5)));
    let more = |server: vermilion::transport::server::GrpcServer| {
        server.with_authenticator(Arc::new(Authenticator::development())).with_settings(cache, Duration::ZERO)
    };
    let server = TestServer::start_with_server(Arc::new(FakeEngine::default()), |_| {}, more).await;
    for (headers, tenant, agent, roles, language) in [
        (&[][..], "tenants/demo", "tenants/demo/agents/ana", &[Role::Agent][..], "pt-BR"),
        (&[("x-agent-id", "bruno")], "tenants/demo", "tenants/demo/agents/bruno", &[Role::Agent], "pt-BR"),
        (&[("x-roles", "operator,tenant_admin")], "tenants/demo", "", &[Role::TenantAdmin, Role::Operator], "pt-BR"),
        (&[("x-tenant-id", "nowhere")], "tenants/nowhere", "", &[Role::Service], "en"),
    ] {
        let caller = ask(&server, headers).await.unwrap();
        assert_eq!((caller.tenant.as_str(), caller.agent.as_str()), (tenant, agent));
        assert_eq!(caller.roles().collect::<Vec<_>>(), roles);
        assert_eq!(caller.language_code, language, "{headers:?}");
        let limits = CallerLimits {
            text_bytes: 256 << 10,
            message_bytes: 1 << 20,
            suggestions: 20,
            ignored_words: 100,
            dictionary_word_characters: 64,
            feedbacks: 50,
            draft_bytes: 32 << 10,
            conversation_turns: 20,
            conversation_bytes: 64 << 10,
        };
        assert_eq!(caller.limits, Some(limits));
    }
}

/// Who may only spell without an identity is nobody.
#[tokio::test]
async fn nobody_is_told_so() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |_| {}).await;
    assert_eq!(ask(&server, &[]).await.unwrap_err().code(), Code::Unauthenticated);
}
