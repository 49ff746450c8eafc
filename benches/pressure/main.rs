//! The real program under loads that a service meets: `cargo bench --bench pressure -- table|overload|soak`. The program runs as a
//! process of its own, so that its memory is its own; its log goes to a file, as in production to a collector. Client and program
//! share the machine, so figures are those of the pair; `overload` gives each a processor of its own.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a tool that may stop at the first surprise, and prints"
)]

mod clients;
mod outcome;
mod overload;
mod program;
mod soak;
mod table;
mod texts;

use std::{env, process::ExitCode, time::Duration};

const USAGE: &str = "cargo bench --bench pressure -- COMMAND
  table    [--seconds 3] [--connections 1,10,100,1000]
  overload [--seconds 10] [--factor 3] [--floor 0.0]   exit status 1 below the floor of goodput over capacity
  soak     [--agents 40] [--minutes 60] [--warm-up-minutes 5]   exit status 1 if memory grows by more than one tenth";

fn main() -> ExitCode {
    let Some(command) = env::args().skip(1).find(|argument| !argument.starts_with('-')) else {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let held = runtime.block_on(async {
        match command.as_str() {
            "table" => {
                table::run(seconds("--seconds", 3.0), &list("--connections", &[1, 10, 100, 1000])).await;
                true
            }
            "overload" => {
                let factor = number("--factor", 3.0);
                overload::run(seconds("--seconds", 10.0), factor, number("--floor", 0.0)).await
            }
            "soak" => {
                let minutes = |name, default| Duration::from_secs_f64(60.0 * number(name, default));
                let agents = argument("--agents").map_or(40, |text| text.parse().unwrap());
                soak::run(agents, minutes("--minutes", 60.0), minutes("--warm-up-minutes", 5.0)).await
            }
            other => panic!("no command {other:?}\n{USAGE}"),
        }
    });
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn argument(name: &str) -> Option<String> {
    let mut arguments = env::args().skip_while(|argument| argument != name);
    arguments.next()?;
    arguments.next()
}

fn number(name: &str, default: f64) -> f64 {
    argument(name).map_or(default, |text| text.parse().unwrap())
}

fn seconds(name: &str, default: f64) -> Duration {
    Duration::from_secs_f64(number(name, default))
}

fn list(name: &str, default: &[usize]) -> Vec<usize> {
    argument(name).map_or(default.to_vec(), |text| text.split(',').map(|part| part.parse().unwrap()).collect())
}
