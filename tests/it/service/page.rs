//! The workbench page and what it is told, and polishing by the stand-in that it may be tried with.

use vermilion::transport::proto::{
    Document, PolishReplyRequest, Tone, polish_result::Outcome, polishing_service_client::PolishingServiceClient,
    stream_polish_reply_response::Event,
};

use super::{lifecycle::program, web::send};
use crate::support::serving::{Running, connect};

pub(super) fn start(variables: &[(&str, &str)]) -> (Running, String) {
    let (child, address, log) = program(variables);
    // It must not write to a closed pipe.
    std::thread::spawn(move || std::io::copy(&mut log.into_inner(), &mut std::io::sink()));
    (Running(child), address)
}

#[test]
fn the_page_is_served_in_development_alone() {
    let (_program, address) = start(&[]);
    let (head, body) = send(&address, "GET", "/", &[("accept", "text/html")], &[]);
    assert!(head.starts_with("http/1.1 200 ") && head.contains("content-type: text/html; charset=utf-8"), "{head}");
    assert!(head.contains("content-security-policy: default-src 'none'; script-src 'self';"), "{head}");
    assert!(!head.contains("unsafe"), "{head}");
    let html = String::from_utf8(body).unwrap();
    // All that the page names is there, and nothing of it is elsewhere.
    assert!(!html.contains("http://") && !html.contains("https://") && !html.contains("style="), "{html}");
    for name in ["workbench.js", "workbench.css", "icon.svg"] {
        assert!(html.contains(&format!("\"/{name}\"")), "{name} is not in {html}");
        let (head, body) = send(&address, "GET", &format!("/{name}"), &[], &[]);
        assert!(head.starts_with("http/1.1 200 ") && body.len() > 100, "{name}: {head}");
        let (head, small) = send(&address, "GET", &format!("/{name}"), &[("accept-encoding", "gzip, br")], &[]);
        assert!(head.contains("content-encoding: gzip") && small.len() < body.len(), "{name}: {head}");
        let etag = head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap();
        let (head, body) = send(&address, "GET", &format!("/{name}"), &[("if-none-match", etag)], &[]);
        assert!(head.starts_with("http/1.1 304 ") && body.is_empty(), "{name}: {head}");
    }
    let (head, body) = send(&address, "HEAD", "/", &[], &[]);
    assert!(head.starts_with("http/1.1 200 ") && body.is_empty(), "{head}");
    assert!(send(&address, "GET", "/elsewhere", &[], &[]).0.starts_with("http/1.1 404 "));

    let (_, facts) = send(&address, "GET", "/workbench.json", &[], &[]);
    let facts: serde_json::Value = serde_json::from_slice(&facts).unwrap();
    assert_eq!((&facts["identity"], &facts["demoModel"]), (&"headers".into(), &false.into()));
    assert_eq!((&facts["tenants"][0]["id"], &facts["tenants"][0]["agents"][0]), (&"demo".into(), &"ana".into()));

    let (_program, address) = start(&[("VERMILION_SERVER__MODE", "production"), ("VERMILION_AUTH__MODE", "none")]);
    let (head, body) = send(&address, "GET", "/", &[], &[]);
    assert!(head.contains("content-type: text/plain"), "{head}");
    assert_eq!(body, b"Vermilion speaks gRPC and gRPC-Web on this port.\n");
    assert!(send(&address, "GET", "/workbench.json", &[], &[]).0.starts_with("http/1.1 404 "));
}

#[tokio::test]
async fn the_demo_model_polishes_as_a_model_does() {
    let (_program, address) = start(&[("VERMILION_POLISHING__DEMO_MODEL", "true")]);
    let channel = connect(&address).await;
    let mut client = PolishingServiceClient::new(channel);
    for (at, (draft, tone, expected)) in [
        (
            "hi Harriet, ur refund of £64.00 was aproved. i can't see order VM-40392, pls wait",
            Tone::Professional,
            "Hello Harriet, your refund of £64.00 was approved. I cannot see order VM-40392, please wait",
        ),
        ("Hello Ana, we will send it. It is ready.", Tone::Friendly, "Hi Ana, we'll send it. It's ready."),
        ("oi Renata, vc pode pagar a fatura amanha", Tone::Professional, "Olá Renata, você pode pagar a fatura amanhã"),
        ("你好,非常报歉,你的订单明天送达.", Tone::Friendly, "您好，非常抱歉，您的订单明天送达。"),
    ]
    .into_iter()
    .enumerate()
    {
        let asked = PolishReplyRequest {
            document: Some(Document { content: draft.to_owned(), ..Document::default() }),
            tone: tone.into(),
            conversation_id: format!("c{at}"),
            ..PolishReplyRequest::default()
        };
        let mut stream = client.stream_polish_reply(asked).await.unwrap().into_inner();
        let (mut shown, mut result) = (String::new(), None);
        while let Some(message) = stream.message().await.unwrap() {
            match message.event.unwrap() {
                Event::Delta(delta) => shown += &delta.text,
                Event::Result(last) => result = Some(last),
            }
        }
        let result = result.unwrap();
        assert_eq!((result.outcome(), result.content.as_str()), (Outcome::Polished, expected), "{:?}", result.findings);
        assert_eq!(shown, expected, "the preview is the answer");
        assert!(result.usage.unwrap().estimated);
    }
}
