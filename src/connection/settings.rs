//! How a server is reached.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// How a server is reached. [`ConnectionSettings::new`] has the defaults.
#[derive(Clone, PartialEq, Eq)]
pub struct ConnectionSettings {
    /// The server's address: `https://id.example.org`, with a path such as `/auth` if it has one, with or without a slash
    /// at the end.
    pub base_url: String,
    /// The longest a call may take, from connecting to the last byte of the answer, all repetitions together.
    pub timeout: Duration,
    /// Whose certificates are trusted.
    pub verify: Verify,
    /// The certificate shown to a server that asks for one.
    pub certificate: Option<ClientCertificate>,
    /// Proxies by the scheme of the address: `http`, `https` or `all`. Those of the environment are not looked at.
    pub proxies: BTreeMap<String, String>,
    /// Header fields of every call.
    ///
    /// No call; python-keycloak `ConnectionManager.param_headers`, `ConnectionManager.exist_param_headers`
    /// No call; python-keycloak `ConnectionManager.add_param_headers`, `ConnectionManager.del_param_headers`
    /// No call; python-keycloak `ConnectionManager.clean_headers`
    pub headers: BTreeMap<String, String>,
    /// How often a call is repeated that cannot have reached the server; a GET also if the connection broke under it.
    pub max_retries: u32,
    /// The most idle connections that are kept; `None` for no bound.
    pub pool_size: Option<usize>,
    /// The longest answer that is read, in bytes.
    pub max_bytes: usize,
}

/// Whose certificates are trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Verify {
    /// The system's authorities.
    #[default]
    System,
    /// The authorities of a PEM file, and no others.
    Authorities(PathBuf),
    /// Any certificate. Whoever is between can read and change everything.
    Nothing,
}

/// A client certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCertificate {
    /// The certificate, with its chain, as PEM; the key too, if `key` is absent.
    pub certificate: PathBuf,
    /// The private key as PEM.
    pub key: Option<PathBuf>,
}

impl ConnectionSettings {
    /// One minute, the system's authorities, no proxy, one retry.
    pub fn new(base_url: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            timeout: Duration::from_secs(60),
            verify: Verify::System,
            certificate: None,
            proxies: BTreeMap::new(),
            headers: BTreeMap::new(),
            max_retries: 1,
            pool_size: None,
            max_bytes: 256 * 1024 * 1024,
        }
    }
}

/// Header fields and proxies can hold passwords: their names only.
impl fmt::Debug for ConnectionSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectionSettings")
            .field("timeout", &self.timeout)
            .field("verify", &self.verify)
            .field("certificate", &self.certificate)
            .field("proxies", &self.proxies.keys())
            .field("headers", &self.headers.keys())
            .field("max_retries", &self.max_retries)
            .field("pool_size", &self.pool_size)
            .field("max_bytes", &self.max_bytes)
            .finish_non_exhaustive()
    }
}
