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
}
