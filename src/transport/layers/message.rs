//! What is done to the message of a request before tonic decodes it: it is unpacked, and its fields are counted. A few bytes of gzip can
//! hold hundreds of thousands of empty entries, each of which is many times its size when it is decoded. Knows the shape of each request
//! by the descriptors, and reads no value.

use std::{
    collections::{HashMap, hash_map::Entry},
    io::Read as _,
};

use bytes::{Bytes, BytesMut};
use flate2::bufread::GzDecoder;
use http::HeaderMap;
use prost_reflect::{DescriptorPool, Kind, MessageDescriptor};

use crate::transport::status::CallError;

/// The head of a gRPC message: whether it is compressed, and its length.
pub(super) const MESSAGE_HEAD: usize = 5;

/// The most fields of a request, those of its parts and the entries of its lists among them. The longest list that a method takes has
/// half as many (`BatchCreateDictionaryWords`); so many are decoded in a millisecond or two.
const MAX_FIELDS: usize = 20_000;

/// What a field takes at most once it is decoded, in bytes, beside what it takes in the message: the largest entry of a list
/// (`SpellingFeedback`), in a vector that has doubled.
const FIELD_BYTES: usize = 384;

/// So many fields are not counted as bytes: an ordinary request has a dozen.
const UNCOUNTED_FIELDS: usize = 32;

/// So many bytes are unpacked at a time.
const UNPACKED_STEP: usize = 16 * 1024;

/// Wire types, as https://protobuf.dev/programming-guides/encoding/#structure has them.
const VARINT: usize = 0;
const SIXTY_FOUR_BIT: usize = 1;
const LENGTH_DELIMITED: usize = 2;
const START_GROUP: usize = 3;
const END_GROUP: usize = 4;
const THIRTY_TWO_BIT: usize = 5;

/// The shapes of the requests of all methods.
#[derive(Debug)]
pub(crate) struct RequestShapes {
    /// By path (`/package.Service/Method`): the place of the shape.
    methods: HashMap<String, usize>,
    shapes: Vec<Shape>,
}

/// Which fields of a message are messages themselves, and which lists that are packed.
#[derive(Debug, Default)]
struct Shape(Vec<(u32, Part)>);

#[derive(Clone, Copy, Debug)]
enum Part {
    /// The place of its shape.
    Message(usize),
    /// A list of numbers in one field. None of ours are longer than a byte each.
    Packed,
}

impl RequestShapes {
    /// Of all methods of these pools.
    #[must_use]
    pub(crate) fn of(pools: &[DescriptorPool]) -> Self {
        let (mut methods, mut shapes, mut places) = (HashMap::new(), Vec::new(), HashMap::new());
        for service in pools.iter().flat_map(DescriptorPool::services) {
            for method in service.methods() {
                let shape = add_shape(&method.input(), &mut shapes, &mut places);
                methods.insert(format!("/{}/{}", service.full_name(), method.name()), shape);
            }
        }
        Self { methods, shapes }
    }

    /// The paths of all methods.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.methods.keys().map(String::as_str)
    }

    /// How many fields a message to this path has, at most one more than [`MAX_FIELDS`]. One that nobody could decode has those up to
    /// the place where it breaks; one to an unknown path has none, as nobody decodes it.
    fn count_fields(&self, path: &str, message: &[u8]) -> usize {
        let Some(&shape) = self.methods.get(path) else { return 0 };
        let mut count = 0;
        self.add_fields(shape, message, &mut count);
        count
    }

    fn add_fields(&self, shape: usize, mut rest: &[u8], count: &mut usize) -> Option<()> {
        let Shape(parts) = self.shapes.get(shape)?;
        while !rest.is_empty() && *count <= MAX_FIELDS {
            *count += 1;
            let key = varint(&mut rest)?;
            let skipped = match key & 7 {
                VARINT => varint(&mut rest).map(|_| 0)?,
                SIXTY_FOUR_BIT => 8,
                THIRTY_TWO_BIT => 4,
                // What stands in a group is counted as if it stood beside it.
                START_GROUP | END_GROUP => 0,
                LENGTH_DELIMITED => {
                    let length = varint(&mut rest)?;
                    let content = rest.get(..length)?;
                    match parts.iter().find(|(number, _)| *number as usize == key >> 3) {
                        Some((_, Part::Message(shape))) => self.add_fields(*shape, content, count)?,
                        Some((_, Part::Packed)) => *count += length,
                        None => {}
                    }
                    length
                }
                _ => return None,
            };
            rest = rest.get(skipped..)?;
        }
        Some(())
    }
}

/// Takes a number from the front: the only function of prost's public interface that reads one calls it a length.
fn varint(rest: &mut &[u8]) -> Option<usize> {
    prost::decode_length_delimiter(rest).ok()
}

/// The place of a message's shape, which is made if it is not there yet. Its place is known before its parts are looked at, so a message
/// may contain itself.
fn add_shape(message: &MessageDescriptor, shapes: &mut Vec<Shape>, places: &mut HashMap<String, usize>) -> usize {
    let place = shapes.len();
    match places.entry(message.full_name().to_owned()) {
        Entry::Occupied(known) => return *known.get(),
        Entry::Vacant(new) => new.insert(place),
    };
    shapes.push(Shape::default());
    let mut parts = Vec::new();
    for field in message.fields() {
        let part = match field.kind() {
            Kind::Message(inner) => Part::Message(add_shape(&inner, shapes, places)),
            Kind::String | Kind::Bytes => continue,
            _ if field.is_list() => Part::Packed,
            _ => continue,
        };
        parts.push((field.number(), part));
    }
    shapes[place] = Shape(parts);
    place
}

/// The body as tonic is to read it: one message, unpacked if it was packed by gzip. `make_room` is told of the bytes that all of it takes
/// in memory, in all, before it takes them.
///
/// What is no whole message of a known kind is handed on as it is: tonic refuses it without decoding anything.
///
/// # Errors
/// [`CallError::Unreadable`] if there is more than one message or the compression is broken, [`CallError::MessageTooLong`] for more than
/// `most` bytes or [`MAX_FIELDS`] fields, and what `make_room` says.
pub(crate) fn prepare_message(
    shapes: &RequestShapes,
    path: &str,
    headers: &HeaderMap,
    body: Bytes,
    most: usize,
    mut make_room: impl FnMut(usize) -> Result<(), CallError>,
) -> Result<Bytes, CallError> {
    let Some((flag, message)) = split(&body)? else { return Ok(body) };
    let unpacked = match flag {
        0 => None,
        1 if headers.get("grpc-encoding").is_some_and(|encoding| encoding == "gzip") => {
            Some(unpack(message, most, |unpacked| make_room(body.len() + unpacked))?)
        }
        _ => return Ok(body),
    };
    let ready = unpacked.unwrap_or_else(|| body.clone());
    let fields = shapes.count_fields(path, &ready[MESSAGE_HEAD..]);
    if fields > MAX_FIELDS {
        return Err(CallError::MessageTooLong(format!(
            "the request has more than {MAX_FIELDS} fields and entries of lists"
        )));
    }
    make_room(ready.len() + fields.saturating_sub(UNCOUNTED_FIELDS) * FIELD_BYTES)?;
    Ok(ready)
}

/// The flag and the message of a body that holds a whole one.
fn split(body: &[u8]) -> Result<Option<(u8, &[u8])>, CallError> {
    let Some((&[flag, a, b, c, d], rest)) = body.split_first_chunk() else { return Ok(None) };
    let Ok(length) = usize::try_from(u32::from_be_bytes([a, b, c, d])) else { return Ok(None) };
    match rest.split_at_checked(length) {
        Some((message, [])) => Ok(Some((flag, message))),
        Some(_) => Err(CallError::Unreadable("expected one message, found more".to_owned())),
        None => Ok(None),
    }
}

/// The message with the head of one that is not compressed.
fn unpack(
    packed: &[u8],
    most: usize,
    mut make_room: impl FnMut(usize) -> Result<(), CallError>,
) -> Result<Bytes, CallError> {
    let mut reader = GzDecoder::new(packed);
    let mut unpacked = BytesMut::zeroed(MESSAGE_HEAD);
    loop {
        let size = unpacked.len();
        make_room(size + UNPACKED_STEP)?;
        unpacked.resize(size + UNPACKED_STEP, 0);
        // What went wrong may quote what came, and is not told.
        let broken = |_| CallError::Unreadable("its compression is broken".to_owned());
        let read = reader.read(&mut unpacked[size..]).map_err(broken)?;
        unpacked.truncate(size + read);
        let length = unpacked.len() - MESSAGE_HEAD;
        if length > most {
            return Err(CallError::MessageTooLong(format!(
                "the message has more than {most} bytes when it is unpacked"
            )));
        }
        if read == 0 {
            let length = u32::try_from(length).map_err(|_| CallError::Internal)?;
            unpacked[1..MESSAGE_HEAD].copy_from_slice(&length.to_be_bytes());
            return Ok(unpacked.freeze());
        }
    }
}

#[cfg(test)]
mod tests {
    use prost::Message as _;

    use super::*;
    use crate::transport::{
        proto::{
            CheckSpellingOptions, CheckSpellingRequest, ConversationTurn, Document, PolishReplyRequest,
            RecordSpellingFeedbackRequest, Span, SpellingFeedback,
        },
        reflection::descriptor_pools,
    };

    #[track_caller]
    fn check(path: &str, message: &[u8], expected: usize) {
        let shapes = RequestShapes::of(&descriptor_pools().unwrap());
        assert_eq!(shapes.count_fields(path, message), expected, "{path}");
    }

    #[test]
    fn fields_of_parts_and_entries_of_lists_are_counted() {
        const CHECK: &str = "/vermilion.v1.SpellingService/CheckSpelling";
        let spans = vec![Span { start: 1, end: 2 }, Span { start: 3, end: 4 }];
        // A text whose bytes would be fields.
        let document = Document { content: "z\u{1}az\u{1}a".to_owned(), protected_spans: spans, ..Default::default() };
        let request = CheckSpellingRequest {
            document: Some(document),
            ignored_words: vec!["a".to_owned(); 5],
            options: Some(CheckSpellingOptions { kinds: vec![1, 2, 3], ..Default::default() }),
            ..Default::default()
        };
        // The document, its content, two spans of two fields; five words; the options, a field of three kinds.
        check(CHECK, &request.encode_to_vec(), 2 + 2 * 3 + 5 + 1 + 1 + 3);
        let feedbacks = vec![SpellingFeedback { word: "wrogn".to_owned(), ..Default::default() }; 4];
        let request = RecordSpellingFeedbackRequest { feedbacks };
        check("/vermilion.v1.SpellingService/RecordSpellingFeedback", &request.encode_to_vec(), 8);
        let request = PolishReplyRequest { turns: vec![ConversationTurn::default(); 7], ..Default::default() };
        check("/vermilion.v1.PolishingService/PolishReply", &request.encode_to_vec(), 7);
        check("/vermilion.v1.PolishingService/StreamPolishReply", &request.encode_to_vec(), 7);
        check("/no.such.Service/Method", &request.encode_to_vec(), 0);
        check(CHECK, &[0x3a, 0].repeat(MAX_FIELDS * 2), MAX_FIELDS + 1);
    }

    #[test]
    fn what_breaks_off_is_counted_up_to_there() {
        const CHECK: &str = "/vermilion.v1.SpellingService/CheckSpelling";
        for (message, expected) in [
            (&[][..], 0),
            (&[0x80], 1),
            (&[0x18, 1, 0x18], 2),
            (&[0x18, 1, 0x3a, 2, 0x08], 2),
            (&[0x18, 1, 0x0f, 0x18, 1], 2),
            (&[0x3d, 1, 2, 3], 1),
        ] {
            check(CHECK, message, expected);
        }
    }
}
