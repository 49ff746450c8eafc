//! Any body of a request, packed or not, is read without taking more memory than it was given room for. The first byte chooses the method.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vermilion::transport::fuzzing::read_request;

fuzz_target!(|input: &[u8]| {
    if let Some((&method, body)) = input.split_first() {
        read_request(method, body);
    }
});
