//! The real binary as a process of its own: for signals, file descriptors, memory and broken standard streams.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child as Process, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use gatecloak::testing::{RawClient, TempFolder};

use super::scene::{BOUND, wait_until};
use crate::wire::unused;

const FILE: &str = "gateway.toml";

/// A gateway process. It is killed when it is dropped.
pub(crate) struct Child {
    process: Process,
    folder: TempFolder,
    pub(crate) address: SocketAddr,
    pub(crate) ops: SocketAddr,
}

/// Where the standard streams go.
pub(crate) struct Streams {
    pub(crate) output: Stdio,
    pub(crate) error: Stdio,
}

impl Streams {
    pub(crate) fn quiet() -> Self {
        Self { output: Stdio::null(), error: Stdio::null() }
    }

    /// A disk without space.
    pub(crate) fn full() -> Self {
        let full = || File::create("/dev/full").expect("/dev/full").into();
        Self { output: full(), error: full() }
    }
}

impl Child {
    /// With this configuration, to which the addresses are added.
    pub(crate) fn start(toml: &str) -> Self {
        Self::start_with(toml, Streams::quiet(), "")
    }

    /// The same with these streams, and after these commands of a shell.
    pub(crate) fn start_with(toml: &str, streams: Streams, shell: &str) -> Self {
        let folder = TempFolder::new().expect("a folder");
        let [address, ops] = unused();
        folder.write("secret", "demo-gateway-secret\n").expect("written");
        folder
            .write("authorization.json", include_bytes!("../../../config/authorization.json"))
            .expect("written");
        folder.write(FILE, whole(toml, address, ops)).expect("written");
        let process = Command::new("sh")
            .args(["-c", &format!("{shell}\nexec \"$0\" serve --no-watch --config \"$1\"")])
            .arg(env!("CARGO_BIN_EXE_gatecloak"))
            .arg(folder.path().join(FILE))
            .stdin(Stdio::null())
            .stdout(streams.output)
            .stderr(streams.error)
            .spawn()
            .expect("a process");
        let child = Self { process, folder, address, ops };
        // The ops listener is the first of the two.
        wait_until("the start", || TcpStream::connect(child.address).is_ok());
        child
    }

    /// Writes other contents where its configuration is.
    pub(crate) fn configure(&self, toml: &str) {
        self.write(whole(toml, self.address, self.ops));
    }

    /// Writes this as its configuration, as it is.
    pub(crate) fn write(&self, bytes: impl AsRef<[u8]>) {
        self.folder.write(FILE, bytes).expect("written");
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join(FILE)
    }

    pub(crate) fn signal(&self, name: &str) {
        let number = self.process.id().to_string();
        let sent = Command::new("sh").args(["-c", "kill -\"$0\" \"$1\"", name, &number]).status();
        assert!(sent.expect("a shell").success());
    }

    /// How it ends, by itself.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait().expect("a status") {
                return status;
            }
            assert!(begin.elapsed() < BOUND, "it does not end");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }

    pub(crate) fn is_alive(&mut self) -> bool {
        self.process.try_wait().expect("a status").is_none()
    }

    /// A metric without labels.
    pub(crate) fn metric(&self, name: &str) -> f64 {
        let text = self.metrics();
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no `{name}` in {text}"))
    }

    pub(crate) fn metrics(&self) -> String {
        RawClient::get(self.ops, "/metrics", &[]).expect("metrics").text()
    }

    pub(crate) fn resident_mib(&self) -> f64 {
        self.metric("process_resident_memory_bytes") / f64::from(1 << 20)
    }

    pub(crate) fn take_error(&mut self) -> ChildStderr {
        self.process.stderr.take().expect("a pipe")
    }

    /// Closes this end of its standard output.
    pub(crate) fn close_output(&mut self) {
        drop(self.process.stdout.take());
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Whether a line with this text comes.
pub(crate) fn says(error: ChildStderr, text: &'static str) -> Arc<AtomicBool> {
    let said = Arc::<AtomicBool>::default();
    let found = Arc::clone(&said);
    std::thread::spawn(move || {
        for line in BufReader::new(error).lines().map_while(Result::ok) {
            if line.contains(text) {
                found.store(true, Ordering::Relaxed);
            }
        }
    });
    said
}

fn whole(toml: &str, address: SocketAddr, ops: SocketAddr) -> String {
    format!("[listener]\naddress = \"{address}\"\nworkers = 2\n[ops]\naddress = \"{ops}\"\n{toml}")
}
