//! Permissions that are inside the token already: the token is an RPT.

use serde_json::Value;

use super::pushed::PushedClaims;
use super::requirement::{Question, ResourceKey};
use crate::config::ScopesMode;
use crate::oidc::GrantedPermission;
use crate::token::Principal;

/// The permissions inside the token, if it was made for this resource server; else none.
pub(super) fn permissions<'a>(principal: &'a Principal, resource_server: &str) -> &'a [GrantedPermission] {
    let permissions = principal.permissions();
    if !permissions.is_empty() && has_audience(principal, resource_server) { permissions } else { &[] }
}

/// Whether one of the permissions inside a token settles the question of a request that pushes these claims.
///
/// Keycloak's policies were judged by the claims that stand beside the permission: pushed by whoever asked for the token,
/// at that time. It counts where they are this request's, and none where the route pushes none. (Keycloak's own policy
/// enforcer takes a permission without claims for any request.)
pub(super) fn settles(permissions: &[GrantedPermission], question: &Question, pushed: &PushedClaims) -> bool {
    permissions
        .iter()
        .any(|granted| pushed.are_same_as(&granted.claims) && grants(std::slice::from_ref(granted), question))
}

/// Whether one of the permissions settles the question, whatever was pushed. They only ever say yes: what a token does not
/// hold, Keycloak may grant when it is asked.
///
/// A permission without scopes, which Keycloak gives for a resource that has none, grants no scope: Keycloak's own policy
/// enforcer takes it for all of them, also those that the resource got since. And only what was asked for counts, the name or
/// the id: one resource's id may be another's name.
pub(super) fn grants(permissions: &[GrantedPermission], question: &Question) -> bool {
    permissions.iter().any(|granted| {
        let resource = match question.by {
            ResourceKey::Name => &granted.rsname,
            ResourceKey::Id => &granted.rsid,
        };
        resource.as_deref() == Some(&*question.resource) && holds(&granted.scopes, question)
    })
}

/// Whether these scopes are those that the question asks for.
pub(super) fn holds(scopes: &[impl AsRef<str>], question: &Question) -> bool {
    let mut wanted = question.scopes.iter();
    let has = |wanted: &String| scopes.iter().any(|scope| *scope.as_ref() == **wanted);
    question.scopes.is_empty()
        || match question.mode {
            ScopesMode::All => wanted.all(has),
            ScopesMode::Any => wanted.any(has),
        }
}

fn has_audience(principal: &Principal, resource_server: &str) -> bool {
    match principal.claim("aud") {
        Some(Value::String(audience)) => audience == resource_server,
        Some(Value::Array(audiences)) => {
            audiences.iter().any(|audience| audience.as_str() == Some(resource_server))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
