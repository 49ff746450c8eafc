//! Real programs on one store, and clients of theirs: the replicas of a service, as an operator would start them.

use std::{
    io::BufReader,
    process::{Child, ChildStdout},
    sync::Arc,
    time::{Duration, SystemTime},
};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};
use tempfile::TempDir;
use tonic::{Request, Status, transport::Channel};
use vermilion::{
    settings::{AgentFields, AgentId, AgentType, AuditContext, SettingsStore, TenantFields, TenantId},
    storage::{DatabaseStore, PostgresEngine, SqliteEngine},
    transport::proto::{
        CheckSpellingRequest, Document, GetPolishingAvailabilityRequest, PolishReplyRequest, PolishResult,
        polishing_service_client::PolishingServiceClient, spelling_service_client::SpellingServiceClient,
    },
};

use super::{
    scripted::Scripted,
    serving::{connect, spawn_service},
};
use crate::support::engines::{StorageEngine, create_postgres_database};

/// Long: a test machine may be busy.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A store that programs share, gone when it is dropped.
pub(crate) struct SharedStore {
    /// For `settings.store`.
    location: String,
    folder: Option<TempDir>,
}

impl SharedStore {
    pub(crate) async fn open(engine: StorageEngine) -> Self {
        match engine {
            StorageEngine::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let location = format!("sqlite:{}", folder.path().join("vermilion.db").display());
                Self { location, folder: Some(folder) }
            }
            StorageEngine::Postgres => Self { location: create_postgres_database().await, folder: None },
        }
    }

    /// With the tenants and with `ana` in each, for whom polishing is open. Before any program has the store.
    pub(crate) async fn seed(&self, tenants: &[(&str, TenantFields)]) {
        let store: Arc<dyn SettingsStore> = match self.file() {
            Some(path) => Arc::new(DatabaseStore::new(SqliteEngine::open(&path, 1).await.unwrap(), TIMEOUT)),
            None => {
                Arc::new(DatabaseStore::new(PostgresEngine::open(&self.location, 2, TIMEOUT).await.unwrap(), TIMEOUT))
            }
        };
        let by = AuditContext { actor: "tester".to_owned(), request_id: "test".to_owned(), time: SystemTime::now() };
        for (id, fields) in tenants {
            let (tenant, agent) = (TenantId::new(id).unwrap(), AgentId::new("ana").unwrap());
            let fields = TenantFields {
                refine_response_enabled: true,
                administrator_agent: Some(agent.clone()),
                intelligent_agent_limit: 1,
                ..fields.clone()
            };
            store.create_tenant(&tenant, &fields, &by).await.unwrap();
            let fields =
                AgentFields { kind: AgentType::Versatile, intelligent_recognition: true, reply_polishing: true };
            store.create_agent(&tenant, &agent, &fields, &by).await.unwrap();
        }
    }

    fn file(&self) -> Option<std::path::PathBuf> {
        Some(self.folder.as_ref()?.path().join("vermilion.db"))
    }

    /// What someone at the database's own prompt does.
    pub(crate) async fn execute(&self, statement: &'static str) -> u64 {
        match self.file() {
            Some(path) => {
                let mut connection = SqliteConnection::connect(&format!("sqlite:{}", path.display())).await.unwrap();
                let done = connection.execute(statement).await.unwrap().rows_affected();
                connection.close().await.unwrap();
                done
            }
            None => {
                let mut connection = PgConnection::connect(&self.location).await.unwrap();
                let done = connection.execute(statement).await.unwrap().rows_affected();
                connection.close().await.unwrap();
                done
            }
        }
    }

    /// All that is kept: the bytes of SQLite's files, its log included, or every row of every table.
    pub(crate) async fn stored_bytes(&self) -> Vec<u8> {
        let Some(folder) = &self.folder else { return self.rows().await };
        let mut content = Vec::new();
        let mut files = 0;
        for file in std::fs::read_dir(folder.path()).unwrap() {
            content.extend(std::fs::read(file.unwrap().path()).unwrap());
            files += 1;
        }
        assert!(files > 1, "the log of changes not yet in the file is there, as nobody has closed it");
        content
    }

    async fn rows(&self) -> Vec<u8> {
        let mut connection = PgConnection::connect(&self.location).await.unwrap();
        let tables: Vec<(String,)> =
            sqlx::query_as("SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'")
                .fetch_all(&mut connection)
                .await
                .unwrap();
        assert!(tables.len() > 5, "{tables:?}");
        let mut content = Vec::new();
        for (table,) in tables {
            // Bytes are shown as escapes, so that text in them would be seen.
            connection.execute("SET bytea_output = 'escape'").await.unwrap();
            let rows: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(format!("SELECT t::text FROM \"{table}\" t")))
                .fetch_all(&mut connection)
                .await
                .unwrap();
            content.extend(rows.into_iter().flat_map(|(row,)| row.into_bytes()));
        }
        content
    }
}

/// The program, and a connection to it. Killed when it is dropped.
pub(crate) struct ServiceProcess {
    child: Child,
    channel: Channel,
    /// It must not write to a closed one.
    _output: BufReader<ChildStdout>,
}

impl ServiceProcess {
    /// On the store, with a model, and more variables.
    pub(crate) async fn start(shared: &SharedStore, model: &Scripted, variables: &[(&str, &str)]) -> Self {
        let url = model.url();
        let mut all = vec![
            ("VERMILION_SETTINGS__STORE", shared.location.as_str()),
            ("VERMILION_SETTINGS__TIMEOUT", "20s"),
            // Many programs may be on one database at the same time.
            ("VERMILION_SETTINGS__CONNECTIONS", "4"),
            ("OPENAI_BASE_URL", &url),
            ("OPENAI_MODEL", "m"),
            ("OPENAI_API_KEY", "sk-of-all-replicas"),
            ("VERMILION_POLISHING__REVIEW__MODE", "rules"),
        ];
        all.extend(variables);
        let (child, address, output) = spawn_service(&all);
        let channel = connect(&address).await;
        Self { child, channel, _output: output }
    }

    /// SIGKILL: it frees nothing, and says goodbye to nobody.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn channel(&self) -> Channel {
        self.channel.clone()
    }

    pub(crate) fn client(&self) -> PolishingServiceClient<Channel> {
        PolishingServiceClient::new(self.channel.clone())
    }

    pub(crate) async fn polish(&self, tenant: &str, asked: PolishReplyRequest) -> Result<PolishResult, Status> {
        let answer = self.client().polish_reply(agent_request(tenant, asked)).await?;
        Ok(answer.into_inner().result.unwrap())
    }

    pub(crate) async fn remaining(&self, tenant: &str, conversation: &str) -> i32 {
        let asked = GetPolishingAvailabilityRequest { conversation_id: conversation.to_owned() };
        let answer = self.client().get_polishing_availability(agent_request(tenant, asked)).await.unwrap();
        answer.into_inner().remaining_in_conversation.unwrap()
    }

    /// The words that are marked.
    pub(crate) async fn check(&self, tenant: &str, text: &str) -> Result<Vec<String>, Status> {
        let document = Some(Document { content: text.to_owned(), ..Document::default() });
        let asked =
            CheckSpellingRequest { document, language_code: "en".to_owned(), ..CheckSpellingRequest::default() };
        let answer =
            SpellingServiceClient::new(self.channel.clone()).check_spelling(agent_request(tenant, asked)).await?;
        Ok(answer.into_inner().misspellings.into_iter().map(|misspelling| misspelling.text).collect())
    }
}

impl Drop for ServiceProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A call by `ana`, in development mode.
pub(crate) fn agent_request<M>(tenant: &str, message: M) -> Request<M> {
    let mut request = Request::new(message);
    for (header, value) in [("x-tenant-id", tenant), ("x-agent-id", "ana"), ("x-roles", "agent")] {
        request.metadata_mut().insert(header, value.parse().unwrap());
    }
    request
}
