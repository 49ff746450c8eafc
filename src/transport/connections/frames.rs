//! Follows the frames of an HTTP/2 connection as its bytes are read, and keeps an account: what moves a call on earns,
//! whatever else comes costs. A peer in the red sends nothing but PING, SETTINGS, WINDOW_UPDATE and the like, which hyper
//! would answer for ever. Does no I/O; knows no clock, no call, and nothing of what a frame holds but its head.

/// What opens every HTTP/2 connection (RFC 9113, section 3.4).
const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// The head of a frame: length, type, flags, stream.
const HEAD: usize = 9;

const DATA: u8 = 0;
const HEADERS: u8 = 1;

/// What a frame costs. One byte of a message earns 1, in either direction, so that the PINGs and WINDOW_UPDATEs by which clients
/// measure and acknowledge what they get are paid for by what they get; the answer to a PING, 17 bytes, does not pay for it.
const COST: i64 = 32;

/// What a new call earns: its HEADERS, an empty DATA, RST_STREAM, and some WINDOW_UPDATE.
const CALL: i64 = 16 * COST;

/// What an account holds at most, and at first: 4,000 frames.
const MOST: i64 = 4000 * COST;

/// What an account gets for each millisecond: 500 frames a second.
const PER_MILLISECOND: u64 = 16;

/// How far the bytes have been followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// So many bytes of the preface were right.
    Preface(usize),
    /// So many bytes of a frame's head are there.
    Head(usize, [u8; HEAD]),
    /// So many bytes of a frame are still to come.
    Payload(usize),
    /// It is not HTTP/2.
    OtherProtocol,
}

/// The account of one connection.
#[derive(Debug)]
pub(super) struct FrameAccount {
    place: Place,
    balance: i64,
}

impl FrameAccount {
    pub(super) const fn new() -> Self {
        Self { place: Place::Preface(0), balance: MOST }
    }

    /// Whether the first bytes have come that tell which protocol it is.
    pub(super) const fn is_open(&self) -> bool {
        !matches!(self.place, Place::Preface(_))
    }

    /// Whether it speaks something else than HTTP/2.
    pub(super) const fn is_other_protocol(&self) -> bool {
        matches!(self.place, Place::OtherProtocol)
    }

    /// Whether the peer has sent more than it may.
    pub(super) const fn is_overdrawn(&self) -> bool {
        self.balance < 0
    }

    /// Credits time.
    pub(super) fn pass(&mut self, microseconds: u64) {
        self.earn(i64::try_from(microseconds.saturating_mul(PER_MILLISECOND) / 1000).unwrap_or(i64::MAX));
    }

    /// Credits what was sent.
    pub(super) fn sent(&mut self, bytes: usize) {
        self.earn(i64::try_from(bytes).unwrap_or(i64::MAX));
    }

    /// Follows what was read.
    pub(super) fn read(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            bytes = match &mut self.place {
                Place::Preface(right) => {
                    let count = bytes.len().min(PREFACE.len() - *right);
                    let (now, rest) = bytes.split_at(count);
                    self.place = if now != &PREFACE[*right..*right + count] {
                        Place::OtherProtocol
                    } else if *right + count == PREFACE.len() {
                        Place::Head(0, [0; HEAD])
                    } else {
                        Place::Preface(*right + count)
                    };
                    rest
                }
                Place::Head(there, head) => {
                    let count = bytes.len().min(HEAD - *there);
                    let (now, rest) = bytes.split_at(count);
                    head[*there..*there + count].copy_from_slice(now);
                    *there += count;
                    if *there == HEAD {
                        let head = *head;
                        self.frame(head);
                    }
                    rest
                }
                Place::Payload(left) => {
                    let count = bytes.len().min(*left);
                    *left -= count;
                    if *left == 0 {
                        self.place = Place::Head(0, [0; HEAD]);
                    }
                    &bytes[count..]
                }
                Place::OtherProtocol => return,
            };
        }
    }

    fn frame(&mut self, [high, middle, low, kind, ..]: [u8; HEAD]) {
        let length = u32::from_be_bytes([0, high, middle, low]);
        self.place = if length == 0 { Place::Head(0, [0; HEAD]) } else { Place::Payload(length as usize) };
        self.earn(-COST);
        match kind {
            HEADERS => self.earn(CALL),
            DATA => self.earn(i64::from(length)),
            _ => {}
        }
    }

    fn earn(&mut self, amount: i64) {
        self.balance = self.balance.saturating_add(amount).min(MOST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(kind: u8, length: usize) -> Vec<u8> {
        let size = u32::try_from(length).unwrap().to_be_bytes();
        let mut frame = vec![size[1], size[2], size[3], kind, 0, 0, 0, 0, 1];
        frame.resize(HEAD + length, b'P');
        frame
    }

    fn opened() -> FrameAccount {
        let mut account = FrameAccount::new();
        account.read(PREFACE);
        account
    }

    /// After so many rounds of these frames, and of answers of `sent` bytes, is the peer in the red?
    #[track_caller]
    fn check(frames: &[(u8, usize)], sent: usize, rounds: usize, overdrawn: bool) {
        let mut account = opened();
        let round: Vec<u8> = frames.iter().flat_map(|&(kind, length)| frame(kind, length)).collect();
        for _ in 0..rounds {
            account.read(&round);
            account.sent(sent);
        }
        assert_eq!(account.is_overdrawn(), overdrawn, "{frames:?} x {rounds}");
    }

    #[test]
    fn floods_are_overdrawn() {
        const PRIORITY: u8 = 2;
        const RST_STREAM: u8 = 3;
        const SETTINGS: u8 = 4;
        const PING: u8 = 6;
        const WINDOW_UPDATE: u8 = 8;
        const CONTINUATION: u8 = 9;
        check(&[(SETTINGS, 0)], 9, 10_000, true);
        check(&[(SETTINGS, 60)], 9, 10_000, true);
        check(&[(PING, 8)], 17, 10_000, true);
        check(&[(WINDOW_UPDATE, 4)], 0, 10_000, true);
        check(&[(PRIORITY, 5)], 0, 10_000, true);
        check(&[(RST_STREAM, 4)], 0, 10_000, true);
        check(&[(CONTINUATION, 0)], 0, 10_000, true);
        check(&[(DATA, 0)], 0, 10_000, true);
        check(&[(DATA, 1)], 0, 10_000, true);
        check(&[(250, 10)], 0, 10_000, true);
    }

    #[test]
    fn ordinary_calls_are_not() {
        const PING: u8 = 6;
        const WINDOW_UPDATE: u8 = 8;
        // A call, with a WINDOW_UPDATE for the stream and one for the connection, a PING, and an empty DATA at the end.
        let call = [(HEADERS, 60), (DATA, 120), (DATA, 0), (PING, 8), (WINDOW_UPDATE, 4), (WINDOW_UPDATE, 4)];
        check(&call, 150, 1_000_000, false);
        // Messages of a stream of 50 bytes each, with a PING for every one.
        check(&[(PING, 8)], 9 + 50 + 17, 1_000_000, false);
        check(&[(HEADERS, 20), (3, 4)], 0, 1_000_000, false);
    }

    #[test]
    fn time_pays_for_some() {
        let mut account = opened();
        for _ in 0..100_000 {
            account.read(&frame(6, 8));
            account.pass(2000);
        }
        assert!(!account.is_overdrawn());
        for _ in 0..100_000 {
            account.read(&frame(6, 8));
            account.pass(1500);
        }
        assert!(account.is_overdrawn());
        account.pass(u64::MAX);
        assert_eq!(account.balance, MOST, "nobody saves up");
    }

    #[test]
    fn bytes_may_come_in_any_pieces() {
        let frames: Vec<u8> = [(6, 8), (0, 300), (8, 4), (4, 0)].iter().flat_map(|&(k, l)| frame(k, l)).collect();
        let bytes = [&PREFACE[..], &frames].concat();
        let mut whole = FrameAccount::new();
        whole.read(&bytes);
        for size in 1..40 {
            let mut account = FrameAccount::new();
            bytes.chunks(size).for_each(|piece| account.read(piece));
            assert_eq!((account.place, account.balance), (whole.place, whole.balance), "in pieces of {size}");
        }
        assert_eq!(whole.place, Place::Head(0, [0; HEAD]));
    }

    #[test]
    fn other_protocols_are_left_alone() {
        for other in [&b"POST / HTTP/1.1\r\n"[..], b"PRI * HTTP/1.1\r\n\r\n", b"\0"] {
            let mut account = FrameAccount::new();
            assert!(!account.is_open());
            for _ in 0..100_000 {
                account.read(other);
            }
            assert!(account.is_open() && account.is_other_protocol() && !account.is_overdrawn());
        }
    }
}
