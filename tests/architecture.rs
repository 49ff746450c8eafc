//! Holds the source tree to ARCHITECTURE.md: imports go down only, every file says what it is, and a third-party engine is
//! named in its own file only.
#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The floors of the house, lowest first. A module may import its own floor's modules only if it is the same module.
const FLOORS: &[&[&str]] = &[
    &["text"],
    &["language", "document", "glossary"],
    &["spelling", "settings"],
    &["auth", "polishing"],
    &["config"],
    &["telemetry"],
    &["storage"],
    &["transport"],
    &["app"],
    &["cli"],
];

/// Crates that only some modules may name: the lower floors are synchronous and know no network and no wire format.
const CONFINED: &[(&str, &[&str])] = &[
    ("tokio", &["app", "auth", "cli", "polishing", "settings", "storage", "telemetry", "transport"]),
    ("tonic", &["cli", "transport"]),
    ("prost", &["transport"]),
    ("prost_types", &["transport"]),
    ("prost_reflect", &["transport"]),
    ("tower", &["polishing", "transport"]),
    ("hyper", &["transport"]),
    ("sqlx", &["storage"]),
    ("async_openai", &["polishing"]),
    ("http_body", &["polishing", "transport"]),
    ("reqwest", &["auth", "polishing"]),
    ("jsonwebtoken", &["auth"]),
    ("aws_lc_rs", &["auth", "polishing"]),
    ("governor", &["auth", "polishing"]),
    ("serde", &["auth", "cli", "config", "polishing", "storage"]),
    ("serde_json", &["auth", "cli", "polishing", "storage", "transport"]),
    ("toml", &["cli", "config"]),
    ("clap", &["cli"]),
    ("tracing", &["app", "auth", "cli", "polishing", "settings", "storage", "telemetry", "transport"]),
    ("rustls", &["app"]),
    ("zspell", &["cli"]),
    ("lzma_rust2", &["cli"]),
    ("fst", &["glossary", "spelling"]),
    ("encoding_rs", &["spelling"]),
    ("icu_locale_core", &["language"]),
];

/// Parts of polishing that must stay pure: text in, text out. They know no runtime, no clock that anyone is told, no log.
const PURE: &[&str] = &[
    "polishing/conditions",
    "polishing/diff",
    "polishing/guard",
    "polishing/markup",
    "polishing/privacy",
    "polishing/prompt",
    "polishing/reasoning",
    "polishing/stream",
];

/// Engines that one file only may name.
const IN_ONE_FILE: &[(&str, &str)] = &[
    ("zspell", "cli/verify.rs"),
    ("rlimit", "cli/verify.rs"),
    ("lzma_rust2", "cli/chinese_model.rs"),
    ("icu_locale_core", "language.rs"),
    ("lol_html", "document/html/tokens.rs"),
    ("entities", "document/html/reference.rs"),
    ("similar", "polishing/diff.rs"),
    ("async_openai", "polishing/openai/client.rs"),
];

struct Source {
    /// Relative to `src`.
    path: String,
    module: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a readable folder") {
            let path: PathBuf = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let relative = path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
                let module = relative.split(['/', '.']).next().unwrap_or_default().to_owned();
                found.push(Source { path: relative, module, text: fs::read_to_string(&path).expect("UTF-8") });
            }
        }
    }
    assert!(found.len() > 50, "the source tree was not found");
    found
}

/// Code without comments and doc comments: links in prose are no imports.
fn code(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    source
        .text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(n, line)| (n + 1, line))
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

/// The modules that a file imports: `crate::module`, also inside the braces of `use crate::{...}`.
fn imported(source: &Source) -> Vec<String> {
    let text: String = code(source).map(|(_, line)| format!("{line}\n")).collect();
    let mut modules = Vec::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find("crate::") {
        // `$crate::` and `other_crate::` are none of ours.
        let own = !rest[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$');
        rest = &rest[at + "crate::".len()..];
        if !own {
            continue;
        }
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 1;
            let mut item = String::new();
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                if depth == 0 || depth == 1 && c == ',' {
                    modules.push(std::mem::take(&mut item));
                    if depth == 0 {
                        break;
                    }
                } else {
                    item.push(c);
                }
            }
        } else {
            modules.push(rest.to_owned());
        }
    }
    let first_name = |path: &String| path.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    modules.iter().map(first_name).filter(|name: &String| !name.is_empty()).collect()
}

#[test]
fn imports_go_down() {
    for source in sources() {
        let Some(own) = floor(&source.module) else {
            assert!(["lib", "main"].contains(&source.module.as_str()), "{} is on no floor", source.path);
            continue;
        };
        for module in imported(&source) {
            if let Some(other) = floor(&module) {
                assert!(
                    module == source.module || other < own,
                    "{} imports {module}, which is not below it",
                    source.path
                );
            }
        }
    }
}

#[test]
fn every_file_says_what_it_is() {
    for source in sources() {
        assert!(source.text.starts_with("//!"), "{} does not begin with a //! line", source.path);
    }
}

#[test]
fn the_pure_parts_of_polishing_stay_pure() {
    let pure =
        |source: &Source| PURE.iter().any(|part| source.path.starts_with(part)) && !source.path.ends_with("tests.rs");
    for source in sources().iter().filter(|source| pure(source)) {
        for (number, line) in code(source) {
            for library in ["tokio::", "tracing::", "async_openai::", "SystemTime"] {
                assert!(!line.contains(library), "{}:{number} names {library}", source.path);
            }
        }
    }
}

#[test]
fn libraries_stay_where_they_belong() {
    for source in sources() {
        for (number, line) in code(&source) {
            let names = |library: &str| {
                line.match_indices(library).any(|(at, _)| {
                    let before = line[..at].chars().next_back();
                    let after = &line[at + library.len()..];
                    after.starts_with("::") && !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
                })
            };
            for (library, modules) in CONFINED {
                let allowed = modules.contains(&source.module.as_str()) || source.module == "main";
                assert!(allowed || !names(library), "{}:{number} names {library}", source.path);
            }
            for (library, file) in IN_ONE_FILE {
                assert!(
                    source.path == *file || !names(library),
                    "{}:{number} names {library}, which belongs to {file}",
                    source.path
                );
            }
        }
    }
}
