//! A connection of this program to its own port on this machine, with TLS whose certificate is not verified: it is issued for the name
//! that customers use, by an authority that this machine need not trust, and nothing secret is sent. For health checks alone.

use std::sync::Arc;

use hyper_util::rt::TokioIo;
use rustls::{
    ClientConfig, DigitallySignedStruct, Error, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tonic::transport::{Channel, Endpoint, Uri};
use tower::service_fn;

/// Connects to the host and port of the endpoint, which is one of `http`: the TLS is made here.
///
/// # Errors
/// If nobody listens there, or not with TLS.
pub async fn connect(endpoint: &Endpoint) -> Result<Channel, tonic::transport::Error> {
    let verifier = Arc::new(AnyCertificate(CryptoProvider::get_default().map(Arc::clone)));
    let mut config =
        ClientConfig::builder().dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let connector = TlsConnector::from(Arc::new(config));
    endpoint
        .connect_with_connector(service_fn(move |uri: Uri| {
            let connector = connector.clone();
            async move {
                let authority = uri.authority().map(ToString::to_string).unwrap_or_default();
                let stream = TcpStream::connect(authority).await?;
                let name = ServerName::try_from("localhost").map_err(std::io::Error::other)?;
                Ok::<_, std::io::Error>(TokioIo::new(connector.connect(name, stream).await?))
            }
        }))
        .await
}

/// Believes every certificate, but only whoever has its key.
#[derive(Debug)]
struct AnyCertificate(Option<Arc<CryptoProvider>>);

impl AnyCertificate {
    fn provider(&self) -> Result<&CryptoProvider, Error> {
        self.0.as_deref().ok_or_else(|| Error::General("no cryptographic provider".to_owned()))
    }
}

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.provider()?.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.provider()?.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.as_ref().map_or_else(Vec::new, |own| own.signature_verification_algorithms.supported_schemes())
    }
}
