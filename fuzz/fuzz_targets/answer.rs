//! Any answer of a model is refused, or makes content that holds the draft's values and that the edits lead to. The first byte chooses
//! the draft and the operation; `§` is the nonce of the placeholders.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vermilion::polishing::fuzzing::read_answer;

fuzz_target!(|input: &[u8]| {
    let Some((&choice, answer)) = input.split_first() else { return };
    let Ok(answer) = std::str::from_utf8(answer) else { return };
    read_answer(choice, answer);
});
