//! Servers with settings, and clients of theirs.

use std::{sync::Arc, time::Duration};

use tokio::{net::TcpListener, task::JoinHandle};
use tonic::{Request, Status, transport::Channel};
use vermilion::{
    auth::Authenticator,
    config::Config,
    settings::{Cache, SettingsStore},
    transport::{
        proto::{
            Agent, CheckSpellingRequest, Document, GetPolishingAvailabilityRequest, UpdateAgentRequest,
            polishing_service_client::PolishingServiceClient, settings_service_client::SettingsServiceClient,
            spelling_service_client::SpellingServiceClient,
        },
        server::GrpcServer,
    },
};

use crate::support::{serving::connect, spelling::speller};

/// A server over a store, with a cache that may follow the store's news.
pub(crate) struct Replica {
    channel: Channel,
    tasks: Vec<JoinHandle<()>>,
}

impl Replica {
    pub(crate) async fn start(store: Arc<dyn SettingsStore>, ttl: Duration, follows: bool) -> Self {
        let cache = Arc::new(Cache::new(store, ttl));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = GrpcServer::new(Config::parse("", &[]).unwrap().server, speller())
            .with_authenticator(Arc::new(Authenticator::development()))
            .with_settings(cache.clone(), ttl)
            .with_store(cache.clone());
        let serving = tokio::spawn(async move {
            server.run(listener, std::future::pending()).await.unwrap();
        });
        let mut tasks = vec![serving];
        if follows {
            tasks.push(tokio::spawn(async move { cache.follow().await }));
        }
        Self { channel: connect(address).await, tasks }
    }

    /// Whether all conditions of polishing are met for the agent. (A model is none of them, and there is none here.)
    pub(crate) async fn available(&self, tenant: &str, agent: &str) -> Result<bool, Status> {
        let asked = called(tenant, agent, "agent", GetPolishingAvailabilityRequest::default());
        let mut client = PolishingServiceClient::new(self.channel.clone());
        let answer = client.get_polishing_availability(asked).await?.into_inner();
        assert_eq!(answer.conditions.len(), 4);
        Ok(answer.conditions.iter().all(|condition| condition.met))
    }

    /// The words that are marked in a text.
    pub(crate) async fn marked(&self, tenant: &str, agent: &str, text: &str) -> Result<Vec<String>, Status> {
        let document = Some(Document { content: text.to_owned(), ..Document::default() });
        let asked = called(tenant, agent, "agent", CheckSpellingRequest { document, ..Default::default() });
        let answer = SpellingServiceClient::new(self.channel.clone()).check_spelling(asked).await?.into_inner();
        Ok(answer.misspellings.into_iter().map(|misspelling| misspelling.text).collect())
    }

    /// Turns the agent's Reply polishing on or off.
    pub(crate) async fn turn(&self, tenant: &str, agent: &str, on: bool) -> Result<Agent, Status> {
        let name = format!("tenants/{tenant}/agents/{agent}");
        let message = UpdateAgentRequest {
            agent: Some(Agent { name, reply_polishing: on, ..Agent::default() }),
            update_mask: Some(prost_types::FieldMask { paths: vec!["reply_polishing".to_owned()] }),
        };
        let asked = called(tenant, "", "tenant_admin", message);
        Ok(SettingsServiceClient::new(self.channel.clone()).update_agent(asked).await?.into_inner())
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// A call by someone in development mode.
pub(crate) fn called<M>(tenant: &str, agent: &str, role: &str, message: M) -> Request<M> {
    let mut request = Request::new(message);
    for (header, value) in [("x-tenant-id", tenant), ("x-agent-id", agent), ("x-roles", role)] {
        if !value.is_empty() {
            request.metadata_mut().insert(header, value.parse().unwrap());
        }
    }
    request
}
