//! The program as a process of its own.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
};

/// The running program; killed when dropped.
pub(crate) struct Program {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Its log and its standard output end with it.
    _files: (tempfile::TempDir, BufReader<std::process::ChildStdout>),
}

impl Program {
    /// On a free port, without a limit by address, as all clients here have the same; on one processor if one is named.
    pub(crate) fn start(processor: Option<usize>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = env!("CARGO_BIN_EXE_vermilion");
        let mut command = match processor {
            None => Command::new(program),
            Some(processor) => {
                let mut command = Command::new("taskset");
                command.args(["-c", &processor.to_string(), program]);
                command
            }
        };
        let mut child = command
            .arg("serve")
            .env("VERMILION_SERVER__LISTEN", "127.0.0.1:0")
            .env("VERMILION_AUTH__ANONYMOUS_CALLS_PER_MINUTE", "1000000")
            .env("VERMILION_LOG__FORMAT", "json")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(folder.path().join("log")).unwrap())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let address = line.split_whitespace().find_map(|word| word.trim_end_matches('.').parse().ok());
        let address = address.unwrap_or_else(|| panic!("no address in {line:?}"));
        Self { child, address, _files: (folder, output) }
    }

    /// Resident memory, in MB.
    pub(crate) fn resident(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").trim().parse::<f64>().unwrap() / 1024.0
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Keeps this process to one processor.
pub(crate) fn pin_client(processor: usize) {
    let pid = std::process::id().to_string();
    let pinned = Command::new("taskset").args(["-a", "-cp", &processor.to_string(), &pid]).output().unwrap();
    assert!(pinned.status.success(), "taskset: {pinned:?}");
}
