//! The client: a login, and the ways into the API.

use super::location::Location;
use super::realm::Realm;
use super::realms::Realms;
use crate::connection::{CallError, Connection, ConnectionSettings, Login, Session};

/// The Admin REST API of one server, with one login. Clones share the connections and the token.
#[derive(Clone, Debug)]
pub struct AdminClient {
    session: Session,
}

impl AdminClient {
    /// Makes no call; the first one logs in.
    pub fn new(session: Session) -> Self {
        Self { session }
    }

    /// Opens a connection of its own. Makes no call; an error says which setting is wrong.
    pub fn connect(settings: ConnectionSettings, login: Login) -> Result<Self, CallError> {
        Ok(Self::new(Session::new(Connection::open(settings)?, login)))
    }

    /// The login, for calls that this client has no method for.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// A realm by its name; makes no call.
    ///
    /// No call; python-keycloak `get_current_realm`, `change_current_realm`
    pub fn realm(&self, name: &str) -> Realm {
        Realm::new(self.root().fixed("realms").child(name))
    }

    /// The realms of the server.
    pub fn realms(&self) -> Realms {
        Realms::new(self.root().fixed("realms"))
    }

    pub(super) fn root(&self) -> Location {
        Location::new(self.session.clone(), "admin")
    }
}
