//! Why a client cannot be brought to what is wanted.

use super::access::AccessError;
use crate::connection::{CallError, ErrorClass};

/// Why what is wanted cannot be had.
#[derive(Clone, Debug, thiserror::Error)]
pub enum BootstrapError {
    /// The server said no, or nothing.
    #[error(transparent)]
    Call(#[from] CallError),
    /// No login.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A client that is not there can only be made with a name.
    #[error("client_id needs to be specified when creating a new client")]
    NoClientId,
    /// A scope in both lists.
    #[error("client scope `{0}` cannot be both default and optional")]
    ScopeTwice(String),
    /// A flow by id and by name.
    #[error("`authentication_flow_binding_overrides`: `{0}` is given by id and by name")]
    FlowTwice(&'static str),
    /// A flow that is not there.
    #[error("there is no authentication flow {0}")]
    NoFlow(String),
    /// A client whose roles are wanted.
    #[error("there is no client `{0}`")]
    NoClient(String),
    /// A client scope that is to be shown.
    #[error("there is no client scope `{0}`")]
    NoScope(String),
    /// A client that is public, or has another way to log in.
    #[error("the client `{0}` has no secret")]
    NoSecret(String),
    /// The server is there and cannot work yet.
    #[error("the server answers {0}")]
    Unready(u16),
    /// A client whose own account is to get roles.
    #[error("the client `{0}` has no service account; hint: `service_accounts_enabled: true`")]
    NoServiceAccount(String),
    /// A path without a name.
    #[error("`{0}` is not the path of a group")]
    NoGroup(String),
    /// Written, and read back otherwise.
    #[error("the server took it and did not keep it")]
    NotKept,
}

/// What kind of failure it is, for those who try again, or call somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The server does not answer.
    Unreachable,
    /// The login is not taken.
    Login,
    /// Anything else.
    Other,
}

impl Failure {
    /// That of a call.
    pub fn of(error: &CallError) -> Self {
        match error.class() {
            ErrorClass::Connection => Self::Unreachable,
            ErrorClass::Authentication => Self::Login,
            _ => Self::Other,
        }
    }
}

impl BootstrapError {
    /// Whether another look may help. Where two do the same at the same time, Keycloak answers 409 to the slower one, but
    /// also 400 or 500, as the case may be.
    pub(super) fn may_pass(&self) -> bool {
        matches!(self, Self::Call(error) if error.status().is_some_and(|status| !matches!(status, 401 | 403)))
    }

    /// What kind of failure it is.
    pub fn failure(&self) -> Failure {
        match self {
            Self::Call(error) | Self::Access(AccessError::Connection(error)) => Failure::of(error),
            Self::Unready(_) => Failure::Unreachable,
            _ => Failure::Other,
        }
    }
}
