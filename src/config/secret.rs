//! Secrets are named in the file, never written in it: `file:/run/secrets/x` or `env:NAME`.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use zeroize::Zeroizing;

use super::file_error;

/// Where a secret is to be read: `file:PATH` (one trailing line break is cut), `env:NAME`, or
/// `json:PATH#/a/b`, a text in a JSON file.
///
/// A secret written out in the file is refused, so that the file can be shown to anyone.
#[derive(Clone, PartialEq, Eq)]
pub enum SecretRef {
    /// An environment variable of this name.
    Env(String),
    /// A file; a relative path starts at the folder of the configuration file.
    File(PathBuf),
    /// A text in a JSON file, by its JSON pointer (RFC 6901).
    Json(PathBuf, String),
}

/// The largest secret that is read.
const MOST_BYTES: u64 = 64 * 1024;

impl SecretRef {
    /// Reads the secret; a relative path starts at `folder`. One trailing line break is cut.
    ///
    /// An error names the reference and never a part of what was read: the secret is not there, cannot be read, is not
    /// UTF-8, is empty, or is larger than 64 KiB.
    pub fn read(&self, folder: &Path) -> Result<SecretString, String> {
        let refused = |why: &str| format!("the secret `{self}` {why}");
        let bytes = match self {
            Self::Env(name) => {
                std::env::var_os(name).ok_or_else(|| refused("is not set"))?.into_encoded_bytes()
            }
            Self::File(path) | Self::Json(path, _) => read_file(&folder.join(path))
                .map_err(|error| refused(&format!("cannot be read: {}", file_error(&error))))?,
        };
        let bytes = Zeroizing::new(bytes);
        if bytes.len() as u64 > MOST_BYTES {
            return Err(refused("is larger than 64 KiB"));
        }
        if let Self::Json(_, pointer) = self {
            let text = json_text(&bytes, pointer).ok_or_else(|| refused("is no text of a JSON file"))?;
            return if text.is_empty() { Err(refused("is empty")) } else { Ok(SecretString::from(text)) };
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| refused("is not UTF-8"))?;
        let text = text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
        if text.is_empty() {
            return Err(refused("is empty"));
        }
        Ok(SecretString::from(text))
    }
}

fn json_text(bytes: &[u8], pointer: &str) -> Option<String> {
    let mut value: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    match value.pointer_mut(pointer)?.take() {
        serde_json::Value::String(text) => Some(text),
        _ => None,
    }
}

fn read_file(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl fmt::Display for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(f, "env:{name}"),
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Json(path, pointer) => write!(f, "json:{}#{pointer}", path.display()),
        }
    }
}

impl fmt::Debug for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for SecretRef {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some(("env", name)) if !name.is_empty() => Ok(Self::Env(name.to_owned())),
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(PathBuf::from(path))),
            Some(("json", place)) => match place.rsplit_once('#') {
                Some((path, pointer)) if !path.is_empty() && pointer.starts_with('/') => {
                    Ok(Self::Json(PathBuf::from(path), pointer.to_owned()))
                }
                _ => Err("expected `json:PATH#/MEMBER`, a JSON file and the place of a text in it"),
            },
            // The text may be the secret itself, so it is not repeated.
            _ => Err("expected a reference to a secret, `file:PATH` or `env:NAME`, not the secret itself"),
        }
    }
}

impl<'de> Deserialize<'de> for SecretRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl Serialize for SecretRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "cli")]
impl schemars::JsonSchema for SecretRef {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SecretRef".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^(env|file|json):.+$", "examples": ["file:/run/secrets/client", "env:CLIENT_SECRET"] })
    }
}

#[cfg(test)]
mod tests;
