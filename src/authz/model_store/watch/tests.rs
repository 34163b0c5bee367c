use super::*;

const CLIENT: &str = "c1";

fn event(number: i64, resource_type: &str, resource_path: &str) -> AdminEvent {
    AdminEvent {
        id: None,
        time: number,
        operation_type: "UPDATE".to_owned(),
        resource_type: resource_type.to_owned(),
        resource_path: resource_path.to_owned(),
    }
}

fn policy(number: i64, client: &str) -> AdminEvent {
    let path = format!("clients/{client}/authz/resource-server/policy/role/{number}");
    event(number, "AUTHORIZATION_POLICY", &path)
}

fn kept(events: &[AdminEvent]) -> Result<AdminEvents, OidcError> {
    Ok(AdminEvents { are_kept: true, events: events.to_vec() })
}

fn not_kept() -> Result<AdminEvents, OidcError> {
    Ok(AdminEvents { are_kept: false, events: Vec::new() })
}

fn refused(status: u16) -> Result<AdminEvents, OidcError> {
    let (error, description) = (String::new(), String::new());
    Err(OidcError::Refused { operation: "events", status, error, description })
}

/// One that has looked, and seen this.
fn watcher(seen: &[AdminEvent]) -> Watcher {
    let mut watcher = Watcher::default();
    assert!(watcher.take(&kept(seen), CLIENT).changed, "what happened before the first look is not known");
    watcher
}

fn changed(watcher: &mut Watcher, events: &[AdminEvent]) -> bool {
    let Looked { changed, told } = watcher.take(&kept(events), CLIENT);
    assert_eq!(told, None);
    changed
}

#[test]
fn only_a_new_event_is_a_change_and_only_once() {
    let mut watcher = watcher(&[policy(1, CLIENT)]);
    assert!(!changed(&mut watcher, &[policy(1, CLIENT)]));
    assert!(changed(&mut watcher, &[policy(2, CLIENT), policy(1, CLIENT)]));
    assert!(!changed(&mut watcher, &[policy(2, CLIENT), policy(1, CLIENT)]));
    // Administrators, or time, clear the list.
    assert!(!changed(&mut watcher, &[]));
    assert!(changed(&mut watcher, &[policy(3, CLIENT)]));
}

#[test]
fn an_event_that_appears_after_a_younger_one_is_seen() {
    let mut watcher = watcher(&[policy(2, CLIENT)]);
    assert!(changed(&mut watcher, &[policy(2, CLIENT), policy(1, CLIENT)]));
}

#[test]
fn an_event_concerns_the_client_or_what_settings_name() {
    for (resource_type, path, expected) in [
        ("AUTHORIZATION_POLICY", "clients/c1/authz/resource-server/policy/role/1", true),
        ("AUTHORIZATION_RESOURCE", "clients/c1/authz/resource-server/resource/1", true),
        ("AUTHORIZATION_SCOPE", "clients/c1/authz/resource-server/scope/1", true),
        ("AUTHORIZATION_RESOURCE_SERVER", "clients/c1", true),
        ("AUTHORIZATION_RESOURCE_SERVER", "clients/c1/authz/resource-server/import", true),
        ("AUTHORIZATION_POLICY", "clients/c12/authz/resource-server/policy/role/1", false),
        ("AUTHORIZATION_POLICY", "clients/other/authz/resource-server/policy/role/c1", false),
        ("AUTHORIZATION_POLICY", "", false),
        ("CLIENT", "clients/c1", true),
        // A client policy names it, or whether it may push claims is known from it.
        ("CLIENT", "clients/other", true),
        ("REALM_ROLE", "roles-by-id/1", true),
        ("CLIENT_ROLE", "clients/other/roles/x", true),
        ("GROUP", "groups/1", true),
        ("CLIENT_SCOPE", "client-scopes/1", true),
    ] {
        let mut watcher = watcher(&[]);
        assert_eq!(
            changed(&mut watcher, &[event(1, resource_type, path)]),
            expected,
            "{resource_type} {path}"
        );
    }
}

#[test]
fn a_page_of_nothing_but_new_events_may_hide_one() {
    let others = |numbers: std::ops::Range<i64>| -> Vec<AdminEvent> {
        numbers.rev().map(|number| policy(number, "other")).collect()
    };
    let mut watcher = watcher(&others(0..100));
    assert!(!changed(&mut watcher, &others(99..199)), "one is known, so none is missing");
    assert!(changed(&mut watcher, &others(199..299)));
    assert!(!changed(&mut watcher, &others(298..398)));
    assert!(!changed(&mut watcher, &others(398..450)), "a page that is not full is all there is");
}

#[test]
fn trouble_is_told_once_and_its_end_too() {
    let mut watcher = watcher(&[]);
    let mut told = |looked: Result<AdminEvents, OidcError>| watcher.take(&looked, CLIENT).told;
    for (looked, condition) in [
        (refused(403), Condition::NoRight),
        (refused(500), Condition::Failed),
        (not_kept(), Condition::NotKept),
        (kept(&[]), Condition::Good),
    ] {
        assert_eq!(told(looked.clone()), Some(condition));
        assert_eq!(told(looked), None);
    }
}

#[test]
fn trouble_is_no_change_and_what_happened_in_it_is_seen_after_it() {
    for trouble in [refused(403), refused(500), Err(OidcError::cut_off("events"))] {
        let mut watcher = watcher(&[]);
        assert!(!watcher.take(&trouble, CLIENT).changed);
        assert!(watcher.take(&kept(&[policy(1, CLIENT)]), CLIENT).changed);
        let mut watcher = self::watcher(&[policy(1, CLIENT)]);
        assert!(!watcher.take(&trouble, CLIENT).changed);
        assert!(!watcher.take(&kept(&[policy(1, CLIENT)]), CLIENT).changed);
    }
    // While none are kept, nothing is known of what happens.
    let mut watcher = watcher(&[policy(1, CLIENT)]);
    assert!(!watcher.take(&not_kept(), CLIENT).changed);
    assert!(watcher.take(&kept(&[policy(1, CLIENT)]), CLIENT).changed);
}
