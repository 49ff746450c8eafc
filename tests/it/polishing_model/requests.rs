//! What is sent: what was configured, and not a parameter more.

use std::{fs, time::Duration};

use tokio::time::Instant;
use vermilion::{
    app,
    config::Config,
    polishing::openai::{ApiKey, ModelServer, RequestParameters},
};

use super::{
    scripted::{Asked, Reply, Scripted},
    support::{complete, permit, prompt, providers, server, settings, stream},
};

const MESSAGES: &str = r#"[{"role":"system","content":"be kind"},{"role":"user","content":"hello"}]"#;

async fn asked(streamed: bool, change: impl FnOnce(&mut ModelServer)) -> Asked {
    let scripted = Scripted::start(&[if streamed { Reply::stream(&["Hi"]) } else { Reply::text("Hi") }]).await;
    let mut server = server(&scripted.url());
    change(&mut server);
    let model = providers(settings(server, None));
    if streamed {
        stream(&model).await.map(|_| ()).unwrap();
    } else {
        complete(&model).await.map(|_| ()).unwrap();
    }
    scripted.asked().remove(0)
}

#[tokio::test]
async fn a_request_says_what_is_configured_and_no_more() {
    let bare = asked(false, |_| {}).await;
    assert_eq!(bare.body, format!(r#"{{"model":"m","messages":{MESSAGES}}}"#));
    assert!(bare.head.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{}", bare.head);
    assert!(bare.head.contains("authorization: Bearer sk-test\r\n"), "{}", bare.head);
    assert!(!bare.head.to_lowercase().contains("openai-"), "{}", bare.head);
    let streamed = asked(true, |_| {}).await;
    assert_eq!(streamed.body, format!(r#"{{"model":"m","messages":{MESSAGES},"stream":true}}"#));
    let parameters = RequestParameters {
        temperature: Some(0.3),
        max_tokens: Some(10),
        max_completion_tokens: Some(20),
        reasoning_effort: Some("low".to_owned()),
        include_usage: true,
        json_object: true,
    };
    let rest = r#""temperature":0.3,"max_tokens":10,"max_completion_tokens":20,"reasoning_effort":"low","response_format":{"type":"json_object"}}"#;
    let full = asked(false, |server| server.parameters = parameters.clone()).await;
    assert_eq!(full.body, format!(r#"{{"model":"m","messages":{MESSAGES},{rest}"#));
    let full = asked(true, |server| server.parameters = parameters).await;
    let usage = r#""stream":true,"stream_options":{"include_usage":true}"#;
    assert_eq!(full.body, format!(r#"{{"model":"m","messages":{MESSAGES},{usage},{rest}"#));
}

#[tokio::test]
async fn a_server_without_a_key_gets_none() {
    let asked = asked(false, |server| server.api_key = ApiKey::default()).await;
    assert!(!asked.head.to_lowercase().contains("authorization"), "{}", asked.head);
}

#[tokio::test]
async fn azure_has_its_own_path_and_header() {
    for streamed in [false, true] {
        let asked = asked(streamed, |server| {
            server.base_url = server.base_url.replace("/v1", "");
            server.api_version = Some("2024-10-21".to_owned());
            server.model = "our-deployment".to_owned();
        })
        .await;
        let path = "POST /openai/deployments/our-deployment/chat/completions?api-version=2024-10-21 HTTP/1.1\r\n";
        assert!(asked.head.starts_with(path), "{}", asked.head);
        assert!(asked.head.contains("api-key: sk-test\r\n"), "{}", asked.head);
        assert!(!asked.head.to_lowercase().contains("authorization"), "{}", asked.head);
    }
}

#[tokio::test]
async fn the_program_asks_what_its_configuration_names() {
    assert!(app::model::model(&Config::parse("", &[]).unwrap()).unwrap().is_none(), "no model, no polishing");
    let scripted = Scripted::start(&[Reply::text("Hi")]).await;
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key");
    let environment = [
        ("OPENAI_BASE_URL", scripted.url()),
        ("OPENAI_MODEL", "small".to_owned()),
        ("VERMILION_POLISHING__PRIMARY__API_KEY_FILE", key.display().to_string()),
    ]
    .map(|(name, value)| (name.to_owned(), value));
    let config = Config::parse("", &environment).unwrap();
    assert!(app::model::model(&config).is_err(), "the file with the key is missing");
    fs::write(&key, "two words").unwrap();
    let error = format!("{:#}", app::model::model(&config).err().unwrap());
    assert!(error.contains("api_key_file") && !error.contains("two words"), "{error}");
    fs::write(&key, "sk-file\n").unwrap();
    let model = app::model::model(&config).unwrap().unwrap().model;
    let deadline = Instant::now() + Duration::from_secs(10);
    assert_eq!(model.complete(&permit("acme"), &prompt("hello"), deadline).await.unwrap().text, "Hi");
    assert!(app::model::reviewer(&config).unwrap().is_some(), "and who reads has the same key");
    let asked = scripted.asked().remove(0);
    assert!(asked.head.contains("authorization: Bearer sk-file\r\n"), "{}", asked.head);
    assert!(asked.body.starts_with(r#"{"model":"small""#), "{}", asked.body);
}
