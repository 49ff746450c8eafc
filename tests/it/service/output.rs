//! The real program, whose output nobody reads, or can be written: it serves all the same, and ends when it is told to.

use std::{
    collections::HashSet,
    fs::{self, File, OpenOptions},
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use vermilion::transport::proto::spelling_service_client::SpellingServiceClient;

use super::support::check_request;
use crate::support::serving::connect;

/// Lines of the log fill a pipe of 64 KiB after some two hundred calls.
const CALLS: usize = 2000;

/// With a line for each call.
fn start(output: Stdio, errors: Stdio) -> Child {
    start_at("debug", output, errors)
}

fn start_at(level: &str, output: Stdio, errors: Stdio) -> Child {
    Command::new(env!("CARGO_BIN_EXE_vermilion"))
        .arg("serve")
        .env("VERMILION_SERVER__LISTEN", "127.0.0.1:0")
        .env("VERMILION_AUTH__ANONYMOUS_CALLS_PER_MINUTE", "1000000")
        .env("VERMILION_LOG__LEVEL", level)
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(errors)
        .spawn()
        .unwrap()
}

/// Where it listens, as the system knows it: the program may have nowhere to say it.
async fn address(program: &Child) -> SocketAddr {
    for _ in 0..1000 {
        let sockets = sockets(program.id());
        let table = fs::read_to_string("/proc/net/tcp").unwrap();
        let rows = table.lines().skip(1).map(|line| line.split_whitespace().collect::<Vec<_>>());
        // State 0A: it listens.
        let mut own = rows.filter(|row| row[3] == "0A" && sockets.contains(row[9]));
        if let Some(row) = own.next() {
            let port = u16::from_str_radix(row[1].rsplit(':').next().unwrap(), 16).unwrap();
            return SocketAddr::from(([127, 0, 0, 1], port));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it does not listen");
}

/// The inodes of a process's sockets.
fn sockets(process: u32) -> HashSet<String> {
    let open = fs::read_dir(format!("/proc/{process}/fd")).unwrap();
    let links = open.filter_map(|file| fs::read_link(file.ok()?.path()).ok());
    links.filter_map(|link| Some(link.to_str()?.strip_prefix("socket:[")?.trim_end_matches(']').to_owned())).collect()
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
    // The kernel accepts it before the program does.
    let channel = connect(&address).await;
    let mut client = SpellingServiceClient::new(channel);
    for _ in 0..calls {
        let call = client.check_spelling(check_request("A beeen.", "en"));
        tokio::time::timeout(Duration::from_secs(60), call).await.expect("an answer").unwrap();
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
    let mut program = start(Stdio::null(), Stdio::piped());
    let mut errors = program.stderr.take().unwrap();
    check(address(&program).await, CALLS).await;
    end(program).await;
    // What was in the pipe is still there, and nothing behind it was cut in the middle of a line.
    let mut left = String::new();
    errors.read_to_string(&mut left).unwrap();
    assert!(left.len() > 32 << 10, "{} bytes", left.len());
}

#[tokio::test]
async fn a_log_that_is_read_late_is_whole() {
    let mut program = start(Stdio::null(), Stdio::piped());
    let errors = BufReader::new(program.stderr.take().unwrap());
    check(address(&program).await, CALLS).await;
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
async fn a_check_is_worth_a_line_if_it_is_refused() {
    let mut program = start_at("info", Stdio::null(), Stdio::piped());
    let address = address(&program).await;
    check(address, 3).await;
    let channel = connect(&address).await;
    SpellingServiceClient::new(channel).check_spelling(check_request("text", "no tag")).await.unwrap_err();
    let mut errors = program.stderr.take().unwrap();
    end(program).await;
    let mut said = String::new();
    errors.read_to_string(&mut said).unwrap();
    let lines: Vec<_> = said.lines().filter(|line| line.contains("CheckSpelling")).collect();
    assert!(lines.len() == 1 && lines[0].contains("INVALID_ARGUMENT"), "{said}");
}

/// Whoever can have calls refused must not be able to fill a disk with them, nor to hide others among them.
#[tokio::test]
async fn hundreds_of_refusals_are_a_few_lines() {
    let mut program = start_at("info", Stdio::null(), Stdio::piped());
    let channel = connect(&address(&program).await).await;
    let mut client = SpellingServiceClient::new(channel);
    let begun = Instant::now();
    for _ in 0..500 {
        client.check_spelling(check_request("text", "no tag")).await.unwrap_err();
    }
    client.check_spelling(check_request(&"a ".repeat(600_000), "en")).await.unwrap_err();
    let seconds = usize::try_from(begun.elapsed().as_secs()).unwrap() + 3;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    client.check_spelling(check_request("text", "no tag")).await.unwrap_err();
    let mut errors = program.stderr.take().unwrap();
    end(program).await;
    let mut said = String::new();
    errors.read_to_string(&mut said).unwrap();
    let calls = |code: &str| said.lines().filter(|line| line.contains("CheckSpelling") && line.contains(code)).count();
    assert!((2..=20 * seconds).contains(&calls("INVALID_ARGUMENT")), "{said}");
    assert!(said.contains("more such calls in this second have no line"), "{said}");
    assert_eq!(calls("RESOURCE_EXHAUSTED"), 1, "{said}");
}

#[tokio::test]
async fn output_that_is_full_or_closed_is_no_reason_not_to_serve() {
    let null = || File::create("/dev/null").unwrap().into();
    for (output, errors) in
        [(full(), null()), (closed(), null()), (null(), full()), (null(), closed()), (full(), full())]
    {
        let program = start(output, errors);
        check(address(&program).await, 10).await;
        end(program).await;
    }
}

/// A command with an output that takes nothing: its exit code, and what it says of it.
fn command(arguments: &[&str], location: &str, output: Stdio) -> (Option<i32>, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_vermilion"))
        .args(arguments)
        .env("VERMILION_SETTINGS__STORE", location)
        .stdin(Stdio::piped())
        .stdout(output)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    program.stdin.take().unwrap().write_all(b"A beeen.").unwrap_or_default();
    let ended = program.wait_with_output().unwrap();
    (ended.status.code(), String::from_utf8(ended.stderr).unwrap())
}

#[test]
fn a_command_that_cannot_print_says_so_and_one_whose_reader_has_gone_is_quiet() {
    let folder = tempfile::tempdir().unwrap();
    let location = format!("sqlite:{}", folder.path().join("settings.db").display());
    for arguments in [&["config"][..], &["licenses"], &["check"], &["suggest", "beeen"], &["settings", "export"]] {
        let (code, said) = command(arguments, &location, full());
        assert_eq!(code, Some(1), "{arguments:?}: {said}");
        assert!(said.starts_with("vermilion: ") && said.contains("No space left"), "{arguments:?}: {said}");
        assert_eq!(command(arguments, &location, closed()), (Some(1), String::new()), "{arguments:?}");
    }
}

/// The options of `.cargo/config.toml` are in the allocator: memory that calls have freed is the system's again after a second.
#[cfg(not(target_env = "msvc"))]
#[test]
fn the_allocator_has_its_options() {
    let said = Command::new(env!("CARGO_BIN_EXE_vermilion"))
        .arg("--version")
        .env("_RJEM_MALLOC_CONF", "confirm_conf:true")
        .output()
        .unwrap();
    let said = String::from_utf8(said.stderr).unwrap();
    assert!(said.contains("background_thread:true") && said.contains("dirty_decay_ms:1000"), "{said}");
}
