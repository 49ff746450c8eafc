//! Clients of the service: gRPC by tonic, gRPC-Web over HTTP/1.1 by an ordinary HTTP client, as a browser without TLS has it.

use std::net::SocketAddr;

use prost::Message as _;
use tonic::{Code, Request, transport::Channel};
use vermilion::transport::proto::{
    CheckSpellingRequest, CheckSpellingResponse, Document, document::Format,
    spelling_service_client::SpellingServiceClient,
};

/// How a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wire {
    Grpc,
    GrpcWeb,
}

/// One client with one connection.
#[derive(Clone)]
pub(crate) enum Client {
    Grpc(SpellingServiceClient<Channel>),
    GrpcWeb { client: reqwest::Client, url: String },
}

/// A check of a text.
pub(crate) fn request(text: String, language: &str, html: bool) -> CheckSpellingRequest {
    let format = if html { Format::Html } else { Format::Plain };
    let document = Some(Document { content: text, format: format.into(), ..Default::default() });
    CheckSpellingRequest { document, language_code: language.to_owned(), ..Default::default() }
}

impl Client {
    /// On a connection of its own.
    pub(crate) async fn connect(address: SocketAddr, wire: Wire) -> Self {
        match wire {
            Wire::Grpc => {
                let endpoint = Channel::from_shared(format!("http://{address}")).unwrap();
                Self::Grpc(SpellingServiceClient::new(endpoint.connect().await.unwrap()))
            }
            Wire::GrpcWeb => {
                let client = reqwest::Client::builder().pool_max_idle_per_host(1).no_proxy().build().unwrap();
                Self::GrpcWeb { client, url: format!("http://{address}/vermilion.v1.SpellingService/CheckSpelling") }
            }
        }
    }

    /// Asks, and waits no longer than so many milliseconds.
    pub(crate) async fn check(&mut self, message: CheckSpellingRequest, milliseconds: u32) -> Result<(), Code> {
        let timeout = format!("{milliseconds}m");
        match self {
            Self::Grpc(client) => {
                let mut request = Request::new(message);
                request.metadata_mut().insert("grpc-timeout", timeout.parse().unwrap());
                client.check_spelling(request).await.map(drop).map_err(|status| status.code())
            }
            Self::GrpcWeb { client, url } => {
                let sent = client
                    .post(url.as_str())
                    .header("content-type", "application/grpc-web+proto")
                    .header("grpc-timeout", timeout)
                    .body(frame(&message.encode_to_vec()))
                    .send();
                let body = sent.await.map_err(|_| Code::Unavailable)?;
                let in_head = body.headers().get("grpc-status").map(|value| code(value.as_bytes()));
                let body = body.bytes().await.map_err(|_| Code::Unavailable)?;
                in_head.map_or_else(|| read(&body), Err)
            }
        }
    }
}

fn frame(message: &[u8]) -> Vec<u8> {
    let mut frame = vec![0];
    frame.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
    frame.extend(message);
    frame
}

/// A data frame and the trailers, or the trailers alone.
fn read(mut body: &[u8]) -> Result<(), Code> {
    let mut message = None;
    while let [kind, a, b, c, d, rest @ ..] = body {
        let (payload, more) = rest.split_at(u32::from_be_bytes([*a, *b, *c, *d]) as usize);
        body = more;
        if kind & 0x80 == 0 {
            message = Some(CheckSpellingResponse::decode(payload).map_err(|_| Code::DataLoss)?);
        } else if let Some(status) = payload.strip_prefix(b"grpc-status:") {
            let status = status.split(|byte| *byte == b'\r').next().unwrap_or_default();
            if status != b"0" {
                return Err(code(status));
            }
        }
    }
    message.map(drop).ok_or(Code::DataLoss)
}

fn code(status: &[u8]) -> Code {
    Code::from_bytes(status.trim_ascii())
}
