//! Any file of settings is refused, or reads the same when it is printed.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| vermilion::cli::read_file(text));
