//! Traces and the log by OTLP: the real program, and a collector that keeps what it is sent.

use std::{
    collections::BTreeMap,
    io::{BufReader, Read as _},
    net::TcpListener as Port,
    process::{Child, ChildStderr},
    sync::{Arc, Mutex},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use opentelemetry_proto::tonic::{
    collector::{
        logs::v1::{
            ExportLogsServiceRequest, ExportLogsServiceResponse,
            logs_service_server::{LogsService, LogsServiceServer},
        },
        trace::v1::{
            ExportTraceServiceRequest, ExportTraceServiceResponse,
            trace_service_server::{TraceService, TraceServiceServer},
        },
    },
    common::v1::{KeyValue, any_value::Value},
    logs::v1::LogRecord,
    trace::v1::Span,
};
use tokio::net::TcpListener;
use tokio_stream::{StreamExt as _, wrappers::TcpListenerStream};
use tonic::{
    Request, Response, Status,
    transport::{Channel, Server},
};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
use vermilion::transport::proto::{
    ConversationTurn, Document, PolishReplyRequest, document, polishing_service_client::PolishingServiceClient,
    spelling_service_client::SpellingServiceClient,
};

use super::{
    admin::free_address,
    lifecycle::{kill, program},
    support::check_request,
    web::{frame, send},
};
use crate::{
    polishing_model::scripted::{Reply, Scripted},
    support::serving::connect,
};

/// Keeps what it is sent.
#[derive(Clone, Default)]
struct Collector {
    spans: Arc<Mutex<Vec<ExportTraceServiceRequest>>>,
    lines: Arc<Mutex<Vec<ExportLogsServiceRequest>>>,
}

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        self.spans.lock().unwrap().push(request.into_inner());
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

#[tonic::async_trait]
impl LogsService for Collector {
    async fn export(
        &self,
        request: Request<ExportLogsServiceRequest>,
    ) -> Result<Response<ExportLogsServiceResponse>, Status> {
        self.lines.lock().unwrap().push(request.into_inner());
        Ok(Response::new(ExportLogsServiceResponse::default()))
    }
}

impl Collector {
    /// And its URL.
    async fn start() -> (Self, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let collector = Self::default();
        let server = Server::builder()
            .add_service(TraceServiceServer::new(collector.clone()))
            .add_service(LogsServiceServer::new(collector.clone()));
        tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
        (collector, url)
    }

    fn spans(&self) -> Vec<Span> {
        let sent = self.spans.lock().unwrap();
        let scopes = sent.iter().flat_map(|request| &request.resource_spans).flat_map(|resource| &resource.scope_spans);
        scopes.flat_map(|scope| scope.spans.clone()).collect()
    }

    fn lines(&self) -> Vec<LogRecord> {
        let sent = self.lines.lock().unwrap();
        let scopes = sent.iter().flat_map(|request| &request.resource_logs).flat_map(|resource| &resource.scope_logs);
        scopes.flat_map(|scope| scope.log_records.clone()).collect()
    }

    /// All that was sent, as text.
    fn everything(&self) -> String {
        format!("{:?} {:?}", self.spans.lock().unwrap(), self.lines.lock().unwrap())
    }
}

/// The program with traces; its log is read to its end.
struct Traced {
    child: Child,
    address: String,
    log: JoinHandle<String>,
}

impl Traced {
    fn start(endpoint: &str, sample: &str, more: &[(&str, &str)]) -> Self {
        let mut variables = vec![
            ("VERMILION_OTLP__ENDPOINT", endpoint),
            ("VERMILION_OTLP__TRACE_SAMPLE", sample),
            ("VERMILION_LOG__LEVEL", "debug"),
            ("OTEL_BSP_SCHEDULE_DELAY", "50"),
        ];
        variables.extend(more);
        let (child, address, log) = program(&variables);
        let read = |mut log: BufReader<ChildStderr>| {
            let mut text = String::new();
            log.read_to_string(&mut text).unwrap();
            text
        };
        Self { child, address, log: std::thread::spawn(move || read(log)) }
    }

    async fn channel(&self) -> Channel {
        connect(&self.address).await
    }

    /// SIGTERM; how long it took, and the log.
    fn end(mut self) -> (Duration, String) {
        let started = Instant::now();
        kill(&self.child, "-TERM");
        assert!(self.child.wait().unwrap().success());
        (started.elapsed(), self.log.join().unwrap())
    }
}

/// Of the trace with this number: sampled or not.
fn trace_id(number: u8) -> String {
    format!("{}{number:02x}", "ab".repeat(15))
}

fn traceparent(number: u8, flags: &str) -> String {
    format!("00-{}-00000000000000{number:02x}-{flags}", trace_id(number))
}

fn call<M>(message: M, traceparent: &str) -> Request<M> {
    let mut request = Request::new(message);
    for (name, value) in [
        ("traceparent", traceparent),
        ("tracestate", "vendor=Secretstate"),
        ("x-request-id", "Secretrequest"),
        ("x-tenant-id", "demo"),
        ("x-agent-id", "ana"),
        ("x-roles", "agent"),
    ] {
        request.metadata_mut().insert(name, value.parse().unwrap());
    }
    request
}

fn polish_request(conversation: &str) -> PolishReplyRequest {
    PolishReplyRequest {
        document: Some(Document {
            content: "hi Quixotemarker, your refund was aproved.".to_owned(),
            ..Document::default()
        }),
        turns: vec![ConversationTurn { text: "Write to zanzibarian@example.com".to_owned(), ..Default::default() }],
        conversation_id: conversation.to_owned(),
        ..PolishReplyRequest::default()
    }
}

fn hex(id: &[u8]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The spans of a trace: each as its name and its parent's, sorted; the parent of the first is the client's.
fn family(spans: &[Span], number: u8) -> Vec<String> {
    let trace = trace_id(number);
    let own: Vec<_> = spans.iter().filter(|span| hex(&span.trace_id) == trace).collect();
    let names: BTreeMap<_, _> = own.iter().map(|span| (hex(&span.span_id), span.name.as_str())).collect();
    let name = |id: &str| match names.get(id) {
        Some(name) => (*name).to_owned(),
        None if id == format!("00000000000000{number:02x}") => "client".to_owned(),
        None => format!("nobody {id}"),
    };
    let mut family: Vec<_> =
        own.iter().map(|span| format!("{} < {}", span.name, name(&hex(&span.parent_span_id)))).collect();
    family.sort();
    family
}

fn attribute(attributes: &[KeyValue], key: &str) -> Option<Value> {
    let found = attributes.iter().find(|attribute| attribute.key == key)?;
    found.value.clone()?.value
}

fn value(text: &str) -> Option<Value> {
    Some(Value::StringValue(text.to_owned()))
}

const CHECK: &str = "vermilion.v1.SpellingService/CheckSpelling";
const POLISH: &str = "vermilion.v1.PolishingService/PolishReply";
const STREAM: &str = "vermilion.v1.PolishingService/StreamPolishReply";

/// The steps of a polish with a second reading, below its call.
fn polish_steps(call: &str) -> Vec<String> {
    let of_call = ["receive", "conditions", "read", "polish", "encode"].map(|step| format!("{step} < {call}"));
    let own = ["reserve", "settings", "mask", "ask", "guard", "conditions", "reserve", "reading", "edits"];
    let mut steps: Vec<_> = of_call.into_iter().chain(own.map(|step| format!("{step} < polish"))).collect();
    steps.extend([format!("{call} < client"), "model < ask".to_owned(), "model < reading".to_owned()]);
    steps.sort();
    steps
}

// The collector answers while the test waits for the program.
#[tokio::test(flavor = "multi_thread")]
async fn calls_are_traced_step_by_step_and_without_a_text() {
    let (collector, endpoint) = Collector::start().await;
    let reply = "Hello Quixotemarker, your refund was approved.";
    let model =
        Scripted::start(&[Reply::text(reply), Reply::text("[]"), Reply::stream(&[reply]), Reply::text("[]")]).await;
    let url = model.url();
    // Nothing is traced but what comes with a parent that is.
    let program =
        Traced::start(&endpoint, "0", &[("OPENAI_BASE_URL", &url), ("OPENAI_MODEL", "m"), ("OPENAI_API_KEY", "k")]);
    let channel = program.channel().await;
    let mut spelling = SpellingServiceClient::new(channel.clone());
    let text = "We have recieved zanzibarian@example.com for Quixotemarker.";
    spelling.check_spelling(call(check_request(text, "en"), &traceparent(1, "01"))).await.unwrap();
    spelling.check_spelling(call(check_request(text, "en"), &traceparent(2, "00"))).await.unwrap();
    spelling.check_spelling(check_request(text, "en")).await.unwrap();
    spelling.check_spelling(call(check_request(text, "fi-Secrettag"), &traceparent(3, "01"))).await.unwrap_err();
    // More than the thread that serves calls may do.
    let mut long = check_request(&"Zanzibarix qwmarkerish. ".repeat(2_000), "en");
    long.document.as_mut().unwrap().set_format(document::Format::Html);
    spelling.check_spelling(call(long, &traceparent(4, "01"))).await.unwrap();
    let mut polishing = PolishingServiceClient::new(channel.clone());
    let polished = polishing.polish_reply(call(polish_request("secret-one"), &traceparent(5, "01"))).await.unwrap();
    assert_eq!(polished.into_inner().result.unwrap().content, reply);
    let streamed = polishing.stream_polish_reply(call(polish_request("secret-two"), &traceparent(6, "01"))).await;
    let mut streamed = streamed.unwrap().into_inner();
    while let Some(event) = streamed.next().await {
        event.unwrap();
    }
    HealthClient::new(channel).check(call(HealthCheckRequest::default(), &traceparent(7, "01"))).await.unwrap();
    let web = [("content-type", "application/grpc-web+proto"), ("traceparent", &traceparent(8, "01"))];
    let (head, _) = send(&program.address, "POST", &format!("/{CHECK}"), &web, &frame(&check_request(text, "en")));
    assert!(head.starts_with("http/1.1 200 "), "{head}");
    let (_, log) = program.end();

    let spans = collector.spans();
    let steps = |steps: &[&str]| {
        let mut steps: Vec<_> = steps.iter().map(|step| format!("{step} < {CHECK}")).collect();
        steps.push(format!("{CHECK} < client"));
        steps.sort();
        steps
    };
    let short = ["receive", "settings", "parse", "check", "answer", "encode"];
    assert_eq!(family(&spans, 1), steps(&short));
    assert_eq!(family(&spans, 3), steps(&["receive", "settings", "parse", "encode"]), "the language is none");
    let long = ["receive", "settings", "parse", "check", "wait", "check", "answer", "encode"];
    assert_eq!(family(&spans, 4), steps(&long));
    assert_eq!(family(&spans, 8), steps(&short));
    assert_eq!(family(&spans, 5), polish_steps(POLISH));
    assert_eq!(family(&spans, 6), polish_steps(STREAM));
    let rest = [1, 3, 4, 5, 6, 8].map(|number| family(&spans, number).len());
    assert_eq!(spans.len(), rest.iter().sum::<usize>(), "nothing of what is not sampled, and no probe");

    let first = |name: &str, number: u8| {
        let trace = trace_id(number);
        spans.iter().find(|span| span.name == name && hex(&span.trace_id) == trace).unwrap()
    };
    let checked = first(CHECK, 1);
    assert_eq!(attribute(&checked.attributes, "vermilion.language"), value("en"));
    assert_eq!(attribute(&checked.attributes, "vermilion.code"), value("OK"));
    assert_eq!(attribute(&checked.attributes, "vermilion.transport"), value("grpc"));
    assert_eq!(
        attribute(&checked.attributes, "vermilion.text_bytes"),
        Some(Value::IntValue(text.len().try_into().unwrap()))
    );
    assert_eq!(attribute(&first("check", 1).attributes, "vermilion.marks"), Some(Value::IntValue(1)));
    assert_eq!(attribute(&first(CHECK, 3).attributes, "vermilion.code"), value("INVALID_ARGUMENT"));
    assert_eq!(attribute(&first(CHECK, 8).attributes, "vermilion.transport"), value("grpc-web"));
    assert_eq!(attribute(&first("mask", 5).attributes, "vermilion.masked"), Some(Value::IntValue(1)));
    assert_eq!(attribute(&first("ask", 5).attributes, "vermilion.tokens.prompt"), Some(Value::IntValue(7)));
    assert_eq!(attribute(&first("edits", 6).attributes, "vermilion.outcome"), value("polished"));

    // The model's server was asked within the trace, as a child of the step that asked it.
    let asked: Vec<_> = model.asked().iter().filter_map(|asked| asked.header("traceparent")).collect();
    assert_eq!(asked.len(), 4, "{asked:?}");
    for (header, number) in asked.iter().zip([5, 5, 6, 6]) {
        let [_, trace, parent, flags]: [&str; 4] = header.split('-').collect::<Vec<_>>().try_into().unwrap();
        assert_eq!(trace, trace_id(number));
        assert_eq!(flags, "01");
        assert!(spans.iter().any(|span| span.name == "model" && hex(&span.span_id) == parent), "{header}");
    }

    let everything = collector.everything();
    let id = trace_id(1);
    assert!(log.contains(&format!("\"trace_id\":\"{id}\"")), "the log says which trace: {log}");
    for secret in [
        "recieved",
        "zanzibar",
        "Quixote",
        "approved",
        "qwmarker",
        "ecret",
        "\"demo\"",
        "\"ana\"",
        "example.com",
        "src/",
    ] {
        assert!(!everything.contains(secret), "{secret} is in {everything}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_without_a_parent_are_traced_by_chance() {
    let (collector, endpoint) = Collector::start().await;
    let program = Traced::start(&endpoint, "0.5", &[("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test")]);
    let mut client = SpellingServiceClient::new(program.channel().await);
    for _ in 0..100 {
        client.check_spelling(check_request("A beeen.", "en")).await.unwrap();
    }
    // On a busy machine the span of a check may end a moment after its answer has gone: the last call here is one that is not traced.
    client.check_spelling(call(check_request("A beeen.", "en"), &traceparent(9, "00"))).await.unwrap();
    program.end();
    let spans = collector.spans();
    let calls: Vec<_> = spans.iter().filter(|span| span.name == CHECK).collect();
    assert!((30..70).contains(&calls.len()), "{}", calls.len());
    assert!(calls.iter().all(|call| call.parent_span_id.is_empty()));
    assert_eq!(spans.iter().filter(|span| span.name == "check").count(), calls.len(), "whole or not at all");
    let everything = collector.everything();
    for said in ["service.name", "\"vermilion\"", "service.version", "deployment.environment.name"] {
        assert!(everything.contains(said), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_away_or_silent_holds_up_nothing() {
    // It accepts, and says nothing.
    let silent = Port::bind("127.0.0.1:0").unwrap();
    for endpoint in [free_address(), silent.local_addr().unwrap().to_string()] {
        let queue = [
            ("OTEL_BSP_MAX_QUEUE_SIZE", "64"),
            ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "16"),
            ("VERMILION_OTLP__LOGS", "true"),
            ("OTEL_BLRP_MAX_QUEUE_SIZE", "64"),
            ("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "16"),
        ];
        let program = Traced::start(&format!("http://{endpoint}"), "1", &queue);
        let mut client = SpellingServiceClient::new(program.channel().await);
        let started = Instant::now();
        for _ in 0..500 {
            client.check_spelling(check_request("A beeen.", "en")).await.unwrap();
        }
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
        let (took, log) = program.end();
        assert!(took < Duration::from_secs(5), "{took:?}");
        let warned = |what: &str| {
            let is_told = |line: &&str| line.contains("\"WARN\"") && line.contains("collector") && line.contains(what);
            log.lines().filter(is_told).count()
        };
        // Once for each signal, of which there may be no lines yet, and once for what was left at the end.
        assert_eq!(warned("\"signal\":\"spans\""), 1, "{log}");
        let all = warned("");
        assert!((1..=3).contains(&all), "{all}: {log}");
        let others = log.lines().filter(|line| !line.contains("CheckSpelling")).count();
        assert!(others < 30, "{log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_sent_too_where_that_is_asked_for() {
    for (logs, directives, level) in [("true", "debug", "debug"), ("true", "", "info"), ("false", "debug", "debug")] {
        let (collector, endpoint) = Collector::start().await;
        // Libraries are as loud as they can be; what sends the log must not send what it says itself.
        let more = [("VERMILION_OTLP__LOGS", logs), ("RUST_LOG", directives), ("VERMILION_LOG__LEVEL", level)];
        let program = Traced::start(&endpoint, "0", &more);
        let mut client = SpellingServiceClient::new(program.channel().await);
        client
            .check_spelling(call(check_request("A Quixotemarker beeen.", "en"), &traceparent(1, "01")))
            .await
            .unwrap();
        client.check_spelling(call(check_request("A", "fi-Secrettag"), &traceparent(2, "01"))).await.unwrap_err();
        let (_, log) = program.end();
        let lines = collector.lines();
        let body = |line: &LogRecord| line.body.clone().and_then(|body| body.value);
        let said = |what: &str| lines.iter().filter(|line| body(line) == value(what)).count();
        if logs == "false" {
            assert!(lines.is_empty(), "{lines:?}");
            continue;
        }
        assert_eq!((said("listening"), said("stopped")), (1, 1), "from the first line to the last: {lines:?}");
        let calls: Vec<_> = lines.iter().filter(|line| attribute(&line.attributes, "method").is_some()).collect();
        let codes: Vec<_> = calls.iter().map(|line| attribute(&line.attributes, "code")).collect();
        let told = [value("OK"), value("INVALID_ARGUMENT")];
        assert_eq!(codes, if level == "debug" { &told[..] } else { &told[1..] }, "as loud as the log: {log}");
        let ids: Vec<_> = calls.iter().map(|line| attribute(&line.attributes, "trace_id")).collect();
        assert_eq!(ids.last(), Some(&value(&trace_id(2))));
        let everything = collector.everything();
        for secret in ["Quixote", "beeen", "Secrettag", env!("CARGO_MANIFEST_DIR")] {
            assert!(!everything.contains(secret), "{secret} is in {everything}");
        }
        for library in ["h2", "hyper", "tonic", "opentelemetry"] {
            assert!(!everything.contains(&format!("name: \"{library}")), "{library} is in {everything}");
        }
    }
}
