//! The program, called as a person or a container does, in a folder of its own.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::admin::Scene;

/// A folder, and the server's administrator in the environment.
pub(super) struct Bench {
    pub(super) scene: Scene,
    folder: tempfile::TempDir,
}

/// What a command said, and how it ended.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) code: i32,
    pub(super) data: String,
    pub(super) talk: String,
}

impl Bench {
    pub(super) fn new() -> Option<Self> {
        Some(Self { scene: Scene::new()?, folder: tempfile::tempdir().expect("a folder") })
    }

    pub(super) fn write(&self, name: &str, text: &str) -> PathBuf {
        let file = self.folder.path().join(name);
        std::fs::write(&file, text).expect("a file");
        file
    }

    pub(super) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).expect("a file")
    }

    /// A gateway's configuration in `gatecloak.toml`, with a login of this kind.
    pub(super) fn configure(&self, login: &str, more: &str) {
        let (url, realm) = (&self.scene.url, &self.scene.name);
        self.write(
            "gatecloak.toml",
            &format!(
                r#"
                [listener]
                address = "127.0.0.1:0"
                [ops]
                address = "127.0.0.1:0"
                [providers.main]
                issuer = "{url}/realms/{realm}"
                client_id = "gateway"
                client_secret = "file:client-secret"
                [upstreams.app]
                endpoints = ["http://127.0.0.1:9"]
                [bootstrap]
                secret_file = "client-secret"
                wait = "5s"
                {more}
                [bootstrap.login]
                {login}
                [routes.orders]
                path = "/orders/*"
                require = {{ permission = {{ resource = "Orders", scopes = ["view"] }} }}
                "#
            ),
        );
    }

    /// The words after `gatecloak`.
    pub(super) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gatecloak"));
        command
            .args(words)
            .current_dir(self.folder.path())
            .env_clear()
            .env("GATECLOAK_ADMIN_SERVER", &self.scene.url)
            .env("GATECLOAK_ADMIN_USER", variable("KEYCLOAK_ADMIN"))
            .env("GATECLOAK_ADMIN_PASSWORD", variable("KEYCLOAK_ADMIN_PASSWORD"));
        command
    }

    pub(super) fn say(&self, words: &[&str]) -> Said {
        let output = self.command(words).stdin(Stdio::null()).output().expect("an end");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Said {
            code: output.status.code().expect("no signal"),
            data: text(output.stdout),
            talk: text(output.stderr),
        }
    }
}

impl Said {
    /// What was said, if it ended so.
    pub(super) fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }
}

/// A process that does not outlive its test.
pub(super) struct Running(pub(super) Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The administrator's name and password, both `admin` where nothing else is said.
pub(super) const ADMIN: &str = r#"realm = "master"
                username = "admin"
                password = "env:GATECLOAK_ADMIN_PASSWORD""#;

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| "admin".to_owned())
}
