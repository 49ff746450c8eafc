//! `vermilion settings`: out of one store, into another, and the same again.

use std::{
    io::Write as _,
    process::{Command, Output, Stdio},
};

use vermilion::app::demo;

use super::engines::Fresh;
use crate::support::engines::{StorageEngine, on_each_engine};

fn settings(location: &str, arguments: &[&str], input: &str) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_vermilion"))
        .arg("settings")
        .args(arguments)
        .env("VERMILION_SETTINGS__STORE", location)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    program.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    program.wait_with_output().unwrap()
}

#[track_caller]
fn printed(output: &Output) -> &str {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::str::from_utf8(&output.stdout).unwrap()
}

#[track_caller]
fn refused(output: &Output, expected: &str) {
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains(expected), "{said}");
}

on_each_engine!(what_is_exported_can_be_imported_and_imported_again);
async fn what_is_exported_can_be_imported_and_imported_again(engine: StorageEngine) {
    let source = Fresh::open(StorageEngine::Sqlite).await;
    demo::seed(source.store.as_ref()).await.unwrap();
    let exported = settings(&source.location, &["export"], "");
    let text = printed(&exported);
    assert!(text.contains("[tenants.demo.agents.ana]") && text.contains("FreteBox"), "{text}");
    let target = Fresh::open(engine).await;
    let location = target.location.as_str();
    let first = settings(location, &["import", "-"], text);
    assert_eq!(printed(&first), "21 created, 0 changed, 3 words added\n");
    let again = settings(location, &["import", "-"], text);
    assert_eq!(printed(&again), "0 created, 0 changed, 0 words added\n");
    assert_eq!(printed(&settings(location, &["export"], "")), text);
    let changed = text.replace("intelligent_agent_limit = 10", "intelligent_agent_limit = 11");
    let changed = settings(location, &["import", "-"], &changed);
    assert_eq!(printed(&changed), "0 created, 3 changed, 0 words added\n");
}

#[tokio::test]
async fn a_file_that_breaks_a_rule_changes_nothing() {
    let target = Fresh::open(StorageEngine::Sqlite).await;
    for (file, expected) in [
        ("[tenants.a]\n[tenants.b]\nwords = ['x', ' y']", "tenants.b: words[1]: a word is one line"),
        ("[tenants.a]\n[tenants.a.agents.ana]\ntype = 'robot'", "tenants.a: agents.ana: type: expected"),
        ("[tenants.'a b']", "tenants.a b: expected 1 to 64 ASCII letters"),
        ("[tenants.a]\nlanguage_code = 'english'", "tenants.a: language_code"),
        ("[tenants.a]\nconversation_polish_limit = 0", "conversation_polish_limit: found 0: expected 1 to 1000"),
        ("[tenants.a]\nrefine = true", "unknown field `refine`"),
    ] {
        refused(&settings(&target.location, &["import", "-"], file), expected);
    }
    assert_eq!(printed(&settings(&target.location, &["export"], "")), "[tenants]\n");
    refused(&settings("memory", &["export"], ""), "settings.store is neither a file nor a database");
    refused(
        &settings("sqlite:/proc/no/settings.db", &["export"], ""),
        "settings.store: cannot open /proc/no/settings.db",
    );
}
