//! A gateway on a free port, from a TOML string.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::Path;

use toml::{Table, Value};

use super::{DevIdp, TempFolder};
use crate::config::{self, LoadError};
use crate::server::{self, Running};

/// The file's name in the gateway's folder.
const FILE: &str = "gateway.toml";

/// The access log's name in the gateway's folder, unless the configuration says where it goes.
const ACCESS_LOG: &str = "access.log";

/// A running gateway with a folder of its own. It stops when it is dropped.
///
/// Unless the configuration says otherwise, both listeners are on free ports of loopback, there is one worker, and the access
/// log goes to a file.
#[derive(Debug)]
pub struct TestGateway {
    folder: TempFolder,
    running: Option<Running>,
    address: SocketAddr,
    ops_address: Option<SocketAddr>,
}

impl TestGateway {
    /// Starts one with the provider `demo`, which is `idp` with the demo realm, and the upstream `echo`; `rest` is what
    /// comes after these: routes, and further keys of any section.
    pub fn between(idp: &DevIdp, upstream: SocketAddr, rest: &str) -> Result<Self, LoadError> {
        let files: [(&str, &[u8]); 2] = [
            ("authorization.json", include_bytes!("../../config/authorization.json")),
            ("client-secret", include_bytes!("../../config/demo-client-secret")),
        ];
        Self::start_with(&Self::config(idp, upstream, rest), &files)
    }

    /// The configuration of [`TestGateway::between`], for a reload.
    pub fn config(idp: &DevIdp, upstream: SocketAddr, rest: &str) -> String {
        format!(
            "[providers.demo]\nissuer = \"{}\"\ninternal_url = \"{}\"\nclient_id = \"gateway\"\n\
             client_secret = \"file:client-secret\"\n\n\
             [providers.demo.authorization]\nsettings = \"authorization.json\"\n\n\
             [upstreams.echo]\nendpoints = [\"http://{upstream}\"]\n\n{rest}",
            idp.issuer(),
            idp.internal_url()
        )
    }

    /// Starts one.
    pub fn start(toml: &str) -> Result<Self, LoadError> {
        Self::start_with(toml, &[])
    }

    /// Starts one with further files beside its configuration: secrets, settings, certificates.
    pub fn start_with(toml: &str, files: &[(&str, &[u8])]) -> Result<Self, LoadError> {
        let folder = TempFolder::new().map_err(unwritable)?;
        for (name, contents) in files {
            folder.write(name, contents).map_err(unwritable)?;
        }
        let file = folder.write(FILE, on_loopback(toml)).map_err(unwritable)?;
        let loaded = config::load(&file, &[])?;
        let running = server::start(loaded, Some(file), false)?;
        let (address, ops_address) = (running.address, running.ops_address);
        Ok(Self { folder, running: Some(running), address, ops_address })
    }

    /// Where requests come in.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The ops listener, if there is one.
    pub fn ops_address(&self) -> Option<SocketAddr> {
        self.ops_address
    }

    /// The folder of its configuration.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes another file into its folder, whole.
    pub fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> io::Result<()> {
        self.folder.write(name, contents).map(|_| ())
    }

    /// Replaces the configuration and reloads it. On an error the old one stays in force.
    pub fn reload_with(&self, toml: &str) -> Result<(), LoadError> {
        self.folder.write(FILE, on_loopback(toml)).map_err(unwritable)?;
        self.reload()
    }

    /// Loads the configuration again as it is in the folder now.
    pub fn reload(&self) -> Result<(), LoadError> {
        self.running.as_ref().map_or(Ok(()), Running::reload)
    }

    /// The access log so far.
    pub fn access_log(&self) -> String {
        fs::read_to_string(self.folder.path().join(ACCESS_LOG)).unwrap_or_default()
    }

    /// Stops it, as SIGTERM does, and returns when it has stopped.
    pub fn stop(mut self) {
        if let Some(running) = self.running.take() {
            running.stop();
        }
    }
}

impl Drop for TestGateway {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop();
        }
    }
}

/// Fills in what a test does not say. What is no TOML is left alone: the loader shall find that.
fn on_loopback(toml: &str) -> String {
    let Ok(mut root) = toml.parse::<Table>() else { return toml.to_owned() };
    let log = Table::from_iter([("file".to_owned(), ACCESS_LOG.into())]);
    fill(&mut root, "listener", "address", "127.0.0.1:0");
    fill(&mut root, "listener", "workers", 1);
    // A test that leaves a connection open must not wait for it.
    fill(&mut root, "listener", "drain", "1s");
    fill(&mut root, "ops", "address", "127.0.0.1:0");
    fill(&mut root, "telemetry", "access_log", log);
    root.to_string()
}

fn fill(root: &mut Table, section: &str, key: &str, value: impl Into<Value>) {
    let section = root.entry(section).or_insert_with(|| Value::Table(Table::new()));
    if let Some(section) = section.as_table_mut() {
        section.entry(key).or_insert(value.into());
    }
}

fn unwritable(error: io::Error) -> LoadError {
    let problem = config::Problem::new("", format!("the test's folder cannot be written: {error}"));
    LoadError { file: FILE.into(), text: String::new(), problems: vec![problem] }
}

#[cfg(test)]
mod tests;
