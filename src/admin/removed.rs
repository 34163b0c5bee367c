//! What Keycloak took away, and where it went.

use crate::connection::CallError;

/// The error of a call about fine-grained permissions of the first version, with what there is instead. A server without them
/// answers 501, one of 26.0 with 500.
pub(super) fn fine_grained_permissions(error: CallError) -> CallError {
    match error.status() {
        Some(500 | 501) => error.hint(
            "these permissions are there only with the server's feature `admin-fine-grained-authz:v1`; since Keycloak 26.2, \
             set `adminPermissionsEnabled` in the realm, and use the authorization settings of its client \
             `admin-permissions`",
        ),
        _ => error,
    }
}
