//! Messages that are small on the wire and large once they are decoded.

use std::{
    io::{Read as _, Write as _},
    sync::Arc,
};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use tonic::Code;
use vermilion::config::limits::Share;

use super::{CHECK, RawClient, malformed::framed, memory::resident, read, status_of};
use crate::{
    service::{
        support::{Client, FakeEngine, TestServer, check_request},
        web::frame,
    },
    support::serving::spawn_service,
};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut plain).unwrap();
    plain
}

/// `field` of a message, as bytes or a message of that length.
fn field(number: u8, content: &[u8]) -> Vec<u8> {
    let mut field = vec![number << 3 | 2];
    prost::encode_length_delimiter(content.len(), &mut field).unwrap();
    field.extend(content);
    field
}

fn entries(number: u8, count: usize) -> Vec<u8> {
    field(number, &[]).repeat(count)
}

/// Half a megabyte of empty entries, hundreds of bytes with gzip.
#[tokio::test]
async fn entries_are_counted_before_they_are_decoded() {
    const MANY: usize = 250_000;
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |_| {}).await;
    let mut client = RawClient::connect(server.address, 65_535).await;
    for (name, message) in [
        ("only_spans", entries(7, MANY)),
        ("ignored_words", entries(8, MANY)),
        ("document.protected_spans", field(1, &entries(4, MANY))),
        ("options.kinds, packed", field(5, &field(3, &vec![1; MANY]))),
        ("options.kinds, one by one", field(5, &[0x18, 1].repeat(MANY))),
        ("unknown fields", entries(15, MANY)),
        ("the same document", field(1, &[]).repeat(MANY)),
        ("groups in each other", [vec![0x7b; MANY], vec![0x7c; MANY]].concat()),
        ("groups of nothing", [0x7b, 0x7c].repeat(MANY)),
    ] {
        for (flag, headers, body) in
            [(0, &[][..], message.clone()), (1, &[("grpc-encoding", "gzip")][..], gzip(&message))]
        {
            let answer = client.call(CHECK, headers, framed(flag, &body)).await.await.unwrap();
            let (_, trailers) = read(answer).await.unwrap();
            assert_eq!(
                status_of(&trailers),
                (Code::ResourceExhausted.into(), "MESSAGE_TOO_LONG".to_owned()),
                "{name}, {} bytes: {trailers:?}",
                body.len()
            );
        }
    }
    // Behind a group of nobody's all is counted as well, and what overruns its message is none.
    for (message, reason) in [
        ([&[0x7b, 0x0a, 1, 7, 0x7c][..], &entries(7, MANY)].concat(), "MESSAGE_TOO_LONG"),
        ([&[0x2a, 4, 0x1a, 0xc0, 0x84, 0x3d][..], &vec![1; 1_000_000]].concat(), "REQUEST_UNREADABLE"),
        // Refused for another reason, as it is decoded.
        (entries(8, 10_000), "TOO_MANY"),
    ] {
        let answer = client.call(CHECK, &[], framed(0, &message)).await.await.unwrap();
        let (_, trailers) = read(answer).await.unwrap();
        assert_eq!(status_of(&trailers).1, reason, "{trailers:?}");
    }
    // Its letters look like fields, and are none.
    let text = "\u{7b}\u{7c}".repeat(50_000);
    let whole = frame(&check_request(&text, "en"));
    for (flag, headers, message) in
        [(0, &[][..], whole[5..].to_vec()), (1, &[("grpc-encoding", "gzip")], gzip(&whole[5..]))]
    {
        let answer = client.call(CHECK, headers, framed(flag, &message)).await.await.unwrap();
        let (_, trailers) = read(answer).await.unwrap();
        assert_eq!(status_of(&trailers).0, 0, "{trailers:?}");
    }
}

#[tokio::test]
async fn what_is_packed_has_the_room_that_it_takes_unpacked() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |config| {
        (config.limits.text_bytes, config.limits.request_bytes) = (1 << 18, 1 << 18);
        config.limits.address_share = Share::percent(100);
    })
    .await;
    let mut client = RawClient::connect(server.address, 65_535).await;
    let headers = [("grpc-encoding", "gzip")];
    for (name, text, expected) in
        [("fits", "a ".repeat(90_000), ""), ("more than there is", "a ".repeat(200_000), "OVERLOADED")]
    {
        let message = gzip(&frame(&check_request(&text, "en"))[5..]);
        let answer = client.call(CHECK, &headers, framed(1, &message)).await.await.unwrap();
        assert_eq!(status_of(&read(answer).await.unwrap().1).1, expected, "{name}");
    }
}

/// A client that takes gzip is sent it for answers of more than some three packets, and for no other; polishing never sends it.
#[tokio::test]
async fn only_long_answers_are_packed() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |_| {}).await;
    let mut client = RawClient::connect(server.address, 65_535).await;
    for (slips, is_packed) in [(0, false), (1, false), (20, false), (400, true)] {
        let message = frame(&check_request(&"wrogn ".repeat(slips), "en"));
        let plain = client.call(CHECK, &[], message.clone()).await.await.unwrap();
        let (plain, _) = read(plain).await.unwrap();
        let answer = client.call(CHECK, &[("grpc-accept-encoding", "identity, deflate, gzip")], message).await;
        let (packed, _) = read(answer.await.unwrap()).await.unwrap();
        assert_eq!(packed[0], u8::from(is_packed), "{slips} slips, {} bytes", plain.len());
        let content = if is_packed { gunzip(&packed[5..]) } else { packed[5..].to_vec() };
        assert_eq!(content, plain[5..], "{slips} slips");
    }
    let availability = "/vermilion.v1.PolishingService/GetPolishingAvailability";
    let answer = client.call(availability, &[("grpc-accept-encoding", "gzip")], framed(0, &[])).await;
    assert!(!answer.await.unwrap().headers().contains_key("grpc-encoding"));
}

#[tokio::test]
async fn a_message_over_the_limit_is_not_unpacked() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |_| {}).await;
    let mut client = RawClient::connect(server.address, 65_535).await;
    let message = gzip(&vec![b' '; 1 << 26]);
    let answer = client.call(CHECK, &[("grpc-encoding", "gzip")], framed(1, &message)).await.await.unwrap();
    assert_eq!(status_of(&read(answer).await.unwrap().1).1, "MESSAGE_TOO_LONG");
}

/// 850 bytes each, which took 4 MiB each while they were decoded, on the threads that answer everyone.
#[tokio::test(flavor = "multi_thread")]
async fn hundreds_of_them_take_no_memory() {
    let (mut program, address, _output) = spawn_service(&[]);
    let mut polite = Client::connect(format!("http://{address}")).await.unwrap();
    polite.check_spelling(check_request("wrogn", "en")).await.unwrap();
    let before = resident(program.id());
    let bomb = framed(1, &gzip(&entries(7, 400_000)));
    let (mut hostile, mut answers) = (Vec::new(), Vec::new());
    for _ in 0..6 {
        let mut client = RawClient::connect(address, 65_535).await;
        for _ in 0..60 {
            answers.push(client.call(CHECK, &[("grpc-encoding", "gzip")], bomb.clone()).await);
        }
        hostile.push(client);
    }
    let mut most = before;
    for answer in answers {
        let answer = answer.await.unwrap();
        let reason = status_of(&read(answer).await.unwrap().1).1;
        assert!(["MESSAGE_TOO_LONG", "OVERLOADED", "ANONYMOUS_RATE_EXCEEDED"].contains(&&*reason), "{reason}");
        most = most.max(resident(program.id()));
    }
    polite.check_spelling(check_request("wrogn", "en")).await.unwrap();
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(most < before + 48, "{before} MiB before, {most} MiB at most");
}
