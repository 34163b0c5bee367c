//! The stored login: where, as whom, and a refresh token; never a password.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What `gatecloak admin login` stores.
#[derive(Deserialize, Serialize)]
pub(super) struct Context {
    pub(super) server: String,
    /// The realm that commands act on where they name none.
    pub(super) realm: String,
    pub(super) login_realm: String,
    pub(super) client_id: String,
    pub(super) refresh_token: String,
    /// The authorities that the server is known by, if not the system's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ca: Option<PathBuf>,
}

impl Context {
    /// The stored one; `None` if there is none. One that others may read is refused.
    pub(super) fn load() -> Result<Option<Self>, String> {
        let path = path()?;
        let shown = path.display();
        let mode = match fs::metadata(&path) {
            Ok(file) => file.permissions().mode(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(format!("`{shown}` cannot be read: {error}")),
        };
        if mode & 0o077 != 0 {
            return Err(format!("`{shown}` holds a login and others may read it\nhint: `chmod 600 {shown}`"));
        }
        let text = fs::read_to_string(&path).map_err(|error| format!("`{shown}` cannot be read: {error}"))?;
        let context = serde_json::from_str(&text).map_err(|_| {
            format!("`{shown}` is not a stored login\nhint: `gatecloak admin login` makes a new one")
        });
        context.map(Some)
    }

    /// Stores it in place of another; nobody else can read it at any time.
    pub(super) fn store(&self) -> Result<PathBuf, String> {
        let path = path()?;
        let shown = path.display();
        self.write(&path).map_err(|error| format!("`{shown}` cannot be written: {error}"))?;
        Ok(path)
    }

    /// Removes the stored one.
    pub(super) fn remove() -> Result<(), String> {
        let path = path()?;
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(format!("`{}` cannot be removed: {error}", path.display()))
            }
            _ => Ok(()),
        }
    }

    fn write(&self, path: &std::path::Path) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        let new = path.with_extension(format!("{}.new", std::process::id()));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
        let written = serde_json::to_vec(self)
            .map_err(io::Error::from)
            .and_then(|text| file.write_all(&text))
            .and_then(|()| file.sync_all())
            .and_then(|()| fs::rename(&new, path));
        if written.is_err() {
            // What is half written is of no use to anybody.
            let _ = fs::remove_file(&new);
        }
        written
    }
}

/// `gatecloak/admin.json` in the user's folder of settings.
fn path() -> Result<PathBuf, String> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = absolute("XDG_CONFIG_HOME").or_else(|| absolute("HOME").map(|home| home.join(".config")));
    let folder = folder.ok_or("there is no home folder\nhint: set `HOME` or `XDG_CONFIG_HOME`")?;
    Ok(folder.join("gatecloak").join("admin.json"))
}
