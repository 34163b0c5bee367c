//! Everything that the demo runs, on ports of one's choice.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::thread;
use std::time::{Duration, Instant};

use super::issuer::Issuer;
use super::taken;
use crate::config::{self, LoadError, Problem};
use crate::server::{self, Running};
use crate::testing::{EchoUpstream, RawClient, TempFolder};

pub(super) const CONFIG: &str = include_str!("../../../config/demo.toml");
const SETTINGS: &str = include_str!("../../../config/authorization.json");
const SECRET: &str = include_str!("../../../config/demo-client-secret");

/// What a port can be changed with.
const HINT: &str = "another demo may be running; choose other ports with `--port-base`";

/// How long the gateway may take to fetch the realm's keys.
const READY_WITHIN: Duration = Duration::from_secs(10);

/// The ports; 0 takes a free one.
#[derive(Debug)]
pub(super) struct Ports {
    pub(super) gateway: u16,
    pub(super) issuer: u16,
    pub(super) upstream: u16,
    pub(super) ops: u16,
}

impl Ports {
    /// Found out before anything runs: workers share their port, so a second gateway would start without an error.
    pub(super) fn check(&self) -> Result<(), StartError> {
        for (what, port) in [("the gateway", self.gateway), ("the ops listener", self.ops)] {
            TcpListener::bind(at(port)).map_err(failed(what, port))?;
        }
        Ok(())
    }

    /// The development issuer on its port.
    pub(super) fn dev_issuer(&self) -> Result<Issuer, StartError> {
        Issuer::dev(at(self.issuer)).map_err(failed("the issuer", self.issuer))
    }
}

/// Why the demo does not start.
pub(super) enum StartError {
    /// An address cannot be had.
    Taken(String),
    /// There is no realm to be had.
    Realm(String),
    /// The gateway does not take its configuration.
    Config(LoadError),
}

/// The running demo.
pub(super) struct Stage {
    pub(super) gateway: SocketAddr,
    pub(super) ops: Option<SocketAddr>,
    upstream: EchoUpstream,
    running: Running,
    /// Holds the files that the gateway reads.
    _folder: TempFolder,
}

impl Stage {
    /// Starts upstream and gateway, in this order, and waits until the gateway has the realm's keys.
    pub(super) fn start(ports: &Ports, issuer: &Issuer, access_log: bool) -> Result<Self, StartError> {
        let upstream = EchoUpstream::start_at(at(ports.upstream), "echo")
            .map_err(failed("the upstream", ports.upstream))?;

        let adapted = CONFIG
            .replace("issuer = \"http://127.0.0.1:8180/realms/demo\"", &issuer.setting())
            .replace("127.0.0.1:8181", &upstream.address().to_string())
            .replace("127.0.0.1:8080", &at(ports.gateway).to_string())
            .replace("127.0.0.1:9090", &at(ports.ops).to_string());
        let unwritable =
            |error: io::Error| StartError::Taken(format!("a temporary folder cannot be written: {error}"));
        let folder = TempFolder::new().map_err(unwritable)?;
        folder.write("authorization.json", SETTINGS).map_err(unwritable)?;
        folder.write("demo-client-secret", SECRET).map_err(unwritable)?;
        let file = folder.write("demo.toml", &adapted).map_err(unwritable)?;
        // Without the environment: its settings are meant for a gateway of one's own.
        let mut loaded = config::load_text(&file, adapted, [], &[]).map_err(StartError::Config)?;
        loaded.config.telemetry.access_log.enabled = access_log;
        let running = server::start(loaded, None, false).map_err(StartError::Config)?;
        let (gateway, ops) = (running.address, running.ops_address);
        let stage = Self { gateway, ops, upstream, running, _folder: folder };
        if stage.wait_until_ready() {
            return Ok(stage);
        }
        stage.stop();
        let problem = Problem::new("providers.demo", "the gateway got no keys from the issuer");
        Err(StartError::Config(LoadError { file, text: String::new(), problems: vec![problem] }))
    }

    pub(super) fn upstream_address(&self) -> SocketAddr {
        self.upstream.address()
    }

    /// The gateway first, so that no call is cut off behind it.
    pub(super) fn stop(self) {
        self.running.stop();
    }

    fn wait_until_ready(&self) -> bool {
        let Some(ops) = self.ops else { return true };
        let end = Instant::now() + READY_WITHIN;
        while Instant::now() < end {
            if RawClient::get(ops, "/readyz", &[]).is_ok_and(|answer| answer.status == 200) {
                return true;
            }
            thread::sleep(Duration::from_millis(20));
        }
        false
    }
}

fn at(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

fn failed(what: &'static str, port: u16) -> impl FnOnce(io::Error) -> StartError {
    move |error| StartError::Taken(taken(what, at(port), &error, HINT))
}
