//! Paths and where they lead.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

/// All but the unreserved characters of RFC 3986: Keycloak answers 400 to letters that need no encoding, and to a `;` that
/// is not encoded.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A text as one segment of a path: a name with `/`, `;`, `%`, blanks or letters beyond ASCII stays one segment.
pub fn encode_segment(text: &str) -> String {
    match text {
        // A dot segment or an empty one would be taken away on the way, and the call would mean the folder above: these
        // lead nowhere instead.
        "" => "%00".to_owned(),
        "." | ".." => text.replace('.', "%252E"),
        _ => utf8_percent_encode(text, SEGMENT).to_string(),
    }
}

/// The base of all calls, always with a slash at the end.
pub(super) fn base(text: &str) -> Result<Url, String> {
    // Before anything repeats the text: it can hold a password.
    let shown = if text.contains('@') { "the server's address" } else { &format!("`{text}`") };
    let mut url = Url::parse(text).map_err(|error| format!("{shown} is not a URL: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(format!("{shown} is not an http or https URL"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the server's URL must not hold a user name or a password".to_owned());
    }
    url.set_query(None);
    url.set_fragment(None);
    let path = format!("{}/", join(url.path()).trim_end_matches('/'));
    url.set_path(&path);
    Ok(url)
}

/// A path below the base. A query may be at its end.
pub(super) fn below(base: &Url, path: &str) -> Url {
    let (path, query) = match path.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (path, None),
    };
    let mut url = base.clone();
    url.set_path(&join(&format!("{}{}", base.path(), path)));
    url.set_query(query);
    url
}

/// Without doubled slashes, which Keycloak refuses.
fn join(path: &str) -> String {
    let mut joined = String::with_capacity(path.len());
    for part in path.chars() {
        if part != '/' || !joined.ends_with('/') {
            joined.push(part);
        }
    }
    joined
}
