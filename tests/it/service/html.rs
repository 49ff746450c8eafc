//! HTML documents and e-mail over the wire: spans in every unit, texts, reasons.

use vermilion::transport::proto::{Channel, OffsetEncoding, SkipReason, Span, document::Format};

use super::support::{TestServer, check_request, marked_texts};

const REPLY: &str = "<p>😀 caf&eacute; re<b>ciev</b>e</p><blockquote type=\"cite\">wrogn</blockquote><p>vouchr</p>";

#[tokio::test]
async fn marks_html_in_the_unit_that_the_client_asks_for() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    for (encoding, start) in [(OffsetEncoding::Utf8, 20), (OffsetEncoding::Utf16, 18), (OffsetEncoding::Utf32, 17)] {
        let mut asked = check_request(REPLY, "en");
        asked.set_offset_encoding(encoding);
        let document = asked.document.as_mut().unwrap();
        document.set_format(Format::Html);
        document.set_channel(Channel::Email);
        let answer = client.check_spelling(asked).await.unwrap().into_inner();
        assert_eq!(marked_texts(&answer), ["recieve", "vouchr"], "{encoding:?}");
        let span = |from: i32, to: i32| Span { start: start + from, end: start + to };
        assert_eq!(answer.misspellings[0].spans, [span(0, 2), span(5, 9), span(13, 14)], "{encoding:?}");
        assert_eq!(answer.misspellings[0].suggestions[0].text, "receive");
        let quoted = answer.skipped_regions.iter().find(|region| region.reason() == SkipReason::QuotedHistory);
        assert_eq!(quoted.unwrap().span, Some(span(18, 18 + 42)), "{encoding:?}");
    }
}

#[tokio::test]
async fn protects_spans_of_html() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let content = "<p><i>vou</i>chr and vouchr</p>";
    for (start, end, marks) in [(3, 15, 1), (6, 9, 1), (20, 26, 1), (3, 27, 0), (0, 3, 2), (9, 13, 2)] {
        let mut asked = check_request(content, "en");
        let document = asked.document.as_mut().unwrap();
        document.set_format(Format::Html);
        document.protected_spans = vec![Span { start, end }];
        let answer = client.check_spelling(asked).await.unwrap().into_inner();
        let whole = marked_texts(&answer).into_iter().filter(|text| *text == "vouchr").count();
        assert_eq!(whole, marks, "{start}..{end}: {answer:?}");
    }
}

#[tokio::test]
async fn only_mail_has_quotations() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    for (channel, marks) in [
        (Channel::Unspecified, 2),
        (Channel::WebChat, 2),
        (Channel::Email, 1),
        (Channel::Whatsapp, 2),
        (Channel::Sms, 2),
        (Channel::Social, 2),
    ] {
        for (format, text) in [(Format::Plain, "vouchr\n> vouchr\n"), (Format::Html, "vouchr<br>&gt; vouchr")] {
            let mut asked = check_request(text, "en");
            let document = asked.document.as_mut().unwrap();
            document.set_format(format);
            document.set_channel(channel);
            let answer = client.check_spelling(asked).await.unwrap().into_inner();
            assert_eq!(answer.misspellings.len(), marks, "{channel:?} {format:?}");
        }
    }
}

/// 256 KiB of what may be read: an inline image does not count, as nothing in it is checked.
#[tokio::test]
async fn inline_images_do_not_count() {
    let server = TestServer::start().await;
    let mut client = server.client().await;
    let ask = |content: String, format: Format| {
        let mut asked = check_request(&content, "en");
        asked.document.as_mut().unwrap().set_format(format);
        asked
    };
    let data = "A".repeat(300 << 10);
    for content in [
        format!("<p>vouchr</p><img src=\"data:image/png;base64,{data}\">"),
        format!("<p>vouchr</p><img alt=x src='Data:image/png;base64,{data}'/>"),
        format!("<p style=\"background: url(data:image/png;base64,{data}) red\">vouchr</p>"),
    ] {
        let answer = client.check_spelling(ask(content, Format::Html)).await.unwrap().into_inner();
        assert_eq!(marked_texts(&answer), ["vouchr"]);
    }
    for (content, format) in [
        (format!("<p>data:image/png;base64,{data}</p>"), Format::Html),
        (format!("<img src=\"{data}\">"), Format::Html),
        (format!("<img src=\"data:image/png;base64,{data}\">"), Format::Plain),
    ] {
        let status = client.check_spelling(ask(content, format)).await.unwrap_err();
        assert!(status.message().contains("262144"), "{status:?}");
    }
}
