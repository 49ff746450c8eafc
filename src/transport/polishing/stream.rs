//! A polish as a stream: the preview while the model writes, then the result. The work is done where the stream is polled, so a
//! client that hangs up ends it at once.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use tokio::sync::mpsc::Receiver;
use tokio_stream::Stream;
use tonic::Status;

use super::super::{
    proto::{PolishDelta, PolishResult, StreamPolishReplyResponse, stream_polish_reply_response::Event},
    status::CallError,
};

/// The work, whose deltas come through the receiver.
type PolishFuture = Pin<Box<dyn Future<Output = Result<PolishResult, CallError>> + Send>>;

/// The stream of one call.
pub(crate) struct PolishStream {
    work: Option<PolishFuture>,
    deltas: Receiver<String>,
    /// What the work came to, while deltas are still to be told.
    done: Option<Result<PolishResult, CallError>>,
}

impl PolishStream {
    pub(super) fn new(work: PolishFuture, deltas: Receiver<String>) -> Self {
        Self { work: Some(work), deltas, done: None }
    }
}

impl Stream for PolishStream {
    type Item = Result<StreamPolishReplyResponse, Status>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(outcome) = self.work.as_mut().and_then(|work| match work.as_mut().poll(context) {
            Poll::Ready(outcome) => Some(outcome),
            Poll::Pending => None,
        }) {
            // With the work the sender goes, and so the receiver ends.
            (self.work, self.done) = (None, Some(outcome));
        }
        match self.deltas.poll_recv(context) {
            Poll::Ready(Some(text)) => Poll::Ready(Some(Ok(message(Event::Delta(PolishDelta { text }))))),
            Poll::Pending if self.work.is_some() => Poll::Pending,
            Poll::Ready(None) | Poll::Pending => match self.done.take() {
                Some(outcome) => {
                    Poll::Ready(Some(outcome.map(|result| message(Event::Result(result))).map_err(Into::into)))
                }
                None if self.work.is_some() => Poll::Pending,
                None => Poll::Ready(None),
            },
        }
    }
}

const fn message(event: Event) -> StreamPolishReplyResponse {
    StreamPolishReplyResponse { event: Some(event) }
}
