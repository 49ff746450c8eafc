//! `[server.limits]`: sizes and counts.

use super::{
    ConfigError,
    keys::{ConfigKey, ConfigReader, Preset, invalid},
};

pub(super) const KEYS: &[ConfigKey] = &[
    ConfigKey {
        name: "text_bytes",
        value: Preset::Default("262144"),
        about: "The longest text, in bytes of UTF-8; data: addresses of HTML do not count. A message of more than four times\n\
                as much is not even read.",
    },
    ConfigKey {
        name: "answer_bytes",
        value: Preset::Default("3145728"),
        about: "The longest answer to a check, in bytes of the message; most clients take 4 MiB. Where more is to be told, marks\n\
                get fewer suggestions, then the end of the text is left out, and the answer says that it is incomplete.",
    },
    ConfigKey {
        name: "calls",
        value: Preset::Default("1024"),
        about: "How many calls may be in hand at once, on all connections; more are answered UNAVAILABLE at once.\n\
                Health checks and reflection do not count.",
    },
    ConfigKey {
        name: "address_share",
        value: Preset::Default("75"),
        about: "How much of connections.max, calls, request_bytes and waiting_bytes one address may have, in percent. Of an IPv6\n\
                address its first 64 bits count. 100 where one proxy calls for everybody: it knows its own clients.",
    },
    ConfigKey {
        name: "tenant_share",
        value: Preset::Default("75"),
        about: "How much of calls one tenant may have, in percent. 100 where there is one tenant only.",
    },
    ConfigKey {
        name: "request_bytes",
        value: Preset::Default("67108864"),
        about: "How many bytes of requests may be in memory, from their arrival until they are read: calls with more are answered\n\
                UNAVAILABLE. What is compressed counts as it is unpacked, and each entry of a list as 12 to 192 more. The first\n\
                4 KiB of each do not count.",
    },
    ConfigKey {
        name: "waiting_bytes",
        value: Preset::Default("67108864"),
        about: "How many bytes of answers may wait for clients that are slow to take them; calls with more are answered\n\
                UNAVAILABLE. Answers up to 1 KiB do not count.",
    },
    ConfigKey {
        name: "waiting_bytes_per_connection",
        value: Preset::Default("8388608"),
        about: "The same for one connection.",
    },
    ConfigKey {
        name: "long_checks",
        value: Preset::Default("0"),
        about: "How many checks that take longer than half a millisecond one caller has at the same time; one more runs for others.\n\
                More wait for their turn, callers one after the other, at most for a second: then they are answered\n\
                UNAVAILABLE. 0: one per processor.",
    },
];

/// How many times the text limit a whole message may be: room for protected spans, and for saying which limit was hit.
const MESSAGE_FACTOR: usize = 4;

/// Sizes and counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitsConfig {
    /// The longest text, in bytes of UTF-8.
    pub text_bytes: usize,
    /// The longest answer to a check, in bytes.
    pub answer_bytes: usize,
    /// How many calls at once.
    pub calls: usize,
    /// What one address may have of what all share.
    pub address_share: Share,
    /// What one tenant may have of the calls.
    pub tenant_share: Share,
    /// Bytes of requests in memory.
    pub request_bytes: usize,
    /// Bytes of answers that wait to be sent.
    pub waiting_bytes: usize,
    /// The same of one connection.
    pub waiting_bytes_per_connection: usize,
    /// How many long checks at once.
    pub long_checks: usize,
}

/// A part of what there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share(usize);

impl Share {
    /// In percent, 1 to 100.
    #[must_use]
    pub const fn percent(percent: usize) -> Self {
        Self(percent)
    }

    /// So much of a whole; at least one.
    #[must_use]
    pub fn of(self, whole: usize) -> usize {
        (whole.saturating_mul(self.0) / 100).max(1)
    }
}

impl LimitsConfig {
    pub(super) fn read(reader: &ConfigReader<'_>) -> Result<Self, ConfigError> {
        let long_checks = reader.number("server.limits.long_checks", 0, 1024)?;
        let processors = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let limits = Self {
            // Offsets are int32; 64 MiB leaves room in every arithmetic on them.
            text_bytes: reader.number("server.limits.text_bytes", 1, 64 << 20)?,
            // Below, an ordinary answer would not fit; above, protobuf itself ends.
            answer_bytes: reader.number("server.limits.answer_bytes", 16 << 10, 1 << 30)?,
            calls: reader.number("server.limits.calls", 1, 1 << 20)?,
            address_share: Share::percent(reader.number("server.limits.address_share", 1, 100)?),
            tenant_share: Share::percent(reader.number("server.limits.tenant_share", 1, 100)?),
            request_bytes: reader.number("server.limits.request_bytes", 1 << 16, 1 << 40)?,
            waiting_bytes: reader.number("server.limits.waiting_bytes", 1 << 16, 1 << 40)?,
            waiting_bytes_per_connection: reader.number(
                "server.limits.waiting_bytes_per_connection",
                1 << 16,
                1 << 40,
            )?,
            long_checks: if long_checks == 0 { processors() } else { long_checks },
        };
        limits.ensure_room()?;
        Ok(limits)
    }

    /// The longest message fits into what one address may have in memory; else it would be answered "overloaded" for ever.
    fn ensure_room(&self) -> Result<(), ConfigError> {
        let ensure = |key: &str, bytes: usize, room: usize, of: &str| {
            if bytes <= room {
                return Ok(());
            }
            Err(invalid(key, format!("expected at most {room}, which is what {of} leaves to one call")))
        };
        let room = self.address_share.of(self.waiting_bytes);
        ensure("server.limits.answer_bytes", self.answer_bytes, room, "address_share of waiting_bytes")?;
        let room = self.waiting_bytes_per_connection;
        ensure("server.limits.answer_bytes", self.answer_bytes, room, "waiting_bytes_per_connection")?;
        let room = self.address_share.of(self.request_bytes) / MESSAGE_FACTOR;
        ensure("server.limits.text_bytes", self.text_bytes, room, "a quarter of address_share of request_bytes")
    }

    /// The longest message that is read, in bytes.
    #[must_use]
    pub const fn message_bytes(&self) -> usize {
        self.text_bytes * MESSAGE_FACTOR
    }
}
