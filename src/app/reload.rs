//! What is read anew while the service runs, when it is told to (SIGHUP): certificates, and keys that stand in files. Where they stand is
//! what the configuration said at the start. What cannot be used leaves that of before in force, and a line in the log.

use std::{error::Error as _, sync::Arc};

use tokio::sync::Notify;
use tokio_util::task::TaskTracker;

use crate::auth::key_cache::KeyCache;

/// A file with a secret, and who takes it.
pub struct SecretFile {
    /// The configuration's key that names it.
    key: &'static str,
    read: Box<dyn Fn() -> anyhow::Result<()> + Send + Sync>,
}

impl SecretFile {
    /// `read` reads the file and hands the secret on; its error never shows one.
    pub(crate) fn new(key: &'static str, read: impl Fn() -> anyhow::Result<()> + Send + Sync + 'static) -> Self {
        Self { key, read: Box::new(read) }
    }

    fn read_anew(&self) {
        match (self.read)() {
            Ok(()) => tracing::info!(key = self.key, "a secret was read anew"),
            Err(error) => {
                let error = format!("{error:#}");
                tracing::error!(key = self.key, error, "a secret cannot be used: the one of before stays in force");
            }
        }
    }
}

/// All that is read anew.
#[derive(Clone)]
pub struct Reload {
    pub(super) certificates: Arc<Notify>,
    pub(super) secrets: Arc<[SecretFile]>,
    pub(super) keys: Option<Arc<KeyCache>>,
    pub(super) tasks: TaskTracker,
}

impl Reload {
    /// Reads all of it anew, while calls go on.
    pub fn begin(&self) {
        self.certificates.notify_one();
        let (secrets, keys, tasks) = (Arc::clone(&self.secrets), self.keys.clone(), self.tasks.clone());
        self.tasks.spawn(async move {
            // Files may lie on a network.
            let _ = tasks.spawn_blocking(move || secrets.iter().for_each(SecretFile::read_anew)).await;
            if let Some(keys) = keys {
                fetch(&keys).await;
            }
        });
    }
}

/// The keys that tokens are verified by, of a file or an issuer.
async fn fetch(keys: &KeyCache) {
    match keys.fetch().await {
        Ok(()) => tracing::info!("the keys to verify tokens by were read anew"),
        Err(error) => {
            let cause = error.source().map(ToString::to_string).unwrap_or_default();
            tracing::error!(%error, cause, "the keys to verify tokens by cannot be used: those of before stay in force");
        }
    }
}
