//! Many clients: planned and applied with few calls, and none that writes when all is as it shall be.

use gatecloak::admin::AdminClient;
use gatecloak::bootstrap::Plan;
use gatecloak::connection::ConnectionSettings;
use serde_json::{Value, json};

use super::state::desired;
use crate::admin::{Relay, Scene, login};

const CLIENTS: usize = 40;

fn many() -> Value {
    let clients = (0..CLIENTS).map(|number| {
        json!({
            "client_id": format!("client-{number:02}"),
            "name": format!("Client {number}"),
            "redirect_uris": [format!("https://b{number}.example.com/*"), format!("https://a{number}.example.com/*")],
            "attributes": {"access.token.lifespan": 300, "pkce.code.challenge.method": "S256"},
            "service_accounts_enabled": number % 2 == 0,
            "audiences": ["client-00"],
        })
    });
    json!({"clients": clients.collect::<Vec<_>>()})
}

#[test]
fn a_second_apply_of_many_clients_makes_few_calls_and_writes_nothing() {
    let Some(scene) = Scene::new() else { return };
    let first = super::state::apply(&scene, &many());
    assert_eq!(first.items.iter().filter(|item| item.is_due()).count(), CLIENTS);
    let relay = Relay::to(&scene.url);
    let settings = ConnectionSettings::new(relay.url());
    let realm = AdminClient::connect(settings, login()).expect("a client").realm(&scene.name);
    let wanted = desired(&scene, &many());
    let second = scene.run(Plan::apply(&realm, &wanted, |_, _| {})).expect("a plan");
    assert!(!second.is_changed() && second.items.len() == CLIENTS, "{second:?}");
    let asked = |method: &str| relay.asked(&format!("{method} /admin/"));
    for method in ["POST", "PUT", "DELETE"] {
        assert_eq!(asked(method), [""; 0]);
    }
    let looked = asked("GET");
    assert!(!looked.is_empty() && looked.len() < 10, "{looked:#?}");
    // One that drifted is mended, and no other is touched.
    let id = scene.client("client-07");
    scene.run(scene.realm.clients().update(&id, &json!({"name": "drifted"}))).expect("a drift");
    let third = scene.run(Plan::apply(&realm, &wanted, |_, _| {})).expect("a plan");
    assert!(third.failures.is_empty(), "{:?}", third.failures);
    let written: Vec<String> = ["POST", "PUT", "DELETE"].iter().flat_map(|method| asked(method)).collect();
    assert_eq!(written.len(), 1, "{written:?}");
    assert!(written.iter().all(|line| line.contains(&id)), "{written:?}");
}

#[test]
fn two_at_the_same_time_both_end_well() {
    for state in [many(), super::state::everything()] {
        let Some(scene) = Scene::new() else { return };
        let realm = || {
            let settings = ConnectionSettings::new(&scene.url);
            AdminClient::connect(settings, login()).expect("a client").realm(&scene.name)
        };
        let (one, other, wanted) = (realm(), realm(), desired(&scene, &state));
        let both = scene.run(async {
            futures_util::join!(
                Plan::apply(&one, &wanted, |_, _| {}),
                Plan::apply(&other, &wanted, |_, _| {})
            )
        });
        for plan in [both.0, both.1] {
            let plan = plan.expect("a plan");
            assert!(plan.failures.is_empty(), "{:?}", plan.failures);
        }
        let left = super::state::plan(&scene, &state);
        assert!(left.is_empty(), "{left:?}");
    }
}
