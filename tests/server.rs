//! A whole gateway on real sockets: life cycle, ops pages, reload.

#![expect(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test")]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use gatecloak::config::{self, Place};
use gatecloak::server::{Running, start};

/// Generous: nothing here waits for it unless it fails.
const BOUND: Duration = Duration::from_secs(20);

/// An upstream that answers every request with `hello`, one connection at a time.
fn upstream() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = Vec::new();
            let mut part = [0; 1024];
            while !head.windows(4).any(|end| end == b"\r\n\r\n") {
                match stream.read(&mut part) {
                    Ok(0) | Err(_) => break,
                    Ok(length) => head.extend_from_slice(&part[..length]),
                }
            }
            let _ =
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello");
        }
    });
    address
}

struct Site {
    folder: tempfile::TempDir,
    upstream: SocketAddr,
}

impl Site {
    fn new() -> Self {
        let site = Self { folder: tempfile::tempdir().unwrap(), upstream: upstream() };
        std::fs::write(site.path("secret"), "not-to-be-shown").unwrap();
        site.write("");
        site
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self) -> PathBuf {
        self.path("gateway.toml")
    }

    /// Writes the configuration with one public route, and `more`. Its realm is never reached.
    fn write(&self, more: &str) {
        let text = format!(
            r#"
[listener]
address = "127.0.0.1:0"
workers = 2
drain = "5s"

[ops]
address = "127.0.0.1:0"

[telemetry.access_log]
file = "access.log"

[providers.shop]
issuer = "http://127.0.0.1:9/realms/shop"
client_id = "gateway"
client_secret = "file:secret"

[upstreams.shop]
endpoints = ["http://{}"]

[routes.open]
path = "/open"
require = "public"
{more}
"#,
            self.upstream
        );
        let new = self.path("gateway.toml.new");
        std::fs::write(&new, text).unwrap();
        std::fs::rename(new, self.file()).unwrap();
    }

    fn start(&self, watch: bool) -> Running {
        start(config::load(&self.file(), &[]).unwrap(), Some(self.file()), watch).unwrap()
    }
}

const MORE: &str = "[routes.more]\npath = \"/more\"\nrequire = \"public\"\n";

fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(BOUND)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status =
        answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("{answer}"));
    (status, answer)
}

fn status(running: &Running, path: &str) -> u16 {
    get(running.address, path).0
}

fn wait_until(condition: impl Fn() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < BOUND, "it did not happen");
        std::thread::yield_now();
    }
}

#[test]
fn a_public_route_is_forwarded_and_logged() {
    let site = Site::new();
    let running = site.start(false);
    assert_eq!(status(&running, "/open?access_token=secret"), 200);
    assert_eq!(status(&running, "/other"), 404);
    running.stop();
    let log = std::fs::read_to_string(site.path("access.log")).unwrap();
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2, "{log}");
    assert!(lines.iter().any(|line| line["route.name"] == "open" && line["http.status"] == 200));
    assert!(!log.contains("secret"));
}

#[test]
fn the_ops_pages_tell_of_the_gateway() {
    let site = Site::new();
    let running = site.start(false);
    let ops = running.ops_address.unwrap();
    assert_eq!(get(ops, "/healthz").0, 200);
    let (status, answer) = get(ops, "/readyz");
    assert_eq!(status, 503);
    assert!(answer.contains("provider `shop` has no keys"));
    let (status, answer) = get(ops, "/metrics");
    assert_eq!(status, 200);
    assert!(answer.contains("content-type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n"));
    assert!(answer.ends_with("# EOF\n"));
    let (status, answer) = get(ops, "/config");
    assert_eq!(status, 200);
    assert!(answer.contains("file:secret") && !answer.contains("not-to-be-shown"));
    assert_eq!(get(ops, "/open").0, 404);
    running.stop();
}

#[test]
fn a_reload_is_all_or_nothing() {
    let site = Site::new();
    let running = site.start(false);
    assert_eq!(status(&running, "/more"), 404);
    site.write(MORE);
    running.reload().unwrap();
    assert_eq!(status(&running, "/more"), 200);
    site.write("[routes.more]\npath = \"/more\"\nno_such_key = 1\n");
    running.reload().unwrap_err();
    assert_eq!(status(&running, "/more"), 200);
    std::fs::remove_file(site.file()).unwrap();
    running.reload().unwrap_err();
    assert_eq!(status(&running, "/more"), 200);
}

#[test]
fn a_changed_file_is_noticed() {
    let site = Site::new();
    let running = site.start(true);
    assert_eq!(status(&running, "/more"), 404);
    site.write(MORE);
    wait_until(|| status(&running, "/more") == 200);
}

#[test]
fn an_address_in_use_is_a_problem_with_its_key() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let site = Site::new();
    let address = taken.local_addr().unwrap().to_string();
    for key in ["listener.address", "ops.address"] {
        let loaded = config::load(&site.file(), &[(key.to_owned(), address.clone())]).unwrap();
        let error = start(loaded, None, false).unwrap_err();
        assert_eq!(error.problems.iter().map(|problem| &*problem.key).collect::<Vec<_>>(), [key]);
        let origin = Place::Outside(format!("flag `--set {key}`"));
        assert_eq!(error.problems[0].place, origin, "it points at what set the address");
    }
}

#[test]
fn a_second_gateway_does_not_share_the_port_of_the_first() {
    let site = Site::new();
    let first = site.start(false);
    let address = first.address.to_string();
    let loaded = config::load(&site.file(), &[("listener.address".to_owned(), address)]).unwrap();
    let error = start(loaded, None, false).unwrap_err();
    assert!(error.problems[0].message.contains("in use"), "{:?}", error.problems);
    assert_eq!(error.problems[0].hint.as_deref(), Some("another process listens there already"));
}

#[test]
fn every_problem_is_reported_at_once() {
    let site = Site::new();
    site.write(
        "[listener.limits]\nhead_bytes = \"1B\"\n\n[listener.tls]\ncertificate = \"no.crt\"\nkey = \"no.key\"\n",
    );
    let error = start(config::load(&site.file(), &[]).unwrap(), None, false).unwrap_err();
    let keys: Vec<_> = error.problems.iter().map(|problem| &*problem.key).collect();
    assert_eq!(
        keys,
        ["listener.limits.head_bytes", "listener.tls.certificate", "listener.tls.key"],
        "in the order of the file"
    );
}

#[tokio::test]
async fn a_gateway_can_live_and_end_inside_a_runtime() {
    let site = Site::new();
    drop(site.start(false));
    let loaded =
        config::load(&site.file(), &[("listener.limits.head_bytes".to_owned(), "1B".to_owned())]).unwrap();
    start(loaded, None, false).unwrap_err();
}

#[test]
fn dropping_it_ends_it() {
    let site = Site::new();
    let running = site.start(false);
    let address = running.address;
    drop(running);
    assert!(TcpStream::connect(address).is_err());
}
