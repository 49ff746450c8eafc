//! What a model's server sends is read the same however it is cut. The first byte is the size of the pieces.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vermilion::polishing::openai::fuzzing::read_stream;

fuzz_target!(|input: &[u8]| {
    if let Some((&size, body)) = input.split_first() {
        read_stream(size, body);
    }
});
