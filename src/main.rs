//! The `vermilion` program: nothing but a call.

use std::process::ExitCode;

fn main() -> ExitCode {
    vermilion::cli::main()
}
