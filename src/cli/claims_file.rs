//! Claims in a file: who a question is about, without a token.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use serde_json::{Map, Value};

use crate::config::file_error;

/// The most that is read.
const MOST_BYTES: u64 = 1024 * 1024;

/// Reads a JSON object. `-` is standard input.
///
/// An answer of an introspection endpoint, or a token's payload, is such an object. The error says what is wrong.
pub(super) fn read(path: &Path) -> Result<String, String> {
    let wrong = |fact: String| format!("`{}`: {fact}", path.display());
    let text = text(path).map_err(|error| wrong(format!("cannot be read: {}", file_error(&error))))?;
    if text.len() as u64 > MOST_BYTES {
        return Err(wrong("larger than 1 MiB".to_owned()));
    }
    match serde_json::from_str::<Map<String, Value>>(&text) {
        Ok(_) => Ok(text),
        Err(error) => {
            Err(wrong(format!("is not a JSON object: line {}, column {}", error.line(), error.column())))
        }
    }
}

/// The text of a file, up to a little more than may be read.
pub(super) fn text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    if path == Path::new("-") {
        io::stdin().lock().take(MOST_BYTES + 1).read_to_string(&mut text)?;
    } else {
        File::open(path)?.take(MOST_BYTES + 1).read_to_string(&mut text)?;
    }
    Ok(text)
}
