//! Encryption by configuration.

use std::{fs, process::Command, sync::Arc};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tonic::transport::{Certificate, ClientTlsConfig};
use vermilion::{config::tls::TlsConfig, transport::server::GrpcServer};

use super::support::{Client, FakeEngine, TestServer, check_request, marked_texts};

/// As `app::prepare` does, without its panic hook, which would hide why a test fails.
pub(crate) fn install_provider() {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

/// A certificate that vouches for itself, in a folder of its own.
pub(crate) struct Certificates {
    folder: tempfile::TempDir,
    name: String,
    pub(crate) pem: String,
    key: rcgen::KeyPair,
}

impl Certificates {
    pub(crate) fn new(name: &str) -> Self {
        let CertifiedKey { cert, signing_key: key } = generate_simple_self_signed([name.to_owned()]).unwrap();
        Self { folder: tempfile::tempdir().unwrap(), name: name.to_owned(), pem: cert.pem(), key }
    }

    /// For the service; `clients` must show a certificate of this authority, or none.
    pub(crate) fn files(&self, clients: Option<&Self>) -> TlsConfig {
        let write = |name: &str, text: &str| {
            let path = self.folder.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let client_ca = clients.map(|clients| write("clients.crt", &clients.pem));
        TlsConfig { cert: write("tls.crt", &self.pem), key: write("tls.key", &self.key.serialize_pem()), client_ca }
    }

    /// For a server that is not ours.
    pub(crate) fn server_config(&self) -> rustls::ServerConfig {
        use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
        let certificate = CertificateDer::from_pem_slice(self.pem.as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(self.key.serialize_pem().as_bytes()).unwrap();
        rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key).unwrap()
    }

    /// A client of a server that shows this certificate; itself it shows `shown`.
    pub(crate) async fn connect(
        &self,
        server: &TestServer,
        shown: Option<&Self>,
    ) -> Result<tonic::transport::Channel, tonic::transport::Error> {
        let mut trust = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(&self.pem)).domain_name(&self.name);
        if let Some(shown) = shown {
            trust = trust.identity(tonic::transport::Identity::from_pem(&shown.pem, shown.key.serialize_pem()));
        }
        let url = format!("https://{}", server.address);
        tonic::transport::Channel::from_shared(url).unwrap().tls_config(trust)?.connect().await
    }
}

#[tokio::test]
async fn speaks_tls_with_the_configured_certificate() {
    install_provider();
    let folder = tempfile::tempdir().unwrap();
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let files = TlsConfig { cert: folder.path().join("tls.crt"), key: folder.path().join("tls.key"), client_ca: None };
    fs::write(&files.cert, cert.pem()).unwrap();
    fs::write(&files.key, signing_key.serialize_pem()).unwrap();

    let tls = files.clone();
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), move |config| config.tls = Some(tls)).await;
    let trust = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(cert.pem())).domain_name("localhost");
    let url = format!("https://{}", server.address);
    let endpoint = tonic::transport::Channel::from_shared(url.clone()).unwrap().tls_config(trust).unwrap();
    let mut client = Client::new(endpoint.connect().await.unwrap());
    let answer = client.check_spelling(check_request("wrogn", "en")).await.unwrap().into_inner();
    assert_eq!(marked_texts(&answer), ["wrogn"]);

    assert!(
        Client::new(server.endpoint().connect_lazy()).check_spelling(check_request("a", "en")).await.is_err(),
        "plain"
    );

    let ca = files.cert.to_str().unwrap().to_owned();
    let health = move || {
        Command::new(env!("CARGO_BIN_EXE_vermilion")).args(["health", "--address", &url, "--ca", &ca]).output().unwrap()
    };
    let well = tokio::task::spawn_blocking(health).await.unwrap();
    assert!(well.status.success(), "{well:?}");
}

#[tokio::test]
async fn a_missing_file_is_named() {
    let mut config = vermilion::config::Config::parse("", &[]).unwrap().server;
    config.tls = Some(TlsConfig { cert: "/nowhere/tls.crt".into(), key: "/nowhere/tls.key".into(), client_ca: None });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let error = GrpcServer::new(config, Arc::new(FakeEngine::default()))
        .run(listener, std::future::pending())
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "cannot read /nowhere/tls.crt");
}
