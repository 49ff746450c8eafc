//! The files of `[server.tls]`, as rustls wants them.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use rustls::{
    RootCertStore, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::{VerifierBuilderError, WebPkiClientVerifier},
};
use tokio_rustls::TlsAcceptor;

use crate::config::tls::TlsConfig;

/// Why TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file of `[server.tls]`.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file that is not PEM, or holds something else. What the reader says may quote a key, and is left out.
    #[error("{}: expected a PEM file with {expected}", path.display())]
    Pem {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        expected: &'static str,
    },
    /// Certificate and key do not fit, or cannot be used.
    #[error("the certificate cannot be used")]
    Certificate(#[from] rustls::Error),
    /// Nobody's certificate could be verified by it.
    #[error("the authority for clients cannot be used")]
    Authority(#[from] VerifierBuilderError),
}

/// How often the files are looked at, whether they have changed.
pub(super) const LOOK_INTERVAL: Duration = Duration::from_secs(60);

/// The files as they were read last. A handshake takes those of its beginning.
pub(super) struct TlsFiles {
    files: TlsConfig,
    current: RwLock<Read>,
}

struct Read {
    acceptor: TlsAcceptor,
    times: Times,
}

/// When each file was changed last; `None` for one that is not there.
type Times = [Option<SystemTime>; 3];

impl TlsFiles {
    /// # Errors
    /// [`TlsError`], which names the file.
    pub(super) fn open(files: &TlsConfig) -> Result<Self, TlsError> {
        let times = times(files);
        let acceptor = server_config(files)?.into();
        Ok(Self { files: files.clone(), current: RwLock::new(Read { acceptor, times }) })
    }

    /// For a new connection.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        self.current.read().unwrap_or_else(PoisonError::into_inner).acceptor.clone()
    }

    /// Reads the files anew if they have changed, or `anyway`. What cannot be used leaves what was read before in force.
    pub(super) fn read_anew(&self, anyway: bool) {
        let times = times(&self.files);
        if !anyway && times == self.current.read().unwrap_or_else(PoisonError::into_inner).times {
            return;
        }
        match server_config(&self.files) {
            Ok(config) => {
                let read = Read { acceptor: config.into(), times };
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = read;
                tracing::info!("the files of server.tls were read anew");
            }
            Err(error) => {
                // Told once for each change of the files, not once a minute.
                self.current.write().unwrap_or_else(PoisonError::into_inner).times = times;
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "the files of server.tls cannot be used: those of before stay in force");
            }
        }
    }
}

/// Whether the files can be used, all of them.
///
/// # Errors
/// [`TlsError`], which names the file.
pub(crate) fn check_files(files: &TlsConfig) -> Result<(), TlsError> {
    server_config(files).map(drop)
}

fn times(files: &TlsConfig) -> Times {
    let time = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    [time(&files.cert), time(&files.key), files.client_ca.as_deref().and_then(time)]
}

/// Reads the files.
///
/// # Errors
/// [`TlsError`], which names the file.
fn server_config(files: &TlsConfig) -> Result<Arc<ServerConfig>, TlsError> {
    let builder = match &files.client_ca {
        None => ServerConfig::builder().with_no_client_auth(),
        Some(path) => {
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(certificates(path)?);
            // A wrong certificate ends the connection. None at all is for the authenticator to refuse: health is open to all.
            let verifier = WebPkiClientVerifier::builder(roots.into()).allow_unauthenticated().build()?;
            ServerConfig::builder().with_client_cert_verifier(verifier)
        }
    };
    let chain = certificates(&files.cert)?;
    let key = PrivateKeyDer::from_pem_slice(&read(&files.key)?).map_err(|_| not_pem(&files.key, "a private key"))?;
    let mut config = builder.with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(Arc::new(config))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&read(path)?).collect();
    certificates.ok().filter(|found| !found.is_empty()).ok_or_else(|| not_pem(path, "certificates"))
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    fs::read(path).map_err(|source| TlsError::Unreadable { path: path.to_owned(), source })
}

fn not_pem(path: &Path, expected: &'static str) -> TlsError {
    TlsError::Pem { path: path.to_owned(), expected }
}
