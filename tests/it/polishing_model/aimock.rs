//! Against a server that others wrote: `aimock`, from npm. `tools/provider-test.sh` starts it and names its port in
//! AIMOCK_PORT; without that these tests are ignored.

use std::time::Duration;

use tokio::time::Instant;
use tokio_stream::StreamExt as _;
use vermilion::polishing::{
    ChatModel as _, ModelError,
    openai::{ApiKey, ModelProviders, ModelServer, RequestParameters},
};

use super::support::{TEST_TIMEOUT, drain, permit, prompt, providers, server, settings};

/// What `tools/provider-test/fixtures.json` answers.
const HELLO: &str = "Hello there, how are you?";

/// The key that the script tells aimock to accept.
pub(crate) const KEY: &str = "sk-aimock";

pub(crate) fn port() -> String {
    std::env::var("AIMOCK_PORT").expect("AIMOCK_PORT")
}

fn model(port: &str, change: impl FnOnce(&mut ModelServer)) -> ModelProviders {
    let mut server =
        ModelServer { api_key: ApiKey::new(KEY).unwrap(), ..server(&format!("http://127.0.0.1:{port}/v1")) };
    change(&mut server);
    providers(settings(server, None))
}

async fn whole(model: &ModelProviders, asked: &str) -> Result<String, ModelError> {
    let answer = model.complete(&permit("acme"), &prompt(asked), Instant::now() + TEST_TIMEOUT).await;
    answer.map(|completion| completion.text)
}

async fn streamed(model: &ModelProviders, asked: &str) -> Result<String, ModelError> {
    let pieces = model.stream(&permit("acme"), &prompt(asked), Instant::now() + TEST_TIMEOUT).await?;
    let (text, end) = drain(pieces).await;
    end.map(|_| text)
}

/// What is asked, and what comes of it whole and streamed.
#[tokio::test]
#[ignore = "needs AIMOCK_PORT: tools/provider-test.sh"]
async fn aimock_is_understood() {
    let port = port();
    let limited = ModelError::RateLimited { retry_after: Some(Duration::from_secs(30)) };
    let failed = ModelError::ServerFailed { status: 500 };
    for (asked, expected, expected_streamed) in [
        ("plain", Ok(HELLO), Ok(HELLO)),
        ("thinks aside", Ok("Hi"), Ok("Hi")),
        ("thinks aloud", Ok("<think>hm</think>Hi"), Ok("<think>hm</think>Hi")),
        ("limited", Err(limited), Err(limited)),
        ("broken", Err(failed), Err(failed)),
        ("length", Err(ModelError::Truncated), Err(ModelError::Truncated)),
        ("filtered", Err(ModelError::Withheld), Err(ModelError::Withheld)),
        ("empty", Err(ModelError::Empty), Err(ModelError::Empty)),
        ("garbage", Err(ModelError::Malformed), Err(ModelError::Malformed)),
        ("slam", Err(ModelError::Unreachable), Err(ModelError::Unreachable)),
        ("cut", Ok("Hello there, how are you today?"), Err(ModelError::Unreachable)),
        ("unheard of", Err(ModelError::Refused { status: 404 }), Err(ModelError::Refused { status: 404 })),
    ] {
        let model = model(&port, |_| {});
        assert_eq!(whole(&model, asked).await, expected.map(str::to_owned), "{asked}");
        assert_eq!(streamed(&model, asked).await, expected_streamed.map(str::to_owned), "{asked}, streamed");
    }
}

#[tokio::test]
#[ignore = "needs AIMOCK_PORT: tools/provider-test.sh"]
async fn aimock_checks_the_key() {
    let port = port();
    let model = model(&port, |server| server.api_key = ApiKey::new("sk-wrong").unwrap());
    assert_eq!(whole(&model, "plain").await, Err(ModelError::Credentials));
    assert_eq!(streamed(&model, "plain").await, Err(ModelError::Credentials));
}

#[tokio::test]
#[ignore = "needs AIMOCK_PORT: tools/provider-test.sh"]
async fn aimock_counts_tokens_in_a_stream_when_asked_to() {
    let port = port();
    for include_usage in [false, true] {
        let model = model(&port, |server| {
            server.parameters = RequestParameters { include_usage, ..RequestParameters::default() }
        });
        let pieces = model.stream(&permit("acme"), &prompt("plain"), Instant::now() + TEST_TIMEOUT).await.unwrap();
        let usage = drain(pieces).await.1.unwrap();
        assert_eq!(usage.estimated, !include_usage, "{usage:?}");
        assert!(usage.prompt > 0 && usage.completion > 0, "{usage:?}");
    }
}

/// aimock sends the first piece and then takes its time.
#[tokio::test]
#[ignore = "needs AIMOCK_PORT: tools/provider-test.sh"]
async fn aimock_may_stall() {
    let port = port();
    let model = model(&port, |_| {});
    let mut pieces = match model.stream(&permit("acme"), &prompt("stalls"), Instant::now() + TEST_TIMEOUT).await {
        Ok(pieces) => pieces,
        Err(error) => return assert_eq!(error, ModelError::Timeout),
    };
    let mut last = None;
    while let Some(piece) = pieces.next().await {
        last = Some(piece);
    }
    assert!(matches!(last, Some(Err(ModelError::Timeout))));
}
