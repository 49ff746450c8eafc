//! What the second reading adds to the rules, where somebody really reads: a model of any kind, or a person, through files.
//!
//! With `VERMILION_READINGS` a folder, the first run writes what there is to read to `asked.jsonl`: an object a line with `system` and
//! `user`, the messages of one request. Whoever reads writes `answers.jsonl`: a line each, in the same order, a JSON string that holds the
//! answer as it came. The second run judges with them, and prints the table for docs/benchmarks.md.

use std::{
    collections::HashMap,
    env, fs,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::time::Instant;
use vermilion::polishing::{
    ChatModel, Completion, ModelError, ModelStream, Permit, Prompt, TokenUsage,
    review::{HighSeverity, ReviewPolicy, Reviewer},
};

use super::{
    corpus::{CORPUS, Desk},
    figures::{TABLE, Tally},
};
use crate::support::prompts::masked_draft;

/// In place of the nonce, which is another at every call.
const NONCE: &str = "k3v9x";

/// Answers as somebody did; where nobody did, notes what was asked and has nothing to object to.
struct Reader {
    answers: HashMap<String, String>,
    asked: Mutex<Vec<Value>>,
}

impl Reader {
    fn open(folder: &Path) -> Self {
        let lines = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
        let (asked, answers) = (lines("asked.jsonl"), lines("answers.jsonl"));
        assert!(
            answers.is_empty() || asked.lines().count() == answers.lines().count(),
            "an answer for each that is asked"
        );
        let text = |value: Value| value.as_str().expect("a string").to_owned();
        let pairs = asked.lines().zip(answers.lines()).map(|(asked, answer)| {
            let asked: Value = serde_json::from_str(asked).expect("an object");
            (text(asked["user"].clone()), text(serde_json::from_str(answer).expect("a JSON string")))
        });
        Self { answers: pairs.collect(), asked: Mutex::default() }
    }
}

#[async_trait::async_trait]
impl ChatModel for Reader {
    async fn complete(&self, _: &Permit, prompt: &Prompt, _: Instant) -> Result<Completion, ModelError> {
        let (nonce, _) = masked_draft(&prompt.messages[1].text);
        let [system, user] = [0, 1].map(|at| prompt.messages[at].text.replace(nonce, NONCE));
        let text = self.answers.get(&user).map_or("[]".to_owned(), |answer| answer.replace(NONCE, nonce));
        let mut asked = self.asked.lock().unwrap();
        if asked.iter().all(|one| one["user"] != *user) {
            asked.push(json!({ "system": system, "user": user }));
        }
        Ok(Completion { text, usage: TokenUsage::default() })
    }

    async fn stream(&self, _: &Permit, _: &Prompt, _: Instant) -> Result<ModelStream, ModelError> {
        Err(ModelError::Malformed)
    }
}

#[tokio::test]
#[ignore = "needs VERMILION_READINGS: a folder for what is to be read, and the answers of whoever reads it"]
async fn with_somebody_who_reads() {
    let folder = env::var("VERMILION_READINGS").expect("VERMILION_READINGS");
    let folder = Path::new(&folder);
    let reader = Arc::new(Reader::open(folder));
    let policy = ReviewPolicy {
        deadline_share: 40,
        timeout: Duration::from_secs(10),
        as_object: false,
        high: HighSeverity::Draft,
    };
    let desk = Desk::with_reviewer(Some(Reviewer::new(Arc::<Reader>::clone(&reader), policy))).await;
    let mut table = TABLE.to_owned();
    for file in CORPUS.iter().filter(|file| file.name.starts_with("fresh/")) {
        table += &Tally::of(&desk, file).await.row(file.name);
    }
    if reader.answers.is_empty() {
        let asked = reader.asked.lock().unwrap();
        let lines: Vec<String> = asked.iter().map(|one| format!("{one}\n")).collect();
        fs::write(folder.join("asked.jsonl"), lines.concat()).unwrap();
        println!("{} to be read are in {}", lines.len(), folder.join("asked.jsonl").display());
    } else {
        println!("{table}");
    }
}
