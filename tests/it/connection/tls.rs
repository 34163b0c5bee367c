//! Whose certificates are trusted, and which one is shown.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use gatecloak::connection::{
    CallError, ClientCertificate, Connection, ConnectionSettings, ErrorClass, Response, Verify,
};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

use super::{Stub, get};
use crate::wire::Certificate;

/// A file that ends with the test.
fn file(contents: &[&str]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    for text in contents {
        writeln!(file, "{text}").expect("written");
    }
    file
}

fn path(file: &tempfile::NamedTempFile) -> PathBuf {
    file.path().to_owned()
}

fn settings(stub: &Stub, verify: Verify) -> ConnectionSettings {
    let mut settings = ConnectionSettings::new(format!("https://localhost:{}", stub.address.port()));
    settings.verify = verify;
    settings
}

fn ask(settings: ConnectionSettings) -> Result<Response, CallError> {
    get(&Connection::open(settings)?, "x")
}

#[test]
fn only_the_authorities_of_the_setting_are_trusted() {
    let (own, other) = (Certificate::new(), Certificate::new());
    let stub = Stub::tls(own.server(&[]));
    let (trusted, foreign) = (file(&[&own.pem]), file(&[&other.pem]));
    let both = file(&[&other.pem, &own.pem]);
    for (verify, good) in [
        (Verify::System, false),
        (Verify::Authorities(path(&foreign)), false),
        (Verify::Authorities(path(&trusted)), true),
        (Verify::Authorities(path(&both)), true),
        (Verify::Nothing, true),
    ] {
        let answer = ask(settings(&stub, verify.clone()));
        assert_eq!(answer.is_ok(), good, "{verify:?}: {answer:?}");
        if let Err(error) = answer {
            assert_eq!(error.class(), ErrorClass::Connection);
            assert!(error.to_string().contains("certificate"), "{error}");
        }
    }
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let own = Certificate::new();
    let stub = Stub::tls(own.server(&[]));
    let trusted = file(&[&own.pem]);
    let mut settings = settings(&stub, Verify::Authorities(path(&trusted)));
    // Loopback too, but not a name in the certificate.
    settings.base_url = format!("https://127.0.0.2:{}", stub.address.port());
    let error = ask(settings).expect_err("another name");
    assert_eq!(error.class(), ErrorClass::Connection);
}

#[test]
fn a_file_that_is_missing_or_empty_is_said_before_any_call() {
    let stub = Stub::tls(Certificate::new().server(&[]));
    let empty = file(&["no certificate"]);
    for (verify, text) in [
        (Verify::Authorities(PathBuf::from("/no/such/ca.pem")), "cannot be read"),
        (Verify::Authorities(path(&empty)), "holds no certificate in PEM"),
    ] {
        let error = Connection::open(settings(&stub, verify)).expect_err("no authorities");
        assert!(error.message().contains(text), "{error}");
    }
    let mut settings = settings(&stub, Verify::Nothing);
    settings.certificate = Some(ClientCertificate { certificate: path(&empty), key: None });
    assert_eq!(Connection::open(settings).expect_err("no key").class(), ErrorClass::Connection);
}

#[test]
fn a_client_certificate_is_shown_from_one_file_or_two() {
    let (server, client, stranger) = (Certificate::new(), Certificate::new(), Certificate::new());
    let stub = Stub::tls(demanding(&server, &client));
    let (certificate, key) = (file(&[&client.pem]), file(&[&client.key]));
    let together = file(&[&client.pem, &client.key]);
    let strange = file(&[&stranger.pem, &stranger.key]);
    let shown = |certificate: PathBuf, key: Option<PathBuf>| Some(ClientCertificate { certificate, key });
    for (shown, good) in [
        (None, false),
        (shown(path(&strange), None), false),
        (shown(path(&together), None), true),
        (shown(path(&certificate), Some(path(&key))), true),
    ] {
        let mut settings = settings(&stub, Verify::Nothing);
        settings.certificate = shown;
        let answer = ask(settings);
        assert_eq!(answer.is_ok(), good, "{answer:?}");
    }
}

/// A server that takes nobody but this client.
fn demanding(server: &Certificate, client: &Certificate) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(client.der.clone()).expect("a root");
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let key = PrivateKeyDer::from_pem_slice(server.key.as_bytes()).expect("a key");
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_client_cert_verifier(verifier.build().expect("a verifier"))
        .with_single_cert(vec![server.der.clone()], key)
        .expect("a certificate and its key");
    Arc::new(config)
}
