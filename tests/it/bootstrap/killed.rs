//! Keycloak is killed in the middle of an apply and started again: the next one finishes.

use gatecloak::admin::{AdminClient, Realm};
use gatecloak::bootstrap::{Desired, Item, Plan};
use gatecloak::connection::ConnectionSettings;
use serde_json::json;

use super::state::everything;
use crate::admin::Relay;
use crate::keycloak::OwnKeycloak;

/// After so many things it is killed: the roles, the scope, the groups and some of the clients are there, and others begun.
const KILLED_AFTER: usize = 30;

fn wanted() -> Desired {
    let mut content = everything();
    content["realm"] = json!("shop");
    let clients = content["clients"].as_array_mut().expect("clients");
    clients.extend((0..60).map(|number| {
        json!({
            "client_id": format!("client-{number:02}"),
            "service_accounts_enabled": true,
            "service_account": {"realm_roles": ["reader"]},
            "roles": [{"name": "view"}],
            "audiences": ["api"],
        })
    }));
    Desired::read(&content).expect("wanted state")
}

#[test]
fn an_apply_in_which_keycloak_is_killed_is_finished_by_the_next() {
    let Some(mut server) = OwnKeycloak::start() else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    // A new session each: that of the killed server is not known any more.
    let realm = |server: &OwnKeycloak, url: String| -> Realm {
        AdminClient::connect(ConnectionSettings::new(url), server.login()).expect("a client").realm("shop")
    };
    let wanted = wanted();
    let first = realm(&server, server.url());
    let admin =
        AdminClient::connect(ConnectionSettings::new(server.url()), server.login()).expect("a client");
    runtime.block_on(admin.realms().create(&json!({"realm": "shop", "enabled": true}))).expect("a realm");
    let mut done = 0;
    let cut = runtime.block_on(Plan::apply(&first, &wanted, |_, _| {
        done += 1;
        if done == KILLED_AFTER {
            server.kill();
        }
    }));
    assert!(
        cut.as_ref().is_ok_and(|plan| !plan.failures.is_empty()) || cut.is_err(),
        "it was not killed: {cut:?}"
    );
    assert!(done >= KILLED_AFTER, "{done}");
    server.start_again().expect("it starts on what it has left");

    let again = realm(&server, server.url());
    let left = runtime.block_on(Plan::make(&again, &wanted)).expect("a plan");
    let (due, kept): (Vec<&Item>, Vec<&Item>) = left.items.iter().partition(|item| item.is_due());
    assert!(!due.is_empty() && !kept.is_empty(), "in the middle: {} due, {} kept", due.len(), kept.len());
    let finished = runtime.block_on(Plan::apply(&again, &wanted, |_, _| {})).expect("a plan");
    assert!(finished.failures.is_empty() && finished.is_changed(), "{:?}", finished.failures);

    let relay = Relay::to(&server.url());
    let last = realm(&server, relay.url());
    let last = runtime.block_on(Plan::apply(&last, &wanted, |_, _| {})).expect("a plan");
    assert!(!last.is_changed() && last.items.len() > KILLED_AFTER, "{last:?}");
    let written = ["POST", "PUT", "DELETE"].map(|method| relay.asked(&format!("{method} /admin/"))).concat();
    assert_eq!(written, [""; 0]);
    assert!(!relay.asked("GET /admin/").is_empty());
}
