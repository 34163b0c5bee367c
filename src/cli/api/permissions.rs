//! Permissions as arguments, and what is said of them.

use serde_json::{Value, json};

use super::failure::Failure;
use crate::connection::{CallError, ErrorClass};
use crate::oidc::authorization::{AuthStatus, PermissionSet, UmaPermission};

/// The member that stands for a UMAPermission.
const MARK: &str = "$uma";

/// Permissions in any of the shapes that python-keycloak takes; `{"$uma": ...}` may stand for one, alone or in a list.
pub(super) fn permissions(value: Option<&Value>) -> Result<PermissionSet, Failure> {
    let text = |value: &Value| match marked(value) {
        Some(members) => permission(members).map(|permission| json!(permission.to_string())),
        None => Ok(value.clone()),
    };
    let value = match value {
        None => Value::Null,
        Some(Value::Array(several)) => Value::Array(several.iter().map(text).collect::<Result<_, _>>()?),
        Some(one) => text(one)?,
    };
    Ok(PermissionSet::from_value(&value)?)
}

/// The permission that `{"resource": ..., "scope": ..., "permission": ...}` is made to; `permission` is one already, and what
/// it has goes before the others.
pub(super) fn permission(members: &Value) -> Result<UmaPermission, Failure> {
    let text = |name: &str| match members.get(name) {
        None | Some(Value::Null) => Ok(""),
        Some(Value::String(text)) => Ok(text.as_str()),
        Some(_) => Err(Failure::Argument(format!("`{name}` of a permission is not a text"))),
    };
    let own = UmaPermission::resource(text("resource")?).and(&UmaPermission::scope(text("scope")?));
    match members.get("permission") {
        None | Some(Value::Null) => Ok(own),
        Some(other) => Ok(own.and(&given(other)?)),
    }
}

/// A value that must be a UMAPermission.
pub(super) fn given(value: &Value) -> Result<UmaPermission, Failure> {
    match marked(value) {
        Some(members) => permission(members),
        None => {
            let fact = "what is given is neither a resource nor a scope";
            Err(CallError::local(ErrorClass::PermissionDefinition, fact).into())
        }
    }
}

/// An AuthStatus.
pub(super) fn auth_status(status: &AuthStatus) -> Value {
    json!({
        "is_logged_in": status.is_logged_in,
        "is_authorized": status.is_authorized,
        "truth": status.is_authorized,
        "missing_permissions": status.missing.iter().collect::<Vec<_>>(),
    })
}

fn marked(value: &Value) -> Option<&Value> {
    value.get(MARK).filter(|members| members.is_object())
}
