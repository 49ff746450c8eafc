//! The admin port: probes, numbers without text, the log level; files that are read anew; health by TLS of any name.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use tonic::transport::{Certificate, Channel, ClientTlsConfig};
use vermilion::transport::proto::{
    Document, PolishReplyRequest, polishing_service_client::PolishingServiceClient,
    spelling_service_client::SpellingServiceClient,
};

use super::{lifecycle::kill, page, support::check_request, tls::Certificates, web::send};
use crate::support::serving::connect;

/// A port that was free a moment ago.
pub(super) fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

fn get(admin: &str, path: &str) -> (String, String) {
    let (head, body) = send(admin, "GET", path, &[], &[]);
    (head, String::from_utf8(body).unwrap())
}

fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < Duration::from_secs(10), "never: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[tokio::test]
async fn numbers_are_told_and_never_a_text() {
    let admin = free_address();
    let (_program, address) =
        page::start(&[("VERMILION_SERVER__ADMIN", &admin), ("VERMILION_POLISHING__DEMO_MODEL", "true")]);
    assert_eq!(get(&admin, "/livez").1, "ok\n");
    assert_eq!(get(&admin, "/readyz").1, "ok\nstore: ok\n");
    assert!(get(&admin, "/build").1.contains("\"name\":\"vermilion\""));
    assert!(get(&admin, "/elsewhere").0.starts_with("http/1.1 404 "));

    let channel = connect(&address).await;
    let mut spelling = SpellingServiceClient::new(channel.clone());
    let text = "We have recieved zanzibarian@example.com for Quixotemarker.";
    spelling.check_spelling(check_request(text, "en")).await.unwrap();
    spelling.check_spelling(check_request(text, "fi-Secrettag")).await.unwrap_err();
    spelling.check_spelling(check_request(text, "fi")).await.unwrap();
    let mut polishing = PolishingServiceClient::new(channel);
    let asked = PolishReplyRequest {
        document: Some(Document { content: text.to_owned(), ..Document::default() }),
        conversation_id: "secret-conversation".to_owned(),
        ..PolishReplyRequest::default()
    };
    polishing.polish_reply(asked).await.unwrap();
    // A path of the client's own making.
    send(
        &address,
        "POST",
        "/vermilion.v1.Hiddenpath/X",
        &[("content-type", "application/grpc-web+proto")],
        b"\0\0\0\0\0",
    );

    let line = |start: &str, page: &str| page.lines().any(|line| line.starts_with(start));
    eventually("the polish is counted", || {
        line("vermilion_polishes_total{outcome=\"POLISHED\"} 1", &get(&admin, "/metrics").1)
    });
    let (head, page) = get(&admin, "/metrics");
    assert!(head.contains("content-type: text/plain; version=0.0.4"), "{head}");
    for start in [
        "vermilion_calls_total{method=\"/vermilion.v1.SpellingService/CheckSpelling\",code=\"OK\",transport=\"grpc\",language=\"en\"} 2",
        "vermilion_calls_total{method=\"/vermilion.v1.SpellingService/CheckSpelling\",code=\"INVALID_ARGUMENT\"",
        "vermilion_call_seconds_bucket{method=\"/vermilion.v1.PolishingService/PolishReply\",le=",
        "vermilion_marks_total{kind=\"NON_WORD\",language=\"en\"}",
        "vermilion_skipped_regions_total{reason=\"EMAIL_ADDRESS\"} 2",
        "vermilion_language_fallbacks_total 1",
        "vermilion_masked_values_total{kind=\"EMAIL_ADDRESS\"} 1",
        "vermilion_refusals_total{reason=\"LANGUAGE_CODE_INVALID\"} 1",
        "vermilion_calls_in_hand 0",
        "vermilion_connections ",
        "vermilion_store_well 1",
        "vermilion_build_info{version=",
    ] {
        assert!(line(start, &page), "{start} is not in\n{page}");
    }
    for secret in ["recieved", "zanzibarian", "Quixote", "secret", "Secrettag", "Hidden", "demo", "ana\""] {
        assert!(!page.contains(secret), "{secret} is in\n{page}");
    }
}

#[test]
fn the_log_level_is_read_and_changed() {
    let admin = free_address();
    let (_program, _) = page::start(&[("VERMILION_SERVER__ADMIN", &admin)]);
    assert!(get(&admin, "/log-level").1.starts_with("info,") || get(&admin, "/log-level").1.contains(",info"));
    let (head, body) = send(&admin, "PUT", "/log-level", &[], b"debug");
    assert!(head.starts_with("http/1.1 200 ") && body == b"debug\n", "{head}");
    assert!(get(&admin, "/log-level").1.contains("debug"));
    for wrong in ["loud", "vermilion=trace", "", "h2=trace"] {
        assert!(send(&admin, "PUT", "/log-level", &[], wrong.as_bytes()).0.starts_with("http/1.1 400 "), "{wrong:?}");
    }
    assert!(send(&admin, "POST", "/livez", &[], b"x").0.starts_with("http/1.1 405 "));
}

#[test]
fn a_program_that_is_going_is_alive_and_not_ready() {
    let admin = free_address();
    let (program, _) = page::start(&[("VERMILION_SERVER__ADMIN", &admin), ("VERMILION_SERVER__SHUTDOWN__DELAY", "5s")]);
    assert!(get(&admin, "/readyz").0.starts_with("http/1.1 200 "));
    kill(&program.0, "-TERM");
    eventually("not ready", || get(&admin, "/readyz").0.starts_with("http/1.1 503 "));
    assert!(get(&admin, "/livez").0.starts_with("http/1.1 200 "));
}

#[tokio::test]
async fn certificates_are_read_anew_and_health_is_told_whatever_their_name() {
    super::tls::install_provider();
    let (old, new) = (Certificates::new("vermilion.example.com"), Certificates::new("vermilion.example.com"));
    let files = old.files(None);
    let (cert, key) = (files.cert.to_str().unwrap(), files.key.to_str().unwrap());
    let variables = [("VERMILION_SERVER__TLS__CERT", cert), ("VERMILION_SERVER__TLS__KEY", key)];
    let (program, address) = page::start(&variables);
    let trusts = |pem: &str| {
        let tls =
            ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem)).domain_name("vermilion.example.com");
        Channel::from_shared(format!("https://{address}")).unwrap().tls_config(tls).unwrap()
    };
    assert!(trusts(&old.pem).connect().await.is_ok());
    assert!(trusts(&new.pem).connect().await.is_err());
    let health = || {
        let mut asked = Command::new(env!("CARGO_BIN_EXE_vermilion"));
        asked.arg("health").env("VERMILION_SERVER__LISTEN", &address).envs(variables).output().unwrap()
    };
    assert_eq!(health().stdout, b"SERVING\n", "{:?}", health());

    // What cannot be used changes nothing.
    fs::write(&files.cert, "no certificate").unwrap();
    kill(&program.0, "-HUP");
    thread::sleep(Duration::from_millis(300));
    assert!(trusts(&old.pem).connect().await.is_ok());

    let fresh = new.files(None);
    fs::copy(&fresh.cert, &files.cert).unwrap();
    fs::copy(&fresh.key, &files.key).unwrap();
    kill(&program.0, "-HUP");
    let started = Instant::now();
    while trusts(&new.pem).connect().await.is_err() {
        assert!(started.elapsed() < Duration::from_secs(10), "the new certificate is never shown");
    }
    assert!(trusts(&old.pem).connect().await.is_err());
    assert_eq!(health().stdout, b"SERVING\n");
    assert!(TcpStream::connect(&address).is_ok());
}
