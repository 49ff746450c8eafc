//! `[server]`: where the service listens, and whether it is someone's machine or production.

use std::net::SocketAddr;

use super::{
    ConfigError,
    connections::Connections,
    cors::Cors,
    deadlines::Deadlines,
    keys::{Key, Preset, Reader},
    limits::Limits,
    shutdown::Shutdown,
    tls::Tls,
};

pub(super) const KEYS: &[Key] = &[
    Key {
        name: "listen",
        value: Preset::Default(r#""127.0.0.1:50051""#),
        about: "Address and port. Port 0 takes a free one.",
    },
    Key {
        name: "mode",
        value: Preset::Default(r#""auto""#),
        about: "\"development\" allows pages on this machine to call the service; \"production\" does not.\n\
                \"auto\": development if the address above is a loopback one. Whom the service believes is auth.mode.",
    },
    Key {
        name: "reflection",
        value: Preset::Default(r#""auto""#),
        about: "Whether clients may ask for the API's description: \"on\", \"off\" or \"auto\" (on in development).",
    },
];

/// `[server]` and its subsections.
#[derive(Clone, Debug, PartialEq)]
pub struct Server {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Whether this is someone's own machine.
    pub development: bool,
    /// Whether to serve reflection.
    pub reflection: bool,
    /// `[server.tls]`, if encryption is on.
    pub tls: Option<Tls>,
    /// `[server.cors]`.
    pub cors: Cors,
    /// `[server.limits]`.
    pub limits: Limits,
    /// `[server.deadlines]`.
    pub deadlines: Deadlines,
    /// `[server.connections]`.
    pub connections: Connections,
    /// `[server.shutdown]`.
    pub shutdown: Shutdown,
}

impl Server {
    pub(super) fn read(reader: &Reader<'_>) -> Result<Self, ConfigError> {
        let listen: SocketAddr =
            reader.parsed("server.listen", "an address and a port, such as \"127.0.0.1:50051\"", |text| {
                text.parse().ok()
            })?;
        let expected = "\"auto\", \"development\" or \"production\"";
        let development = reader.parsed("server.mode", expected, |text| match text {
            "auto" => Some(listen.ip().is_loopback()),
            "development" => Some(true),
            "production" => Some(false),
            _ => None,
        })?;
        let reflection = reader.parsed("server.reflection", "\"auto\", \"on\" or \"off\"", |text| match text {
            "auto" => Some(development),
            "on" => Some(true),
            "off" => Some(false),
            _ => None,
        })?;
        Ok(Self {
            listen,
            development,
            reflection,
            tls: Tls::read(reader)?,
            cors: Cors::read(reader, development)?,
            limits: Limits::read(reader)?,
            deadlines: Deadlines::read(reader)?,
            connections: Connections::read(reader)?,
            shutdown: Shutdown::read(reader)?,
        })
    }
}
