//! Issuers of tokens, and a server for their key sets that behaves as badly as a test wants.

use std::{
    io::{BufRead as _, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ED25519, PKCS_RSA_SHA256};
use serde_json::{Value, json};
use vermilion::auth::{SharedSecret, token::ClaimRules};

pub(crate) const SECRET: &str = "an-example-of-a-secret-of-32-bytes-or-more";

pub(crate) fn secret() -> SharedSecret {
    SharedSecret::new(SECRET).unwrap()
}

pub(crate) fn rules() -> ClaimRules {
    ClaimRules {
        issuer: "https://login.example.com/".to_owned(),
        audience: "vermilion".to_owned(),
        clock_skew: Duration::from_secs(30),
    }
}

/// Whole seconds from now, to the claims' epoch.
pub(crate) fn from_now(seconds: i64) -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap() + seconds
}

/// What a good token says: agent `ana` of `acme`.
pub(crate) fn claims() -> Value {
    json!({
        "iss": rules().issuer, "aud": "vermilion", "exp": from_now(3600), "sub": "ana@acme.example",
        "tenant": "acme", "agent": "ana", "roles": ["agent"],
    })
}

/// Someone who signs.
pub(crate) struct Issuer {
    pub(crate) algorithm: Algorithm,
    id: String,
    key: EncodingKey,
    /// The public key, PEM.
    pub(crate) public: String,
    /// The same, as bare as its kind has it.
    raw: Vec<u8>,
}

impl Issuer {
    pub(crate) fn new(id: &str, algorithm: Algorithm) -> Self {
        let kind = match algorithm {
            Algorithm::RS256 => &PKCS_RSA_SHA256,
            Algorithm::ES256 => &PKCS_ECDSA_P256_SHA256,
            Algorithm::EdDSA => &PKCS_ED25519,
            other => panic!("{other:?}"),
        };
        let pair = KeyPair::generate_for(kind).unwrap();
        let pem = pair.serialize_pem();
        let key = match algorithm {
            Algorithm::RS256 => EncodingKey::from_rsa_pem(pem.as_bytes()),
            Algorithm::ES256 => EncodingKey::from_ec_pem(pem.as_bytes()),
            _ => EncodingKey::from_ed_pem(pem.as_bytes()),
        };
        Self {
            algorithm,
            id: id.to_owned(),
            key: key.unwrap(),
            public: pair.public_key_pem(),
            raw: pair.public_key_raw().to_vec(),
        }
    }

    pub(crate) fn jwk(&self) -> Value {
        if self.algorithm == Algorithm::EdDSA {
            // The library makes none of a key with its public half beside it.
            return json!({"kty": "OKP", "crv": "Ed25519", "kid": self.id, "x": base64(&self.raw), "use": "sig"});
        }
        let mut jwk = Jwk::from_encoding_key(&self.key, self.algorithm).unwrap();
        jwk.common.key_id = Some(self.id.clone());
        serde_json::to_value(jwk).unwrap()
    }

    pub(crate) fn header(&self) -> Header {
        Header { kid: Some(self.id.clone()), ..Header::new(self.algorithm) }
    }

    pub(crate) fn sign(&self, claims: &Value) -> String {
        self.sign_with(&self.header(), claims)
    }

    pub(crate) fn sign_with(&self, header: &Header, claims: &Value) -> String {
        jsonwebtoken::encode(header, claims, &self.key).unwrap()
    }
}

/// Base64 as tokens have it.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let value = three.iter().fold(0, |all, byte| all << 8 | usize::from(*byte)) << (8 * (3 - three.len()));
        for n in 0..=three.len() {
            text.push(char::from(LETTERS[value >> (18 - 6 * n) & 63]));
        }
    }
    text
}

/// A token by HS256.
pub(crate) fn sign_by_secret(secret: &[u8], header: &Header, claims: &Value) -> String {
    jsonwebtoken::encode(header, claims, &EncodingKey::from_secret(secret)).unwrap()
}

/// A key set.
pub(crate) fn set(issuers: &[&Issuer]) -> String {
    json!({ "keys": issuers.iter().map(|issuer| issuer.jwk()).collect::<Vec<_>>() }).to_string()
}

/// How a [`KeyServer`] answers.
#[derive(Clone)]
pub(crate) enum Answer {
    /// With this body.
    Body(String),
    /// With a redirect to there.
    Redirect(String),
    /// With more bytes than anybody wants, without saying how many.
    Endless,
    /// With a head, and then nothing.
    Stall,
    /// With this status.
    Status(u16),
}

/// Serves a key set over HTTP, one answer a connection.
pub(crate) struct KeyServer {
    pub(crate) address: SocketAddr,
    answer: Arc<Mutex<Answer>>,
    asked: Arc<AtomicUsize>,
}

impl KeyServer {
    pub(crate) fn start(answer: Answer) -> Self {
        Self::start_over(answer, |stream| Some(Box::new(stream)))
    }

    /// `accept` puts something, such as TLS, around each connection.
    pub(crate) fn start_over(
        answer: Answer,
        accept: impl Fn(TcpStream) -> Option<Box<dyn Duplex>> + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (answer, asked) = (Arc::new(Mutex::new(answer)), Arc::new(AtomicUsize::new(0)));
        let server = Self { address, answer: Arc::clone(&answer), asked: Arc::clone(&asked) };
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Some(mut stream) = accept(stream.unwrap()) else { continue };
                if read_head(&mut stream) {
                    asked.fetch_add(1, Ordering::SeqCst);
                    let answer = answer.lock().unwrap().clone();
                    // The client may hang up at any time.
                    let _ = write_answer(&mut stream, &answer);
                }
            }
        });
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/jwks", self.address)
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    pub(crate) fn answer(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }
}

/// Both ways.
pub(crate) trait Duplex: Read + Write {}

impl<T: Read + Write> Duplex for T {}

fn read_head(stream: &mut dyn Duplex) -> bool {
    let mut lines = BufReader::new(stream).lines();
    let mut first = true;
    loop {
        match lines.next() {
            Some(Ok(line)) if line.is_empty() => return !first,
            Some(Ok(_)) => first = false,
            _ => return false,
        }
    }
}

fn write_answer(stream: &mut dyn Duplex, answer: &Answer) -> std::io::Result<()> {
    let head = |status: &str, more: &str| format!("HTTP/1.1 {status}\r\nconnection: close\r\n{more}\r\n");
    match answer {
        Answer::Body(body) => {
            stream.write_all(head("200 OK", &format!("content-length: {}\r\n", body.len())).as_bytes())?;
            stream.write_all(body.as_bytes())?;
        }
        Answer::Redirect(to) => {
            stream.write_all(head("302 Found", &format!("location: {to}\r\ncontent-length: 0\r\n")).as_bytes())?;
        }
        Answer::Endless => {
            stream.write_all(head("200 OK", "").as_bytes())?;
            loop {
                stream.write_all(&[b' '; 4096])?;
            }
        }
        Answer::Stall => {
            stream.write_all(head("200 OK", "content-length: 10\r\n").as_bytes())?;
            thread::sleep(Duration::from_secs(8));
        }
        Answer::Status(status) => {
            stream.write_all(head(&format!("{status} Status"), "content-length: 0\r\n").as_bytes())?;
        }
    }
    stream.flush()
}
