//! The real program, whose output nobody reads, or can be written: it serves all the same, and ends when it is told to.

use std::{
    fs::{File, OpenOptions},
    io::{BufRead as _, BufReader, Read as _},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tonic::transport::Endpoint;
use vermilion::transport::proto::spelling_service_client::SpellingServiceClient;

use super::support::check_request;

/// Lines of the log fill a pipe of 64 KiB after some two hundred calls.
const CALLS: usize = 2000;

fn start(output: Stdio, errors: Stdio, listen: SocketAddr) -> Child {
    Command::new(env!("CARGO_BIN_EXE_vermilion"))
        .arg("serve")
        .env("VERMILION_SERVER__LISTEN", listen.to_string())
        .env("VERMILION_AUTH__ANONYMOUS_CALLS_PER_MINUTE", "1000000")
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(errors)
        .spawn()
        .unwrap()
}

/// One that was free just now: where nothing can be read, no port can be told.
fn free_port() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

fn full() -> Stdio {
    OpenOptions::new().write(true).open("/dev/full").unwrap().into()
}

fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

async fn check(address: SocketAddr, calls: usize) {
    let endpoint = Endpoint::from_shared(format!("http://{address}")).unwrap();
    let mut channel = endpoint.connect().await;
    for _ in 0..1000 {
        if channel.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        channel = endpoint.connect().await;
    }
    let mut client = SpellingServiceClient::new(channel.unwrap());
    for _ in 0..calls {
        client.check_spelling(check_request("A beeen.", "en")).await.unwrap();
    }
}

/// SIGTERM; the wait is by polling, so that one that does not end fails the test.
async fn end(mut program: Child) {
    let id = program.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    for _ in 0..1000 {
        if let Some(status) = program.try_wait().unwrap() {
            assert!(status.success(), "{status}");
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    program.kill().unwrap();
    panic!("it does not end");
}

#[tokio::test]
async fn a_log_that_nobody_reads_holds_up_no_call_and_not_the_end() {
    let address = free_port();
    let mut program = start(Stdio::null(), Stdio::piped(), address);
    let mut errors = program.stderr.take().unwrap();
    check(address, CALLS).await;
    end(program).await;
    // What was in the pipe is still there, and nothing behind it was cut in the middle of a line.
    let mut left = String::new();
    errors.read_to_string(&mut left).unwrap();
    assert!(left.len() > 32 << 10, "{} bytes", left.len());
}

#[tokio::test]
async fn a_log_that_is_read_late_is_whole() {
    let address = free_port();
    let mut program = start(Stdio::null(), Stdio::piped(), address);
    let errors = BufReader::new(program.stderr.take().unwrap());
    check(address, CALLS).await;
    let reading = std::thread::spawn(move || {
        let lines: Vec<String> = errors.lines().map(Result::unwrap).collect();
        lines
    });
    end(program).await;
    let lines = reading.join().unwrap();
    let calls = lines.iter().filter(|line| line.contains("CheckSpelling")).count();
    assert_eq!(calls, CALLS);
    assert!(lines.last().unwrap().contains("stopped"), "{:?}", lines.last());
}

#[tokio::test]
async fn output_that_is_full_or_closed_is_no_reason_not_to_serve() {
    let null = || File::create("/dev/null").unwrap().into();
    for (output, errors) in
        [(full(), null()), (closed(), null()), (null(), full()), (null(), closed()), (full(), full())]
    {
        let address = free_port();
        let program = start(output, errors, address);
        check(address, 10).await;
        end(program).await;
    }
}
