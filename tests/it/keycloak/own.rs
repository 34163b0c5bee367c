//! A Keycloak of one test.

use std::path::Path;
use std::time::Duration;

use gatecloak::connection::{ClientProof, Login, LoginGrant};
use tempfile::TempDir;

use super::process::{self, End, Place, Process};
use super::server::or_left_out;

/// The longest that a start may take.
const LONGEST: Duration = Duration::from_secs(120);

/// A server with an empty database, that can be killed and started again. It ends with the test, however that ends.
pub(crate) struct OwnKeycloak {
    home: &'static Path,
    place: Place,
    // Before its data.
    process: Option<Process>,
    _data: TempDir,
}

impl OwnKeycloak {
    /// Starts it; `None`, said loudly, where there is nothing to start and that is not required.
    pub(crate) fn start() -> Option<Self> {
        let home =
            or_left_out("the tests that kill a Keycloak of their own", "KEYCLOAK_HOME", process::home())?;
        let data = tempfile::tempdir().expect("a folder");
        let place = Place::at(data.path().to_owned());
        let mut server = Self { home, place, process: None, _data: data };
        or_left_out("the tests that kill a Keycloak of their own", "KEYCLOAK_HOME", server.start_again())?;
        Some(server)
    }

    pub(crate) fn url(&self) -> String {
        self.place.url()
    }

    /// Its administrator.
    pub(crate) fn login(&self) -> Login {
        Login {
            realm: "master".to_owned(),
            client_id: "admin-cli".to_owned(),
            proof: ClientProof::Public,
            grant: LoginGrant::Password {
                username: "admin".to_owned(),
                password: "admin".into(),
                totp: None,
            },
            scope: String::new(),
        }
    }

    /// `kill -9`; it is gone when this comes back.
    pub(crate) fn kill(&mut self) {
        drop(self.process.take().expect("a server that runs"));
    }

    /// Starts it at the same address, with the data that are there.
    pub(crate) fn start_again(&mut self) -> Result<(), String> {
        self.process = Some(self.place.start(self.home, End::Kill, LONGEST)?);
        Ok(())
    }
}
