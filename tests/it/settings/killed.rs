//! The real program, killed while it writes to a file: nothing that was acknowledged is lost, and the file opens.

use std::{
    io::BufRead,
    net::SocketAddr,
    path::Path,
    process::Child,
    sync::{Arc, Mutex},
    time::Duration,
};

use vermilion::{
    settings::{PageRequest, SettingsStore as _, audit::AuditScope},
    storage::{DatabaseStore, SqliteEngine},
    transport::proto::{
        BatchCreateDictionaryWordsRequest, CreateTenantRequest, settings_service_client::SettingsServiceClient,
    },
};

use super::{
    engines::TIMEOUT,
    servers::called,
    serving::{connect, spawn_service},
    support::tenant_owner,
};

/// On a file.
fn start(path: &Path) -> (Child, SocketAddr, impl BufRead) {
    spawn_service(&[("VERMILION_SETTINGS__STORE", &format!("sqlite:{}", path.display()))])
}

#[tokio::test]
async fn nothing_acknowledged_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.db");
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    for round in 0..4 {
        let (mut program, address, _output) = start(&path);
        let client = SettingsServiceClient::new(connect(address).await);
        if round == 0 {
            let asked = CreateTenantRequest { tenant_id: "acme".to_owned(), tenant: None };
            client.clone().create_tenant(called("ops", "", "operator", asked)).await.unwrap();
        }
        let write = |writer: usize| {
            let (mut client, acknowledged) = (client.clone(), Arc::clone(&acknowledged));
            tokio::spawn(async move {
                for n in 0.. {
                    let texts: Vec<_> = (0..3).map(|part| format!("w{round}x{writer}x{n}x{part}")).collect();
                    let parent = "tenants/acme".to_owned();
                    let asked = BatchCreateDictionaryWordsRequest { parent, texts: texts.clone() };
                    let asked = called("acme", "", "tenant_admin", asked);
                    if client.batch_create_dictionary_words(asked).await.is_err() {
                        return;
                    }
                    acknowledged.lock().unwrap().push(texts);
                }
            })
        };
        let writers: Vec<_> = (0..4).map(write).collect();
        tokio::time::sleep(Duration::from_millis(400)).await;
        // SIGKILL.
        program.kill().unwrap();
        program.wait().unwrap();
        for writer in writers {
            writer.await.unwrap();
        }
        let store = DatabaseStore::new(SqliteEngine::open(&path, 1).await.unwrap(), TIMEOUT);
        let snapshot = store.get_snapshot(&tenant_owner("acme").tenant, None, None).await.unwrap().unwrap();
        let words = snapshot.words.unwrap();
        let there: std::collections::HashSet<_> = words.iter().map(String::as_str).collect();
        let acknowledged = acknowledged.lock().unwrap().clone();
        assert!(!acknowledged.is_empty());
        for batch in &acknowledged {
            assert!(batch.iter().all(|text| there.contains(text.as_str())), "{batch:?} is lost");
        }
        // All or none, also of what nobody was told.
        assert_eq!(words.len() % 3, 0);
        let page = store
            .list_audit_entries(&tenant_owner("acme").tenant, AuditScope::Tenant, &PageRequest::first(1000))
            .await
            .unwrap();
        assert!(!page.items.is_empty());
        println!("round {round}: {} words acknowledged, {} there", 3 * acknowledged.len(), words.len());
    }
}
