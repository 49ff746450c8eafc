//! Compiles the protos with protox (no protoc needed) and keeps the descriptor set for reflection and proto3 JSON.

use std::{env, fs, path::PathBuf};

use prost::Message as _;

/// Every file of the API.
const PROTOS: [&str; 4] = [
    "vermilion/v1/spelling.proto",
    "vermilion/v1/polishing.proto",
    "vermilion/v1/settings.proto",
    "vermilion/v1/caller.proto",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=proto");
    let descriptors = protox::Compiler::new(["proto"])?
        .include_imports(true)
        .include_source_info(false)
        .open_files(PROTOS)?
        .file_descriptor_set();
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("descriptors.bin"), descriptors.encode_to_vec())?;
    // Comments become doc comments, so this second set carries them.
    let documented = protox::compile(PROTOS, ["proto"])?;
    tonic_prost_build::configure().compile_fds(documented)?;
    Ok(())
}
