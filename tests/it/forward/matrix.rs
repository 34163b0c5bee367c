//! Every protocol in, every protocol out: one echo upstream behind two gateways, a plain one and one of TLS.

use gatecloak::testing::{DevIdp, EchoUpstream, TestGateway};
use http::{Method, Request, request};

use crate::stage::demo_realm;
use crate::wire::{Caller, Certificate, Protocol, TlsFront};

/// Upstreams by name, each with its version at the echo.
const UPSTREAMS: [(&str, &str); 5] = [
    ("http1", "HTTP/1.1"),
    ("h2c", "HTTP/2.0"),
    ("tls_auto", "HTTP/2.0"),
    ("tls_http1", "HTTP/1.1"),
    ("tls_http2", "HTTP/2.0"),
];

pub(crate) struct Matrix {
    _upstream: EchoUpstream,
    certificate: Certificate,
    plain: TestGateway,
    tls: TestGateway,
    token: String,
    _idp: DevIdp,
    _front: TlsFront,
}

/// One client's connection and one upstream.
pub(crate) struct Cell {
    pub(crate) protocol: Protocol,
    pub(crate) upstream: &'static str,
    pub(crate) version: &'static str,
    pub(crate) caller: Caller,
    token: String,
}

impl Matrix {
    pub(crate) async fn start() -> Self {
        let upstream = EchoUpstream::start().expect("an upstream");
        let certificate = Certificate::new();
        let front = TlsFront::start(certificate.server(&["h2", "http/1.1"]), upstream.address()).await;
        let idp = DevIdp::new(demo_realm()).start().expect("an issuer");
        let token = idp.token("web", "alice").expect("a token");
        let toml = toml(&idp, &upstream, &front);
        let listener = "[listener.tls]\ncertificate = \"tls.crt\"\nkey = \"tls.key\"\n";
        let files: &[(&str, &[u8])] = &[
            ("secret", b"demo-gateway-secret\n"),
            ("tls.crt", certificate.pem.as_bytes()),
            ("tls.key", certificate.key.as_bytes()),
        ];
        let start = |toml: &str| {
            TestGateway::start_with(toml, files).unwrap_or_else(|error| panic!("{:?}", error.problems))
        };
        let (plain, tls) = (start(&toml), start(&format!("{toml}{listener}")));
        Self { _upstream: upstream, certificate, plain, tls, token, _idp: idp, _front: front }
    }

    pub(crate) async fn cell(&self, protocol: Protocol, upstream: &str) -> Cell {
        let gateway = if protocol.is_tls() { &self.tls } else { &self.plain };
        let caller = Caller::connect(gateway.address(), protocol, &self.certificate).await;
        let (upstream, version) =
            *UPSTREAMS.iter().find(|(name, _)| *name == upstream).expect("an upstream of that name");
        Cell { protocol, upstream, version, caller, token: self.token.clone() }
    }

    /// All of them, each with a connection of its own.
    pub(crate) async fn cells(&self) -> Vec<Cell> {
        let mut cells = Vec::new();
        for protocol in Protocol::ALL {
            for (upstream, _) in UPSTREAMS {
                cells.push(self.cell(protocol, upstream).await);
            }
        }
        cells
    }
}

impl Cell {
    /// A request for this cell's upstream, with a good token.
    pub(crate) fn request(&self, method: Method, path: &str) -> request::Builder {
        let bearer = format!("Bearer {}", self.token);
        let uri = format!("/{}{path}", self.upstream);
        Request::builder().method(method).uri(uri).header("authorization", bearer)
    }

    pub(crate) fn name(&self) -> String {
        format!("{:?} -> {}", self.protocol, self.upstream)
    }
}

fn toml(idp: &DevIdp, upstream: &EchoUpstream, front: &TlsFront) -> String {
    let mut toml = format!(
        "[providers.demo]\nissuer = \"{}\"\nclient_id = \"gateway\"\nclient_secret = \"file:secret\"\n",
        idp.issuer()
    );
    for (name, _) in UPSTREAMS {
        let (endpoint, tls) = match name.starts_with("tls") {
            true => (format!("https://{}", front.address), "tls.ca = \"tls.crt\"\n"),
            false => (format!("http://{}", upstream.address()), ""),
        };
        let protocol = match name {
            "http1" | "tls_http1" => "http1",
            "tls_auto" => "auto",
            _ => "http2",
        };
        toml.push_str(&format!(
            "[upstreams.{name}]\nendpoints = [\"{endpoint}\"]\nprotocol = \"{protocol}\"\n{tls}\
             [routes.{name}]\npath = \"/{name}/*\"\nupstream = \"{name}\"\nstrip_prefix = \"/{name}\"\n\
             limits.body_bytes = \"128MiB\"\n"
        ));
    }
    toml
}
