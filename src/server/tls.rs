//! The listener's certificate, and its change while serving.

use std::path::Path;
use std::sync::Arc;

use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::config::{ListenerTls, Problem, file_error};

const CERTIFICATE: &str = "listener.tls.certificate";
const KEY: &str = "listener.tls.key";

/// The TLS settings of new connections. Established ones keep theirs.
pub(super) struct Tls {
    current: ArcSwap<ServerConfig>,
}

impl Tls {
    pub(super) fn new(settings: Arc<ServerConfig>) -> Self {
        Self { current: ArcSwap::new(settings) }
    }

    /// For one connection.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.current.load_full())
    }

    /// New connections use these from now on.
    pub(super) fn replace(&self, settings: Arc<ServerConfig>) {
        self.current.store(settings);
    }
}

/// Reads certificate and key: TLS 1.2 and 1.3, HTTP/2 preferred.
pub(super) fn load(config: &ListenerTls, folder: &Path) -> Result<Arc<ServerConfig>, Vec<Problem>> {
    let (chain, key) = match (read_chain(&config.certificate, folder), read_key(&config.key, folder)) {
        (Ok(chain), Ok(key)) => (chain, key),
        (chain, key) => return Err(chain.err().into_iter().chain(key.err()).collect()),
    };
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let settings = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map(|builder| builder.with_no_client_auth())
        .and_then(|builder| builder.with_single_cert(chain, key));
    match settings {
        Ok(mut settings) => {
            settings.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
            Ok(Arc::new(settings))
        }
        Err(rustls::Error::InconsistentKeys(_)) => {
            let (certificate, key) = (config.certificate.display(), config.key.display());
            let problem =
                Problem::new(KEY, format!("`{key}` is not the key of the certificate in `{certificate}`"));
            Err(vec![problem.hint("the first certificate of the file must be the server's own")])
        }
        Err(error) => {
            Err(vec![Problem::new(CERTIFICATE, format!("the certificate cannot be used: {error}"))])
        }
    }
}

fn read_chain(file: &Path, folder: &Path) -> Result<Vec<CertificateDer<'static>>, Problem> {
    let text = read(CERTIFICATE, file, folder)?;
    let shown = file.display();
    let chain: Result<Vec<_>, pem::Error> = CertificateDer::pem_slice_iter(&text).collect();
    match chain {
        Ok(chain) if chain.is_empty() => {
            Err(Problem::new(CERTIFICATE, format!("there is no certificate in `{shown}`"))
                .hint("expected PEM, `-----BEGIN CERTIFICATE-----`"))
        }
        Ok(chain) => Ok(chain),
        Err(error) => Err(Problem::new(CERTIFICATE, format!("`{shown}` is not PEM: {error}"))),
    }
}

fn read_key(file: &Path, folder: &Path) -> Result<PrivateKeyDer<'static>, Problem> {
    let text = read(KEY, file, folder)?;
    let shown = file.display();
    PrivateKeyDer::from_pem_slice(&text).map_err(|error| match error {
        pem::Error::NoItemsFound => Problem::new(KEY, format!("there is no private key in `{shown}`"))
            .hint("expected PEM, `-----BEGIN PRIVATE KEY-----`"),
        // The error could repeat a part of the file, which is secret.
        _ => Problem::new(KEY, format!("`{shown}` is not PEM")),
    })
}

fn read(key: &str, file: &Path, folder: &Path) -> Result<Vec<u8>, Problem> {
    std::fs::read(folder.join(file)).map_err(|error| {
        Problem::new(key, format!("cannot read `{}`: {}", file.display(), file_error(&error)))
    })
}
