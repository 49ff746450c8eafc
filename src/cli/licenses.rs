//! `vermilion licenses`: the licences of the program, of the language data built into it, and of the crates it is made of.

use std::{io::Write as _, process::ExitCode};

macro_rules! texts {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $path)))),*]
    };
}

/// In the order of NOTICE.
const LICENSE_TEXTS: &[(&str, &str)] = texts![
    "NOTICE",
    "LICENSE",
    "dictionaries/SOURCES.md",
    "dictionaries/en-US/LICENSE",
    "dictionaries/en-GB/LICENSE",
    "dictionaries/pt-BR/NOTICE",
    "dictionaries/pt-BR/LICENSE",
    "dictionaries/pt-BR/MPL-2.0.txt",
    "dictionaries/pt-PT/NOTICE",
    "dictionaries/pt-PT/LICENSE",
    "dictionaries/pt-PT/MPL-1.1.txt",
    "dictionaries/zh-Hans/NOTICE",
    "dictionaries/zh-Hans/LGPL-2.1.txt",
    "dictionaries/zh-Hans/LICENSE-Unicode.txt",
    "dictionaries/zh-Hans/LICENSE-pypinyin.txt",
    "dictionaries/zh-Hant/NOTICE",
    "dictionaries/zh-Hant/LICENSE",
    "dictionaries/en/NOTICE",
    "dictionaries/pt/NOTICE",
    "dictionaries/en/LICENSE",
    // Made by tools/crates.py.
    "src/cli/crate-licenses.txt",
];

pub(crate) fn run() -> anyhow::Result<ExitCode> {
    for (path, text) in LICENSE_TEXTS {
        writeln!(anstream::stdout(), "===== {path} =====\n\n{}\n", text.trim_end())?;
    }
    Ok(ExitCode::SUCCESS)
}
