//! Large bodies cost the gateway, in a process of its own, no memory that grows with them.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use gatecloak::testing::{EchoUpstream, RawClient, TempFolder};

use super::exposition::Exposition;
use crate::wire::eventually;

/// A gateway in a process of its own, which does not outlive its test.
struct Process {
    child: Child,
    address: SocketAddr,
    ops: SocketAddr,
    _folder: TempFolder,
}

impl Process {
    fn start(upstream: &EchoUpstream) -> Self {
        let folder = TempFolder::new().expect("a folder");
        let (address, ops) = (free(), free());
        let toml = format!(
            "[listener]\naddress = \"{address}\"\nworkers = 2\n[ops]\naddress = \"{ops}\"\n\
             [telemetry.access_log]\nenabled = false\n[upstreams.echo]\nendpoints = [\"http://{}\"]\n\
             [routes.all]\npath = \"/*\"\nrequire = \"public\"\nlimits.body_bytes = 0\n",
            upstream.address()
        );
        let file = folder.write("gateway.toml", toml).expect("written");
        let mut child = Command::new(env!("CARGO_BIN_EXE_gatecloak"))
            .arg("serve")
            .arg("--config")
            .arg(file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let talk = child.stderr.take().expect("a pipe");
        std::thread::spawn(move || BufReader::new(talk).lines().for_each(drop));
        let process = Self { child, address, ops, _folder: folder };
        eventually("the gateway answers", || RawClient::get(ops, "/healthz", &[]).is_ok());
        process
    }

    /// Bytes of memory in use.
    fn resident(&self) -> f64 {
        let text = RawClient::get(self.ops, "/metrics", &[]).expect("an answer").text();
        Exposition::parse(&text).value("process_resident_memory_bytes", &[])
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address")
}

const BODY: usize = 64 << 20;
const CLIENTS: usize = 4;
/// For all clients together, an eighth of what passes.
const GROWTH: f64 = 32.0 * (1 << 20) as f64;

/// Runs clients at once, and gives back by how much the memory grew at most meanwhile.
fn growth(process: &Process, client: impl Fn() + Sync) -> f64 {
    client();
    let before = process.resident();
    let over = AtomicBool::new(false);
    let highest = std::thread::scope(|scope| {
        let watching = scope.spawn(|| {
            let mut highest = before;
            while !over.load(Ordering::Relaxed) {
                highest = highest.max(process.resident());
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            highest
        });
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(&client)).collect();
        let ended = clients.into_iter().map(|client| client.join()).collect::<Vec<_>>();
        over.store(true, Ordering::Relaxed);
        assert!(ended.iter().all(Result::is_ok), "a client failed");
        watching.join().expect("a number")
    });
    highest - before
}

#[test]
fn large_bodies_pass_in_little_memory() {
    let upstream = EchoUpstream::start().expect("an upstream");
    let process = Process::start(&upstream);
    let grown = growth(&process, || {
        let path = format!("/big/{BODY}");
        let answer = RawClient::get(process.address, &path, &[]).expect("an answer");
        assert!(answer.complete && answer.body.len() == BODY);
    });
    assert!(grown < GROWTH, "downloads: {:.1} MiB", grown / (1 << 20) as f64);
    let body = vec![b'x'; BODY];
    let grown = growth(&process, || {
        let answer = RawClient::request(process.address, "POST", "/x", &[], &body).expect("an answer");
        assert_eq!(answer.json().expect("the echo")["body_bytes"], BODY);
    });
    assert!(grown < GROWTH, "uploads: {:.1} MiB", grown / (1 << 20) as f64);
}
