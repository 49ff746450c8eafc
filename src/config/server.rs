//! `[server]`: where the service listens, and whether it is someone's machine or production.

use std::net::SocketAddr;

use super::{
    ConfigError,
    connections::ConnectionsConfig,
    cors::CorsConfig,
    deadlines::DeadlinesConfig,
    keys::{ConfigKey, ConfigReader, Preset},
    limits::LimitsConfig,
    shutdown::ShutdownConfig,
    tls::TlsConfig,
};

pub(super) const KEYS: &[ConfigKey] = &[
    ConfigKey {
        name: "listen",
        value: Preset::Default(r#""127.0.0.1:50051""#),
        about: "Address and port. Port 0 takes a free one.",
    },
    ConfigKey {
        name: "mode",
        value: Preset::Default(r#""auto""#),
        about: "\"development\" allows pages on this machine to call the service; \"production\" does not.\n\
                \"auto\": development if the address above is a loopback one. Whom the service believes is auth.mode.",
    },
    ConfigKey {
        name: "reflection",
        value: Preset::Default(r#""auto""#),
        about: "Whether clients may ask for the API's description: \"on\", \"off\" or \"auto\" (on in development).",
    },
    ConfigKey {
        name: "admin",
        value: Preset::Example(r#""127.0.0.1:9464""#),
        about: "Address and port of /livez, /readyz, /metrics, /build and /log-level, by plain HTTP and for everyone who reaches\n\
                it: keep it off the network of customers. Without it there is no admin port, and nothing is counted.",
    },
    ConfigKey {
        name: "page",
        value: Preset::Default(r#""auto""#),
        about: "Whether the workbench page, for trying the service in a browser, is at /: \"on\", \"off\" or \"auto\" (on in\n\
                development). Elsewhere it asks for a token, and server.cors.origins has to name its own origin.",
    },
];

/// `[server]` and its subsections.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerConfig {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Whether this is someone's own machine.
    pub development: bool,
    /// Whether to serve reflection.
    pub reflection: bool,
    /// Where the admin port is, if there is one.
    pub admin: Option<SocketAddr>,
    /// Whether to serve the workbench page.
    pub page: bool,
    /// `[server.tls]`, if encryption is on.
    pub tls: Option<TlsConfig>,
    /// `[server.cors]`.
    pub cors: CorsConfig,
    /// `[server.limits]`.
    pub limits: LimitsConfig,
    /// `[server.deadlines]`.
    pub deadlines: DeadlinesConfig,
    /// `[server.connections]`.
    pub connections: ConnectionsConfig,
    /// `[server.shutdown]`.
    pub shutdown: ShutdownConfig,
}

impl ServerConfig {
    pub(super) fn read(reader: &ConfigReader<'_>) -> Result<Self, ConfigError> {
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
        let switch = |text: &str| match text {
            "auto" => Some(development),
            "on" => Some(true),
            "off" => Some(false),
            _ => None,
        };
        let expected = "\"auto\", \"on\" or \"off\"";
        let reflection = reader.parsed("server.reflection", expected, switch)?;
        let page = reader.parsed("server.page", expected, switch)?;
        let admin = match reader.text("server.admin")? {
            None | Some("") => None,
            Some(_) => {
                Some(reader.parsed("server.admin", "an address and a port, such as \"127.0.0.1:9464\"", |text| {
                    text.parse().ok()
                })?)
            }
        };
        Ok(Self {
            listen,
            admin,
            development,
            reflection,
            page,
            tls: TlsConfig::read(reader)?,
            cors: CorsConfig::read(reader, development)?,
            limits: LimitsConfig::read(reader)?,
            deadlines: DeadlinesConfig::read(reader)?,
            connections: ConnectionsConfig::read(reader)?,
            shutdown: ShutdownConfig::read(reader)?,
        })
    }
}
