//! When an answer is compressed for a client that takes gzip, as those on the C core do (Python, C++, C#, Ruby). What compresses has
//! some 300 KB of working memory, which is cleared for each message: that takes 20 us, longer than a short check, for an answer that
//! one packet holds.

use prost::Message;
use tonic::Response;

/// The shortest answer that is compressed, in bytes: some three packets.
const COMPRESSED_FROM: usize = 4096;

/// An answer, compressed if that is worth it.
pub(super) fn unary<M: Message>(message: M) -> Response<M> {
    let is_short = message.encoded_len() < COMPRESSED_FROM;
    let mut response = Response::new(message);
    if is_short {
        response.disable_compression();
    }
    response
}
