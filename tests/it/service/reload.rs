//! SIGHUP: keys that stand in files are read anew while the program runs, and what cannot be used changes nothing.

use std::{fs, path::Path, time::Duration};

use jsonwebtoken::{Algorithm, Header};
use tonic::{Code, Request, transport::Channel};
use vermilion::transport::proto::{
    Document, PolishReplyRequest, polishing_service_client::PolishingServiceClient,
    spelling_service_client::SpellingServiceClient,
};

use super::{
    issuer::{Issuer, SECRET, claims, rules, set, sign_by_secret},
    lifecycle::kill,
    page,
    support::check_request,
};
use crate::{
    polishing_model::scripted::{Reply, Scripted},
    support::serving::{Running, connect},
};

const OTHER_SECRET: &str = "another-example-of-a-secret-of-32-bytes";

/// What a call comes with.
type Headers<'a> = [(&'static str, &'a str)];

/// Whether a check with these headers is answered.
async fn is_admitted(channel: &Channel, headers: &Headers<'_>) -> bool {
    let mut request = Request::new(check_request("A beeen.", "en"));
    for (name, value) in headers {
        request.metadata_mut().insert(*name, value.parse().unwrap());
    }
    match SpellingServiceClient::new(channel.clone()).check_spelling(request).await {
        Ok(_) => true,
        Err(status) => {
            assert_eq!(status.code(), Code::Unauthenticated, "{status:?}");
            false
        }
    }
}

/// SIGHUP, and the time that reading takes.
async fn reload(program: &Running) {
    kill(&program.0, "-HUP");
    tokio::time::sleep(Duration::from_millis(300)).await;
}

/// With a file that is first as it was, then of no use, then another.
async fn rotates(variables: &[(&str, &str)], file: &Path, another: &str, (old, new): (&Headers<'_>, &Headers<'_>)) {
    let (program, address) = page::start(variables);
    let channel = connect(&address).await;
    assert!(is_admitted(&channel, old).await && !is_admitted(&channel, new).await);
    fs::write(file, "short").unwrap();
    reload(&program).await;
    assert!(
        is_admitted(&channel, old).await && !is_admitted(&channel, new).await,
        "what cannot be used changes nothing"
    );
    fs::write(file, another).unwrap();
    reload(&program).await;
    assert!(is_admitted(&channel, new).await && !is_admitted(&channel, old).await, "{}", file.display());
}

#[tokio::test]
async fn keys_of_tokens_and_the_secret_of_a_proxy_are_read_anew() {
    let folder = tempfile::tempdir().unwrap();
    let rules = rules();
    let jwt = |name, path| {
        vec![
            ("VERMILION_AUTH__MODE", "jwt"),
            ("VERMILION_AUTH__JWT__ISSUER", rules.issuer.as_str()),
            ("VERMILION_AUTH__JWT__AUDIENCE", rules.audience.as_str()),
            (name, path),
        ]
    };
    let bearer = |token: String| format!("Bearer {token}");
    let file = folder.path().join("secret");
    fs::write(&file, SECRET).unwrap();
    let by = |secret: &str| bearer(sign_by_secret(secret.as_bytes(), &Header::new(Algorithm::HS256), &claims()));
    let (old, new) = (by(SECRET), by(OTHER_SECRET));
    let variables = jwt("VERMILION_AUTH__JWT__SECRET_FILE", file.to_str().unwrap());
    rotates(&variables, &file, OTHER_SECRET, (&[("authorization", &old)], &[("authorization", &new)])).await;

    let file = folder.path().join("jwks.json");
    // The same key id, so that no token asks for newer keys.
    let (one, other) = (Issuer::new("key", Algorithm::ES256), Issuer::new("key", Algorithm::ES256));
    fs::write(&file, set(&[&one])).unwrap();
    let (old, new) = (bearer(one.sign(&claims())), bearer(other.sign(&claims())));
    let variables = jwt("VERMILION_AUTH__JWT__JWKS_FILE", file.to_str().unwrap());
    rotates(&variables, &file, &set(&[&other]), (&[("authorization", &old)], &[("authorization", &new)])).await;

    let file = folder.path().join("proxy");
    fs::write(&file, SECRET).unwrap();
    let proxy = [
        ("VERMILION_AUTH__MODE", "trusted_proxy"),
        ("VERMILION_AUTH__TRUSTED_PROXY__SECRET_FILE", file.to_str().unwrap()),
    ];
    let with = |secret| [("x-proxy-secret", secret), ("x-tenant-id", "acme"), ("x-agent-id", "ana")];
    rotates(&proxy, &file, OTHER_SECRET, (&with(SECRET), &with(OTHER_SECRET))).await;
}

#[tokio::test]
async fn the_key_of_a_models_server_is_read_anew() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    fs::write(&file, "sk-old\n").unwrap();
    let model = Scripted::start(&[Reply::text("Hello there, your refund was approved.")]).await;
    let url = model.url();
    let (program, address) = page::start(&[
        ("OPENAI_BASE_URL", &url),
        ("OPENAI_MODEL", "m"),
        ("VERMILION_POLISHING__PRIMARY__API_KEY_FILE", file.to_str().unwrap()),
        ("VERMILION_POLISHING__REVIEW__MODE", "rules"),
    ]);
    let channel = connect(&address).await;
    let polish = async |request_id: &str| {
        let asked = PolishReplyRequest {
            document: Some(Document {
                content: "hi there, your refund was aproved.".to_owned(),
                ..Document::default()
            }),
            conversation_id: "c".to_owned(),
            request_id: request_id.to_owned(),
            ..PolishReplyRequest::default()
        };
        PolishingServiceClient::new(channel.clone()).polish_reply(asked).await.unwrap();
        let sent = model.asked().last().unwrap().header("authorization").unwrap();
        sent.strip_prefix("Bearer ").unwrap().to_owned()
    };
    assert_eq!(polish("one").await, "sk-old");
    fs::write(&file, "two words").unwrap();
    reload(&program).await;
    assert_eq!(polish("two").await, "sk-old", "what cannot be used changes nothing");
    fs::write(&file, "sk-new").unwrap();
    reload(&program).await;
    assert_eq!(polish("three").await, "sk-new");
}
