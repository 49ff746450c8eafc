//! Health and reflection.

use std::{sync::Arc, time::Duration};

use tokio_stream::StreamExt as _;
use tonic::{Code, Request};
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};
use tonic_reflection::pb::{v1, v1alpha};

use super::support::{FakeEngine, TestServer};

const SPELLING: &str = "vermilion.v1.SpellingService";

pub(crate) async fn is_serving(server: &TestServer, service: &str) {
    let asked = HealthCheckRequest { service: service.to_owned() };
    let answer = HealthClient::new(server.channel().await).check(asked).await.unwrap().into_inner();
    assert_eq!(answer.status(), ServingStatus::Serving);
}

#[tokio::test]
async fn health_knows_the_whole_and_each_service() {
    let server = TestServer::start().await;
    is_serving(&server, "").await;
    is_serving(&server, SPELLING).await;
    let asked = HealthCheckRequest { service: "vermilion.v1.Nothing".to_owned() };
    let status = HealthClient::new(server.channel().await).check(asked).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
}

#[tokio::test]
async fn a_watcher_sees_the_service_go_and_holds_nothing_up() {
    let mut server = TestServer::start_with(Arc::new(FakeEngine::default()), |config| {
        config.shutdown.delay = Duration::from_millis(200);
        config.shutdown.grace = Duration::from_secs(9);
    })
    .await;
    let mut health = HealthClient::new(server.channel().await);
    let mut stream = health.watch(HealthCheckRequest { service: SPELLING.to_owned() }).await.unwrap().into_inner();
    assert_eq!(stream.next().await.unwrap().unwrap().status(), ServingStatus::Serving);
    server.begin_shutdown();
    assert_eq!(stream.next().await.unwrap().unwrap().status(), ServingStatus::NotServing);
    // Within the delay, new connections are still served, and told the truth.
    let asked = HealthCheckRequest { service: String::new() };
    let answer = HealthClient::new(server.channel().await).check(asked).await.unwrap().into_inner();
    assert_eq!(answer.status(), ServingStatus::NotServing);
    assert_eq!(stream.next().await.unwrap().unwrap_err().code(), Code::Unavailable);
    assert_eq!(server.wait_until_stopped().await, vermilion::transport::server::ShutdownOutcome::Drained);
}

#[tokio::test]
async fn who_watches_an_unknown_service_is_told_so_and_waits() {
    let server = TestServer::start().await;
    let asked = HealthCheckRequest { service: "vermilion.v1.Nothing".to_owned() };
    let mut stream = HealthClient::new(server.channel().await).watch(asked).await.unwrap().into_inner();
    assert_eq!(stream.next().await.unwrap().unwrap().status(), ServingStatus::ServiceUnknown);
    tokio::time::timeout(Duration::from_millis(200), stream.next()).await.expect_err("the stream stays open");
}

macro_rules! reflects {
    ($name:ident, $version:ident, $own:literal) => {
        #[tokio::test]
        async fn $name() {
            use $version::{
                ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
                server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
            };
            let server = TestServer::start().await;
            let mut client = ServerReflectionClient::new(server.channel().await);
            let symbols = [SPELLING, "google.rpc.BadRequest", "google.rpc.ErrorInfo", "grpc.health.v1.Health"];
            let mut questions = vec![MessageRequest::ListServices(String::new())];
            questions.extend(symbols.map(|symbol| MessageRequest::FileContainingSymbol(symbol.to_owned())));
            let requests = questions
                .into_iter()
                .map(|question| ServerReflectionRequest { host: String::new(), message_request: Some(question) });
            let stream = Request::new(tokio_stream::iter(requests.collect::<Vec<_>>()));
            let mut answers = client.server_reflection_info(stream).await.unwrap().into_inner();
            let Some(MessageResponse::ListServicesResponse(list)) =
                answers.next().await.unwrap().unwrap().message_response
            else {
                panic!("a list of services")
            };
            let names: Vec<_> = list.service.iter().map(|service| service.name.as_str()).collect();
            for name in [SPELLING, "grpc.health.v1.Health", $own] {
                assert!(names.contains(&name), "{name} in {names:?}");
            }
            for symbol in symbols {
                let answer = answers.next().await.unwrap().unwrap().message_response;
                assert!(matches!(answer, Some(MessageResponse::FileDescriptorResponse(_))), "{symbol}: {answer:?}");
            }
        }
    };
}

reflects!(reflection_v1_describes_all, v1, "grpc.reflection.v1.ServerReflection");
reflects!(reflection_v1alpha_describes_all, v1alpha, "grpc.reflection.v1alpha.ServerReflection");

#[tokio::test]
async fn reflection_can_be_off() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |config| config.reflection = false).await;
    let mut client = v1::server_reflection_client::ServerReflectionClient::new(server.channel().await);
    let nothing = Request::new(tokio_stream::empty());
    assert_eq!(client.server_reflection_info(nothing).await.unwrap_err().code(), Code::Unimplemented);
}
