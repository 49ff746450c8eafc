//! `vermilion token`: mints a token for development, by the secret that the service verifies tokens with.

use std::{io::Write as _, process::ExitCode, time::Duration};

use anyhow::{Context as _, bail};
use clap::ValueEnum;

use super::GlobalArguments;
use crate::{
    app::{self, identity},
    auth::{
        Role,
        token::{Grant, mint},
    },
    config::auth::{AuthMode, JwtConfig, JwtKeySource},
};

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct TokenArguments {
    /// The tenant that the caller belongs to; only an operator may have none.
    #[arg(long, value_name = "ID")]
    tenant: Option<String>,
    /// The agent that the caller is.
    #[arg(long, value_name = "ID")]
    agent: Option<String>,
    /// What the caller may be; may be given several times. Default: an agent.
    #[arg(long = "role", value_name = "ROLE", default_value = "agent")]
    roles: Vec<RoleName>,
    /// Who is written into the audit log. Default: the agent, or the first role.
    #[arg(long)]
    subject: Option<String>,
    /// For how many minutes it is valid.
    #[arg(long, value_name = "MINUTES", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=60 * 24 * 30))]
    minutes: u32,
}

/// The roles, as clap shows them.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
enum RoleName {
    Agent,
    TenantAdmin,
    Operator,
    Service,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Agent => Self::Agent,
            RoleName::TenantAdmin => Self::TenantAdmin,
            RoleName::Operator => Self::Operator,
            RoleName::Service => Self::Service,
        }
    }
}

pub(crate) fn run(global: &GlobalArguments, arguments: TokenArguments) -> anyhow::Result<ExitCode> {
    let AuthMode::Jwt(JwtConfig { keys: JwtKeySource::Secret(source), rules }) = global.config()?.auth.mode else {
        bail!("needs auth.mode = \"jwt\" and auth.jwt.secret or secret_file: other keys are the issuer's alone");
    };
    let secret = identity::secret(&source)?;
    let roles: Vec<Role> = arguments.roles.into_iter().map(Role::from).collect();
    let usual = arguments.agent.clone().or_else(|| roles.first().map(|role| role.name().to_owned()));
    let grant = Grant {
        subject: arguments.subject.or(usual).unwrap_or_default(),
        tenant: arguments.tenant,
        agent: arguments.agent,
        roles,
        lifetime: Duration::from_secs(60 * u64::from(arguments.minutes)),
    };
    writeln!(anstream::stdout(), "{}", mint(&grant, &secret, &rules, app::wall_clock()).context("no token")?)?;
    Ok(ExitCode::SUCCESS)
}
