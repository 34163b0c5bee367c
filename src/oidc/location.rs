//! Where a realm is: at its issuer, and perhaps at an internal URL.

use url::Url;

use crate::config::{Problem, ProviderConfig};

/// The realm's issuer, and the URL it is reached at.
#[derive(Debug)]
pub(super) struct RealmLocation {
    issuer: String,
    public: Url,
    internal: Option<Url>,
}

impl RealmLocation {
    /// From `[providers.NAME]`.
    pub(super) fn parse(key: &str, config: &ProviderConfig) -> Result<Self, Vec<Problem>> {
        let public = realm_url(&format!("{key}.issuer"), &config.issuer);
        let internal = config.internal_url.as_ref().map(|url| realm_url(&format!("{key}.internal_url"), url));
        match (public, internal.transpose()) {
            (Ok(public), Ok(internal)) => Ok(Self { issuer: config.issuer.clone(), public, internal }),
            (public, internal) => Err([public.err(), internal.err()].into_iter().flatten().collect()),
        }
    }

    /// The issuer, as configured.
    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Whether calls to the realm are encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.base().scheme() == "https"
    }

    /// The address of `.well-known/DOCUMENT`, at the internal URL if there is one.
    pub(super) fn well_known(&self, document: &str) -> Url {
        let mut url = self.base().clone();
        url.set_path(&format!("{}/.well-known/{document}", path(self.base())));
        url
    }

    /// An endpoint as the realm's document names it, as the address that is called.
    ///
    /// The document does not decide where tokens and secrets are sent: an origin that is neither the issuer's nor the
    /// internal URL's is an error, and with an internal URL the call goes there.
    pub(super) fn endpoint(&self, text: &str) -> Result<Url, String> {
        let mut url = Url::parse(text).map_err(|error| format!("it is not a URL: {error}"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("it holds a user name or a password".to_owned());
        }
        url.set_fragment(None);
        let is_public = url.origin() == self.public.origin();
        let Some(internal) = &self.internal else {
            return if is_public { Ok(url) } else { Err("its origin is not the issuer's".to_owned()) };
        };
        let is_internal = url.origin() == internal.origin();
        if is_internal && (!is_public || under(path(internal), url.path()).is_some()) {
            return Ok(url);
        }
        if !is_public {
            return Err("its origin is neither the issuer's nor that of `internal_url`".to_owned());
        }
        let mut moved = internal.clone();
        match under(path(&self.public), url.path()) {
            Some(rest) => moved.set_path(&format!("{}{rest}", path(internal))),
            None => moved.set_path(url.path()),
        }
        moved.set_query(url.query());
        Ok(moved)
    }

    /// An address of the Admin API under this realm. The error: the realm is not at `/realms/NAME`.
    pub(super) fn admin(&self, segments: &[&str]) -> Result<Url, String> {
        let mut url = self.base().clone();
        let (folder, realm) = split_realm(self.base().path())
            .ok_or("the realm's URL does not end in `/realms/NAME`, so that its admin api is not known")?;
        url.set_path(&format!("{folder}/admin/realms/{realm}"));
        url.path_segments_mut().map_err(|()| "the realm's URL has no path")?.extend(segments);
        Ok(url)
    }

    fn base(&self) -> &Url {
        self.internal.as_ref().unwrap_or(&self.public)
    }

    /// What to do about a document whose issuer is another one.
    pub(super) fn issuer_hint(&self, found: &str) -> String {
        let at_internal = match (&self.internal, Url::parse(found)) {
            (Some(internal), Ok(found)) => found.origin() == internal.origin(),
            _ => false,
        };
        if at_internal {
            "Keycloak derives its issuer from the URL it is asked at; set its `hostname` option to the public URL and \
             `hostname-backchannel-dynamic` to `true`"
                .to_owned()
        } else {
            "set `issuer` to exactly this text if this is the realm you mean".to_owned()
        }
    }
}

fn realm_url(key: &str, text: &str) -> Result<Url, Problem> {
    let problem = |message: String| {
        Err(Problem::new(key, message).hint("a realm of Keycloak is at `https://HOST/realms/NAME`"))
    };
    let url = match Url::parse(text) {
        Ok(url) => url,
        Err(error) => return problem(format!("`{text}` is not a URL: {error}")),
    };
    if !matches!(url.scheme(), "http" | "https") {
        return problem(format!("`{text}` is neither an `https` nor an `http` URL"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return problem("the URL holds a user name or a password".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return problem(format!("`{text}` has a query or a fragment"));
    }
    Ok(url)
}

/// What is before `/realms/NAME` in the URL of a realm, and the name, percent-encoded as it stands there. `None`: the URL does
/// not end so, with or without a slash.
pub(crate) fn split_realm(url: &str) -> Option<(&str, &str)> {
    let (before, name) = url.trim_end_matches('/').rsplit_once("/realms/")?;
    (!name.is_empty() && !name.contains('/')).then_some((before, name))
}

/// The name in the URL of a realm.
pub(crate) fn realm_name(url: &str) -> Option<String> {
    let (_, name) = split_realm(url)?;
    Some(percent_encoding::percent_decode_str(name).decode_utf8_lossy().into_owned())
}

/// The path without a slash at its end, so that a path can be appended.
fn path(url: &Url) -> &str {
    url.path().trim_end_matches('/')
}

/// What of `path` comes after `folder`: empty, or a text that starts with a slash.
fn under<'a>(folder: &str, path: &'a str) -> Option<&'a str> {
    path.strip_prefix(folder).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests;
