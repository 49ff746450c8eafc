//! `vermilion health`: asks a running service whether it is well; the container's HEALTHCHECK.

use std::{fs, io::Write as _, net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::Context as _;
use tokio::runtime::Builder;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};

use super::GlobalArguments;
use crate::{config::Config, transport::own_port};

/// For connecting and answering together.
const TIMEOUT: Duration = Duration::from_secs(3);

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct HealthArguments {
    /// Where it listens, as http://host:port or https://host:port. Default: as the configuration says.
    #[arg(long, value_name = "URL")]
    address: Option<String>,
    /// Service to ask for; default: the whole.
    #[arg(long, default_value = "")]
    service: String,
    /// With TLS: PEM file of the certificates to trust. Without this and --address, the service's own port on this machine is asked,
    /// whatever its certificate.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// With TLS: the name in the service's certificate.
    #[arg(long, default_value = "localhost")]
    domain: String,
}

pub(crate) fn run(global: &GlobalArguments, arguments: HealthArguments) -> anyhow::Result<ExitCode> {
    let config = global.config()?;
    let is_own = arguments.address.is_none() && arguments.ca.is_none() && config.server.tls.is_some();
    let endpoint = endpoint(&config, &arguments, is_own)?;
    let runtime = Builder::new_current_thread().enable_all().build().context("cannot start the runtime")?;
    let status = runtime.block_on(check_health(&endpoint, is_own, arguments.service))?;
    writeln!(anstream::stdout(), "{}", status.as_str_name())?;
    Ok(if status == ServingStatus::Serving { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn endpoint(config: &Config, arguments: &HealthArguments, is_own: bool) -> anyhow::Result<Endpoint> {
    let scheme = if config.server.tls.is_some() && !is_own { "https" } else { "http" };
    let address =
        arguments.address.clone().unwrap_or_else(|| format!("{scheme}://{}", reachable_address(config.server.listen)));
    let endpoint = Channel::from_shared(address.clone()).with_context(|| format!("--address: no URL: {address}"))?;
    let endpoint = endpoint.connect_timeout(TIMEOUT).timeout(TIMEOUT);
    if !address.starts_with("https://") {
        return Ok(endpoint);
    }
    let ca = arguments.ca.as_ref().or(config.server.tls.as_ref().map(|tls| &tls.cert));
    let mut tls = ClientTlsConfig::new().domain_name(&arguments.domain);
    if let Some(path) = ca {
        let pem = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        tls = tls.ca_certificate(Certificate::from_pem(pem));
    }
    Ok(endpoint.tls_config(tls)?)
}

/// A service that listens on every address is asked on the loopback one.
fn reachable_address(listen: SocketAddr) -> SocketAddr {
    let ip = match listen {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => std::net::Ipv4Addr::LOCALHOST.into(),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => std::net::Ipv6Addr::LOCALHOST.into(),
        other => other.ip(),
    };
    SocketAddr::new(ip, listen.port())
}

async fn check_health(endpoint: &Endpoint, is_own: bool, service: String) -> anyhow::Result<ServingStatus> {
    let connected = if is_own { own_port::connect(endpoint).await } else { endpoint.connect().await };
    let channel = connected.with_context(|| format!("cannot reach {}", endpoint.uri()))?;
    let answer = HealthClient::new(channel).check(HealthCheckRequest { service }).await;
    Ok(answer.map_err(|status| anyhow::anyhow!("{:?}: {}", status.code(), status.message()))?.into_inner().status())
}
