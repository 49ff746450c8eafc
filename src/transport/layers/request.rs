//! Takes in the request of a call before anything is done for it: every method of ours is asked by one message. A request that
//! comes slowly, or not at all, then holds up nobody; and what a message takes in memory is known before it is decoded.

use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use http::{Request, request::Parts};
use http_body::Body as _;
use http_body_util::Full;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tonic::body::Body;

use super::message::{MESSAGE_HEAD, RequestShapes, prepare_message};
use crate::transport::{
    connections::{Peer, Resource, Taken, farewell},
    status::CallError,
};

/// So many bytes of each request are not counted: ordinary messages get in when long ones have used up the room.
const UNCOUNTED: usize = 4 * 1024;

/// What is counted is so many bytes at a time.
const STEP: usize = 16 * 1024;

/// What a request has to keep to.
#[derive(Debug)]
pub(crate) struct RequestLimits {
    /// Bytes of a message as it comes, at most.
    pub(crate) message_bytes: usize,
    /// Bytes of one that was packed, at most.
    pub(crate) unpacked_bytes: usize,
    /// What a message may hold.
    pub(crate) shapes: RequestShapes,
    /// For it to arrive.
    pub(crate) arrival: Duration,
    /// One that has not come is not waited for when the service stops.
    pub(crate) stopping: CancellationToken,
}

/// A request that is there, as it came, and the room that it takes.
pub(super) struct ArrivedRequest {
    pub(super) head: Parts,
    body: Bytes,
    room: Room,
}

/// The request with its body in memory. Of a message over the limit only the beginning is there: tonic refuses it by the length that it
/// claims.
///
/// # Errors
/// If it does not arrive in time, cannot be read, or there is no room for it.
pub(super) async fn receive(
    limits: &RequestLimits,
    peer: &Peer,
    request: Request<Body>,
) -> Result<ArrivedRequest, CallError> {
    let (head, body) = request.into_parts();
    let most = MESSAGE_HEAD + limits.message_bytes;
    let mut request = ArrivingRequest { body, most, first: Bytes::new(), all: BytesMut::new(), room: Room::default() };
    // As a rule it is there already, and no place need be taken nor a clock be set.
    match poll_fn(|context| Poll::Ready(request.poll_arrived(peer, context))).await {
        Poll::Ready(arrived) => arrived?,
        Poll::Pending => {
            let _place = peer.take(Resource::ArrivingCalls, 1).ok_or(CallError::Overloaded)?;
            tokio::select! {
                biased;
                arrived = poll_fn(|context| request.poll_arrived(peer, context)) => arrived?,
                error = overdue(limits) => return Err(error),
            }
        }
    }
    let ArrivingRequest { first, all, room, .. } = request;
    let body = if all.is_empty() { first } else { all.freeze() };
    Ok(ArrivedRequest { head, body, room })
}

impl ArrivedRequest {
    /// The request as tonic is to read it, unpacked, and the room that it takes until it is read.
    ///
    /// # Errors
    /// If it cannot be decoded, has too many fields, or there is no room for it.
    pub(super) fn prepare(
        self,
        limits: &RequestLimits,
        peer: &Peer,
    ) -> Result<(Request<Body>, Option<Taken>), CallError> {
        let Self { head, body, mut room } = self;
        let make_room = |size| room.make(peer, size);
        let (path, most) = (head.uri.path(), limits.unpacked_bytes);
        let body = prepare_message(&limits.shapes, path, &head.headers, body, most, make_room)?;
        Ok((Request::from_parts(head, Body::new(Full::new(body))), room.taken))
    }
}

async fn overdue(limits: &RequestLimits) -> CallError {
    tokio::select! {
        () = sleep(limits.arrival) => CallError::RequestIncomplete,
        () = farewell(&limits.stopping) => CallError::ShuttingDown,
    }
}

/// A request of which some has arrived.
struct ArrivingRequest {
    body: Body,
    /// More bytes than this are not read.
    most: usize,
    /// The first piece, as it came: as a rule it is all there is.
    first: Bytes,
    /// All pieces, if there are more: a piece of its own might keep a whole buffer of the connection alive.
    all: BytesMut,
    room: Room,
}

/// Room for a request.
struct Room {
    taken: Option<Taken>,
    /// Bytes for which there is room.
    counted: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { taken: None, counted: UNCOUNTED }
    }
}

impl Room {
    /// Room for so many bytes, in all.
    fn make(&mut self, peer: &Peer, size: usize) -> Result<(), CallError> {
        if size <= self.counted {
            return Ok(());
        }
        let more = (size - self.counted).next_multiple_of(STEP);
        let enough = match &mut self.taken {
            Some(taken) => taken.grow(more),
            taken @ None => {
                *taken = peer.take(Resource::RequestBytes, more);
                taken.is_some()
            }
        };
        self.counted += more;
        if enough { Ok(()) } else { Err(CallError::Overloaded) }
    }
}

impl ArrivingRequest {
    fn poll_arrived(&mut self, peer: &Peer, context: &mut Context<'_>) -> Poll<Result<(), CallError>> {
        loop {
            let Some(frame) = ready!(Pin::new(&mut self.body).poll_frame(context)) else { return Poll::Ready(Ok(())) };
            // What went wrong may quote what came, and is not told.
            let frame = frame.map_err(|_| CallError::Unreadable("its body is broken".to_owned()))?;
            let Ok(data) = frame.into_data() else { continue };
            self.add(peer, data)?;
            if self.size() > self.most {
                return Poll::Ready(Ok(()));
            }
        }
    }

    fn size(&self) -> usize {
        self.first.len().max(self.all.len())
    }

    fn add(&mut self, peer: &Peer, data: Bytes) -> Result<(), CallError> {
        self.room.make(peer, self.size() + data.len())?;
        if self.first.is_empty() {
            self.first = data;
            return Ok(());
        }
        if self.all.is_empty() {
            self.all.extend_from_slice(&self.first);
        }
        self.all.extend_from_slice(&data);
        Ok(())
    }
}
