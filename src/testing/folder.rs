//! A folder that is gone when its handle is dropped.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A fresh folder for one test or one demo, readable by its owner alone and removed on drop.
#[derive(Debug)]
pub struct TempFolder {
    path: PathBuf,
}

impl TempFolder {
    /// Makes one under the system's folder for temporary files.
    pub fn new() -> io::Result<Self> {
        let path =
            std::env::temp_dir().join(format!("gatecloak-{}-{:016x}", std::process::id(), fastrand::u64(..)));
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt as _;
            builder.mode(0o700);
        }
        builder.create(&path)?;
        Ok(Self { path })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file (whole, or not at all: readers never see a half) and says where it is.
    pub fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> io::Result<PathBuf> {
        let path = self.path.join(name);
        let fresh = self.path.join(format!(".{name}.new"));
        fs::write(&fresh, contents)?;
        fs::rename(&fresh, &path)?;
        Ok(path)
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}
