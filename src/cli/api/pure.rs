//! Functions without a server.

use serde_json::{Value, json};

use super::args::Args;
use super::failure::Failure;
use super::permissions::{auth_status, given, permission, permissions};
use crate::connection::ErrorClass;
use crate::oidc::authorization::{AuthStatus, Policy, Role, UmaPermission};

/// Calls one by its name.
pub(super) fn call(function: &str, args: Args<'_>) -> Result<Value, Failure> {
    Ok(match function {
        "build_permission_param" => {
            json!(permissions(args.optional("permissions"))?.iter().collect::<Vec<_>>())
        }
        "uma_permission" => json!(chain(args)?.to_string()),
        "auth_status" => auth_status(&AuthStatus {
            is_logged_in: args.flag("is_logged_in", false)?,
            is_authorized: args.flag("is_authorized", false)?,
            missing: permissions(args.optional("missing_permissions"))?,
        }),
        "error_text" => {
            let message = args.optional_text("error_message")?.unwrap_or_default();
            match args.number("response_code")? {
                Some(code) => json!(format!("{code}: {message}")),
                None => json!(message),
            }
        }
        "error_bases" => json!(class(args.text("class")?)?.bases()),
        "role_equals" => {
            let own = role(args.optional("role").unwrap_or(&Value::Null), args)?;
            json!(own == *role(args.value("other")?, args)?.name)
        }
        "policy_add_role" => {
            let mut policy: Policy = policy(args)?;
            policy.add_role(role(args.value("role")?, args)?)?;
            json!(policy)
        }
        _ => return Err(Failure::UnknownMethod(format!("there is no function `{function}`"))),
    })
}

/// Each permission called on the one before; a member is a UMAPermission, or an object of `resource` and `scope`.
fn chain(args: Args<'_>) -> Result<UmaPermission, Failure> {
    let members = match args.value("chain")? {
        Value::Array(members) => members.as_slice(),
        one => std::slice::from_ref(one),
    };
    members.iter().try_fold(UmaPermission::default(), |before, member| {
        let is_plain = member.is_object() && member.get("$uma").is_none();
        Ok(before.and(&if is_plain { permission(member)? } else { given(member)? }))
    })
}

fn class(name: &str) -> Result<ErrorClass, Failure> {
    let found = ErrorClass::ALL.into_iter().find(|class| class.name() == name);
    found.ok_or_else(|| Failure::Argument(format!("there is no class `{name}`")))
}

/// A text, an object with `name` and `required`, or the arguments of that name where nothing is given.
fn role(value: &Value, args: Args<'_>) -> Result<Role, Failure> {
    match value {
        Value::Null => {
            Ok(Role { name: args.text("name")?.to_owned(), required: args.flag("required", false)? })
        }
        Value::String(name) => Ok(Role::new(name)),
        other => serde_json::from_value(other.clone())
            .map_err(|_| Failure::Argument("a role is a text or an object with `name`".to_owned())),
    }
}

/// The members of `policy`, or the arguments themselves.
fn policy(args: Args<'_>) -> Result<Policy, Failure> {
    let text = |name: &str, default: &str| match args.optional("policy") {
        Some(policy) => policy.get(name).and_then(Value::as_str).unwrap_or(default).to_owned(),
        None => args.optional_text(name).ok().flatten().unwrap_or(default).to_owned(),
    };
    Ok(Policy::new(
        &text("name", ""),
        &text("type", ""),
        &text("logic", "POSITIVE"),
        &text("decision_strategy", "UNANIMOUS"),
    ))
}

#[cfg(test)]
mod tests;
