//! Reads answers as servers really send them: what OpenAI's schema demands but nobody needs may be missing or odd, and what
//! decides whether the text is whole may not. Knows no HTTP.

use serde::Deserialize;
use serde_json::Value;

use crate::polishing::{Completion, ModelError, Prompt, TokenUsage};

/// A whole answer, or one event of a stream. Everything else that servers send is passed over, reasoning included.
#[derive(Deserialize)]
pub(super) struct ChatResponse {
    #[serde(default)]
    choices: Option<Vec<Choice>>,
    #[serde(default)]
    usage: Value,
    #[serde(default)]
    error: Value,
    /// `"error"` in vLLM's own form of an error.
    #[serde(default)]
    object: Value,
    /// Huawei's.
    #[serde(default)]
    error_code: Value,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    index: Option<u32>,
    /// In a whole answer. Some servers send it in events, too, as `null`.
    #[serde(default)]
    message: Option<ChoiceMessage>,
    /// In an event.
    #[serde(default)]
    delta: Option<ChoiceMessage>,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct ChoiceMessage {
    #[serde(default)]
    content: Option<MessageContent>,
    #[serde(default)]
    refusal: Option<String>,
}

/// Text, or its parts: some servers put reasoning beside the text as a part of its own.
#[derive(Deserialize)]
#[serde(untagged)]
enum MessageContent {
    Text(String),
    Parts(Vec<ContentPart>),
}

#[derive(Deserialize)]
struct ContentPart {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    text: Value,
}

impl MessageContent {
    fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Parts(parts) => {
                parts.iter().filter(|part| part.kind == "text").filter_map(|part| part.text.as_str()).collect()
            }
        }
    }
}

/// How an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FinishReason {
    Complete,
    Failed(ModelError),
}

impl FinishReason {
    /// By name: OpenAI's, and those of other servers' engines. An unknown end is none that we may trust.
    fn parse(reason: &str) -> Self {
        match reason.to_ascii_lowercase().as_str() {
            "stop" | "eos" | "eos_token" | "end_turn" | "stop_sequence" => Self::Complete,
            "length" | "max_tokens" | "model_length" => Self::Failed(ModelError::Truncated),
            "content_filter" | "safety" | "sensitive" | "refusal" => Self::Failed(ModelError::Withheld),
            _ => Self::Failed(ModelError::Malformed),
        }
    }
}

/// Counts tokens where the server does not: four ASCII characters are one, any other character is one. Near enough for
/// English (within a fifth); generous for Portuguese and Chinese.
#[derive(Clone, Copy, Debug, Default)]
struct TokenEstimate {
    ascii: usize,
    other: usize,
}

impl TokenEstimate {
    fn add(&mut self, text: &str) {
        let ascii = text.bytes().filter(u8::is_ascii).count();
        self.ascii += ascii;
        self.other += text.chars().count() - ascii;
    }

    fn tokens(self) -> u32 {
        u32::try_from(self.ascii.div_ceil(4) + self.other).unwrap_or(u32::MAX)
    }
}

/// Puts the events of an answer together; a whole answer is one event.
pub(super) struct ResponseAssembler {
    prompt_estimate: TokenEstimate,
    completion_estimate: TokenEstimate,
    usage: Option<TokenUsage>,
    finish_reason: Option<FinishReason>,
    blank: bool,
}

impl ResponseAssembler {
    pub(super) fn new(prompt: &Prompt) -> Self {
        let mut prompt_estimate = TokenEstimate::default();
        prompt.messages.iter().for_each(|message| prompt_estimate.add(&message.text));
        Self {
            prompt_estimate,
            completion_estimate: TokenEstimate::default(),
            usage: None,
            finish_reason: None,
            blank: true,
        }
    }

    /// Reads a whole answer.
    pub(super) fn complete(mut self, answer: ChatResponse) -> Result<Completion, ModelError> {
        let text = self.push_event(answer)?;
        let usage = self.finish()?;
        Ok(Completion { text, usage })
    }

    /// Takes an event's text, which may be empty.
    ///
    /// # Errors
    /// [`ModelError::Malformed`] if it is an error, [`ModelError::Withheld`] if it is a refusal.
    pub(super) fn push_event(&mut self, answer: ChatResponse) -> Result<String, ModelError> {
        if !answer.error.is_null() || !answer.error_code.is_null() || answer.object == "error" {
            return Err(ModelError::Malformed);
        }
        if let Some(usage) = read_usage(&answer.usage) {
            self.usage = Some(usage);
        }
        let first = answer.choices.unwrap_or_default().into_iter().find(|choice| choice.index.unwrap_or(0) == 0);
        let Some(choice) = first else { return Ok(String::new()) };
        // Some servers write null as a string.
        if let Some(reason) = choice.finish_reason.filter(|reason| !matches!(reason.as_str(), "" | "null")) {
            self.finish_reason = Some(FinishReason::parse(&reason));
        }
        let Some(message) = choice.delta.or(choice.message) else { return Ok(String::new()) };
        if message.refusal.is_some_and(|refusal| !refusal.is_empty()) {
            return Err(ModelError::Withheld);
        }
        let text = message.content.map(MessageContent::into_text).unwrap_or_default();
        self.completion_estimate.add(&text);
        self.blank &= text.trim().is_empty();
        Ok(text)
    }

    /// Whether the answer's end has been told, and only its usage may follow.
    pub(super) const fn is_finished(&self) -> bool {
        self.finish_reason.is_some()
    }

    /// At the end.
    ///
    /// # Errors
    /// If the answer is not whole, or blank.
    pub(super) fn finish(&self) -> Result<TokenUsage, ModelError> {
        match self.finish_reason {
            None => Err(ModelError::Malformed),
            Some(FinishReason::Failed(error)) => Err(error),
            Some(FinishReason::Complete) if self.blank => Err(ModelError::Empty),
            Some(FinishReason::Complete) => Ok(self.usage.unwrap_or_else(|| TokenUsage {
                prompt: self.prompt_estimate.tokens(),
                completion: self.completion_estimate.tokens(),
                estimated: true,
            })),
        }
    }
}

/// What an error says beyond its status, of which no word is kept: that the text was withheld by a filter (Azure's 400), or that
/// the account has nothing left (OpenAI's 429). `None` for all else, and for what is no JSON.
pub(super) fn read_error(body: &[u8]) -> Option<ModelError> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let error = body.get("error").unwrap_or(&body);
    let said = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default();
    let inner = error.get("innererror").and_then(|inner| inner.get("code")).and_then(Value::as_str);
    match [said("code"), said("type"), inner.unwrap_or_default()] {
        codes if codes.iter().any(|code| matches!(*code, "content_filter" | "ResponsibleAIPolicyViolation")) => {
            Some(ModelError::Withheld)
        }
        codes if codes.contains(&"insufficient_quota") => Some(ModelError::QuotaExhausted),
        _ => None,
    }
}

/// `None` if it is missing, `{}`, or says that nothing was read.
fn read_usage(usage: &Value) -> Option<TokenUsage> {
    let count = |name: &str| u32::try_from(usage.get(name)?.as_u64()?).ok();
    let (prompt, completion) = (count("prompt_tokens")?, count("completion_tokens")?);
    (prompt > 0).then_some(TokenUsage { prompt, completion, estimated: false })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::polishing::{MessageRole, PromptMessage as Asked};

    const USAGE: TokenUsage = TokenUsage { prompt: 7, completion: 3, estimated: false };

    fn read(json: &str) -> Result<Completion, ModelError> {
        let prompt = Prompt { messages: vec![Asked { role: MessageRole::User, text: "Tell me 你好".to_owned() }] };
        ResponseAssembler::new(&prompt).complete(serde_json::from_str(json).unwrap())
    }

    #[track_caller]
    fn check(json: &str, expected: Result<(&str, TokenUsage), ModelError>) {
        let found = read(json).map(|completion| (completion.text, completion.usage));
        assert_eq!(found, expected.map(|(text, usage)| (text.to_owned(), usage)), "{json}");
    }

    #[test]
    fn reads_what_servers_send() {
        let usage = r#""usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}"#;
        let choice = |rest: &str| format!(r#"{{"choices":[{{{rest}}}],{usage}}}"#);
        let ended = |message: &str| choice(&format!(r#""message":{message},"finish_reason":"stop""#));
        check(&ended(r#"{"content":"Hi"}"#), Ok(("Hi", USAGE)));
        check(&ended(r#"{"content":"Hi","reasoning_content":"hm","reasoning":"hm"}"#), Ok(("Hi", USAGE)));
        check(&ended(r#"{"content":"<think>hm</think>Hi"}"#), Ok(("<think>hm</think>Hi", USAGE)));
        let parts = r#"[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"Hi"}]"#;
        check(&ended(&format!(r#"{{"content":{parts}}}"#)), Ok(("Hi", USAGE)));
        for empty in [r#"{"content":""}"#, r#"{"content":" \n"}"#, r#"{"content":null}"#, "{}", "null"] {
            check(&ended(empty), Err(ModelError::Empty));
        }
        check(&ended(r#"{"content":"","refusal":"I cannot"}"#), Err(ModelError::Withheld));
        let by = |reason: &str| choice(&format!(r#""message":{{"content":"Hi"}},"finish_reason":{reason}"#));
        check(&by(r#""STOP""#), Ok(("Hi", USAGE)));
        check(&by(r#""length""#), Err(ModelError::Truncated));
        check(&by(r#""content_filter""#), Err(ModelError::Withheld));
        for unknown in [r#""tool_calls""#, r#""abort""#, r#""""#, "null"] {
            check(&by(unknown), Err(ModelError::Malformed));
        }
    }

    #[test]
    fn estimates_what_servers_do_not_count() {
        let estimated = TokenUsage { prompt: 4, completion: 1, estimated: true };
        for usage in ["{}", "null", r#"{"prompt_tokens":0,"completion_tokens":0}"#, r#"{"prompt_tokens":-1}"#] {
            let json =
                format!(r#"{{"choices":[{{"message":{{"content":"Hi"}},"finish_reason":"stop"}}],"usage":{usage}}}"#);
            check(&json, Ok(("Hi", estimated)));
        }
    }

    #[test]
    fn knows_what_an_error_says_beyond_its_status() {
        for (body, expected) in [
            (r#"{"error":{"code":"content_filter","status":400,"message":"x"}}"#, Some(ModelError::Withheld)),
            (
                r#"{"error":{"code":null,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}"#,
                Some(ModelError::Withheld),
            ),
            (r#"{"error":{"type":"insufficient_quota","code":null}}"#, Some(ModelError::QuotaExhausted)),
            (r#"{"code":"insufficient_quota"}"#, Some(ModelError::QuotaExhausted)),
            (r#"{"error":{"message":"content_filter insufficient_quota","code":"x"}}"#, None),
            (r#"{"error":"insufficient_quota"}"#, None),
            ("[]", None),
            ("<html>", None),
            ("", None),
        ] {
            assert_eq!(read_error(body.as_bytes()), expected, "{body}");
        }
    }

    #[test]
    fn knows_errors_in_every_form() {
        for error in [
            r#"{"error":{"message":"x"}}"#,
            r#"{"error":"x"}"#,
            r#"{"error":{"code":500}}"#,
            r#"{"object":"error","message":"x","code":40001}"#,
            r#"{"error_code":"ModelArts.81101","error_msg":"x"}"#,
            r#"{"message":"x"}"#,
            "{}",
        ] {
            check(error, Err(ModelError::Malformed));
        }
    }
}
