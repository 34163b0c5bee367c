//! Realms Admin: events.

use std::collections::BTreeSet;

use gatecloak::connection::Query;
use serde_json::json;

use super::Scene;

/// Covers `set_events`, `get_events`.
#[test]
fn a_refused_login_is_an_event_of_a_realm_that_keeps_them() {
    let Some(scene) = Scene::new() else { return };
    let events = scene.realm.events();
    let mut config = scene.run(events.config()).expect("what is kept");
    config["eventsEnabled"] = json!(true);
    config["enabledEventTypes"] = json!(["LOGIN_ERROR", "CLIENT_LOGIN_ERROR"]);
    scene.run(events.set_config(&config)).expect("a change");
    assert_eq!(scene.run(events.config()).expect("what is kept")["eventsEnabled"], json!(true));
    for username in ["alice", "bob", "carol"] {
        let form = [("client_id", "admin-cli"), ("grant_type", "password"), ("username", username)];
        let (status, _) = scene.token_endpoint(&[&form[..], &[("password", "wrong")]].concat());
        assert!(status == 401 || status == 400);
    }

    let query = Query::new().with("type", "LOGIN_ERROR").with("client", "admin-cli");
    let found = scene.run(events.list(query.clone()).all()).expect("events");
    let users: BTreeSet<_> = found.iter().filter_map(|event| event["details"]["username"].as_str()).collect();
    assert_eq!(users, BTreeSet::from(["alice", "bob", "carol"]));
    let page = scene.run(events.list(query.with("first", 1).with("max", 1)).all()).expect("events");
    assert_eq!(page.len(), 1);
    scene.run(events.clear()).expect("they go");
    assert!(scene.run(events.list(Query::new()).all()).expect("events").is_empty());
}

/// Covers `get_admin_events`.
#[test]
fn events_of_administrators_are_read_over_more_than_two_pages() {
    let Some(scene) = Scene::with(&json!({"adminEventsEnabled": true, "adminEventsDetailsEnabled": true}))
    else {
        return;
    };
    let events = scene.realm.events();
    for number in 0..220 {
        let flow = json!({"alias": format!("flow {number}"), "providerId": "basic-flow", "topLevel": true, "builtIn": false});
        scene.run(scene.realm.flows().create(&flow)).expect("a flow");
    }

    let query = Query::new().with("operationTypes", "CREATE");
    let found = scene.run(events.of_administrators(query).all()).expect("events");
    let paths: BTreeSet<_> = found.iter().filter_map(|event| event["resourcePath"].as_str()).collect();
    assert_eq!((found.len(), paths.len()), (220, 220));
    scene.run(events.clear_of_administrators()).expect("they go");
    assert!(scene.run(events.of_administrators(Query::new()).all()).expect("events").is_empty());
}
