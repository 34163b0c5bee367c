//! Why a client cannot be brought to what is wanted.

use super::task::AccessError;
use crate::connection::CallError;

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
