//! Turns the events of a stream into pieces of text, exactly one end or error last. Knows no HTTP.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::time::{Instant, Sleep};
use tokio_stream::Stream;

use super::{
    answer::Reader,
    client::Events,
    http::Exchange,
    provider::{Attempt, Provider},
};
use crate::polishing::{ModelError, Piece, Usage};

/// How long the usage, or the end of the stream, may take once the text is whole.
const TAIL: Duration = Duration::from_secs(1);

/// An answer that is being written.
pub(super) struct Writing {
    events: Events,
    reader: Reader,
    exchange: Arc<Exchange>,
    /// Fires at the deadline, or when the tail has been waited for long enough.
    timer: Pin<Box<Sleep>>,
    provider: Arc<Provider>,
    /// Until it is known how the server did.
    attempt: Option<Attempt>,
}

impl Writing {
    pub(super) fn new(
        events: Events,
        reader: Reader,
        exchange: Arc<Exchange>,
        provider: Arc<Provider>,
        attempt: Attempt,
    ) -> Self {
        let timer = Box::pin(tokio::time::sleep_until(exchange.deadline));
        Self { events, reader, exchange, timer, provider, attempt: Some(attempt) }
    }

    /// The next event, or why there is none.
    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<String>, ModelError>> {
        match self.events.as_mut().poll_next(context) {
            Poll::Ready(event) => {
                self.exchange.gate.shut();
                match event.transpose() {
                    Ok(None) => Poll::Ready(Ok(None)),
                    Ok(Some(event)) => Poll::Ready(self.take(event).map(Some)),
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

    fn take(&mut self, event: super::answer::Answer) -> Result<String, ModelError> {
        let was_finished = self.reader.is_finished();
        let text = self.reader.take(event)?;
        if self.reader.is_finished() && !was_finished {
            self.timer.as_mut().reset(self.exchange.deadline.min(Instant::now() + TAIL));
        }
        Ok(text)
    }

    /// The last word on this answer.
    fn end(&mut self, outcome: Result<Usage, ModelError>) -> Poll<Option<Result<Piece, ModelError>>> {
        self.settle(outcome.as_ref().err().copied());
        Poll::Ready(Some(outcome.map(Piece::End)))
    }

    /// Ends it before its end.
    pub(super) fn fail(mut self, error: ModelError) {
        self.settle(Some(error));
    }

    fn settle(&mut self, error: Option<ModelError>) {
        if let Some(attempt) = self.attempt.take() {
            self.provider.settle(attempt, error);
        }
    }
}

impl Stream for Writing {
    type Item = Result<Piece, ModelError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        while this.attempt.is_some() {
            match ready!(this.poll_event(context)) {
                Ok(Some(text)) if text.is_empty() => {}
                Ok(Some(text)) => return Poll::Ready(Some(Ok(Piece::Text(text)))),
                Ok(None) => return this.end(this.reader.conclude()),
                // The text was whole: a connection that breaks or hangs after that takes nothing from it.
                Err(ModelError::Unreachable | ModelError::Timeout) if this.reader.is_finished() => {
                    return this.end(this.reader.conclude());
                }
                Err(error) => return this.end(Err(error)),
            }
        }
        Poll::Ready(None)
    }
}
