//! Starting and stopping, in this process and as the real program.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpStream,
    process::{Child, Command, Stdio},
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use tonic::Code;
use vermilion::transport::server::ShutdownOutcome;

use super::support::{FakeEngine, TestServer, check_request, eventually};

fn long(word: &str) -> String {
    format!("{word} {}", "filler ".repeat(1000))
}

#[tokio::test]
async fn a_call_in_hand_is_finished_before_the_end() {
    let toy = Arc::new(FakeEngine::default());
    let mut server = TestServer::start_with(Arc::clone(&toy) as _, |_| {}).await;
    let mut client = server.client().await;
    let address = server.address;
    let call = tokio::spawn(async move { client.check_spelling(check_request(&long("wait wrogn"), "en")).await });
    eventually("waiting", || toy.waiting.load(Ordering::SeqCst) == 1).await;
    server.begin_shutdown();
    eventually("no new connection", || TcpStream::connect(address).is_err()).await;
    toy.release();
    assert_eq!(call.await.unwrap().unwrap().into_inner().misspellings.len(), 1);
    assert_eq!(server.wait_until_stopped().await, ShutdownOutcome::Drained);
}

/// A proxy that has just connected sends its first call in good faith.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_call_of_a_new_connection_is_answered_though_the_service_stops() {
    let mut server = TestServer::start_with(Arc::new(FakeEngine::default()), |_| {}).await;
    let address = server.address;
    let mut early = TcpStream::connect(address).unwrap();
    server.begin_shutdown();
    eventually("no new connection", || TcpStream::connect(address).is_err()).await;
    let head = "POST /vermilion.v1.SpellingService/CheckSpelling HTTP/1.1\r\nhost: localhost\r\n\
                content-type: application/grpc-web+proto\r\ncontent-length: 5\r\n\r\n";
    early.write_all(&[head.as_bytes(), &[0; 5]].concat()).unwrap();
    let mut answer = String::new();
    BufReader::new(&mut early).read_line(&mut answer).unwrap();
    assert_eq!(answer, "HTTP/1.1 200 OK\r\n");
    assert_eq!(server.wait_until_stopped().await, ShutdownOutcome::Drained);
}

#[tokio::test]
async fn the_grace_has_an_end() {
    let toy = Arc::new(FakeEngine::default());
    let grace = Duration::from_millis(100);
    let mut server = TestServer::start_with(Arc::clone(&toy) as _, |config| config.shutdown.grace = grace).await;
    let mut client = server.client().await;
    let _call = tokio::spawn(async move { client.check_spelling(check_request(&long("wait"), "en")).await });
    eventually("waiting", || toy.waiting.load(Ordering::SeqCst) == 1).await;
    server.begin_shutdown();
    assert_eq!(server.wait_until_stopped().await, ShutdownOutcome::CutOff);
    toy.release();
}

#[tokio::test]
async fn an_old_connection_is_asked_to_go_and_then_cut_off() {
    let toy = Arc::new(FakeEngine::default());
    let server = TestServer::start_with(Arc::clone(&toy) as _, |config| {
        config.connections.max_age = Duration::from_millis(100);
        config.connections.max_age_grace = Duration::from_millis(200);
    })
    .await;
    let mut client = server.client().await;
    let started = Instant::now();
    let status = client.check_spelling(check_request(&long("wait"), "en")).await.unwrap_err();
    assert!((250..5000).contains(&started.elapsed().as_millis()), "{status:?}");
    assert_ne!(status.code(), Code::Ok);
    // The same client goes on, on a new connection.
    client.check_spelling(check_request("text", "en")).await.unwrap();
}

/// The real program on a free port, and where it listens.
pub(crate) fn program(environment: &[(&str, &str)]) -> (Child, String, BufReader<std::process::ChildStderr>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_vermilion"))
        .env("VERMILION_SERVER__LISTEN", "127.0.0.1:0")
        .envs(environment.iter().copied())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("\"listening\"") {
        line.clear();
        assert_ne!(log.read_line(&mut line).unwrap(), 0, "the program ended");
    }
    let address = line.split("\"address\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    (child, address, log)
}

pub(crate) fn kill(child: &Child, signal: &str) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
}

#[test]
fn the_program_obeys_both_signals_and_answers_its_own_health_check() {
    for signal in ["-TERM", "-INT"] {
        let (mut child, address, _log) = program(&[]);
        let health = |address: &str| {
            Command::new(env!("CARGO_BIN_EXE_vermilion"))
                .args(["health", "--address", &format!("http://{address}")])
                .output()
                .unwrap()
        };
        let well = health(&address);
        assert!(well.status.success() && well.stdout == b"SERVING\n", "{well:?}");
        kill(&child, signal);
        assert_eq!(child.wait().unwrap().code(), Some(0), "{signal}");
        assert_eq!(health(&address).status.code(), Some(1));
    }
}

#[test]
fn the_program_refuses_a_wrong_configuration() {
    let refused = Command::new(env!("CARGO_BIN_EXE_vermilion")).env("VERMILION_LOG__COLOUR", "red").output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    let message = String::from_utf8(refused.stderr).unwrap();
    assert!(message.contains("there is no key log.colour"), "{message}");
}

#[test]
fn a_second_signal_ends_the_program_with_calls_in_hand() {
    let (mut child, address, mut log) = program(&[]);
    // A gRPC-Web call whose body does not come: in hand until its deadline.
    let mut call = TcpStream::connect(&address).unwrap();
    let head = "POST /vermilion.v1.SpellingService/CheckSpelling HTTP/1.1\r\nhost: localhost\r\n\
                content-type: application/grpc-web+proto\r\ncontent-length: 100\r\n\r\n";
    call.write_all(head.as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    kill(&child, "-TERM");
    std::thread::sleep(Duration::from_millis(500));
    assert!(child.try_wait().unwrap().is_none(), "ended at the first signal, with a call in hand");
    let second = Instant::now();
    kill(&child, "-TERM");
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(second.elapsed() < Duration::from_secs(3), "{:?}", second.elapsed());
    let mut rest = String::new();
    std::io::Read::read_to_string(&mut log, &mut rest).unwrap();
    assert!(rest.contains("second signal"), "{rest}");
}

#[test]
fn the_program_does_not_say_that_it_listens_before_its_data_is_read() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("en-GB")).unwrap();
    let original = concat!(env!("CARGO_MANIFEST_DIR"), "/dictionaries/en-GB/lexicon.bin");
    let mut damaged = std::fs::read(original).unwrap();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    std::fs::write(folder.path().join("en-GB/lexicon.bin"), damaged).unwrap();
    let refused = Command::new(env!("CARGO_BIN_EXE_vermilion"))
        .env("VERMILION_SERVER__LISTEN", "127.0.0.1:0")
        .env("VERMILION_SPELLING__DATA_DIR", folder.path())
        .output()
        .unwrap();
    assert_eq!((refused.status.code(), &*refused.stdout), (Some(1), &b""[..]));
    let message = String::from_utf8(refused.stderr).unwrap();
    assert!(!message.contains("listening"), "{message}");
    let last = message.lines().last().unwrap();
    assert!(last.contains("en-GB/lexicon.bin: its automaton is damaged: "), "{last}");
    assert_eq!(last.matches("checksum").count(), 1, "{last}");
}
