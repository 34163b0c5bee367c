//! One Keycloak for the whole run.

use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::OnceLock;
use std::time::Duration;

use super::admin::Admin;
use super::process::{self, End, Place};

/// A Keycloak that answers.
pub(crate) struct Keycloak {
    pub(crate) url: String,
    pub(crate) admin: Admin,
}

impl Keycloak {
    /// The same server by way of a proxy: its realms have other issuers. The administrator does not go that way.
    pub(crate) fn by_way_of(&self, proxy: SocketAddr) -> &'static Self {
        Box::leak(Box::new(Self { url: format!("http://{proxy}"), admin: self.admin.again() }))
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        let host = self.url.strip_prefix("http://").expect("a server without TLS");
        host.to_socket_addrs().expect("its address").next().expect("an address")
    }
}

/// The server of this run; `None`, said loudly, where there is none and none is required.
pub(crate) fn keycloak() -> Option<&'static Keycloak> {
    static KEYCLOAK: OnceLock<Option<Keycloak>> = OnceLock::new();
    let found = || or_left_out("the tests against a real Keycloak", "KEYCLOAK_HOME, or KEYCLOAK_URL", find());
    KEYCLOAK.get_or_init(found).as_ref()
}

/// What these tests need; `None`, said loudly, where it cannot be had and is not required.
pub(super) fn or_left_out<T>(tests: &str, or: &str, found: Result<T, String>) -> Option<T> {
    let reason = match found {
        Ok(found) => return Some(found),
        Err(reason) => reason,
    };
    let required = std::env::var("GATECLOAK_KEYCLOAK").is_ok_and(|value| value == "required");
    assert!(!required, "{tests} are required: {reason}");
    process::say(&format!(
        "\n*** LEFT OUT: {tests} did not run: {reason}\n\
         *** They need a JDK (17 or later) and Maven, or {or}.\n\n"
    ));
    None
}

fn find() -> Result<Keycloak, String> {
    if let Ok(url) = std::env::var("KEYCLOAK_URL") {
        let user = std::env::var("KEYCLOAK_ADMIN").unwrap_or_else(|_| "admin".to_owned());
        let password = std::env::var("KEYCLOAK_ADMIN_PASSWORD").unwrap_or_else(|_| "admin".to_owned());
        let url = url.trim_end_matches('/').to_owned();
        return Ok(Keycloak { admin: Admin::login(&url, &user, &password), url });
    }
    // With an empty database, which goes when the server does.
    let data = tempfile::tempdir().map_err(|error| error.to_string())?.keep();
    let place = Place::at(data);
    let process = place.start(process::home()?, End::Stop, Duration::from_secs(240))?;
    // Never dropped: it ends with this process.
    Box::leak(Box::new(process));
    let url = place.url();
    Ok(Keycloak { admin: Admin::login(&url, "admin", "admin"), url })
}
