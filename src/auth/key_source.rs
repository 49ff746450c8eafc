//! Where a key set is fetched from: a file, or an https URL, with limits on all that the other side could do to us.

use std::{
    fs,
    io::{self, Read as _},
    net::{IpAddr, Ipv6Addr},
    path::PathBuf,
    time::Duration,
};

use reqwest::{
    Certificate, Client, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect,
};

use super::key_set::{KeySet, KeySetError};

/// The longest key set that is read, in bytes.
pub(crate) const MAX_KEY_SET_BYTES: usize = 256 * 1024;

/// How long a fetch may take, from the look-up of the name to the last byte.
pub(crate) const FETCH_TIMEOUT: Duration = Duration::from_secs(5);

/// Why a URL is refused before anything is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeySetUrlError {
    /// None, or one of another scheme.
    #[error("expected an https URL")]
    NotHttps,
    /// A name or a password in it.
    #[error("expected a URL without a user")]
    User,
    /// An address of this machine or of a private network.
    #[error("expected a public address; auth.jwt.jwks_private_network = \"on\" allows others")]
    Private,
}

/// The URL of a key set: https, without a user, and, unless that is allowed, of no address that is not public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySetUrl {
    url: String,
    private: bool,
}

impl KeySetUrl {
    /// Takes a URL. With `private`, addresses of private networks and of this machine are allowed, and plain http to a
    /// loopback address.
    ///
    /// # Errors
    /// [`KeySetUrlError`], if it breaks a rule.
    pub fn new(text: &str, private: bool) -> Result<Self, KeySetUrlError> {
        let url = Url::parse(text).map_err(|_| KeySetUrlError::NotHttps)?;
        let host = url.host_str().unwrap_or_default();
        let address = host.trim_matches(['[', ']']).parse::<IpAddr>().ok();
        let plain = private && url.scheme() == "http" && address.is_some_and(|address| address.is_loopback());
        if host.is_empty() || (url.scheme() != "https" && !plain) {
            return Err(KeySetUrlError::NotHttps);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(KeySetUrlError::User);
        }
        let local = host == "localhost" || host.ends_with(".localhost");
        if !private && (local || address.is_some_and(|address| !is_public(address))) {
            return Err(KeySetUrlError::Private);
        }
        Ok(Self { url: url.into(), private })
    }
}

/// Why a key set could not be had.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The file.
    #[error("cannot read the file")]
    File(#[source] io::Error),
    /// The client could not be made, for instance of the given certificates.
    #[error("cannot prepare to fetch")]
    Client(#[source] reqwest::Error),
    /// The other side cannot be reached, or not in time.
    #[error("cannot fetch")]
    Http(#[source] reqwest::Error),
    /// Another answer than 200. Redirects are not followed.
    #[error("expected status 200, found {0}")]
    Status(u16),
    /// More than [`MAX_KEY_SET_BYTES`].
    #[error("longer than {MAX_KEY_SET_BYTES} bytes")]
    TooLong,
    /// What came is no key set.
    #[error("what came is no key set")]
    KeySet(#[from] KeySetError),
}

/// A file or a URL.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// A file, read anew each time.
    File(PathBuf),
    /// A URL.
    Url {
        /// Without redirects and proxies, with limits.
        client: Client,
        /// What is fetched.
        url: KeySetUrl,
    },
}

impl KeySource {
    /// Fetches from a URL, trusting the system's certificates, or only those of `ca` (PEM).
    ///
    /// # Errors
    /// [`FetchError::Client`], if the certificates cannot be used.
    #[expect(clippy::disallowed_methods, reason = "it sets redirects, proxies and time limits")]
    pub fn url(url: KeySetUrl, ca: Option<&[u8]>) -> Result<Self, FetchError> {
        let mut builder = Client::builder()
            .redirect(redirect::Policy::none())
            // A proxy would look up the name out of our sight.
            .no_proxy()
            .referer(false)
            .timeout(FETCH_TIMEOUT)
            .connect_timeout(FETCH_TIMEOUT)
            .pool_max_idle_per_host(0)
            .dns_resolver(Resolver { private: url.private });
        if let Some(pem) = ca {
            builder = builder.tls_certs_only(Certificate::from_pem_bundle(pem).map_err(FetchError::Client)?);
        }
        Ok(Self::Url { client: builder.build().map_err(FetchError::Client)?, url })
    }

    /// Fetches once.
    ///
    /// # Errors
    /// [`FetchError`], after [`FETCH_TIMEOUT`] at the latest.
    pub async fn fetch(&self) -> Result<KeySet, FetchError> {
        match self {
            Self::File(path) => {
                let mut bytes = Vec::new();
                let limit = MAX_KEY_SET_BYTES as u64 + 1;
                // A short file, once in minutes: not worth another thread.
                let file = fs::File::open(path).map_err(FetchError::File)?;
                file.take(limit).read_to_end(&mut bytes).map_err(FetchError::File)?;
                if bytes.len() > MAX_KEY_SET_BYTES {
                    return Err(FetchError::TooLong);
                }
                Ok(KeySet::parse(&bytes)?)
            }
            Self::Url { client, url } => fetch(client, url).await,
        }
    }
}

async fn fetch(client: &Client, url: &KeySetUrl) -> Result<KeySet, FetchError> {
    let http = |error: reqwest::Error| FetchError::Http(error.without_url());
    let mut answer = client.get(&url.url).header("accept", "application/json").send().await.map_err(http)?;
    if answer.status() != reqwest::StatusCode::OK {
        return Err(FetchError::Status(answer.status().as_u16()));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(http)? {
        if bytes.len() + chunk.len() > MAX_KEY_SET_BYTES {
            return Err(FetchError::TooLong);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(KeySet::parse(&bytes)?)
}

/// Looks names up, and forgets addresses that may not be asked: a public name may point anywhere.
struct Resolver {
    private: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let private = self.private;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<_> = found.filter(|address| private || is_public(address.ip())).collect();
            if allowed.is_empty() {
                return Err(KeySetUrlError::Private.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is one of the public internet, by the registries of special addresses of RFC 6890.
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            let special = v4.is_unspecified()
                || v4.is_loopback()
                || v4.is_private()
                || v4.is_link_local()
                || v4.is_broadcast()
                || v4.is_documentation()
                || v4.is_multicast();
            let shared = a == 100 && b & 0xc0 == 64;
            let protocol = (a, b, c) == (192, 0, 0);
            let benchmark = a == 198 && b & 0xfe == 18;
            !(special || shared || protocol || benchmark || a == 0 || a >= 240)
        }
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    // Global unicast is 2000::/3. Within it: documentation, tunnels and translations that hold an IPv4 address.
    a & 0xe000 == 0x2000 && a != 0x2002 && !(a == 0x2001 && (b == 0x0db8 || b < 0x0200)) && a != 0x3fff
}

impl std::fmt::Debug for Resolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resolver").field("private", &self.private).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_public() {
        for address in ["8.8.8.8", "1.1.1.1", "100.63.0.1", "172.32.0.1", "2606:4700::1111", "2a00::1"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "127.0.0.1",
            "127.255.255.255",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "0.1.2.3",
            "100.64.0.1",
            "192.0.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::1",
            "2001:db8::1",
            "2001::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn urls_are_https_and_public() {
        assert!(KeySetUrl::new("https://login.example.com/.well-known/jwks.json", false).is_ok());
        for (text, expected) in [
            ("", KeySetUrlError::NotHttps),
            ("http://login.example.com/jwks", KeySetUrlError::NotHttps),
            ("file:///etc/passwd", KeySetUrlError::NotHttps),
            ("ftp://login.example.com/jwks", KeySetUrlError::NotHttps),
            ("https://user:pass@login.example.com/jwks", KeySetUrlError::User),
            ("https://127.0.0.1/jwks", KeySetUrlError::Private),
            ("https://2130706433/jwks", KeySetUrlError::Private),
            ("https://0x7f.1/jwks", KeySetUrlError::Private),
            ("https://[::1]/jwks", KeySetUrlError::Private),
            ("https://[::ffff:10.0.0.1]/jwks", KeySetUrlError::Private),
            ("https://localhost/jwks", KeySetUrlError::Private),
            ("https://169.254.169.254/latest", KeySetUrlError::Private),
        ] {
            assert_eq!(KeySetUrl::new(text, false), Err(expected), "{text}");
        }
        assert!(KeySetUrl::new("http://127.0.0.1:8080/jwks", true).is_ok());
        assert!(KeySetUrl::new("https://10.0.0.1/jwks", true).is_ok());
        assert_eq!(KeySetUrl::new("http://10.0.0.1/jwks", true), Err(KeySetUrlError::NotHttps));
    }

    #[tokio::test]
    async fn a_name_that_points_here_is_not_asked() {
        for (private, allowed) in [(false, false), (true, true)] {
            let found = Resolver { private }.resolve("localhost".parse().unwrap()).await;
            assert_eq!(found.is_ok(), allowed);
        }
    }
}
