//! `require`.

use serde_json::Value;

use super::method;
use crate::config::{
    ClaimPredicate, Names, PermissionConfig, Problem, RequireConditions, RequireConfig, RequireKeyword,
    spelling,
};

pub(super) fn check(key: &str, require: &RequireConfig, problems: &mut Vec<Problem>) {
    if let RequireConfig::Conditions(conditions) = require {
        check_conditions(key, conditions, problems);
    }
}

fn check_conditions(key: &str, conditions: &RequireConditions, problems: &mut Vec<Problem>) {
    let RequireConditions { realm_role, client_role, scope, group, claim, permission, all, any, not } =
        conditions;
    let names =
        [("realm_role", realm_role), ("client_role", client_role), ("scope", scope), ("group", group)];
    let nothing = names.iter().all(|(_, names)| names.is_empty())
        && (claim.is_none() && permission.is_none() && all.is_empty() && any.is_empty() && not.is_none());
    if nothing {
        problems.push(
            Problem::new(key, "a table without conditions")
                .hint("any good token will do: `require = \"authenticated\"`"),
        );
    }
    for (name, names) in names {
        check_names(&format!("{key}.{name}"), name, names, problems);
    }
    if let Some(claim) = claim {
        check_claim(&format!("{key}.claim"), claim, problems);
    }
    if let Some(permission) = permission {
        check_permission(&format!("{key}.permission"), permission, problems);
    }
    for (name, list) in [("all", all), ("any", any)] {
        for (index, inner) in list.iter().enumerate() {
            check_inner(&format!("{key}.{name}.{index}"), inner, problems);
        }
    }
    if let Some(inner) = not {
        check_inner(&format!("{key}.not"), inner, problems);
    }
}

/// `public` looks at no token, so it cannot be combined with what does.
fn check_inner(key: &str, require: &RequireConfig, problems: &mut Vec<Problem>) {
    match require {
        RequireConfig::Keyword(RequireKeyword::Public) => {
            problems.push(Problem::new(key, "`public` stands alone: `require = \"public\"`"));
        }
        other => check(key, other, problems),
    }
}

fn check_names(key: &str, what: &str, names: &Names, problems: &mut Vec<Problem>) {
    for (index, name) in names.as_slice().iter().enumerate() {
        let key = match names {
            Names::One(_) => key.to_owned(),
            Names::Many(_) => format!("{key}.{index}"),
        };
        if name.is_empty() {
            problems.push(Problem::new(key, "the name is empty"));
        } else if what == "client_role"
            && !name.split_once('/').is_some_and(|(a, b)| !a.is_empty() && !b.is_empty())
        {
            problems.push(
                Problem::new(key, format!("`{name}` names no client"))
                    .hint("a client role is written `CLIENT/ROLE`"),
            );
        } else if what == "group" && !name.starts_with('/') {
            problems.push(
                Problem::new(key, format!("`{name}` is not a full path"))
                    .hint(format!("a group is written `/{name}`")),
            );
        }
    }
}

fn check_claim(key: &str, claim: &ClaimPredicate, problems: &mut Vec<Problem>) {
    if claim.name.is_empty() {
        problems.push(Problem::new(format!("{key}.name"), "the claim has no name"));
    }
    let given: Vec<&str> = [
        ("equals", claim.equals.is_some()),
        ("contains", claim.contains.is_some()),
        ("matches", claim.matches.is_some()),
        ("present", claim.present.is_some()),
    ]
    .into_iter()
    .filter_map(|(name, given)| given.then_some(name))
    .collect();
    if given.len() != 1 {
        let found = if given.is_empty() { "none".to_owned() } else { spelling::listed(given) };
        problems.push(Problem::new(
            key,
            format!("expected exactly one of `equals`, `contains`, `matches`, `present`, found {found}"),
        ));
    }
    for (name, value) in [("equals", &claim.equals), ("contains", &claim.contains)] {
        if matches!(value, Some(Value::Array(_) | Value::Object(_) | Value::Null)) {
            problems
                .push(Problem::new(format!("{key}.{name}"), "expected a text, a number, `true` or `false`"));
        }
    }
}

fn check_permission(key: &str, permission: &PermissionConfig, problems: &mut Vec<Problem>) {
    if permission.resource.as_ref().is_some_and(String::is_empty) {
        problems.push(
            Problem::new(format!("{key}.resource"), "the name is empty")
                .hint("leave the key out to find the resource by the request's path"),
        );
    }
    if permission.resource.is_some() && permission.resource_id.is_some() {
        problems.push(
            Problem::new(format!("{key}.resource_id"), "`resource` and `resource_id` both name the resource")
                .hint("keep one of them"),
        );
    }
    for name in permission.methods.keys() {
        problems.extend(method(&format!("{key}.methods.{name}"), name));
    }
}

/// The permissions in a `require`, however deep.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Permissions {
    /// There is one.
    pub(super) any: bool,
    /// There is one whose resource is found by the request's path.
    pub(super) by_path: bool,
}

impl Permissions {
    pub(super) fn of(require: &RequireConfig) -> Self {
        let mut found = Self::default();
        found.visit(require);
        found
    }

    fn visit(&mut self, require: &RequireConfig) {
        let RequireConfig::Conditions(conditions) = require else { return };
        if let Some(permission) = &conditions.permission {
            self.any = true;
            self.by_path |= permission.resource.is_none() && permission.resource_id.is_none();
        }
        let inner = conditions.all.iter().chain(&conditions.any).chain(&conditions.not);
        inner.for_each(|inner| self.visit(inner));
    }
}
