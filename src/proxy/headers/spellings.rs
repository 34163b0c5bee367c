//! Every spelling of some header names.

use http::{HeaderMap, HeaderName};

/// Names of header fields, each in all of its spellings: `X-User-Id` is also `x_user_id`, `X.User-ID` and `X!User~Id`,
/// because some upstreams take whatever is neither a letter nor a digit for the same (CGI variables, for one).
#[derive(Clone, Debug, Default)]
pub struct Spellings {
    /// In lower case with dashes.
    names: Vec<Box<[u8]>>,
    /// A bit for each length that a name has, modulo 64: most headers of most requests stop here.
    lengths: u64,
}

impl Spellings {
    /// For these names, in any spelling.
    pub fn new<N: AsRef<str>>(names: impl IntoIterator<Item = N>) -> Self {
        let mut spellings = Self::default();
        for name in names {
            let name: Box<[u8]> = name.as_ref().bytes().map(fold).collect();
            if !spellings.names.contains(&name) {
                spellings.lengths |= bit(name.len());
                spellings.names.push(name);
            }
        }
        spellings
    }

    /// Whether this is a spelling of one of the names.
    pub fn contains(&self, name: &str) -> bool {
        self.lengths & bit(name.len()) != 0
            && self.names.iter().any(|known| {
                known.len() == name.len()
                    && known.iter().zip(name.bytes()).all(|(known, byte)| *known == fold(byte))
            })
    }

    /// Removes all of them. One pass over the names if there are none.
    pub fn remove(&self, headers: &mut HeaderMap) {
        remove_where(headers, |name| self.contains(name.as_str()));
    }
}

/// Removes the fields whose name is like this.
pub(super) fn remove_where(headers: &mut HeaderMap, unwanted: impl Fn(&HeaderName) -> bool) {
    // Does not allocate while it is empty.
    let found: Vec<HeaderName> = headers.keys().filter(|name| unwanted(name)).cloned().collect();
    for name in found {
        headers.remove(name);
    }
}

/// Lower case, and one separator for all.
pub(super) fn fold(byte: u8) -> u8 {
    if byte.is_ascii_alphanumeric() { byte.to_ascii_lowercase() } else { b'-' }
}

fn bit(length: usize) -> u64 {
    1 << (length & 63)
}

#[cfg(test)]
mod tests;
