//! Turns the events of a stream into pieces of text, exactly one end or error last. Knows no HTTP.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::time::Sleep;
use tokio_stream::Stream;

use super::{attempt::RequestAttempt, client::EventStream, clock, http::HttpExchange, response::ResponseAssembler};
use crate::polishing::{ModelChunk, ModelError, TokenUsage};

/// How long the usage, or the end of the stream, may take once the text is whole.
const TAIL_TIMEOUT: Duration = Duration::from_secs(1);

/// An answer that is being written.
pub(super) struct CompletionStream {
    events: EventStream,
    reader: ResponseAssembler,
    exchange: Arc<HttpExchange>,
    /// Fires at the deadline, or when the tail has been waited for long enough.
    timer: Pin<Box<Sleep>>,
    /// Until it is known how the server did.
    attempt: Option<RequestAttempt>,
}

impl CompletionStream {
    pub(super) fn new(
        events: EventStream,
        reader: ResponseAssembler,
        exchange: Arc<HttpExchange>,
        attempt: RequestAttempt,
    ) -> Self {
        let timer = Box::pin(tokio::time::sleep_until(exchange.deadline));
        Self { events, reader, exchange, timer, attempt: Some(attempt) }
    }

    /// The next event, or why there is none.
    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<String>, ModelError>> {
        match self.events.as_mut().poll_next(context) {
            Poll::Ready(event) => {
                self.exchange.gate.close();
                match event.transpose() {
                    Ok(None) => Poll::Ready(Ok(None)),
                    Ok(Some(event)) => Poll::Ready(self.read_event(event).map(Some)),
                    Err(error) => Poll::Ready(Err(error)),
                }
            }
            Poll::Pending => {
                self.exchange.gate.open();
                ready!(self.timer.as_mut().poll(context));
                Poll::Ready(Err(ModelError::Timeout))
            }
        }
    }

    fn read_event(&mut self, event: super::response::ChatResponse) -> Result<String, ModelError> {
        let was_finished = self.reader.is_finished();
        let text = self.reader.push_event(event)?;
        if self.reader.is_finished() && !was_finished {
            self.timer.as_mut().reset(self.exchange.deadline.min(clock::now() + TAIL_TIMEOUT));
        }
        Ok(text)
    }

    /// The last word on this answer.
    fn finish(&mut self, outcome: Result<TokenUsage, ModelError>) -> Poll<Option<Result<ModelChunk, ModelError>>> {
        self.record_outcome(outcome.as_ref().err().copied());
        Poll::Ready(Some(outcome.map(ModelChunk::End)))
    }

    /// Ends it before its end.
    pub(super) fn fail(mut self, error: ModelError) {
        self.record_outcome(Some(error));
    }

    fn record_outcome(&mut self, error: Option<ModelError>) {
        if let Some(attempt) = self.attempt.take() {
            attempt.record_outcome(error);
        }
    }
}

impl Stream for CompletionStream {
    type Item = Result<ModelChunk, ModelError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        while this.attempt.is_some() {
            match ready!(this.poll_event(context)) {
                Ok(Some(text)) if text.is_empty() => {}
                Ok(Some(text)) => return Poll::Ready(Some(Ok(ModelChunk::Text(text)))),
                Ok(None) => return this.finish(this.reader.finish()),
                // The text was whole: a connection that breaks or hangs after that takes nothing from it.
                Err(ModelError::Unreachable | ModelError::Timeout) if this.reader.is_finished() => {
                    return this.finish(this.reader.finish());
                }
                Err(error) => return this.finish(Err(error)),
            }
        }
        Poll::Ready(None)
    }
}
