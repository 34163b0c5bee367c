use super::{Asked, Guess, Value, Weighed, combine};
use crate::authz::DecisionStrategy;
use crate::authz::model::{Group, KeycloakPermission, PermissionKind, ScopeId};

const OWN: ScopeId = ScopeId(0);
const INHERITED: ScopeId = ScopeId(1);

fn permission(kind: PermissionKind, scopes: &[ScopeId], lists_resources: bool) -> KeycloakPermission {
    KeycloakPermission {
        name: String::new(),
        kind,
        strategy: DecisionStrategy::Unanimous,
        policies: Vec::new(),
        scopes: scopes.to_vec(),
        lists_resources,
    }
}

/// Every permission that a group can find.
fn permissions() -> Vec<(KeycloakPermission, Group)> {
    use PermissionKind::{Resource, Scope};
    let mut all = Vec::new();
    for (group, lists) in [
        (Group::Resource, true),
        (Group::Type, false),
        (Group::Type, true),
        (Group::Parent, true),
        (Group::Scope, false),
    ] {
        if group != Group::Scope {
            all.push((permission(Resource, &[], lists), group));
            all.push((permission(Scope, &[OWN], lists), group));
        }
        all.push((permission(Scope, &[INHERITED], lists), group));
    }
    all
}

/// Every question: about a resource of the resource server, of a user, or about a scope alone.
fn questions() -> Vec<Asked<'static>> {
    let mut all = Vec::new();
    for affirmative in [false, true] {
        for scopes in [&[][..], &[OWN], &[INHERITED], &[OWN, INHERITED]] {
            all.push(Asked { own: Some(&[OWN]), user_owned: true, scopes, affirmative });
        }
        for scopes in [&[][..], &[OWN]] {
            all.push(Asked { own: Some(&[OWN]), user_owned: false, scopes, affirmative });
        }
        all.push(Asked { own: None, user_owned: false, scopes: &[INHERITED], affirmative });
    }
    all
}

fn weighed<'a>(chosen: &[&'a (KeycloakPermission, Group)], values: &[Value]) -> Vec<Weighed<'a>> {
    let pairs = chosen.iter().zip(values);
    pairs.map(|((permission, group), value)| Weighed { permission, group: *group, value: *value }).collect()
}

/// Whether everything that the one grants is granted by the other.
fn is_within(less: &Option<Vec<ScopeId>>, more: &Option<Vec<ScopeId>>) -> bool {
    match (less, more) {
        (None, _) => true,
        (Some(less), Some(more)) => less.iter().all(|scope| more.contains(scope)),
        (Some(_), None) => false,
    }
}

/// All values of so many permissions.
fn values(count: usize, of: &[Value]) -> Vec<Vec<Value>> {
    (0..count).fold(vec![Vec::new()], |lists, _| {
        lists.iter().flat_map(|list| of.iter().map(|value| [list.as_slice(), &[*value]].concat())).collect()
    })
}

/// The guesses bound every way in which the unknown may be in truth, and no bound is wider than it has to be.
fn check(chosen: &[&(KeycloakPermission, Group)]) {
    let three = values(chosen.len(), &[Value::Granted, Value::Denied, Value::Unknown]);
    let truths = values(chosen.len(), &[Value::Granted, Value::Denied]);
    for asked in questions() {
        for known in &three {
            let found = weighed(chosen, known);
            let (worst, best) = (combine(&asked, &found, Guess::Worst), combine(&asked, &found, Guess::Best));
            let mut answers = Vec::new();
            for truth in &truths {
                if known.iter().zip(truth).all(|(known, truth)| *known == Value::Unknown || known == truth) {
                    let found = weighed(chosen, truth);
                    // Two answers where Keycloak's order decides.
                    answers.extend(
                        [Guess::Worst, Guess::Best].map(|guess| combine(&asked, &found, guess).granted),
                    );
                }
            }
            let within = answers
                .iter()
                .all(|answer| is_within(&worst.granted, answer) && is_within(answer, &best.granted));
            assert!(within, "{asked:?} {found:?}");
            let agree = answers.iter().all(|answer| *answer == answers[0]);
            assert_eq!(worst.granted == best.granted, agree, "{asked:?} {found:?}");
        }
    }
}

#[test]
fn answer_is_known_exactly_when_it_does_not_depend_on_the_unknown() {
    let all = permissions();
    check(&[]);
    for (place, first) in all.iter().enumerate() {
        check(&[first]);
        for (next, second) in all.iter().enumerate().skip(place) {
            check(&[first, second]);
            // Not all triples: every third, differently for each pair.
            for third in all.iter().skip(next).skip((place + next) % 3).step_by(3) {
                check(&[first, second, third]);
            }
        }
    }
}

fn granted(
    asked: &Asked<'_>,
    found: &[(PermissionKind, &[ScopeId], Group, bool, Value)],
) -> Option<Vec<ScopeId>> {
    let permissions: Vec<(KeycloakPermission, Group)> = found
        .iter()
        .map(|(kind, scopes, group, lists, _)| (permission(*kind, scopes, *lists), *group))
        .collect();
    let values: Vec<Value> = found.iter().map(|(.., value)| *value).collect();
    let chosen: Vec<&(KeycloakPermission, Group)> = permissions.iter().collect();
    let combined = combine(asked, &weighed(&chosen, &values), Guess::Worst);
    assert!(!combined.undefined);
    combined.granted
}

#[test]
fn rules_of_one_resource() {
    use PermissionKind::{Resource, Scope};
    use Value::{Denied, Granted};
    let unanimous = Asked { own: Some(&[OWN]), user_owned: false, scopes: &[OWN], affirmative: false };
    let affirmative = Asked { affirmative: true, ..unanimous };
    let direct = (Resource, &[][..], Group::Resource, true);
    let scope = (Scope, &[OWN][..], Group::Scope, false);
    let with = |(kind, scopes, group, lists): (PermissionKind, &'static [ScopeId], Group, bool),
                value: Value| { (kind, scopes, group, lists, value) };
    assert_eq!(granted(&unanimous, &[]), None);
    assert_eq!(granted(&unanimous, &[with(direct, Granted)]), Some(vec![OWN]));
    assert_eq!(granted(&unanimous, &[with(direct, Denied)]), None);
    // The scope is denied: the resource as such is granted, but something was denied.
    assert_eq!(granted(&unanimous, &[with(direct, Granted), with(scope, Denied)]), None);
    assert_eq!(granted(&affirmative, &[with(direct, Granted), with(scope, Denied)]), Some(vec![OWN]));
    assert_eq!(granted(&affirmative, &[with(direct, Denied), with(scope, Granted)]), Some(vec![OWN]));
    assert_eq!(granted(&unanimous, &[with(direct, Denied), with(scope, Granted)]), None);
    // A denied permission by type denies nothing once one for the resource itself grants.
    let by_type = (Resource, &[][..], Group::Type, false);
    assert_eq!(granted(&unanimous, &[with(by_type, Denied), with(direct, Granted)]), Some(vec![OWN]));
    assert_eq!(granted(&unanimous, &[with(by_type, Denied), with(scope, Granted)]), None);
    // Without scopes a single denial refuses, also where one grant would do.
    let bare = Asked { own: Some(&[]), scopes: &[], ..affirmative };
    assert_eq!(granted(&bare, &[with(direct, Granted)]), Some(Vec::new()));
    assert_eq!(granted(&bare, &[with(direct, Granted), with(by_type, Denied)]), None);
}

#[test]
fn scope_without_a_resource_needs_no_denial_or_one_grant() {
    use Value::{Denied, Granted};
    let unanimous = Asked { own: None, user_owned: false, scopes: &[INHERITED], affirmative: false };
    let scope = |value| (PermissionKind::Scope, &[INHERITED][..], Group::Scope, false, value);
    assert_eq!(granted(&unanimous, &[scope(Granted)]), Some(vec![INHERITED]));
    assert_eq!(granted(&unanimous, &[scope(Granted), scope(Denied)]), None);
    let affirmative = Asked { affirmative: true, ..unanimous };
    assert_eq!(granted(&affirmative, &[scope(Granted), scope(Denied)]), Some(vec![INHERITED]));
}

#[test]
fn for_an_inherited_scope_the_last_group_decides() {
    use PermissionKind::{Resource, Scope};
    use Value::{Denied, Granted};
    let asked = Asked { own: Some(&[OWN]), user_owned: true, scopes: &[INHERITED], affirmative: false };
    let listed = |value| (Scope, &[INHERITED][..], Group::Resource, true, value);
    let by_scope = |value| (Scope, &[INHERITED][..], Group::Scope, false, value);
    let of_parent = |value| (Scope, &[INHERITED][..], Group::Parent, true, value);
    assert_eq!(granted(&asked, &[listed(Denied), by_scope(Granted)]), Some(vec![INHERITED]));
    // Refused, though a permission for the resource itself grants: something denies.
    assert_eq!(granted(&asked, &[listed(Granted), by_scope(Denied)]), None);
    // One of a parent denies nothing here, but it is a denial.
    assert_eq!(granted(&asked, &[listed(Granted), of_parent(Denied)]), Some(vec![INHERITED]));
    assert_eq!(granted(&asked, &[of_parent(Denied)]), None);
    // No group has anything to say of the scope but a permission for resources, which grants.
    assert_eq!(granted(&asked, &[(Resource, &[], Group::Type, false, Granted)]), Some(vec![INHERITED]));
}

#[test]
fn one_group_that_grants_and_denies_an_inherited_scope_is_undefined() {
    let permissions = [
        (permission(PermissionKind::Scope, &[INHERITED], false), Group::Scope),
        (permission(PermissionKind::Scope, &[INHERITED], false), Group::Scope),
    ];
    let chosen: Vec<&(KeycloakPermission, Group)> = permissions.iter().collect();
    let asked = Asked { own: Some(&[OWN]), user_owned: true, scopes: &[INHERITED], affirmative: false };
    let found = weighed(&chosen, &[Value::Granted, Value::Denied]);
    let (worst, best) = (combine(&asked, &found, Guess::Worst), combine(&asked, &found, Guess::Best));
    assert!(worst.undefined && best.undefined);
    assert_eq!((worst.granted, best.granted), (None, Some(vec![INHERITED])));
}
