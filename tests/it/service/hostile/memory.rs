//! The memory of the real program while strangers do not take what they asked for.

use std::time::Duration;

use super::{CHECK, RawClient};
use crate::{
    service::{
        support::{Client, check_request},
        web::frame,
    },
    support::serving::spawn_service,
};

const CONNECTIONS: usize = 4;
const CALLS: usize = 60;

/// Resident memory of a process, in MiB.
pub(super) fn resident(pid: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() / 1024
}

/// Answers of 500 KB each, of which the windows let nothing through. Without a limit they make 50 MB until the deadline.
#[tokio::test(flavor = "multi_thread")]
async fn answers_nobody_takes_cost_what_the_limits_allow() {
    let (mut program, address, _output) = spawn_service(&[
        ("VERMILION_SERVER__DEADLINES__DEFAULT", "4s"),
        ("VERMILION_SERVER__LIMITS__WAITING_BYTES_PER_CONNECTION", "1048576"),
        ("VERMILION_SERVER__LIMITS__ANSWER_BYTES", "1048576"),
    ]);
    let request = frame(&check_request(&"wrogn ".repeat(6000), "en"));
    let mut polite = Client::connect(format!("http://{address}")).await.unwrap();
    // What threads keep for such work is there before, however busy the machine is with other tests.
    let warm: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let mut polite = polite.clone();
            tokio::spawn(async move {
                // One that has to wait for too long is asked again.
                for _ in 0..20 {
                    if polite.check_spelling(check_request(&"wrogn ".repeat(6000), "en")).await.is_ok() {
                        return true;
                    }
                }
                false
            })
        })
        .collect();
    for call in warm {
        assert!(call.await.unwrap(), "served beforehand");
    }
    let before = resident(program.id());
    let (mut hostile, mut answers) = (Vec::new(), Vec::new());
    for _ in 0..CONNECTIONS {
        let mut client = RawClient::connect(address, 0).await;
        for _ in 0..CALLS {
            answers.push(client.call(CHECK, &[], request.clone()).await);
        }
        hostile.push(client);
    }
    let mut most = before;
    for answer in answers {
        let _ = tokio::time::timeout(Duration::from_secs(8), answer).await;
        most = most.max(resident(program.id()));
    }
    let mut served = false;
    for _ in 0..100 {
        if polite.check_spelling(check_request(&"wrogn ".repeat(6000), "en")).await.is_ok() {
            served = true;
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(served, "served again when the deadlines are over");
    // What may wait, and the work itself.
    assert!(most < before + CONNECTIONS + 24, "{before} MiB before, {most} MiB at most");
}
