//! Every offset survives the way to units and back, whatever the order in which a cursor is asked; what is no character
//! boundary is refused. The first bytes choose the order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vermilion_engine::text::{OffsetCursor, OffsetEncoding};

fuzz_target!(|input: (Vec<u8>, String)| {
    let (order, text) = (input.0, input.1.as_str());
    let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    for encoding in [OffsetEncoding::Utf8, OffsetEncoding::Utf16, OffsetEncoding::Utf32] {
        let counted = |byte: usize| match encoding {
            OffsetEncoding::Utf8 => byte,
            OffsetEncoding::Utf16 => text[..byte].encode_utf16().count(),
            OffsetEncoding::Utf32 => text[..byte].chars().count(),
        };
        let whole = encoding.length(text);
        assert_eq!(whole, counted(text.len()));

        // One cursor for all, back and forth, as the order has it.
        let mut there = OffsetCursor::new(text, encoding);
        let mut back = OffsetCursor::new(text, encoding);
        for at in order.iter().map(|place| usize::from(*place) % boundaries.len()) {
            let byte = boundaries[at];
            let units = there.units_at(byte);
            assert_eq!(units, counted(byte), "{encoding:?} of byte {byte}");
            assert_eq!(back.byte_at(units), Some(byte), "byte of {encoding:?} {units}");
        }
        // Any number at all: a boundary with that very count, or nothing.
        for units in order.iter().map(|place| usize::from(*place)) {
            match there.byte_at(units) {
                Some(byte) => assert!(text.is_char_boundary(byte) && counted(byte) == units),
                None => assert!(boundaries.iter().all(|byte| counted(*byte) != units)),
            }
        }
        assert_eq!(there.byte_at(whole), Some(text.len()));
        assert_eq!(there.byte_at(whole + 1), None);
    }
});
