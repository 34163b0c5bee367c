//! What the permissions found for a resource come to together: Keycloak's rules, in closed form.

use super::model::{Group, KeycloakPermission, PermissionKind, ScopeId};

/// What is asked about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    /// The resource's own scopes; `None`: there is no resource, only a scope.
    pub(super) own: Option<&'a [ScopeId]>,
    pub(super) user_owned: bool,
    pub(super) scopes: &'a [ScopeId],
    /// The resource server's strategy is `AFFIRMATIVE`, not `UNANIMOUS`.
    pub(super) affirmative: bool,
}

/// A permission that was found and has a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weighed<'a> {
    pub(super) permission: &'a KeycloakPermission,
    pub(super) group: Group,
    pub(super) value: Value,
}

/// What one permission says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Granted,
    Denied,
    Unknown,
}

/// How what is not known is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guess {
    Worst,
    Best,
}

/// The granted scopes, or a refusal, under a guess.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Combined {
    /// `None`: refused. There may be no scopes, if the resource as such is granted.
    pub(super) granted: Option<Vec<ScopeId>>,
    /// Something had to be guessed that depends on Keycloak's order.
    pub(super) undefined: bool,
}

impl Weighed<'_> {
    fn is_granted(&self, guess: Guess) -> bool {
        match self.value {
            Value::Granted => true,
            Value::Denied => false,
            Value::Unknown => guess == Guess::Best,
        }
    }

    fn is_direct(&self) -> bool {
        self.group == Group::Resource
    }

    fn is_for_resources(&self) -> bool {
        self.permission.kind == PermissionKind::Resource
    }

    fn names(&self, scope: ScopeId) -> bool {
        !self.is_for_resources() && self.permission.scopes.contains(&scope)
    }
}

/// Combines. A permission more that grants never takes away what is granted, so what is the same under the worst and
/// under the best guess is so in between, too.
pub(super) fn combine(asked: &Asked<'_>, found: &[Weighed<'_>], guess: Guess) -> Combined {
    let mut undefined = false;
    if found.is_empty() {
        return Combined { granted: None, undefined };
    }
    let resource_granted = found.iter().any(|permission| {
        permission.is_granted(guess)
            && permission.is_direct()
            && (permission.is_for_resources() || asked.user_owned)
    });
    let any_denied = found.iter().any(|permission| !permission.is_granted(guess));
    let denies = |permission: &Weighed<'_>, scope: ScopeId| {
        !permission.is_granted(guess)
            && if permission.is_for_resources() {
                permission.is_direct() || !resource_granted
            } else {
                // One that lists only other resources was found through a parent and denies nothing here.
                permission.names(scope) && (permission.is_direct() || !permission.permission.lists_resources)
            }
    };
    let mut is_scope_granted = |scope: ScopeId| {
        let granted = found.iter().any(|permission| {
            permission.is_granted(guess) && (permission.is_for_resources() || permission.names(scope))
        });
        if !granted || asked.affirmative {
            return granted;
        }
        if asked.own.is_none_or(|own| own.contains(&scope)) {
            return !found.iter().any(|permission| denies(permission, scope));
        }
        // An inherited scope: the last group that has something to say of it.
        for group in [Group::Scope, Group::Parent, Group::Type, Group::Resource] {
            let mut of_group = found.iter().filter(|permission| permission.group == group);
            let denied = of_group.clone().any(|permission| denies(permission, scope));
            let granted = of_group.any(|permission| permission.is_granted(guess) && permission.names(scope));
            match (granted, denied) {
                (true, true) => {
                    undefined = true;
                    return guess == Guess::Best;
                }
                (true, false) => return true,
                (false, true) => return false,
                (false, false) => {}
            }
        }
        true
    };
    let granted: Vec<ScopeId> =
        asked.scopes.iter().copied().filter(|scope| is_scope_granted(*scope)).collect();
    let refused = granted.is_empty() && (any_denied || (!asked.scopes.is_empty() && !resource_granted));
    Combined { granted: (!refused).then_some(granted), undefined }
}

#[cfg(test)]
mod tests;
