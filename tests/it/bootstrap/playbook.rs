//! Files of many tasks: several at a time, with few calls, and the outcome of one after another.

use gatecloak::bootstrap::{ModuleTask, Outcome, Sessions, play};
use serde_json::{Value, json};

use super::module::{Bench, done};
use crate::admin::Relay;

const TASKS: usize = 40;

fn run(bench: &Bench, tasks: &[Value], write: bool) -> Vec<Outcome> {
    let tasks: Vec<ModuleTask> = tasks.iter().map(|options| bench.task(options)).collect();
    let mut told = 0;
    let outcomes = bench.scene.run(play(&tasks, &mut Sessions::default(), write, |_| told += 1));
    assert_eq!((outcomes.len(), told), (tasks.len(), tasks.len()));
    outcomes
}

/// Each about another client, at the server behind this address.
fn many(url: &str) -> Vec<Value> {
    let task = |number| {
        json!({
            "auth_keycloak_url": url, "client_id": format!("client-{number:02}"), "name": format!("Client {number}"),
            "service_accounts_enabled": number % 2 == 0, "attributes": {"access.token.lifespan": 300},
        })
    };
    (0..TASKS).map(task).collect()
}

#[test]
fn a_second_run_of_many_tasks_makes_few_calls_and_writes_nothing() {
    let Some(bench) = Bench::new() else { return };
    let relay = Relay::to(&bench.scene.url);
    let tasks = many(&relay.url());
    for outcome in run(&bench, &tasks, false) {
        assert!(done(outcome).msg.ends_with("would be created."));
    }
    let asked = |method: &str| relay.asked(&format!("{method} /admin/"));
    let written = || ["POST", "PUT", "DELETE"].into_iter().flat_map(asked).count();
    assert_eq!(written(), 0);
    for (number, outcome) in run(&bench, &tasks, true).into_iter().enumerate() {
        assert_eq!(done(outcome).msg, format!("Client client-{number:02} has been created."));
    }
    assert_eq!(written(), TASKS);
    let looked = asked("GET").len();
    for (number, outcome) in run(&bench, &tasks, true).into_iter().enumerate() {
        let outcome = done(outcome);
        assert_eq!(outcome.msg, format!("No changes required for Client client-{number:02}."));
        assert!(!outcome.changed && outcome.end_state["name"] == format!("Client {number}"));
    }
    assert_eq!(written(), TASKS);
    let looked = asked("GET").len() - looked;
    assert!((1..5).contains(&looked), "{looked}");
}

#[test]
fn tasks_about_the_same_client_keep_their_order() {
    let Some(bench) = Bench::new() else { return };
    let id = "d8b127a3-31f6-44c8-a7e4-4ab9a3e78d95";
    let tasks = [
        json!({"client_id": "a", "name": "one"}),
        json!({"client_id": "b", "id": id}),
        json!({"client_id": "a", "name": "two"}),
        json!({"client_id": "a", "state": "absent"}),
        json!({"client_id": "c"}),
        json!({"client_id": "a", "name": "three"}),
        json!({"client_id": "renamed", "id": id}),
        json!({"client_id": "b"}),
        json!({"client_id": "a", "name": "three"}),
    ];
    let said: Vec<String> = run(&bench, &tasks, true).into_iter().map(|outcome| done(outcome).msg).collect();
    let expected = [
        "Client a has been created.",
        "Client b has been created.",
        "Client a has been updated.",
        "Client a has been deleted.",
        "Client c has been created.",
        "Client a has been created.",
        "Client renamed has been updated.",
        "Client b has been created.",
        "No changes required for Client a.",
    ];
    assert_eq!(said, expected);
    assert_eq!(bench.client("a").expect("a client")["name"], "three");
    assert_eq!(bench.id("renamed"), id);
}

#[test]
fn a_policy_finds_the_client_of_a_task_before_it() {
    let Some(bench) = Bench::new() else { return };
    let guard = json!({
        "client_id": "guard", "service_accounts_enabled": true, "authorization_services_enabled": true,
        "authorization_settings": {
            "policies": [{"name": "callers", "type": "client", "config": {"clients": "[\"caller\"]"}}],
        },
    });
    let tasks = [json!({"client_id": "other"}), json!({"client_id": "caller"}), guard];
    run(&bench, &tasks, true).into_iter().for_each(|outcome| drop(done(outcome)));
    let settings = bench.scene.realm.clients().authorization(&bench.id("guard"));
    let there = bench.scene.run(settings.export()).expect("settings");
    assert!(there.to_string().contains("caller"), "{there}");
    assert!(run(&bench, &tasks, true).iter().all(|outcome| !outcome.changed));
}

#[test]
fn a_task_that_fails_stands_at_its_place_and_keeps_no_other() {
    let Some(bench) = Bench::new() else { return };
    let mut tasks = many(&bench.scene.url);
    tasks[7]["base_url"] = json!("basepath");
    tasks[8]["auth_password"] = json!("wrong");
    for (number, outcome) in run(&bench, &tasks, true).into_iter().enumerate() {
        let reason = match number {
            7 => "Base URL",
            8 => "Invalid user credentials",
            _ => "has been created",
        };
        assert!(outcome.failed == matches!(number, 7 | 8) && outcome.msg.contains(reason), "{}", outcome.msg);
    }
}
