//! TLS towards an upstream: whom to trust, which name to expect, what to show.

use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::config::{Problem, UpstreamConfig, UpstreamProtocol};

/// The settings of all endpoints of an upstream.
#[derive(Clone, Debug)]
pub(super) struct TlsSettings {
    /// What the protocol allows.
    usual: Arc<ClientConfig>,
    /// HTTP/1.1 alone, for an upgrade.
    http1: Arc<ClientConfig>,
    server_name: Option<ServerName<'static>>,
}

/// The settings of one endpoint.
#[derive(Clone, Debug)]
pub(super) struct EndpointTls {
    settings: Arc<TlsSettings>,
    name: ServerName<'static>,
}

impl TlsSettings {
    /// Compiles `[upstreams.NAME.tls]`; problems are keyed below `key`.
    pub(super) fn build(config: &UpstreamConfig, folder: &Path, key: &str) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut keep = |outcome: Result<(), Problem>| problems.extend(outcome.err());

        let mut roots = RootCertStore::empty();
        keep(trust(&mut roots, config, folder, key));
        let mut identity = None;
        keep(client_identity(config, folder, key).map(|found| identity = found));
        let mut server_name = None;
        keep(expected_name(config, key).map(|found| server_name = found));
        if !problems.is_empty() {
            return Err(problems);
        }

        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let wrong =
            |what: &str, error: rustls::Error| vec![Problem::new(format!("{key}{what}"), error.to_string())];
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| wrong("", error))?
            .with_root_certificates(roots);
        let mut http1 = match identity {
            Some((chain, key)) => {
                builder.with_client_auth_cert(chain, key).map_err(|error| wrong(".certificate", error))?
            }
            None => builder.with_no_client_auth(),
        };
        http1.alpn_protocols = vec![b"http/1.1".to_vec()];
        let mut usual = http1.clone();
        usual.alpn_protocols = match config.protocol {
            UpstreamProtocol::Auto => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
            UpstreamProtocol::Http1 => vec![b"http/1.1".to_vec()],
            UpstreamProtocol::Http2 => vec![b"h2".to_vec()],
        };
        Ok(Self { usual: Arc::new(usual), http1: Arc::new(http1), server_name })
    }
}

impl EndpointTls {
    /// The settings for `host`; `None` if that can't stand in a certificate.
    pub(super) fn new(settings: &Arc<TlsSettings>, host: &str) -> Option<Self> {
        let name = match &settings.server_name {
            Some(name) => name.clone(),
            None => ServerName::try_from(host.to_owned()).ok()?,
        };
        Some(Self { settings: Arc::clone(settings), name })
    }

    /// Shakes hands; `http1` asks for HTTP/1.1 alone.
    pub(super) async fn connect(&self, tcp: TcpStream, http1: bool) -> io::Result<TlsStream<TcpStream>> {
        let config = if http1 { &self.settings.http1 } else { &self.settings.usual };
        TlsConnector::from(Arc::clone(config)).connect(self.name.clone(), tcp).await
    }
}

fn trust(
    roots: &mut RootCertStore,
    config: &UpstreamConfig,
    folder: &Path,
    key: &str,
) -> Result<(), Problem> {
    let Some(path) = &config.tls.ca else {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        return if roots.is_empty() {
            Err(Problem::new(key, "the system has no certificate authorities").hint("name a file with `ca`"))
        } else {
            Ok(())
        };
    };
    let key = format!("{key}.ca");
    for certificate in certificates(&folder.join(path), &key)? {
        roots.add(certificate).map_err(|error| {
            Problem::new(&key, format!("`{}` has an unusable certificate: {error}", path.display()))
        })?;
    }
    Ok(())
}

type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn client_identity(config: &UpstreamConfig, folder: &Path, key: &str) -> Result<Option<Identity>, Problem> {
    match (&config.tls.certificate, &config.tls.key) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(Problem::new(format!("{key}.certificate"), "a certificate without its `key`")),
        (None, Some(_)) => Err(Problem::new(format!("{key}.key"), "a key without its `certificate`")),
        (Some(certificate), Some(private)) => {
            let chain = certificates(&folder.join(certificate), &format!("{key}.certificate"))?;
            let path = folder.join(private);
            // The parser's own text could show a line of the file.
            let private = PrivateKeyDer::from_pem_file(&path).map_err(|_| {
                Problem::new(
                    format!("{key}.key"),
                    format!("`{}` has no readable private key", path.display()),
                )
            })?;
            Ok(Some((chain, private)))
        }
    }
}

fn expected_name(config: &UpstreamConfig, key: &str) -> Result<Option<ServerName<'static>>, Problem> {
    let Some(name) = &config.tls.server_name else { return Ok(None) };
    ServerName::try_from(name.clone()).map(Some).map_err(|_| {
        Problem::new(format!("{key}.server_name"), format!("`{name}` is not a host name or an address"))
    })
}

fn certificates(path: &Path, key: &str) -> Result<Vec<CertificateDer<'static>>, Problem> {
    let unreadable = |error: &dyn std::fmt::Display| {
        Problem::new(key, format!("`{}` can't be read as certificates: {error}", path.display()))
    };
    let found = CertificateDer::pem_file_iter(path)
        .map_err(|error| unreadable(&error))?
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| unreadable(&error))?;
    if found.is_empty() { Err(unreadable(&"there is none")) } else { Ok(found) }
}
