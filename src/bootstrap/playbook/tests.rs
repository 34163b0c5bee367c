use serde_json::{Value, json};

use super::*;

fn task(options: Value) -> ModuleTask {
    let mut all = json!({"url": "http://127.0.0.1:1", "auth_realm": "master", "username": "u", "password": "p", "realm": "r"});
    all.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    ModuleTask::read(all.as_object().unwrap()).unwrap()
}

/// How many of the tasks go together, from the first on.
fn count(tasks: impl IntoIterator<Item = Value>) -> usize {
    let tasks: Vec<ModuleTask> = tasks.into_iter().map(task).collect();
    together(&tasks.iter().map(Footprint::of).collect::<Vec<_>>())
}

fn named(name: &str) -> Value {
    json!({"client_id": name})
}

#[test]
fn tasks_about_different_clients_go_together() {
    assert_eq!(count([named("a")]), 1);
    assert_eq!(count(["a", "b", "ab", "c"].map(named)), 4);
    assert_eq!(
        count([
            json!({"client_id": "a", "id": "1", "realm": "one"}),
            json!({"client_id": "a", "realm": "two"})
        ]),
        2
    );
}

#[test]
fn a_task_about_the_same_client_waits_for_the_one_before() {
    assert_eq!(count(["a", "b", "a", "c"].map(named)), 2);
    assert_eq!(count(["a", "b", "B"].map(named)), 2);
    assert_eq!(count([named("a"), json!({"client_id": "a", "state": "absent"})]), 1);
}

#[test]
fn a_task_with_an_id_goes_alone() {
    assert_eq!(count([named("a"), json!({"client_id": "b", "id": "1"}), named("c")]), 1);
    assert_eq!(count([json!({"id": "1"}), named("c")]), 1);
}

#[test]
fn a_task_that_logs_in_as_a_client_waits_for_it() {
    let login =
        json!({"client_id": "b", "auth_client_id": "worker", "auth_client_secret": "s", "realm": "other"});
    assert_eq!(count([named("worker"), login.clone()]), 1);
    assert_eq!(count([login, named("worker")]), 1);
}

#[test]
fn a_task_whose_policies_name_a_client_waits_for_it() {
    let policies = |config: Value| json!({"client_id": "guard", "authorization_settings": {"policies": [{"name": "p", "type": "client", "config": config}]}});
    let caller = policies(json!({"clients": "[\"caller\"]"}));
    assert_eq!(count([named("other"), named("caller"), caller.clone()]), 2);
    assert_eq!(count([caller.clone(), named("caller")]), 1);
    assert_eq!(count([caller.clone(), named("another")]), 2);
    assert_eq!(count([named("an \"other"), caller]), 1);
}

#[test]
fn two_that_give_roles_to_every_user_go_one_after_the_other() {
    let giving = |name: &str| json!({"client_id": name, "default_roles": ["reader"]});
    assert_eq!(count([giving("a"), named("b"), giving("c")]), 2);
}
