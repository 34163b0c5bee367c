//! The listener's certificate follows its file.

use std::path::Path;

use gatecloak::config;
use gatecloak::server;
use gatecloak::testing::{EchoUpstream, TempFolder};
use http::Request;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::wire::{Caller, Certificate, PATIENCE, Protocol, empty};

fn put(folder: &TempFolder, certificate: &Certificate) {
    folder.write("tls.key", &certificate.key).expect("written");
    folder.write("tls.crt", &certificate.pem).expect("written");
}

async fn is_shown(certificate: &Certificate, address: std::net::SocketAddr) -> bool {
    let stream = TcpStream::connect(address).await.expect("a connection");
    let name = ServerName::try_from("localhost").expect("a name");
    TlsConnector::from(certificate.client(&["h2"])).connect(name, stream).await.is_ok()
}

async fn wait_until_shown(certificate: &Certificate, address: std::net::SocketAddr) {
    let end = std::time::Instant::now() + PATIENCE;
    while !is_shown(certificate, address).await {
        assert!(std::time::Instant::now() < end, "it is never shown");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

fn start(folder: &TempFolder, upstream: &EchoUpstream) -> server::Running {
    let toml = format!(
        "[listener]\naddress = \"127.0.0.1:0\"\nworkers = 2\ndrain = \"1s\"\n\
         tls = {{ certificate = \"tls.crt\", key = \"tls.key\" }}\n[ops]\naddress = \"127.0.0.1:0\"\n\
         [telemetry.access_log]\nenabled = false\n[upstreams.echo]\nendpoints = [\"http://{}\"]\n\
         [routes.all]\npath = \"/*\"\nrequire = \"public\"\n",
        upstream.address()
    );
    let file = folder.write("gateway.toml", toml).expect("written");
    let loaded = config::load(Path::new(&file), &[]).unwrap_or_else(|error| panic!("{:?}", error.problems));
    server::start(loaded, Some(file), true).unwrap_or_else(|error| panic!("{:?}", error.problems))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_certificate_in_the_file_is_shown_and_open_connections_go_on() {
    let folder = TempFolder::new().expect("a folder");
    let (old, new) = (Certificate::new(), Certificate::new());
    put(&folder, &old);
    let upstream = EchoUpstream::start().expect("an upstream");
    let running = start(&folder, &upstream);
    let mut callers = Vec::new();
    for protocol in [Protocol::TlsHttp1, Protocol::TlsHttp2] {
        callers.push(Caller::connect(running.address, protocol, &old).await);
    }
    assert!(!is_shown(&new, running.address).await);
    put(&folder, &new);
    wait_until_shown(&new, running.address).await;
    assert!(!is_shown(&old, running.address).await, "the old one is shown no more");
    for caller in &mut callers {
        let request = Request::get("/x").body(empty()).expect("a request");
        assert_eq!(caller.send(request).await.status, 200, "an open connection goes on");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_certificate_leaves_the_old_one_in_use_until_it_is_mended() {
    let folder = TempFolder::new().expect("a folder");
    let (old, other, new) = (Certificate::new(), Certificate::new(), Certificate::new());
    put(&folder, &old);
    let upstream = EchoUpstream::start().expect("an upstream");
    let running = start(&folder, &upstream);
    for broken in ["", "-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----\n", &*other.pem] {
        folder.write("tls.crt", broken).expect("written");
        running.reload().expect_err("it is no certificate of this key");
        assert!(is_shown(&old, running.address).await);
    }
    put(&folder, &new);
    wait_until_shown(&new, running.address).await;
}
