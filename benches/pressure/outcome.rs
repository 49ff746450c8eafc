//! What came of many calls.

use std::{collections::BTreeMap, time::Duration};

use tonic::Code;

/// Times of those that were answered, and of those that were refused, by code.
#[derive(Default)]
pub(crate) struct Outcome {
    answered: Vec<Duration>,
    refused: BTreeMap<String, Vec<Duration>>,
}

impl Outcome {
    /// Takes in one call.
    pub(crate) fn add(&mut self, answer: Result<(), Code>, took: Duration) {
        match answer {
            Ok(()) => self.answered.push(took),
            Err(code) => self.refused.entry(format!("{code:?}")).or_default().push(took),
        }
    }

    /// Takes in the calls of another.
    pub(crate) fn merge(&mut self, other: Self) {
        self.answered.extend(other.answered);
        for (code, times) in other.refused {
            self.refused.entry(code).or_default().extend(times);
        }
    }

    /// How many were answered.
    pub(crate) fn answered(&self) -> usize {
        self.answered.len()
    }

    /// How many were refused or failed, by code.
    pub(crate) fn refusals(&self) -> String {
        if self.refused.is_empty() {
            return "none".to_owned();
        }
        let each = |(code, times): (&String, &Vec<Duration>)| {
            format!("{code} {} (p50 / p99 {})", times.len(), percentiles(times, &[0.5, 0.99]))
        };
        self.refused.iter().map(each).collect::<Vec<_>>().join(", ")
    }

    /// p50, p99 and p99.9 of the answered.
    pub(crate) fn percentiles(&self) -> String {
        percentiles(&self.answered, &[0.5, 0.99, 0.999])
    }
}

fn percentiles(times: &[Duration], shares: &[f64]) -> String {
    let mut times = times.to_vec();
    times.sort_unstable();
    let at = |share: &f64| {
        let index = (times.len() as f64 * share) as usize;
        times.get(index).map_or("-".to_owned(), |time| format!("{:.2}", time.as_secs_f64() * 1e3))
    };
    format!("{} ms", shares.iter().map(at).collect::<Vec<_>>().join(" / "))
}
