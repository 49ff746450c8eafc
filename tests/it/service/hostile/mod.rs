//! What strangers may do to the service, and what it does then. Each file is one theme; this one has a client that does what no
//! well-bred client does.

mod arrival;
mod floods;
mod malformed;
mod memory;
mod packed;
mod pages;
mod shares;
mod silence;
mod unread;
mod windows;

use std::net::SocketAddr;

use bytes::{Buf as _, Bytes};
use h2::{Reason, SendStream, client::ResponseFuture};
use http::{HeaderMap, Request, Response};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};

pub(super) const CHECK: &str = "/vermilion.v1.SpellingService/CheckSpelling";

/// An HTTP/2 connection whose windows open only if told to.
pub(super) struct RawClient {
    sender: h2::client::SendRequest<Bytes>,
    connection: tokio::task::JoinHandle<()>,
}

impl Drop for RawClient {
    fn drop(&mut self) {
        self.connection.abort();
    }
}

impl RawClient {
    /// Takes `window` bytes of each answer, until more are asked for.
    pub(super) async fn connect(address: SocketAddr, window: u32) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        Self::over(stream, |client| {
            client.initial_window_size(window);
        })
        .await
    }

    /// Over anything, with any settings.
    pub(super) async fn over(
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        change: impl FnOnce(&mut h2::client::Builder),
    ) -> Self {
        let mut client = h2::client::Builder::new();
        change(&mut client);
        let (sender, connection) = client.handshake(stream).await.unwrap();
        let connection = tokio::spawn(async move {
            let _ = connection.await;
        });
        Self { sender, connection }
    }

    /// Sends a whole request.
    pub(super) async fn call(&mut self, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> ResponseFuture {
        let (answer, mut stream) = self.begin(path, headers).await;
        // A refusal may be there before the body has gone.
        let _ = stream.send_data(body.into(), true);
        answer
    }

    /// Sends the head of a request.
    pub(super) async fn begin(&mut self, path: &str, headers: &[(&str, &str)]) -> (ResponseFuture, SendStream<Bytes>) {
        let mut request = Request::post(format!("http://localhost{path}")).header("te", "trailers");
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header("content-type", "application/grpc");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        std::future::poll_fn(|context| self.sender.poll_ready(context)).await.unwrap();
        self.sender.send_request(request.body(()).unwrap(), false).unwrap()
    }

    /// Whether the other side has ended the connection.
    pub(super) fn is_closed(&self) -> bool {
        self.connection.is_finished()
    }
}

/// The whole of an answer, whose windows are opened as it is read.
pub(super) async fn read(answer: Response<h2::RecvStream>) -> Result<(Vec<u8>, HeaderMap), Option<Reason>> {
    let head = answer.headers().clone();
    let mut body = answer.into_body();
    let mut message = Vec::new();
    while let Some(data) = body.data().await {
        let data = data.map_err(|error| error.reason())?;
        body.flow_control().release_capacity(data.remaining()).unwrap();
        message.extend_from_slice(&data);
    }
    let trailers = body.trailers().await.map_err(|error| error.reason())?;
    Ok((message, trailers.unwrap_or(head)))
}

/// The `grpc-status` of an answer, and the reason in its details.
pub(super) fn status_of(trailers: &HeaderMap) -> (i32, String) {
    use tonic_types::StatusExt as _;
    let status = tonic::Status::from_header_map(trailers).expect("a status");
    let reason = status.get_error_details().error_info().map(|info| info.reason.clone());
    (status.code().into(), reason.unwrap_or_default())
}
