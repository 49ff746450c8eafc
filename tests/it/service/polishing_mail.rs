//! Polishing of e-mail: what reaches the model, what comes back, what counts. A real server, a real client, a model on strings.

use tokio_stream::StreamExt as _;
use tonic::Code;
use vermilion::transport::proto::{
    Channel, Document, PolishReplyRequest, document::Format, polish_result::Outcome,
    stream_polish_reply_response::Event,
};

use super::polishing::{Act, Desk, refused};
use crate::support::prompts::masked_draft;

fn mail(content: &str, format: Format) -> PolishReplyRequest {
    PolishReplyRequest {
        document: Some(Document {
            content: content.to_owned(),
            format: format.into(),
            channel: Channel::Email.into(),
            ..Document::default()
        }),
        conversation_id: "c1".to_owned(),
        ..PolishReplyRequest::default()
    }
}

/// The draft as the model was given it, in the last request.
fn seen(desk: &Desk) -> String {
    masked_draft(desk.prompts().last().unwrap()).1.to_owned()
}

/// What the model makes of a draft: a better greeting.
fn polite(draft: &str) -> String {
    draft.replace("hi Ana", "Hello Ana").replace("oi Ana", "Olá, Ana").replace("您好", "尊敬的客户，您好")
}

/// Polishes a message between `before` and `behind`, of which the model may see `own` alone, as `shown`.
async fn check(format: Format, [before, own, behind]: [&str; 3], shown: &str) {
    let mut desk = Desk::with([Act::Say(polite)]).await;
    let content = [before, own, behind].concat();
    let result = desk.polish(mail(&content, format)).await.unwrap();
    assert_eq!(seen(&desk), shown, "{content}");
    assert_eq!((result.outcome(), result.content), (Outcome::Polished, [before, &polite(own), behind].concat()));
}

#[tokio::test]
async fn what_others_wrote_in_plain_mail_never_reaches_the_model() {
    let quoted =
        "\n\nOn Tue, Nov 12, 2024 at 10:30 AM Ana <ana@example.com> wrote:\n> wher is my parcl? u are the worst";
    let own = "hi Ana, your parcel is on its way";
    check(Format::Plain, ["", own, quoted], own).await;
    let original = "\r\n\r\n-- \r\nRafael, Atendimentu\r\n\r\n-----Mensagem original-----\r\nDe: Ana <ana@example.com>\r\n\
                    Enviada em: terça\r\nAssunto: pacotte\r\n\r\ncade?\r\n";
    let own = "oi Ana, o pacote saiu hoje.";
    check(Format::Plain, ["\r\n", own, original], own).await;
    let original = "\n\n---- 回复的原邮件 ----\n| 发件人 | 小林<lin@example.cn> |\n我门的包果丢了";
    let own = "您好，退款已经到账。";
    check(Format::Plain, ["", own, original], own).await;
}

#[tokio::test]
async fn nor_in_html_whose_references_are_read_and_written_again() {
    let own = "hi Ana, caf&eacute; R&amp;D is&nbsp;here";
    check(Format::Html, ["<p>", own, "</p>"], "hi Ana, café R&D is\u{a0}here").await;
    let quoted = "</p>\n<div class=\"gmail_quote\"><div class=\"gmail_attr\">Em ter., 12 de nov. de 2024, Ana \
                  &lt;ana@example.com&gt; escreveu:</div><blockquote class=\"gmail_quote\">cade?</blockquote></div>";
    let own = "oi Ana, o pacote saiu.";
    check(Format::Html, ["<p>", own, quoted], own).await;
    let quoted = "<br>小林 &lt;lin@example.cn&gt; 于2024年11月12日 10:30写道：<br>&gt; 我门的包果丢了</p>";
    let own = "您好，退款已经到账。";
    check(Format::Html, ["<p>", own, quoted], own).await;
}

/// Answers above and below a quotation: the model sees both, with one placeholder between.
#[tokio::test]
async fn a_quotation_between_answers_comes_back_byte_for_byte() {
    let mut desk = Desk::with([Act::Say(polite)]).await;
    let content = "hi Ana, see below.\n\n> wher is my parcl?\n\nIt left today.\n";
    let result = desk.polish(mail(content, Format::Plain)).await.unwrap();
    assert_eq!(result.content, content.replace("hi Ana", "Hello Ana"));
    let seen = seen(&desk);
    assert!(seen.starts_with("hi Ana, see below.[[MARKUP_1_") && seen.ends_with("]]It left today."), "{seen}");
    assert!(!desk.prompts().concat().contains("parcl"));
}

#[tokio::test]
async fn the_preview_shows_text_and_quotations() {
    let mut desk = Desk::with([Act::Say(polite), Act::Say(polite)]).await;
    let html = "<p>hi Ana,</p><p>R&amp;D is&nbsp;here: https://a.com/?x=1&amp;y=2</p>";
    let plain = "hi Ana, see below.\n> wher?\nIt left today.";
    for (format, content, expected) in [
        (Format::Html, html, "Hello Ana,\nR&D is\u{a0}here: https://a.com/?x=1&y=2"),
        (Format::Plain, plain, "Hello Ana, see below.\n> wher?\nIt left today."),
    ] {
        let mut stream = desk.client.stream_polish_reply(mail(content, format)).await.unwrap().into_inner();
        let mut shown = String::new();
        while let Some(message) = stream.next().await {
            if let Event::Delta(delta) = message.unwrap().event.unwrap() {
                shown.push_str(&delta.text);
            }
        }
        assert_eq!(shown, expected);
    }
}

/// 32 KiB of what goes to the model: images and quoted history are no part of it, and text is.
#[tokio::test]
async fn what_does_not_go_to_the_model_does_not_count() {
    let mut desk = Desk::with([Act::Say(polite), Act::Say(polite), Act::Say(polite)]).await;
    let image = format!("<p>hi Ana, see <img src=\"data:image/png;base64,{}\"> here.</p>", "A".repeat(40 << 10));
    let quoted = format!("hi Ana, it left.\n\n{}", "> wher is my parcl?\n".repeat(2_500));
    let cited = format!("<p>hi Ana, it left.</p><blockquote type=\"cite\">{}</blockquote>", "wher? ".repeat(8_000));
    for (content, format) in [(&image, Format::Html), (&quoted, Format::Plain), (&cited, Format::Html)] {
        let result = desk.polish(mail(content, format)).await.unwrap();
        assert_eq!(result.content, content.replace("hi Ana", "Hello Ana"));
        assert_eq!(result.edits.len(), 1);
        assert!(desk.prompts().last().unwrap().len() < 8 << 10);
    }
    let (text, tags) = ("It left today. ".repeat(2_500), format!("<p>{}</p>", "a<b>b</b>".repeat(1_000)));
    let history = format!("hi Ana\n{}", "> wher?\n".repeat(40_000));
    for (content, format, reason) in [
        (text.as_str(), Format::Plain, "TEXT_TOO_LONG"),
        (tags.as_str(), Format::Html, "TEXT_TOO_LONG"),
        (history.as_str(), Format::Plain, "TEXT_TOO_LONG"),
        ("> wher is my parcl?", Format::Plain, "EMPTY"),
        ("<p> </p>", Format::Html, "EMPTY"),
    ] {
        refused(&desk.polish(mail(content, format)).await.unwrap_err(), Code::InvalidArgument, reason);
    }
}
