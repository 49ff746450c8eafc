//! Connections that say nothing, or nothing more; and more connections than there may be.

use std::{
    io::{BufRead as _, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use vermilion::config::limits::Share;

use super::RawClient;
use crate::service::{
    lifecycle::program,
    support::{FakeEngine, TestServer, check_request, eventually},
    tls::{Certificates, install_provider},
};

/// Sends this, and then waits for the end of the connection.
fn silent(address: SocketAddr, bytes: &[u8]) -> Duration {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(bytes).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(8))).unwrap();
    let mut sink = [0; 1024];
    while stream.read(&mut sink).is_ok_and(|count| count > 0) {}
    begun.elapsed()
}

const BEGINNINGS: [&[u8]; 5] =
    [b"", b"P", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r", b"POST / HTTP/1.1\r\nhost: localho", b"POST / HTTP/1.1\r\n"];

#[tokio::test(flavor = "multi_thread")]
async fn who_says_nothing_is_not_waited_for() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |config| {
        config.connections.handshake = Duration::from_millis(300);
    })
    .await;
    for bytes in BEGINNINGS {
        let address = server.address;
        let lasted = tokio::task::spawn_blocking(move || silent(address, bytes)).await.unwrap();
        assert!((250..7000).contains(&lasted.as_millis()), "{bytes:?}: {lasted:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_tls_handshake_is_not_waited_for_and_holds_up_nobody() {
    install_provider();
    let certificates = Certificates::new("localhost");
    let files = certificates.files(None);
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), move |config| {
        config.tls = Some(files);
        config.connections.handshake = Duration::from_secs(3);
    })
    .await;
    let address = server.address;
    // The beginning of a ClientHello that announces more than it sends, and nothing at all.
    let halves: Vec<_> = [&[22, 3, 1, 2, 0, 1, 0, 1, 252][..], &[]]
        .into_iter()
        .map(|bytes| tokio::task::spawn_blocking(move || silent(address, bytes)))
        .collect();
    let channel = certificates.connect(&server, None).await.unwrap();
    crate::service::support::Client::new(channel).check_spelling(check_request("text", "en")).await.unwrap();
    for half in halves {
        let lasted = half.await.unwrap();
        assert!((2500..7500).contains(&lasted.as_millis()), "{lasted:?}");
    }
}

#[tokio::test]
async fn a_connection_without_calls_is_asked_to_go() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |config| {
        config.connections.idle = Duration::from_millis(300);
    })
    .await;
    let idle = RawClient::connect(server.address, 65_535).await;
    let mut client = server.client().await;
    // One that has calls stays.
    for _ in 0..8 {
        client.check_spelling(check_request("text", "en")).await.unwrap();
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    eventually("the idle one is closed", || idle.is_closed()).await;
    // The same client goes on, on a new connection.
    tokio::time::sleep(Duration::from_millis(600)).await;
    client.check_spelling(check_request("text", "en")).await.unwrap();
}

#[tokio::test]
async fn connections_beyond_the_limit_are_closed_at_once() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |config| {
        config.connections.max = 3;
        config.limits.address_share = Share::percent(100);
    })
    .await;
    let first = RawClient::connect(server.address, 65_535).await;
    let mut others =
        [RawClient::connect(server.address, 65_535).await, RawClient::connect(server.address, 65_535).await];
    let address = server.address;
    let lasted = tokio::task::spawn_blocking(move || silent(address, b"")).await.unwrap();
    assert!(lasted < Duration::from_secs(5), "{lasted:?}");
    assert!(!first.is_closed(), "the old ones are left alone");
    let answer = others[0].call(super::CHECK, &[], crate::service::web::frame(&check_request("a", "en"))).await;
    assert_eq!(super::status_of(&super::read(answer.await.unwrap()).await.unwrap().1).0, 0);
    drop(first);
    let mut client = None;
    for _ in 0..100 {
        if let Ok(connected) = server.endpoint().connect().await {
            let mut connected = crate::service::support::Client::new(connected);
            if connected.check_spelling(check_request("text", "en")).await.is_ok() {
                client = Some(connected);
                break;
            }
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(client.is_some(), "a place that was given back is taken again");
}

/// The program with few descriptors: `prlimit` is in every Debian.
#[test]
fn without_descriptors_the_program_says_so_waits_and_recovers() {
    let (mut child, address, mut log) = program(&[("VERMILION_SERVER__LIMITS__ADDRESS_SHARE", "100")]);
    let healthy = || {
        let address = format!("http://{address}");
        let health = Command::new(env!("CARGO_BIN_EXE_vermilion")).args(["health", "--address", &address]).output();
        health.unwrap().status.success()
    };
    assert!(healthy(), "it runs, and has raised its limit");
    let open = std::fs::read_dir(format!("/proc/{}/fd", child.id())).unwrap().count();
    let (pid, limit) = (child.id().to_string(), format!("--nofile={}:", open + 4));
    assert!(Command::new("prlimit").args(["--pid", &pid, &limit]).status().unwrap().success());
    let held: Vec<_> = (0..12).map(|_| TcpStream::connect(&address).unwrap()).collect();
    let mut line = String::new();
    while !line.contains("connections cannot be accepted") {
        line.clear();
        assert_ne!(log.read_line(&mut line).unwrap(), 0, "the program ended");
    }
    let before = processor_ticks(child.id());
    std::thread::sleep(Duration::from_secs(1));
    let spent = processor_ticks(child.id()) - before;
    assert!(spent < 50, "it spins: {spent} of 100 ticks");
    drop(held);
    let answers = (0..20).any(|_| {
        std::thread::sleep(Duration::from_millis(200));
        healthy()
    });
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(answers, "new clients get in again");
}

/// Of the whole process, in hundredths of a second.
fn processor_ticks(pid: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    fields[11..13].iter().map(|field| field.parse::<u64>().unwrap()).sum()
}
