//! The real program, on a port that it finds.

use std::{
    fmt::Display,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    process::{Child, ChildStdout, Command, Stdio},
};

use tonic::transport::Channel;

/// A program that does not outlive its test, also where that fails.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The program, where it listens, and its open output: it must not write to a closed one.
pub(crate) fn spawn_service(variables: &[(&str, &str)]) -> (Child, SocketAddr, BufReader<ChildStdout>) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_vermilion"))
        .arg("serve")
        .env("VERMILION_SERVER__LISTEN", "127.0.0.1:0")
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut output = BufReader::new(program.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();
    let address = line.split_whitespace().find_map(|word| word.trim_end_matches('.').parse().ok());
    (program, address.unwrap_or_else(|| panic!("no address in {line:?}")), output)
}

/// A connection without TLS.
pub(crate) async fn connect(address: impl Display) -> Channel {
    Channel::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap()
}
