//! A real nginx as the upstream, plain and TLS; with tokens of the development issuer, and of a real Keycloak.
//!
//! It is found on `PATH`. Where there is none these tests say so and pass; `GATECLOAK_NGINX=required` makes that a failure.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Once;

use gatecloak::testing::{DevIdp, RawClient, RawResponse, TempFolder, TestGateway};

use crate::keycloak::{ROUTES, Realm, Scene, keycloak};
use crate::stage::demo_realm;
use crate::wire::{Certificate, eventually, unused};

/// A running nginx with a folder of its own.
struct Nginx {
    plain: SocketAddr,
    tls: SocketAddr,
    certificate: Certificate,
    folder: TempFolder,
    running: Child,
}

impl Nginx {
    /// Starts one; `None`, said loudly, where there is none and none is required.
    fn start() -> Option<Self> {
        static SAID: Once = Once::new();
        if Command::new("nginx").arg("-v").stderr(Stdio::null()).status().is_err() {
            let required = std::env::var("GATECLOAK_NGINX").is_ok_and(|value| value == "required");
            assert!(!required, "the tests with a real nginx are required, and `nginx` is not on PATH");
            let text = "\n*** LEFT OUT: the tests with a real nginx did not run: `nginx` is not on PATH.\n\n";
            // Past the test harness's capture: what was left out must be seen also when everything passes.
            SAID.call_once(|| drop(std::io::stderr().lock().write_all(text.as_bytes())));
            return None;
        }
        let folder = TempFolder::new().expect("a folder");
        let [plain, tls] = unused();
        let certificate = Certificate::of(tls.ip());
        folder.write("tls.crt", &certificate.pem).expect("written");
        folder.write("tls.key", &certificate.key).expect("written");
        std::fs::create_dir(folder.path().join("files")).expect("a folder");
        std::fs::write(folder.path().join("files/big"), vec![b'x'; BIG]).expect("written");
        let file = folder.write("nginx.conf", configuration(folder.path(), plain, tls)).expect("written");
        let running = run(&file, folder.path());
        eventually("nginx answers", || RawClient::get(plain, "/told", &[]).is_ok());
        Some(Self { plain, tls, certificate, folder, running })
    }

    /// What nginx wrote of the requests: status, method, URI and bytes of the body.
    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("access.log")).unwrap_or_default()
    }

    fn errors(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("error.log")).unwrap_or_default()
    }

    /// A gateway of the development issuer in front of it, by both ways.
    fn guarded(&self, idp: &DevIdp) -> TestGateway {
        let toml = format!(
            "[providers.demo]\nissuer = \"{}\"\nclient_id = \"gateway\"\n\
             [upstreams.plain]\nendpoints = [\"http://{}\"]\n\
             [upstreams.tls]\nendpoints = [\"https://{}\"]\ntls.ca = \"tls.crt\"\n\
             [upstreams.stranger]\nendpoints = [\"https://{}\"]\ntls.ca = \"stranger.crt\"\n\
             [routes.plain]\npath = \"/plain/*\"\nupstream = \"plain\"\nstrip_prefix = \"/plain\"\n\
             [routes.tls]\npath = \"/tls/*\"\nupstream = \"tls\"\nstrip_prefix = \"/tls\"\n\
             [routes.stranger]\npath = \"/stranger/*\"\nupstream = \"stranger\"\n",
            idp.issuer(),
            self.plain,
            self.tls,
            self.tls
        );
        let stranger = Certificate::new();
        let files: &[(&str, &[u8])] =
            &[("tls.crt", self.certificate.pem.as_bytes()), ("stranger.crt", stranger.pem.as_bytes())];
        TestGateway::start_with(&toml, files).unwrap_or_else(|error| panic!("{:?}", error.problems))
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        drop(self.running.stdin.take());
        let _ = self.running.wait();
    }
}

const BIG: usize = 8 << 20;

fn configuration(folder: &Path, plain: SocketAddr, tls: SocketAddr) -> String {
    let folder = folder.display();
    format!(
        r#"
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log notice;
events {{ worker_connections 256; }}
http {{
    log_format short '$status $request_method $request_uri $request_length $server_protocol';
    access_log {folder}/access.log short;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    client_max_body_size 32m;
    keepalive_requests 5;
    server {{
        listen {plain};
        listen {tls} ssl http2;
        ssl_certificate {folder}/tls.crt;
        ssl_certificate_key {folder}/tls.key;
        location /told {{
            default_type text/plain;
            return 200 "$http_x_auth_username|$http_authorization|$http_x_forwarded_for|$http_x_forwarded_proto|$host|$request_uri|$server_protocol|";
        }}
        location /files/ {{ root {folder}; }}
        location /upload {{ proxy_pass http://{plain}/swallow; }}
        location /swallow {{ return 200 "$content_length"; }}
        location /empty {{ return 204; }}
        location /moved {{ return 302 /elsewhere; }}
        location /denied {{ return 403; }}
        location /cut {{ return 444; }}
    }}
}}
"#
    )
}

/// It ends with this process: a shell holds the other end of a pipe and stops the server when the pipe closes.
fn run(file: &Path, folder: &Path) -> Child {
    let script = r#"
        exec 3<&0
        nginx -p "$1" -c "$0" >/dev/null 2>&1 </dev/null 3<&- &
        server=$!
        { read -r _ <&3; kill "$server"; } 2>/dev/null &
        wait "$server"
    "#;
    Command::new("sh")
        .args(["-c", script])
        .arg(file)
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell")
}

fn get(gateway: &TestGateway, path: &str, token: &str) -> RawResponse {
    let bearer = format!("Bearer {token}");
    RawClient::get(gateway.address(), path, &[("Authorization", &bearer)]).expect("an answer")
}

#[test]
fn it_is_reached_with_a_token_and_not_without() {
    let Some(nginx) = Nginx::start() else { return };
    let idp = DevIdp::new(demo_realm()).start().expect("an issuer");
    let gateway = nginx.guarded(&idp);
    let token = idp.token("web", "alice").expect("a token");
    for (way, version) in [("plain", "HTTP/1.1"), ("tls", "HTTP/2.0")] {
        let refused = RawClient::get(gateway.address(), &format!("/{way}/told"), &[]).expect("an answer");
        assert_eq!(refused.status, 401, "{way}");
        // More than nginx takes on one connection.
        for number in 0..12 {
            let answer = get(&gateway, &format!("/{way}/told?n={number}"), &token);
            let told = answer.text();
            let told: Vec<_> = told.split('|').collect();
            assert_eq!(answer.status, 200, "{way} {}", nginx.errors());
            assert_eq!((told[0], told[2], told[3]), ("alice", "127.0.0.1", "http"), "{way} {number}");
            assert_eq!((told[5], told[6]), (&*format!("/told?n={number}"), version), "{way}");
        }
    }
    eventually("nginx has written", || nginx.log().lines().count() > 24);
    assert_eq!(nginx.log().matches("/told?n=").count(), 24, "each once: {}", nginx.log());
}

#[test]
fn its_answers_pass_as_they_are() {
    let Some(nginx) = Nginx::start() else { return };
    let idp = DevIdp::new(demo_realm()).start().expect("an issuer");
    let gateway = nginx.guarded(&idp);
    let token = idp.token("web", "alice").expect("a token");
    for way in ["plain", "tls"] {
        let at = |path: &str| get(&gateway, &format!("/{way}{path}"), &token);
        let big = at("/files/big");
        assert_eq!((big.status, big.body.len(), big.complete), (200, BIG, true), "{way}");
        assert_eq!(big.header("accept-ranges"), Some("bytes"), "{way}");
        assert_eq!(big.header("server").map(|name| name.starts_with("nginx")), Some(true), "{way}");
        let tag = big.header("etag").expect("a tag");
        let bearer = format!("Bearer {token}");
        let ask = |method: &str, path: &str, header: (&str, &str)| {
            let headers = [("Authorization", &*bearer), header];
            RawClient::request(gateway.address(), method, &format!("/{way}{path}"), &headers, b"")
                .expect("an answer")
        };
        assert_eq!(ask("GET", "/files/big", ("If-None-Match", tag)).status, 304, "{way}");
        let part = ask("GET", "/files/big", ("Range", "bytes=10-19"));
        assert_eq!((part.status, part.body.len()), (206, 10), "{way}");
        let head = ask("HEAD", "/files/big", ("Accept", "*/*"));
        let length = BIG.to_string();
        assert_eq!((head.status, head.header("content-length")), (200, Some(length.as_str())), "{way}");
        assert_eq!(at("/empty").status, 204, "{way}");
        assert_eq!(at("/denied").status, 403, "{way}");
        assert_eq!(at("/nothing").status, 404, "{way}");
        let moved = at("/moved");
        assert_eq!(moved.status, 302, "{way}");
        assert!(moved.header("location").is_some_and(|to| to.ends_with("/elsewhere")), "{way}: not followed");
        let cut = at("/cut");
        assert_eq!(
            (cut.status, cut.json().expect("a problem")["source"].clone()),
            (502, "upstream".into()),
            "{way}"
        );
    }
}

#[test]
fn it_takes_bodies_with_a_length_and_in_chunks() {
    let Some(nginx) = Nginx::start() else { return };
    let idp = DevIdp::new(demo_realm()).start().expect("an issuer");
    let gateway = nginx.guarded(&idp);
    let token = idp.token("web", "alice").expect("a token");
    let bearer = format!("Bearer {token}");
    let body = vec![b'x'; BIG];
    for way in ["plain", "tls"] {
        let path = format!("/{way}/upload");
        let headers = [("Authorization", &*bearer)];
        let answer =
            RawClient::request(gateway.address(), "POST", &path, &headers, &body).expect("an answer");
        assert_eq!((answer.status, answer.text()), (200, BIG.to_string()), "{way} {}", nginx.errors());
        let mut client = RawClient::connect(gateway.address()).expect("a connection");
        client
            .send(format!(
                "POST {path} HTTP/1.1\r\nHost: a\r\nAuthorization: {bearer}\r\nTransfer-Encoding: chunked\r\n\r\n"
            ))
            .expect("sent");
        for _ in 0..64 {
            client.send(format!("1000\r\n{}\r\n", "x".repeat(4096))).expect("sent");
        }
        client.send("0\r\n\r\n").expect("sent");
        let answer = client.response().expect("an answer");
        // nginx has put the chunks together before it asked its own upstream.
        assert_eq!((answer.status, answer.text()), (200, (64 * 4096).to_string()), "{way}");
    }
}

#[test]
fn a_certificate_of_a_stranger_is_not_trusted() {
    let Some(nginx) = Nginx::start() else { return };
    let idp = DevIdp::new(demo_realm()).start().expect("an issuer");
    let gateway = nginx.guarded(&idp);
    let answer = get(&gateway, "/stranger/told", &idp.token("web", "alice").expect("a token"));
    assert_eq!(answer.status, 502);
    assert_eq!(answer.json().expect("a problem")["code"], "upstream_unreachable");
    assert!(!nginx.log().contains("/stranger"), "{}", nginx.log());
}

#[test]
fn a_real_keycloaks_tokens_guard_a_real_nginx() {
    let Some(server) = keycloak() else { return };
    let Some(nginx) = Nginx::start() else { return };
    let scene = Scene::in_front_of(
        nginx.plain,
        Realm::create(server, |_| ()),
        "",
        &ROUTES.replace("/anyone", "/told"),
    );
    let (alice, carol) = (scene.realm.access_token("alice"), scene.realm.access_token("carol"));
    assert_eq!(scene.status("/told", None), 401);
    let told = scene.get("/told", Some(&alice)).text().expect("text");
    assert!(told.starts_with("alice|Bearer "));
    let told = scene.get("/told", Some(&carol)).text().expect("text");
    assert!(told.starts_with("carol|Bearer "));
    assert_eq!(scene.status("/managers/x", Some(&carol)), 403);
    assert_eq!(scene.status("/managers/x", Some(&alice)), 404, "nginx was asked, and has no such file");
    eventually("nginx has written", || nginx.log().contains("/managers/x"));
    assert_eq!(nginx.log().matches("/managers/x").count(), 1, "{}", nginx.log());
}
