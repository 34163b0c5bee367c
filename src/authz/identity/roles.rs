//! The roles in a token, which are the only ones that policies see.

use crate::authz::json::Json;

/// `realm_access.roles`.
pub(super) fn of_realm(claims: &Json) -> impl Iterator<Item = &str> {
    claims.get("realm_access").into_iter().flat_map(of_access)
}

/// `resource_access`: pairs of client and role.
pub(super) fn of_clients(claims: &Json) -> impl Iterator<Item = (&str, &str)> {
    let clients = match claims.get("resource_access") {
        Some(Json::Object(clients)) => clients.as_slice(),
        _ => &[],
    };
    clients.iter().flat_map(|(client, access)| of_access(access).map(move |role| (&**client, role)))
}

/// The roles of an object as `realm_access`.
pub(super) fn of_access(access: &Json) -> impl Iterator<Item = &str> {
    let roles = match access.get("roles") {
        Some(Json::Array(roles)) => roles.as_slice(),
        _ => &[],
    };
    roles.iter().filter_map(Json::as_text)
}
