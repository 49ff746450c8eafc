//! Who is at the other end of a connection, as each of its calls carries it along.

use std::{net::IpAddr, sync::Arc};

use super::resources::{Account, Resource, Taken, network};

/// The other end of a connection.
#[derive(Clone, Debug)]
pub(crate) struct Peer(Arc<Connection>);

#[derive(Debug)]
struct Connection {
    address: IpAddr,
    certificate: bool,
    account: Arc<Account>,
}

impl Peer {
    /// At this address, with a verified certificate of its own or without.
    #[must_use]
    pub(super) fn new(address: IpAddr, certificate: bool, account: Arc<Account>) -> Self {
        Self(Arc::new(Connection { address, certificate, account }))
    }

    /// Its address; a proxy's, if there is one.
    #[must_use]
    pub(crate) fn address(&self) -> IpAddr {
        self.0.address
    }

    /// Who it is for all that is shared: its address, of an IPv6 address the first 64 bits.
    #[must_use]
    pub(crate) fn network(&self) -> IpAddr {
        network(self.0.address)
    }

    /// Whether it has shown a certificate that we trust.
    #[must_use]
    pub(crate) fn has_certificate(&self) -> bool {
        self.0.certificate
    }

    /// Takes some of what is shared, unless too little is left for it.
    #[must_use]
    pub(crate) fn take(&self, resource: Resource, amount: usize) -> Option<Taken> {
        self.0.account.take(resource, amount)
    }

    /// With an account of its own.
    #[cfg(test)]
    pub(crate) fn alone_at(address: IpAddr) -> Self {
        let config = crate::config::Config::parse("", &[]).unwrap().server;
        let resources = super::resources::Resources::new(&config.connections, &config.limits, 8);
        Self::new(address, false, resources.account(address))
    }
}
