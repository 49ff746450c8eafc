//! Holds the source tree to ARCHITECTURE.md: imports go down only and never in circles, every file says what it is, a
//! third-party library is named where it belongs only, and the engine is without a network, a runtime and a wire format.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

use syn::{UseTree, Visibility, visit::Visit};

/// The floors of the house, lowest first. A module may import its own floor's modules only if it is the same module.
const FLOORS: &[&[&str]] = &[
    &["text", "metrics"],
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

/// Where the packages are, by the name under which their modules are imported.
const PACKAGES: [(&str, &str); 2] = [("vermilion", "src"), ("vermilion_engine", "crates/engine/src")];

/// What the engine must not have among its dependencies, however deep: it runs without a network, a runtime and a wire format.
const NOT_IN_THE_ENGINE: [&str; 10] =
    ["tokio", "tonic", "prost", "serde", "sqlx", "reqwest", "hyper", "tracing", "async-trait", "futures-core"];

/// Libraries that only some modules may name.
const CONFINED: &[(&str, &[&str])] = &[
    ("tokio", &["app", "auth", "cli", "polishing", "settings", "storage", "telemetry", "transport"]),
    ("tonic", &["cli", "transport"]),
    ("prost", &["transport"]),
    ("prost_types", &["transport"]),
    ("prost_reflect", &["transport"]),
    ("tower", &["polishing", "transport"]),
    ("hyper", &["transport"]),
    ("hyper_util", &["transport"]),
    ("http_body_util", &["transport"]),
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
    ("rustls", &["app", "transport"]),
    ("rlimit", &["cli", "transport"]),
    ("bytes", &["polishing", "transport"]),
    ("metrics", &["metrics"]),
    ("opentelemetry", &["polishing", "telemetry"]),
    ("opentelemetry_sdk", &["telemetry"]),
    ("tracing_opentelemetry", &["polishing", "telemetry"]),
    ("tracing_subscriber", &["telemetry"]),
    ("metrics_exporter_prometheus", &["metrics"]),
    ("fst", &["glossary", "spelling"]),
    ("encoding_rs", &["spelling"]),
];

/// Libraries that one file only may name.
const IN_ONE_FILE: &[(&str, &str)] = &[
    ("tikv_jemallocator", "src/lib.rs"),
    ("zspell", "src/cli/verify.rs"),
    ("lzma_rust2", "src/cli/chinese_model.rs"),
    ("icu_locale_core", "crates/engine/src/language.rs"),
    ("lol_html", "crates/engine/src/document/html/tokens.rs"),
    ("entities", "crates/engine/src/document/html/reference.rs"),
    ("similar", "src/polishing/diff.rs"),
    ("async_openai", "src/polishing/openai/client.rs"),
    ("opentelemetry_otlp", "src/telemetry/otlp.rs"),
    ("opentelemetry_appender_tracing", "src/telemetry/otlp.rs"),
];

/// What no pure file names.
const IMPURE: &[&str] = &["tokio", "tracing", "async_openai", "SystemTime", "Instant", "fs", "net", "env"];

/// What no file names that knows no HTTP.
const HTTP: &[&str] = &["reqwest", "http", "http_body", "StatusCode"];

/// What a place must not name, each as its own first lines say: a module, a library, a type or a function.
const KNOWS_NOT: &[(&str, &[&str])] = &[
    ("src/auth/", &["sqlx", "storage", "tonic"]),
    ("src/auth/permissions", &["storage", "Store", "tokio", "SystemTime"]),
    ("src/auth/token", &["tokio", "fs", "now"]),
    ("src/config/", &["tokio", "reqwest", "tonic", "vermilion_engine"]),
    ("src/config/auth", &["fs", "env"]),
    ("src/config/source", IMPURE),
    ("src/polishing/", &["spelling", "storage", "sqlx"]),
    ("src/polishing/conditions", IMPURE),
    ("src/polishing/diff", IMPURE),
    ("src/polishing/guard", IMPURE),
    ("src/polishing/guard/code", &["vermilion_engine", "regex"]),
    ("src/polishing/draft", IMPURE),
    ("src/polishing/model", &["openai", "async_openai", "reqwest", "http", "http_body"]),
    ("src/polishing/openai", &["transport", "fs"]),
    ("src/polishing/openai/response", HTTP),
    ("src/polishing/openai/attempt", HTTP),
    ("src/polishing/openai/breaker", HTTP),
    ("src/polishing/openai/event_lines", HTTP),
    ("src/polishing/openai/http", &["serde", "serde_json", "async_openai", "ChatModel", "Prompt"]),
    // Of our own `http` it has what bounds an exchange.
    ("src/polishing/openai/completion_stream", &["reqwest", "http_body", "StatusCode"]),
    ("src/polishing/openai/settings", HTTP),
    ("src/polishing/openai/tenant_limiter", HTTP),
    ("src/polishing/reasons", IMPURE),
    ("src/polishing/review/", &["openai", "reqwest", "storage", "transport"]),
    ("src/polishing/review/dictated", IMPURE),
    ("src/polishing/review/items", IMPURE),
    ("src/polishing/review/prompt", IMPURE),
    ("src/polishing/review/quotes", IMPURE),
    ("src/polishing/request", &["proto", "prost", "serde", "tonic"]),
    ("src/polishing/privacy", IMPURE),
    ("src/polishing/privacy", &["model", "openai"]),
    ("src/polishing/privacy/detect", &["Masking"]),
    ("src/polishing/privacy/digits", &["regex", "vermilion_engine"]),
    ("src/polishing/prompt", IMPURE),
    ("src/polishing/spans", IMPURE),
    ("src/polishing/spans", &["document", "privacy"]),
    ("src/polishing/answer", IMPURE),
    ("src/polishing/stream", IMPURE),
    ("src/polishing/terms", IMPURE),
    ("src/settings/", &["sqlx", "storage", "proto", "prost", "tonic", "auth"]),
    ("src/settings/fields", &["sqlx", "serde", "toml", "prost", "auth"]),
    ("src/settings/name", &["store", "SettingsStore", "SettingsReader"]),
    ("src/settings/rules", IMPURE),
    ("src/storage/changes", &["sqlx"]),
    ("src/storage/health", &["sqlx", "Transaction"]),
    ("src/storage/learning", &["sqlx"]),
    ("src/storage/lists", &["sqlx"]),
    ("src/storage/opened_file", &["sqlx", "Transaction"]),
    ("src/storage/quota", &["sqlx"]),
    ("src/storage/statements", &["sqlx"]),
    ("src/storage/turns", &["sqlx", "Transaction"]),
    ("src/telemetry", &["polishing", "settings", "vermilion_engine", "transport", "tonic", "http"]),
    ("src/polishing/openai/trace_header", &["Prompt", "ModelServer", "http", "http_body"]),
    ("src/config/check", IMPURE),
    ("src/telemetry/log_queue", &["tracing", "tracing_subscriber"]),
    ("src/transport/check_response", &["Instant", "SystemTime", "Request"]),
    ("src/transport/connections", &["proto", "prost", "tonic_prost", "polishing", "settings", "vermilion_engine"]),
    ("src/transport/connections/frames", &["tokio", "Instant", "http", "hyper"]),
    ("src/transport/connections/resources", &["tokio", "http", "hyper", "tonic"]),
    ("src/transport/convert", &["Instant", "SystemTime", "Request"]),
    ("src/transport/feedback", &["Instant", "SystemTime", "Request", "SettingsStore", "LearningStore"]),
    ("src/transport/polishing/request", &["ChatModel", "Instant", "Request"]),
    ("src/transport/polishing/result", &["Instant", "Request"]),
    ("src/transport/work_queue", &["Caller", "SpellingEngine", "tonic", "vermilion_engine"]),
    ("crates/engine/src", &["fs", "net", "SystemTime", "Instant", "File"]),
    ("crates/engine/src/document/prose", &["html", "mail", "plain"]),
    ("crates/engine/src/document/builder", &["html", "mail", "plain"]),
    ("crates/engine/src/spelling/asked", &["document", "words", "chinese"]),
    ("crates/engine/src/spelling/pieces", &["language", "document", "words", "chinese"]),
    ("crates/engine/src/spelling/chinese", &["words", "glossary"]),
    ("crates/engine/src/spelling/words", &["chinese"]),
];

struct Source {
    /// Relative to the repository.
    path: String,
    /// The name under which its package is imported.
    package: &'static str,
    /// `["spelling", "chinese"]` for `spelling/chinese/mod.rs`.
    module: Vec<String>,
    text: String,
    syntax: syn::File,
}

impl Source {
    /// The module on a floor that it belongs to.
    fn room(&self) -> &str {
        self.module.first().map_or("", String::as_str)
    }

    /// Whether it holds nothing but unit tests.
    fn is_tests(&self) -> bool {
        self.module.last().is_some_and(|last| last == "tests")
    }
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    for (package, folder) in PACKAGES {
        let root = repository().join(folder);
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("a readable folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let text = fs::read_to_string(&path).expect("UTF-8");
                    let syntax = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                    let below = path.strip_prefix(&root).expect("below its root").with_extension("");
                    let parts = below.iter().map(|part| part.to_string_lossy().into_owned());
                    let module = parts.filter(|part| !["mod", "lib", "main"].contains(&part.as_str())).collect();
                    let path = path.strip_prefix(repository()).expect("below the repository");
                    let path = path.to_string_lossy().replace('\\', "/");
                    found.push(Source { path, package, module, text, syntax });
                }
            }
        }
    }
    assert!(found.len() > 200, "the source tree was not found");
    found
}

/// A path as it stands in code, `crate::text::Span`, and whether a `pub use` says it.
struct Named {
    segments: Vec<String>,
    is_reexport: bool,
}

/// All paths of a file, those of its unit tests excepted: of `use`, of types, of expressions, of macros and within them.
#[derive(Default)]
struct Paths(Vec<Named>);

impl Paths {
    fn of(syntax: &syn::File) -> Vec<Named> {
        let mut paths = Self::default();
        paths.visit_file(syntax);
        paths.0
    }

    fn take_in(&mut self, tree: &UseTree, before: &[String], is_reexport: bool) {
        let with = |name: String| before.iter().cloned().chain([name]).collect::<Vec<_>>();
        match tree {
            UseTree::Path(path) => self.take_in(&path.tree, &with(path.ident.to_string()), is_reexport),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.take_in(tree, before, is_reexport)),
            UseTree::Name(name) => self.0.push(Named { segments: with(name.ident.to_string()), is_reexport }),
            UseTree::Rename(name) => self.0.push(Named { segments: with(name.ident.to_string()), is_reexport }),
            UseTree::Glob(_) => self.0.push(Named { segments: before.to_vec(), is_reexport }),
        }
    }

    /// The paths in the arguments of a macro, which nobody has parsed.
    fn scan(&mut self, tokens: proc_macro2::TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                proc_macro2::TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                proc_macro2::TokenTree::Ident(name) if colons == 2 && !path.is_empty() => {
                    path.push(name.to_string());
                    colons = 0;
                }
                token => {
                    self.close(&mut path);
                    colons = 0;
                    match token {
                        proc_macro2::TokenTree::Ident(name) => path.push(name.to_string()),
                        proc_macro2::TokenTree::Group(group) => self.scan(group.stream()),
                        _ => {}
                    }
                }
            }
        }
        self.close(&mut path);
    }

    fn close(&mut self, path: &mut Vec<String>) {
        if path.len() > 1 {
            self.0.push(Named { segments: std::mem::take(path), is_reexport: false });
        }
        path.clear();
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.take_in(&item.tree, &[], !matches!(item.vis, Visibility::Inherited));
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.0.push(Named { segments, is_reexport: false });
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.visit_path(&call.path);
        self.scan(call.tokens.clone());
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        self.visit_macro(&item.mac);
    }

    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let is_test = item.attrs.iter().any(|attribute| {
            attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Path>().is_ok_and(|condition| condition.is_ident("test"))
        });
        if !is_test {
            syn::visit::visit_item_mod(self, item);
        }
    }
}

/// Where the paths of the sources lead.
struct House<'s> {
    /// By package and module.
    files: BTreeMap<(&'static str, Vec<String>), &'s Source>,
    paths: BTreeMap<&'s str, Vec<Named>>,
}

impl<'s> House<'s> {
    fn new(sources: &'s [Source]) -> Self {
        let files = sources.iter().map(|source| ((source.package, source.module.clone()), source)).collect();
        let paths = sources.iter().map(|source| (source.path.as_str(), Paths::of(&source.syntax))).collect();
        Self { files, paths }
    }

    /// The files of ours that a file names, by paths that are not re-exports.
    fn imports(&self, source: &Source) -> BTreeSet<&'s str> {
        let named = self.paths[source.path.as_str()].iter().filter(|path| !path.is_reexport);
        named.filter_map(|path| self.resolve(source, &path.segments, 0)).filter(|path| *path != source.path).collect()
    }

    fn resolve(&self, source: &Source, segments: &[String], depth: usize) -> Option<&'s str> {
        let mut package = source.package;
        let mut module = source.module.clone();
        let mut rest = segments;
        match rest.first()?.as_str() {
            "crate" => module.clear(),
            "self" => {}
            "super" => {
                module.pop();
            }
            name => {
                if let Some((known, _)) = PACKAGES.iter().find(|(known, _)| *known == name) {
                    package = known;
                    module.clear();
                } else {
                    // A module below this one; anything else was imported, and is seen there.
                    module.push(name.to_owned());
                    self.files.get(&(package, module.clone()))?;
                }
            }
        }
        rest = &rest[1..];
        while rest.first().is_some_and(|name| name == "super") {
            module.pop();
            rest = &rest[1..];
        }
        while let Some(name) = rest.first() {
            module.push(name.clone());
            if !self.files.contains_key(&(package, module.clone())) {
                module.pop();
                break;
            }
            rest = &rest[1..];
        }
        let found = *self.files.get(&(package, module))?;
        let Some(item) = rest.first().filter(|_| depth < 4) else { return Some(&found.path) };
        // What a module only hands on belongs to whom it has it from.
        let origin = self.paths[found.path.as_str()]
            .iter()
            .find(|path| path.is_reexport && path.segments.len() > 1 && path.segments.last() == Some(item));
        match origin {
            Some(path) => self.resolve(found, &path.segments, depth + 1).or(Some(&found.path)),
            None => Some(&found.path),
        }
    }
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

#[test]
fn imports_go_down() {
    let sources = sources();
    let house = House::new(&sources);
    for source in &sources {
        let Some(own) = floor(source.room()) else {
            assert!(source.module.is_empty(), "{} is on no floor", source.path);
            continue;
        };
        for target in house.imports(source) {
            let target = sources.iter().find(|other| other.path == target).expect("a file of ours");
            if let Some(other) = floor(target.room()) {
                assert!(
                    target.room() == source.room() || other < own,
                    "{} imports {}, which is not below it",
                    source.path,
                    target.path
                );
            }
        }
    }
}

/// A file and the `mod.rs` above it are one room with one door: what a file takes from there counts for no circle.
#[test]
fn imports_go_in_no_circles() {
    let sources = sources();
    let house = House::new(&sources);
    let mut arrows: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for source in sources.iter().filter(|source| !source.is_tests()) {
        let is_above = |target: &str| {
            let target = sources.iter().find(|other| other.path == target).expect("a file of ours");
            source.package == target.package && source.module.starts_with(&target.module)
        };
        let targets = house.imports(source).into_iter().filter(|target| !is_above(target)).collect();
        arrows.insert(&source.path, targets);
    }
    assert!(arrows.values().map(BTreeSet::len).sum::<usize>() > 500, "the imports were not found");
    // Take away, as long as there is one, a file that imports none of those that are left.
    loop {
        let last = arrows.iter().find(|(_, targets)| targets.iter().all(|target| !arrows.contains_key(target)));
        let Some(path) = last.map(|(path, _)| *path) else { break };
        arrows.remove(path);
    }
    // And one that none of those imports: what is left stands in a circle or between two.
    loop {
        let first = arrows.keys().find(|path| !arrows.values().any(|targets| targets.contains(*path))).copied();
        let Some(path) = first else { break };
        arrows.remove(path);
    }
    let left: Vec<String> = arrows
        .iter()
        .map(|(path, targets)| {
            let targets: Vec<&str> = targets.iter().copied().filter(|target| arrows.contains_key(target)).collect();
            format!("{path} -> {}", targets.join(", "))
        })
        .collect();
    assert!(left.is_empty(), "these files import each other in a circle:\n{}", left.join("\n"));
}

#[test]
fn every_file_says_what_it_is() {
    for source in sources() {
        assert!(source.text.starts_with("//!"), "{} does not begin with a //! line", source.path);
    }
}

#[test]
fn libraries_stay_where_they_belong() {
    let sources = sources();
    for source in sources.iter().filter(|source| !source.module.is_empty()) {
        // A name by itself is a variable or an item of this file.
        for path in Paths::of(&source.syntax).iter().filter(|path| path.segments.len() > 1) {
            let first = path.segments[0].as_str();
            for (library, modules) in CONFINED {
                assert!(first != *library || modules.contains(&source.room()), "{} names {library}", source.path);
            }
            for (library, file) in IN_ONE_FILE {
                assert!(
                    first != *library || source.path == *file,
                    "{} names {library}, which belongs to {file}",
                    source.path
                );
            }
        }
    }
}

#[test]
fn files_know_no_more_than_they_say() {
    let sources = sources();
    for (place, strangers) in KNOWS_NOT {
        let own = |source: &&Source| source.path.starts_with(place) && !source.is_tests();
        assert!(sources.iter().any(|source| own(&source)), "{place} is no place");
        for source in sources.iter().filter(own) {
            for path in Paths::of(&source.syntax) {
                // A variable may have any name, and so may what a library has within it.
                let is_local = path.segments.len() == 1 && path.segments[0].starts_with(char::is_lowercase)
                    || path.segments[0] == "opentelemetry_otlp";
                for stranger in *strangers {
                    assert!(
                        is_local || !path.segments.iter().any(|segment| segment == stranger),
                        "{} names {}",
                        source.path,
                        path.segments.join("::")
                    );
                }
            }
        }
    }
}

#[test]
fn the_engine_has_no_network_below_it() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--package", "vermilion-engine", "--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .args(["--locked", "--offline"])
        .current_dir(repository())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).expect("UTF-8");
    let names: BTreeSet<&str> = tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.contains("fst") && names.contains("lol_html"), "the tree was not found: {tree}");
    for stranger in NOT_IN_THE_ENGINE {
        assert!(!names.contains(stranger), "{stranger} is among the engine's dependencies");
    }
}
