//! A file of what is done, so that a run that was broken off goes on where it was.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::Path;

/// A file with the key of each item that is done, one a line as a JSON text.
#[derive(Debug)]
pub struct Journal {
    file: File,
    known: HashSet<String>,
}

impl Journal {
    /// Opens the file, or makes it.
    ///
    /// A last line that was not written to its end is dropped: its item is done once more. An error is one of the file
    /// system, or a line that is no JSON text: the file is not a journal, and is left as it is.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        let (mut known, mut whole) = (HashSet::new(), 0);
        let mut lines = BufReader::new(&file);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 && line.ends_with(b"\n") {
            let key = serde_json::from_slice(&line)
                .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "the file is not a journal"))?;
            known.insert(key);
            whole += line.len() as u64;
            line.clear();
        }
        if !line.is_empty() {
            // Part of a key, whose quotation mark must be there.
            if !line.starts_with(b"\"") {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "the file is not a journal"));
            }
            file.set_len(whole)?;
        }
        Ok(Self { file, known })
    }

    /// How many items are done.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// The keys that were there when it was opened.
    pub(super) fn take_known(&mut self) -> HashSet<String> {
        std::mem::take(&mut self.known)
    }

    /// Adds a key, in one write.
    pub(super) fn add(&mut self, key: &str) -> io::Result<()> {
        let line = format!("{}\n", serde_json::Value::from(key));
        self.file.write_all(line.as_bytes())
    }
}
