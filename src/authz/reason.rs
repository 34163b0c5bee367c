//! Why Keycloak has to be asked.

use std::fmt;

use super::verdict::Cause;

/// Why settings and token do not determine the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RemoteReason {
    /// A policy that cannot be evaluated here.
    Policy {
        /// Its name.
        policy: String,
        /// Why.
        cause: Cause,
    },
    /// An inherited scope is both granted and denied, and Keycloak's order decides.
    OrderDecides,
    /// The resource's owner may share it.
    OwnerManaged(String),
    /// Everything is asked for, and there are resources that their owners may share.
    OwnerManagedExist,
    /// Several resources have the name, and a permission lists it.
    NameShared(String),
    /// Something of the request itself.
    Request(&'static str),
}

impl fmt::Display for RemoteReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Policy { policy, cause } => write!(f, "policy `{policy}`: {cause}"),
            Self::OrderDecides => {
                f.write_str("an inherited scope is both granted and denied, so that keycloak's order decides")
            }
            Self::OwnerManaged(name) => {
                write!(f, "resource `{name}` is managed by its owner, in ways that the settings do not show")
            }
            Self::OwnerManagedExist => {
                f.write_str("everything is asked for, and there are resources that their owners manage")
            }
            Self::NameShared(name) => {
                write!(f, "a permission lists `{name}`, and several resources have that name")
            }
            Self::Request(reason) => f.write_str(reason),
        }
    }
}
