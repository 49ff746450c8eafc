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

/// The most fields of a request, those of its parts and the entries of its lists among them: 6,666 spans. The longest list that a method
/// takes has half as many (`BatchCreateDictionaryWords`); so many are decoded in a millisecond or two.
const MAX_FIELDS: usize = 20_000;

/// What an entry of a list takes once it is decoded, in bytes, beside its bytes in the message, in a vector that has just doubled: three
/// times the size of the largest message (`SpellingFeedback`), of a string, of a number.
const MESSAGE_ENTRY: usize = 192;
const TEXT_ENTRY: usize = 72;
const NUMBER_ENTRY: usize = 12;

/// No message lies deeper in others: prost refuses it.
const MAX_DEPTH: usize = 100;

/// So many bytes are unpacked at a time, the first time and at most.
const UNPACKED_STEP: std::ops::RangeInclusive<usize> = 2 * 1024..=16 * 1024;

/// The services that take what is packed. Others refuse it, and nothing is unpacked for them.
const UNPACKING_SERVICES: [&str; 2] = ["vermilion.v1.SpellingService", "vermilion.v1.PolishingService"];

/// Wire types, as <https://protobuf.dev/programming-guides/encoding/#structure> has them.
const VARINT: usize = 0;
const SIXTY_FOUR_BIT: usize = 1;
const LENGTH_DELIMITED: usize = 2;
const START_GROUP: usize = 3;
const END_GROUP: usize = 4;
const THIRTY_TWO_BIT: usize = 5;

/// The shapes of the requests of all methods.
#[derive(Debug)]
pub(crate) struct RequestShapes {
    /// By path (`/package.Service/Method`).
    methods: HashMap<String, MethodShape>,
    shapes: Vec<Shape>,
}

#[derive(Clone, Copy, Debug)]
struct MethodShape {
    /// The place of its shape.
    request: usize,
    takes_packed: bool,
}

/// Which fields of a message are messages themselves, and which are lists.
#[derive(Debug, Default)]
struct Shape(Vec<(u32, Part)>);

#[derive(Clone, Copy, Debug)]
enum Part {
    /// The place of its shape.
    Message(usize),
    /// Strings or bytes.
    Texts,
    /// Numbers, of which one field may hold many. None of ours are longer than a byte each.
    Numbers,
}

/// What a message is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct FieldCount {
    /// Fields at any depth; numbers that are packed into one are one each.
    fields: usize,
    /// What entries of lists take when they are decoded, beside their bytes in the message.
    bytes: usize,
}

impl RequestShapes {
    /// Of all methods of these pools.
    #[must_use]
    pub(crate) fn of(pools: &[DescriptorPool]) -> Self {
        let (mut methods, mut shapes, mut places) = (HashMap::new(), Vec::new(), HashMap::new());
        for service in pools.iter().flat_map(DescriptorPool::services) {
            let takes_packed = UNPACKING_SERVICES.contains(&service.full_name());
            for method in service.methods() {
                let request = add_shape(&method.input(), &mut shapes, &mut places);
                let shape = MethodShape { request, takes_packed };
                methods.insert(format!("/{}/{}", service.full_name(), method.name()), shape);
            }
        }
        Self { methods, shapes }
    }

    /// The paths of all methods.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.methods.keys().map(String::as_str)
    }

    /// The fields of a message of that shape; more than [`MAX_FIELDS`] are not counted to their end. `None` for what nobody can decode:
    /// prost would find that out only after it has decoded what goes before, and sometimes what does not belong to it.
    fn count_fields(&self, shape: usize, message: &[u8]) -> Option<FieldCount> {
        let mut count = FieldCount::default();
        self.add_fields(shape, message, 0, &mut count)?;
        Some(count)
    }

    fn add_fields(&self, shape: usize, mut rest: &[u8], depth: usize, count: &mut FieldCount) -> Option<()> {
        let Shape(parts) = self.shapes.get(shape).filter(|_| depth <= MAX_DEPTH)?;
        // What stands in a group is no field of this message; no message of ours has one.
        let mut groups = 0_usize;
        while !rest.is_empty() && count.fields <= MAX_FIELDS {
            count.fields += 1;
            let key = varint(&mut rest)?;
            let part =
                parts.iter().find(|(number, _)| groups == 0 && *number as usize == key >> 3).map(|(_, part)| *part);
            if matches!(part, Some(Part::Numbers)) {
                count.bytes += NUMBER_ENTRY;
            }
            let skipped = match key & 7 {
                VARINT => varint(&mut rest).map(|_| 0)?,
                SIXTY_FOUR_BIT => 8,
                THIRTY_TWO_BIT => 4,
                START_GROUP => {
                    groups += 1;
                    0
                }
                END_GROUP => {
                    groups = groups.checked_sub(1)?;
                    0
                }
                LENGTH_DELIMITED => {
                    let length = varint(&mut rest)?;
                    let content = rest.get(..length)?;
                    match part {
                        Some(Part::Message(shape)) => {
                            count.bytes += MESSAGE_ENTRY;
                            self.add_fields(shape, content, depth + 1, count)?;
                        }
                        Some(Part::Texts) => count.bytes += TEXT_ENTRY,
                        Some(Part::Numbers) => {
                            count.fields += length;
                            count.bytes += length * NUMBER_ENTRY;
                        }
                        None => {}
                    }
                    length
                }
                _ => return None,
            };
            rest = rest.get(skipped..)?;
        }
        (groups == 0 || count.fields > MAX_FIELDS).then_some(())
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
            Kind::String | Kind::Bytes if field.is_list() => Part::Texts,
            _ if field.is_list() => Part::Numbers,
            _ => continue,
        };
        parts.push((field.number(), part));
    }
    shapes[place] = Shape(parts);
    place
}

/// The body as tonic is to read it: one message, unpacked if it was packed by gzip. `make_room` is told of the bytes that it takes in
/// memory, in all, before it takes them.
///
/// What is no whole message of a known kind is handed on as it is: tonic refuses it without decoding anything.
///
/// # Errors
/// [`CallError::Unreadable`] if there is more than one message, it cannot be decoded, or the compression is broken,
/// [`CallError::MessageTooLong`] for more than `most` bytes or [`MAX_FIELDS`] fields, and what `make_room` says.
pub(crate) fn prepare_message(
    shapes: &RequestShapes,
    path: &str,
    headers: &HeaderMap,
    body: Bytes,
    most: usize,
    mut make_room: impl FnMut(usize) -> Result<(), CallError>,
) -> Result<Bytes, CallError> {
    // Nobody decodes what is sent to another path.
    let Some(&method) = shapes.methods.get(path) else { return Ok(body) };
    let Some((flag, message)) = split(&body)? else { return Ok(body) };
    let ready = match flag {
        0 => body.clone(),
        1 if method.takes_packed && headers.get("grpc-encoding").is_some_and(|encoding| encoding == "gzip") => {
            unpack(message, most, &mut make_room)?
        }
        _ => return Ok(body),
    };
    let count = shapes.count_fields(method.request, &ready[MESSAGE_HEAD..]);
    let count = count.ok_or_else(|| CallError::Unreadable("it is no message of this method".to_owned()))?;
    if count.fields > MAX_FIELDS {
        let told = format!("the request has more than {MAX_FIELDS} fields and entries of lists");
        return Err(CallError::MessageTooLong(told));
    }
    make_room(ready.len() + count.bytes)?;
    Ok(ready)
}

/// The flag and the message of a body that holds a whole one.
pub(crate) fn split(body: &[u8]) -> Result<Option<(u8, &[u8])>, CallError> {
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
    make_room: &mut impl FnMut(usize) -> Result<(), CallError>,
) -> Result<Bytes, CallError> {
    let mut reader = GzDecoder::new(packed);
    let mut unpacked = BytesMut::zeroed(MESSAGE_HEAD);
    loop {
        let size = unpacked.len();
        let end = size + size.clamp(*UNPACKED_STEP.start(), *UNPACKED_STEP.end());
        make_room(end)?;
        unpacked.resize(end, 0);
        // What went wrong may quote what came, and is not told.
        let broken = |_| CallError::Unreadable("its compression is broken".to_owned());
        let read = reader.read(&mut unpacked[size..]).map_err(broken)?;
        unpacked.truncate(size + read);
        let length = unpacked.len() - MESSAGE_HEAD;
        if length > most {
            let told = format!("the message has more than {most} bytes when it is unpacked");
            return Err(CallError::MessageTooLong(told));
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
            BatchCreateDictionaryWordsRequest, CheckSpellingOptions, CheckSpellingRequest, ConversationTurn, Document,
            PolishReplyRequest, RecordSpellingFeedbackRequest, Span, SpellingFeedback,
        },
        reflection::descriptor_pools,
    };

    const CHECK: &str = "/vermilion.v1.SpellingService/CheckSpelling";
    const FEEDBACK: &str = "/vermilion.v1.SpellingService/RecordSpellingFeedback";
    const POLISH: &str = "/vermilion.v1.PolishingService/PolishReply";

    #[track_caller]
    fn check(path: &str, message: &[u8], expected: Option<(usize, usize)>) {
        let shapes = RequestShapes::of(&descriptor_pools().unwrap());
        let found = shapes.count_fields(shapes.methods[path].request, message);
        assert_eq!(found.map(|count| (count.fields, count.bytes)), expected, "{path}");
    }

    #[test]
    fn fields_of_parts_and_entries_of_lists_are_counted() {
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
        let bytes = 4 * MESSAGE_ENTRY + 5 * TEXT_ENTRY + 4 * NUMBER_ENTRY;
        check(CHECK, &request.encode_to_vec(), Some((2 + 2 * 3 + 5 + 1 + 1 + 3, bytes)));
        let feedbacks = vec![SpellingFeedback { word: "wrogn".to_owned(), ..Default::default() }; 4];
        let request = RecordSpellingFeedbackRequest { feedbacks };
        check(FEEDBACK, &request.encode_to_vec(), Some((8, 4 * MESSAGE_ENTRY)));
        let request = PolishReplyRequest { turns: vec![ConversationTurn::default(); 7], ..Default::default() };
        for path in [POLISH, "/vermilion.v1.PolishingService/StreamPolishReply"] {
            check(path, &request.encode_to_vec(), Some((7, 7 * MESSAGE_ENTRY)));
        }
        let words = BatchCreateDictionaryWordsRequest { texts: vec!["word".to_owned(); 10_000], ..Default::default() };
        let path = "/vermilion.v1.SettingsService/BatchCreateDictionaryWords";
        check(path, &words.encode_to_vec(), Some((10_000, 10_000 * TEXT_ENTRY)));
    }

    /// What prost would decode before it finds out, and what it would never look into.
    #[test]
    fn what_nobody_can_decode_is_no_message() {
        for message in [
            &[0x80][..],
            &[0x18, 1, 0x18],
            &[0x18, 1, 0x3a, 2, 0x08],
            &[0x18, 1, 0x0f, 0x18, 1],
            &[0x3d, 1, 2, 3],
            // Groups that do not begin, or do not end.
            &[0x7c],
            &[0x7b, 0x18, 1],
        ] {
            check(CHECK, message, None);
            assert!(CheckSpellingRequest::decode(message).is_err(), "{message:?}");
        }
        // A list that goes on behind the message that it stands in.
        let kinds = [&[0x2a, 4, 0x1a, 0xc0, 0x84, 0x3d][..], &vec![1; 1_000_000]].concat();
        check(CHECK, &kinds, None);
        // In a group of nobody's, what looks like a field of ours is none; what follows is counted.
        let group = [&[0x7b, 0x0a, 1, 7, 0x7c][..], &[0x3a, 0].repeat(9)].concat();
        check(CHECK, &group, Some((3 + 9, 9 * MESSAGE_ENTRY)));
        assert_eq!(CheckSpellingRequest::decode(&*group).unwrap().only_spans.len(), 9);
        let many = RequestShapes::of(&descriptor_pools().unwrap());
        let spans = [&[0x7b, 0x0a, 1, 7, 0x7c][..], &[0x3a, 0].repeat(MAX_FIELDS)].concat();
        assert!(many.count_fields(many.methods[CHECK].request, &spans).unwrap().fields > MAX_FIELDS);
    }
}
