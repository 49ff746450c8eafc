//! Who gives up closes the connection to the server, so that no one pays for an answer that nobody wants.

use tokio::time::Duration;
use tokio_stream::StreamExt as _;
use vermilion::polishing::{ModelChunk, openai::ModelServer};

use super::{
    scripted::{Reply, Scripted, delta, eventually},
    support::{complete, providers, server, settings, stream},
};

fn patient(scripted: &Scripted) -> ModelServer {
    ModelServer { stall_timeout: Duration::from_secs(60), ..server(&scripted.url()) }
}

#[tokio::test]
async fn a_dropped_future_closes_the_connection() {
    let hanging = Scripted::start(&[Reply::silence()]).await;
    let model = providers(settings(patient(&hanging), None));
    let asking = tokio::spawn(async move { complete(&model).await.is_ok() });
    eventually("the request came", || hanging.asked().len() == 1).await;
    assert_eq!(hanging.hung_up(), 0);
    asking.abort();
    eventually("the client hung up", || hanging.hung_up() == 1).await;

    let hanging = Scripted::start(&[Reply::events(&[]).hang()]).await;
    let model = providers(settings(patient(&hanging), None));
    let asking = tokio::spawn(async move { stream(&model).await.is_ok() });
    eventually("the request came", || hanging.asked().len() == 1).await;
    asking.abort();
    eventually("the client hung up", || hanging.hung_up() == 1).await;
}

#[tokio::test]
async fn a_dropped_stream_closes_the_connection() {
    let hanging = Scripted::start(&[Reply::events(&[&delta("Hi")]).hang()]).await;
    let model = providers(settings(patient(&hanging), None));
    // Dropped after a piece was read, and dropped while waiting for the next.
    for (n, wait) in [(1, false), (2, true)] {
        let mut pieces = stream(&model).await.unwrap();
        assert!(matches!(pieces.next().await, Some(Ok(ModelChunk::Text(text))) if text == "Hi"));
        if wait {
            assert!(tokio::time::timeout(Duration::from_millis(50), pieces.next()).await.is_err());
        }
        assert_eq!(hanging.hung_up(), n - 1);
        drop(pieces);
        eventually("the client hung up", || hanging.hung_up() == n).await;
    }
}

#[tokio::test]
async fn a_timeout_closes_the_connection() {
    let hanging = Scripted::start(&[Reply::silence(), Reply::events(&[&delta("Hi")]).hang()]).await;
    let model = providers(settings(server(&hanging.url()), None));
    assert!(stream(&model).await.is_err());
    eventually("the client hung up", || hanging.hung_up() == 1).await;
    let mut pieces = stream(&model).await.unwrap();
    while pieces.next().await.is_some() {}
    eventually("the client hung up, though the stream is still held", || hanging.hung_up() == 2).await;
}
