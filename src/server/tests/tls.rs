use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Version};
use http_body_util::Empty;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{Server, hello, millis, read_to_end};
use crate::config::{ListenerLimits, ListenerTls, Problem};
use crate::server::tls::{Tls, load};

/// Writes `NAME.crt` and `NAME.key`.
fn certificate(folder: &Path, name: &str) -> CertificateDer<'static> {
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join(format!("{name}.crt")), cert.pem()).unwrap();
    std::fs::write(folder.join(format!("{name}.key")), signing_key.serialize_pem()).unwrap();
    cert.der().clone()
}

fn files(certificate: &str, key: &str) -> ListenerTls {
    ListenerTls { certificate: certificate.into(), key: key.into() }
}

async fn connect(
    server: &Server,
    trusted: &CertificateDer<'static>,
    alpn: &[&[u8]],
) -> std::io::Result<TlsStream<tokio::net::TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|protocol| protocol.to_vec()).collect();
    let stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("localhost").unwrap(), stream).await
}

fn problem(certificate: &str, key: &str, folder: &Path) -> Problem {
    let mut problems = load(&files(certificate, key), folder).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems.remove(0)
}

#[tokio::test]
async fn both_protocols_are_served_over_tls() {
    let folder = tempfile::tempdir().unwrap();
    let trusted = certificate(folder.path(), "a");
    let tls = Arc::new(Tls::new(load(&files("a.crt", "a.key"), folder.path()).unwrap()));
    let server = Server::start(1, &ListenerLimits::default(), Some(tls), |request: Request<_>| async move {
        let mut response = hello();
        *response.version_mut() = request.version();
        response
    });
    let request = || Request::get("https://localhost/").body(Empty::<Bytes>::new()).unwrap();

    let stream = connect(&server, &trusted, &[b"h2", b"http/1.1"]).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    assert_eq!(sender.send_request(request()).await.unwrap().version(), Version::HTTP_2);

    for alpn in [&[&b"http/1.1"[..]][..], &[]] {
        let stream = connect(&server, &trusted, alpn).await.unwrap();
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        assert_eq!(sender.send_request(request()).await.unwrap().version(), Version::HTTP_11);
    }
}

#[tokio::test]
async fn a_new_certificate_is_used_for_new_connections_and_old_ones_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (certificate(folder.path(), "a"), certificate(folder.path(), "b"));
    let tls = Arc::new(Tls::new(load(&files("a.crt", "a.key"), folder.path()).unwrap()));
    let server = Server::start(1, &ListenerLimits::default(), Some(Arc::clone(&tls)), |_| async { hello() });
    let stream = connect(&server, &old, &[]).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);

    tls.replace(load(&files("b.crt", "b.key"), folder.path()).unwrap());
    let shown = connect(&server, &new, &[]).await.unwrap();
    assert_eq!(shown.get_ref().1.peer_certificates().unwrap(), &[new]);
    assert!(connect(&server, &old, &[]).await.is_err());
    let request = Request::get("/").body(Empty::<Bytes>::new()).unwrap();
    assert_eq!(sender.send_request(request).await.unwrap().status(), 200);
}

#[test]
fn a_client_without_a_handshake_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    certificate(folder.path(), "a");
    let tls = Arc::new(Tls::new(load(&files("a.crt", "a.key"), folder.path()).unwrap()));
    let limits = ListenerLimits { handshake_timeout: millis(50), ..ListenerLimits::default() };
    let server = Server::start(1, &limits, Some(tls), |_| async { hello() });
    assert_eq!(read_to_end(&mut server.connect()), "");
}

#[test]
fn a_key_of_another_certificate_is_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    certificate(folder.path(), "a");
    certificate(folder.path(), "b");
    let found = problem("a.crt", "b.key", folder.path());
    assert_eq!(
        (&*found.key, &*found.message),
        ("listener.tls.key", "`b.key` is not the key of the certificate in `a.crt`")
    );
}

#[test]
fn files_that_are_not_pem_are_problems() {
    let folder = tempfile::tempdir().unwrap();
    certificate(folder.path(), "a");
    std::fs::write(folder.path().join("text"), "no pem here").unwrap();
    let found = problem("text", "a.key", folder.path());
    assert_eq!(
        (&*found.key, &*found.message),
        ("listener.tls.certificate", "there is no certificate in `text`")
    );
    let found = problem("a.crt", "text", folder.path());
    assert_eq!((&*found.key, &*found.message), ("listener.tls.key", "there is no private key in `text`"));
    // A certificate where the key belongs.
    assert_eq!(problem("a.crt", "a.crt", folder.path()).key, "listener.tls.key");
}

#[test]
fn every_missing_file_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let problems = load(&files("no.crt", "no.key"), folder.path()).unwrap_err();
    let keys: Vec<_> = problems.iter().map(|problem| &*problem.key).collect();
    assert_eq!(keys, ["listener.tls.certificate", "listener.tls.key"]);
}
