//! The real program on a disk without space: what it says meanwhile, and that it goes on by itself when there is some again. Ignored
//! unless there is a small disk: tools/disk-full-test.sh makes one.

use std::{
    collections::HashSet,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use tonic::{Code, Status};
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_types::StatusExt as _;
use vermilion::{
    settings::SettingsStore as _,
    storage::{DatabaseStore, SqliteEngine},
    transport::proto::{
        BatchCreateDictionaryWordsRequest, CheckSpellingRequest, CreateTenantRequest,
        settings_service_client::SettingsServiceClient, spelling_service_client::SpellingServiceClient,
    },
};

use super::{
    engines::TIMEOUT,
    gone::{eventually_is, health},
    servers::called,
    serving::{Running, connect, spawn_service},
    support::tenant,
};

const SETTINGS: &str = "vermilion.v1.SettingsService";

/// Takes all the space there is.
fn fill(path: &Path) {
    let mut filler = fs::File::create(path).unwrap();
    for size in [64 << 10, 4 << 10, 512, 1] {
        while filler.write_all(&vec![0; size]).is_ok() {}
    }
}

struct Writer {
    client: SettingsServiceClient<tonic::transport::Channel>,
    acknowledged: HashSet<String>,
    next: usize,
}

impl Writer {
    /// A batch of new words; those that are acknowledged are remembered.
    async fn write(&mut self) -> Result<(), Status> {
        let texts: Vec<_> = (0..20).map(|n| format!("word{}x{n}", self.next)).collect();
        self.next += 1;
        let asked = BatchCreateDictionaryWordsRequest { parent: "tenants/acme".to_owned(), texts: texts.clone() };
        self.client.batch_create_dictionary_words(called("acme", "", "tenant_admin", asked)).await?;
        self.acknowledged.extend(texts);
        Ok(())
    }
}

#[tokio::test]
#[ignore = "needs TEST_SMALL_DISK: tools/disk-full-test.sh"]
async fn a_disk_that_is_full_and_then_is_not() {
    let disk = PathBuf::from(std::env::var("TEST_SMALL_DISK").unwrap());
    let [path, filler] = ["settings.db", "filler"].map(|name| disk.join(name));
    let location = format!("sqlite:{}", path.display());
    let (program, address, _output) = spawn_service(&[("VERMILION_SETTINGS__STORE", &location)]);
    let program = Running(program);
    let mut client = SettingsServiceClient::new(connect(address).await);
    let asked = CreateTenantRequest { tenant_id: "acme".to_owned(), tenant: None };
    client.create_tenant(called("ops", "", "operator", asked)).await.unwrap();
    let mut writer = Writer { client, acknowledged: HashSet::new(), next: 0 };
    for round in 0..3 {
        writer.write().await.unwrap();
        fill(&filler);
        // The log of changes may have room for some more.
        let status = loop {
            match writer.write().await {
                Ok(()) => assert!(writer.next < 1000, "the disk is never full"),
                Err(status) => break status,
            }
        };
        let reason = status.get_error_details().error_info().map(|info| info.reason.clone());
        assert_eq!((status.code(), reason.as_deref()), (Code::Unavailable, Some("SETTINGS_UNAVAILABLE")), "{status:?}");
        eventually_is(address, SETTINGS, ServingStatus::NotServing).await;
        assert_eq!(health(address, "").await, ServingStatus::Serving);
        let mut spelling = SpellingServiceClient::new(connect(address).await);
        spelling.check_spelling(called("acme", "ana", "agent", CheckSpellingRequest::default())).await.unwrap();
        fs::remove_file(&filler).unwrap();
        eventually_is(address, SETTINGS, ServingStatus::Serving).await;
        writer.write().await.unwrap_or_else(|status| panic!("it is still broken in round {round}: {status:?}"));
    }
    // SIGKILL.
    drop(program);
    let store = DatabaseStore::new(SqliteEngine::open(&path, 1).await.unwrap(), TIMEOUT);
    let words = store.get_snapshot(&tenant("acme"), None, None).await.unwrap().unwrap().words.unwrap();
    let there: HashSet<String> = words.into_iter().collect();
    println!("{} words acknowledged, {} there", writer.acknowledged.len(), there.len());
    assert!(writer.acknowledged.is_subset(&there));
}
