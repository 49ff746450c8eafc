//! A file of settings that is deleted, moved or replaced under a running service: nothing is written to what nobody can open any more.

use std::{fs, net::SocketAddr, time::Duration};

use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};
use vermilion::{
    settings::{SettingsStore as _, StoreError},
    storage::{DatabaseStore, SqliteEngine},
    transport::proto::{CheckSpellingRequest, spelling_service_client::SpellingServiceClient},
};

use super::{
    engines::TIMEOUT,
    servers::called,
    serving::{Running, connect, spawn_service},
    support::{author_at, create_tenant_with_agents, tenant, tenant_fields, tenant_owner},
};

#[tokio::test]
async fn a_file_that_is_gone_is_neither_read_nor_written_nor_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let [path, aside] = ["settings.db", "aside.db"].map(|name| folder.path().join(name));
    let store = DatabaseStore::new(SqliteEngine::open(&path, 2).await.unwrap(), TIMEOUT);
    create_tenant_with_agents(&store, "acme", 1, &[]).await;
    let unavailable = async || {
        assert_eq!(store.get_tenant(&tenant("acme")).await, Err(StoreError::Unavailable));
        let created = store.create_tenant(&tenant("other"), &tenant_fields(1), &author_at(1)).await;
        assert_eq!(created, Err(StoreError::Unavailable));
    };
    fs::rename(&path, &aside).unwrap();
    unavailable().await;
    assert!(!path.exists(), "an empty one would look like a service without tenants");
    // Another file at its place is not what was opened.
    fs::copy(&aside, &path).unwrap();
    unavailable().await;
    fs::rename(&aside, &path).unwrap();
    store.create_word(&tenant_owner("acme"), "Word", &author_at(2)).await.unwrap();
    fs::remove_file(&path).unwrap();
    unavailable().await;
}

pub(crate) async fn health(address: SocketAddr, service: &str) -> ServingStatus {
    let asked = HealthCheckRequest { service: service.to_owned() };
    HealthClient::new(connect(address).await).check(asked).await.unwrap().into_inner().status()
}

pub(crate) async fn eventually_is(address: SocketAddr, service: &str, status: ServingStatus) {
    for _ in 0..300 {
        if health(address, service).await == status {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{service} is never {status:?}");
}

#[tokio::test]
async fn health_tells_and_spelling_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let [path, aside] = ["settings.db", "aside.db"].map(|name| folder.path().join(name));
    let location = format!("sqlite:{}", path.display());
    let (program, address, _output) = spawn_service(&[("VERMILION_SETTINGS__STORE", &location)]);
    let program = Running(program);
    let [settings, polishing] = ["vermilion.v1.SettingsService", "vermilion.v1.PolishingService"];
    eventually_is(address, settings, ServingStatus::Serving).await;
    fs::rename(&path, &aside).unwrap();
    for closed in [settings, polishing] {
        eventually_is(address, closed, ServingStatus::NotServing).await;
    }
    for open in ["", "vermilion.v1.SpellingService"] {
        assert_eq!(health(address, open).await, ServingStatus::Serving, "{open:?}");
    }
    let asked = CheckSpellingRequest::default();
    let mut client = SpellingServiceClient::new(connect(address).await);
    client.check_spelling(called("acme", "ana", "agent", asked)).await.unwrap();
    fs::rename(&aside, &path).unwrap();
    eventually_is(address, settings, ServingStatus::Serving).await;
    // SIGKILL.
    drop(program);
}
