//! Frames that move no call on, as fast as they go.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    sync::Arc,
    time::Duration,
};

use crate::service::support::{FakeEngine, TestServer, check_request};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// More than any account holds, and soon sent.
const FRAMES: usize = 300_000;

fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).unwrap();
    [&[0, 0, length, kind, flags, 0, 0, 0, stream], payload].concat()
}

/// Whether the server closes the connection over it.
fn closes(address: std::net::SocketAddr, first: &[u8], frame: &[u8]) -> bool {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(5))).unwrap();
    stream.write_all(&[PREFACE, &[0, 0, 0, 4, 0, 0, 0, 0, 0], first].concat()).unwrap();
    let mut reader = stream.try_clone().unwrap();
    reader.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    // What comes back is read, or the flood would end by itself.
    let reading = std::thread::spawn(move || {
        let mut sink = [0; 65_536];
        loop {
            match reader.read(&mut sink) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(error) => return error.kind() == std::io::ErrorKind::ConnectionReset,
            }
        }
    });
    let many = frame.repeat(100);
    let _ = (0..FRAMES / 100).try_for_each(|_| stream.write_all(&many));
    reading.join().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn floods_are_closed() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |_| {}).await;
    // HEADERS of stream 1, without an end: `:method: POST`, `:scheme: http`, `:path: /`.
    let open = frame(1, 4, 1, &[0x83, 0x86, 0x84]);
    let unfinished = frame(1, 0, 1, &[0x83, 0x86, 0x84]);
    for (name, first, kind) in [
        ("SETTINGS", &[][..], frame(4, 0, 0, &[])),
        ("SETTINGS with values", &[], frame(4, 0, 0, &[0, 4, 0, 0, 255, 255])),
        ("PING", &[], frame(6, 0, 0, &[7; 8])),
        ("PING answers", &[], frame(6, 1, 0, &[7; 8])),
        ("WINDOW_UPDATE", &[], frame(8, 0, 0, &[0, 0, 0, 1])),
        ("PRIORITY", &[], frame(2, 0, 3, &[0, 0, 0, 0, 16])),
        ("RST_STREAM", &open, frame(3, 0, 1, &[0, 0, 0, 8])),
        ("empty DATA", &open, frame(0, 0, 1, &[])),
        ("empty CONTINUATION", &unfinished, frame(9, 0, 1, &[])),
        ("unknown frames", &[], frame(250, 0, 0, &[1, 2, 3])),
    ] {
        let (address, first) = (server.address, first.to_vec());
        let closed = tokio::task::spawn_blocking(move || closes(address, &first, &kind)).await.unwrap();
        assert!(closed, "a flood of {name} is never closed");
    }
    server.client().await.check_spelling(check_request("text", "en")).await.unwrap();
}

#[tokio::test]
async fn thousands_of_calls_on_one_connection_are_none() {
    let server = TestServer::start_with(Arc::new(FakeEngine::default()), |_| {}).await;
    let client = server.client().await;
    let mut tasks = Vec::new();
    for _ in 0..16 {
        let mut client = client.clone();
        tasks.push(tokio::spawn(async move {
            for _ in 0..500 {
                client.check_spelling(check_request("wrogn", "en")).await.unwrap();
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
}
