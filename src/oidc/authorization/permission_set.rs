//! The permissions of one question.

use std::collections::BTreeSet;

use serde_json::Value;

use super::UmaPermission;
use crate::connection::{CallError, ErrorClass};
use crate::oidc::GrantedPermission;

/// The permissions of one question, each as `RESOURCE#SCOPE`, `RESOURCE` or `#SCOPE`; a resource is a name or an id.
///
/// ```
/// use gatecloak::oidc::authorization::{PermissionSet, UmaPermission};
/// use serde_json::json;
///
/// let orders = UmaPermission::resource("Orders");
/// let wanted: PermissionSet = [orders.and(&UmaPermission::scope("view"))].into_iter().collect();
/// assert_eq!(wanted, PermissionSet::from_value(&json!({"Orders": ["view"]}))?);
/// # Ok::<(), gatecloak::connection::CallError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermissionSet(BTreeSet<String>);

impl PermissionSet {
    /// From any of the shapes that python-keycloak takes: nothing, a text, a list of texts, or an object of resources with
    /// their scopes (`null`, a text, or a list of texts; an empty list asks for nothing). What is none of them is an error
    /// of [`ErrorClass::PermissionFormat`].
    pub fn from_value(value: &Value) -> Result<Self, CallError> {
        let wrong = || {
            let fact =
                "a permission is neither a text, nor a list of texts, nor an object of resources and scopes";
            CallError::local(ErrorClass::PermissionFormat, fact)
        };
        let text = |value: &Value| value.as_str().map(str::to_owned).ok_or_else(wrong);
        let mut wanted = BTreeSet::new();
        match value {
            Value::Null => {}
            Value::String(one) if one.is_empty() => {}
            Value::String(one) => drop(wanted.insert(one.clone())),
            Value::Array(several) => wanted = several.iter().map(text).collect::<Result<_, _>>()?,
            Value::Object(resources) => {
                for (resource, scopes) in resources {
                    match scopes {
                        Value::Null => drop(wanted.insert(resource.clone())),
                        Value::String(scope) => drop(wanted.insert(format!("{resource}#{scope}"))),
                        Value::Array(scopes) => {
                            for scope in scopes {
                                wanted.insert(format!("{resource}#{}", text(scope)?));
                            }
                        }
                        _ => return Err(wrong()),
                    }
                }
            }
            _ => return Err(wrong()),
        }
        Ok(Self(wanted))
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each as it is asked for, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Those that are not among the granted ones.
    ///
    /// A resource alone is granted when Keycloak grants anything of it. A scope alone never is: Keycloak grants it where
    /// it can, and the answer does not say where it does not.
    pub(super) fn missing(&self, granted: &[GrantedPermission]) -> Self {
        let is_missing = |wanted: &&String| !is_granted(wanted, granted);
        Self(self.0.iter().filter(is_missing).cloned().collect())
    }
}

impl FromIterator<UmaPermission> for PermissionSet {
    fn from_iter<T: IntoIterator<Item = UmaPermission>>(permissions: T) -> Self {
        Self(permissions.into_iter().map(|permission| permission.to_string()).collect())
    }
}

impl FromIterator<String> for PermissionSet {
    fn from_iter<T: IntoIterator<Item = String>>(permissions: T) -> Self {
        Self(permissions.into_iter().collect())
    }
}

impl From<&str> for PermissionSet {
    fn from(permission: &str) -> Self {
        std::iter::once(permission.to_owned()).collect()
    }
}

fn is_granted(wanted: &str, granted: &[GrantedPermission]) -> bool {
    let (resource, scopes) = match wanted.split_once('#') {
        Some((resource, scopes)) => (resource, Some(scopes)),
        None => (wanted, None),
    };
    let of_resource = || {
        granted.iter().filter(|entry| {
            entry.rsname.as_deref() == Some(resource) || entry.rsid.as_deref() == Some(resource)
        })
    };
    match scopes {
        None => of_resource().next().is_some(),
        // Several scopes may stand after the `#`; all of them are asked for.
        Some(scopes) => scopes
            .split(',')
            .all(|scope| of_resource().any(|entry| entry.scopes.iter().any(|granted| granted == scope))),
    }
}

#[cfg(test)]
mod tests;
