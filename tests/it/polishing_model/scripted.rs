//! A tiny HTTP server that follows a script, and remembers what it was asked and whether its clients hung up.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// What a server does with one request.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    head: String,
    chunked: bool,
    steps: Vec<Step>,
}

#[derive(Clone, Debug)]
enum Step {
    Send(String),
    /// Until the client hangs up.
    Hang,
    /// Without the end that HTTP asks for.
    Cut,
}

impl Reply {
    /// A body of known length.
    pub(crate) fn of(status: u16, kind: &str, body: &str) -> Self {
        let head = format!("HTTP/1.1 {status} x\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n", body.len());
        Self { head, chunked: false, steps: vec![Step::Send(body.to_owned())] }
    }

    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self::of(status, "application/json", body)
    }

    /// A whole answer: the JSON of a choice, and what follows the choices.
    pub(crate) fn choice(choice: &str, rest: &str) -> Self {
        Self::json(
            200,
            &format!(r#"{{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{choice}]{rest}}}"#),
        )
    }

    /// A whole answer as OpenAI gives it.
    pub(crate) fn text(text: &str) -> Self {
        Self::choice(
            &format!(r#"{{"index":0,"message":{{"role":"assistant","content":"{text}"}},"finish_reason":"stop"}}"#),
            r#","usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}"#,
        )
    }

    /// A stream of events, each the data of one.
    pub(crate) fn events(events: &[&str]) -> Self {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n".to_owned();
        let steps = events.iter().map(|data| Step::Send(format!("data: {data}\n\n"))).collect();
        Self { head, chunked: true, steps }
    }

    /// A stream as OpenAI gives it.
    pub(crate) fn stream(pieces: &[&str]) -> Self {
        let pieces: Vec<String> = pieces.iter().map(|text| delta(text)).collect();
        let mut events: Vec<&str> = pieces.iter().map(String::as_str).collect();
        events.extend([STOP, USAGE, "[DONE]"]);
        Self::events(&events)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.head += &format!("{name}: {value}\r\n");
        self
    }

    /// Bytes as they are.
    pub(crate) fn then(mut self, bytes: &str) -> Self {
        self.steps.push(Step::Send(bytes.to_owned()));
        self
    }

    pub(crate) fn then_events(mut self, events: &[&str]) -> Self {
        self.steps.extend(events.iter().map(|data| Step::Send(format!("data: {data}\n\n"))));
        self
    }

    /// Half of the body, and no more.
    pub(crate) fn shorten(mut self) -> Self {
        if let Some(Step::Send(body)) = self.steps.last_mut() {
            body.truncate(body.len() / 2);
        }
        self.cut()
    }

    pub(crate) fn hang(mut self) -> Self {
        self.steps.push(Step::Hang);
        self
    }

    pub(crate) fn cut(mut self) -> Self {
        self.steps.push(Step::Cut);
        self
    }

    /// Nothing at all.
    pub(crate) fn silence() -> Self {
        Self { head: String::new(), chunked: false, steps: vec![Step::Hang] }
    }

    /// A connection that is closed at once.
    pub(crate) fn slam() -> Self {
        Self { head: String::new(), chunked: false, steps: vec![Step::Cut] }
    }
}

/// The event of a piece of text.
pub(crate) fn delta(text: &str) -> String {
    format!(
        r#"{{"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{{"index":0,"delta":{{"content":"{text}"}}}}]}}"#
    )
}

pub(crate) const STOP: &str = r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#;
pub(crate) const USAGE: &str = r#"{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}"#;

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Request line and headers.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Asked {
    /// What a header says; its name in any case.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then(|| value.to_owned())
        })
    }
}

#[derive(Default)]
struct State {
    script: Vec<Reply>,
    asked: Vec<Asked>,
}

/// The server; it ends with the test's runtime.
#[derive(Clone)]
pub(crate) struct Scripted {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    hung_up: Arc<AtomicUsize>,
    sent: Arc<AtomicUsize>,
}

impl Scripted {
    /// Gives the replies in their order, and the last one for ever.
    pub(crate) async fn start(script: &[Reply]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            state: Arc::new(Mutex::new(State { script: script.to_vec(), asked: Vec::new() })),
            hung_up: Arc::default(),
            sent: Arc::default(),
        };
        let accepting = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = accepting.clone();
                tokio::spawn(async move { server.answer(stream).await });
            }
        });
        server
    }

    /// Gives this reply from now on.
    pub(crate) fn will(&self, reply: &Reply) {
        self.state.lock().unwrap().script = vec![reply.clone()];
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.state.lock().unwrap().asked.clone()
    }

    /// How many clients closed a connection on which they could still have got something.
    pub(crate) fn hung_up(&self) -> usize {
        self.hung_up.load(Ordering::SeqCst)
    }

    /// Bytes of bodies that the kernel has taken.
    pub(crate) fn sent(&self) -> usize {
        self.sent.load(Ordering::SeqCst)
    }

    async fn answer(&self, mut stream: TcpStream) -> Option<()> {
        let asked = read_request(&mut stream).await?;
        let reply = {
            let mut state = self.state.lock().unwrap();
            let reply = state.script[state.asked.len().min(state.script.len() - 1)].clone();
            state.asked.push(asked);
            reply
        };
        if !reply.head.is_empty() {
            stream.write_all(format!("{}connection: close\r\n\r\n", reply.head).as_bytes()).await.ok()?;
        }
        for step in &reply.steps {
            match step {
                Step::Send(bytes) => {
                    let bytes = if reply.chunked { format!("{:x}\r\n{bytes}\r\n", bytes.len()) } else { bytes.clone() };
                    if stream.write_all(bytes.as_bytes()).await.is_err() {
                        self.hung_up.fetch_add(1, Ordering::SeqCst);
                        return None;
                    }
                    self.sent.fetch_add(bytes.len(), Ordering::SeqCst);
                }
                Step::Hang => {
                    // Only a client that goes ends this.
                    let _ = stream.read(&mut [0; 1]).await;
                    self.hung_up.fetch_add(1, Ordering::SeqCst);
                    return None;
                }
                Step::Cut => return None,
            }
        }
        if reply.chunked {
            stream.write_all(b"0\r\n\r\n").await.ok()?;
        }
        Some(())
    }
}

async fn read_request(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).unwrap();
    let length = text.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    while bytes.len() < head + length.unwrap_or(0) {
        stream.read_buf(&mut bytes).await.ok()?;
    }
    Some(Asked { head: text, body: String::from_utf8(bytes[head..].to_vec()).unwrap() })
}

/// Polls until a condition holds.
pub(crate) async fn eventually(what: &str, condition: impl Fn() -> bool) {
    for _ in 0..1000 {
        if condition() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("never: {what}");
}
