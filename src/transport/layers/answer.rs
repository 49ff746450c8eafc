//! The body of an answer: in small frames, counted while they wait for a client that is slow to take them. It holds the call's
//! place until the last of it has gone, and frees all when it is dropped.

use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::Frame;
use tonic::{Status, body::Body};

use super::ending;
use crate::transport::{
    connections::{Peer, Resource, ShareTaken, Taken},
    status::CallError,
};

/// Messages up to this many bytes are passed on as they are, and not counted: each is held by a call, and calls are counted.
const SMALL: usize = 1024;

/// The largest frame of a longer message, in bytes. A multiple of three, so that base64 of gRPC-Web has no padding in the middle.
const FRAME: usize = 3 * 5461;

/// What a call takes while it is in hand.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) _of_all: Taken,
    pub(super) _of_tenant: Option<ShareTaken>,
}

/// The body of an answer.
pub(super) struct Answer {
    /// What comes after `message`; none if nothing does.
    inner: Option<Body>,
    /// What was polled from `inner` before its turn.
    next: Option<Frame<Bytes>>,
    message: Bytes,
    /// Bytes of `message` that go out last and alone, in a frame of their own.
    tail: usize,
    counted: Option<Taken>,
    peer: Peer,
    _place: Place,
}

impl Answer {
    /// Takes the first message from the body, if it is there, and counts it. A body that is complete then is dropped, with the
    /// buffers that it was encoded in.
    ///
    /// # Errors
    /// [`CallError::AnswersWaiting`] if too much waits already. The head of the answer has not gone then.
    pub(super) async fn prepare(body: Body, peer: Peer, place: Place) -> Result<Body, CallError> {
        if http_body::Body::is_end_stream(&body) {
            return Ok(body);
        }
        let mut answer =
            Self { inner: Some(body), next: None, message: Bytes::new(), tail: 0, counted: None, peer, _place: place };
        poll_fn(|context| Poll::Ready(answer.fetch(context))).await?;
        Ok(Body::new(answer))
    }

    fn fetch(&mut self, context: &mut Context<'_>) -> Result<(), CallError> {
        let Poll::Ready(Some(Ok(frame))) = self.poll_inner(context) else { return Ok(()) };
        match frame.into_data() {
            Ok(message) => self.accept(message)?,
            Err(trailers) => self.next = Some(trailers),
        }
        if self.next.is_none()
            && let Poll::Ready(Some(Ok(frame))) = self.poll_inner(context)
        {
            self.next = Some(frame);
        }
        Ok(())
    }

    fn poll_inner(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Some(inner) = &mut self.inner else { return Poll::Ready(None) };
        let frame = ready!(http_body::Body::poll_frame(Pin::new(inner), context));
        if frame.as_ref().is_none_or(|frame| frame.as_ref().is_ok_and(Frame::is_trailers)) {
            self.inner = None;
        }
        Poll::Ready(frame)
    }

    fn accept(&mut self, message: Bytes) -> Result<(), CallError> {
        if message.len() > SMALL {
            self.counted = self.peer.take(Resource::WaitingBytes, message.len());
            if self.counted.is_none() {
                return Err(CallError::AnswersWaiting);
            }
            self.tail = 1 + (message.len() - 1) % 3;
        }
        self.message = message;
        Ok(())
    }

    /// The next piece of the message.
    ///
    /// hyper hands a frame on as soon as the peer's window takes one byte of it, and asks for the next when all of it is taken. So
    /// a long message ends with a frame of one to three bytes: when that is asked for, the window has taken all before, and once
    /// the call is over h2 has nothing left that waits. Pieces are copied, because a slice would keep the whole message alive.
    fn next_piece(&mut self) -> Bytes {
        if self.message.len() <= SMALL && self.counted.is_none() {
            return std::mem::take(&mut self.message);
        }
        let left = self.message.len();
        let size = if left > self.tail { FRAME.min(left - self.tail) } else { left };
        let piece = Bytes::copy_from_slice(&self.message.split_to(size));
        if self.message.is_empty() {
            (self.message, self.counted) = (Bytes::new(), None);
        }
        piece
    }
}

impl http_body::Body for Answer {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.message.is_empty() {
            let frame = match self.next.take() {
                Some(frame) => Some(Ok(frame)),
                None => ready!(self.poll_inner(context)),
            };
            let Some(Ok(frame)) = frame else { return Poll::Ready(frame) };
            match frame.into_data() {
                Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                Ok(message) => {
                    if let Err(error) = self.accept(message) {
                        return Poll::Ready(Some(self.end(error)));
                    }
                }
            }
        }
        let piece = self.next_piece();
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.message.is_empty() && self.next.is_none() && self.inner.is_none()
    }
}

impl Answer {
    /// The end of a stream whose next message there is no room for.
    fn end(&mut self, error: CallError) -> Result<Frame<Bytes>, Status> {
        self.inner = None;
        ending(error)
    }
}
