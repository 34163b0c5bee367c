//! Where lines go.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Somewhere to write whole lines to.
pub(in crate::telemetry) trait Sink: Send {
    fn write(&mut self, lines: &[u8]) -> io::Result<()>;

    /// Opens it again, if it can be opened; on error it stays as it was.
    fn reopen(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A stream of the process. Its reader may have gone, which is an error at every write and no more than that.
pub(in crate::telemetry) enum StandardStream {
    Output,
    Error,
}

impl Sink for StandardStream {
    fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        match self {
            Self::Output => {
                let mut stream = io::stdout().lock();
                stream.write_all(lines)?;
                stream.flush()
            }
            Self::Error => io::stderr().lock().write_all(lines),
        }
    }
}

/// A file, appended to.
pub(in crate::telemetry) struct FileSink {
    path: PathBuf,
    file: File,
}

impl FileSink {
    pub(in crate::telemetry) fn open(path: PathBuf) -> io::Result<Self> {
        let file = append_to(&path)?;
        Ok(Self { path, file })
    }
}

impl Sink for FileSink {
    fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        self.file.write_all(lines)
    }

    fn reopen(&mut self) -> io::Result<()> {
        self.file = append_to(&self.path)?;
        Ok(())
    }
}

fn append_to(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).open(path)
}
