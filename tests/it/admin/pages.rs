//! Lists that come in pages.

use futures_util::TryStreamExt;
use gatecloak::admin::{AdminClient, Realm};
use gatecloak::connection::{ConnectionSettings, Query};
use serde_json::{Value, json};

use super::relay::Relay;
use super::scene::login;
use super::{Scene, text};

/// A realm with 205 users, by way of a relay.
fn crowd() -> Option<(Scene, Relay, Realm)> {
    let users: Vec<Value> = (0..205).map(|number| json!({"username": format!("user-{number:03}")})).collect();
    let scene = Scene::with(&json!({"users": users}))?;
    let relay = Relay::to(&scene.url);
    let admin = AdminClient::connect(ConnectionSettings::new(relay.url()), login()).expect("a client");
    let realm = admin.realm(&scene.name);
    Some((scene, relay, realm))
}

#[test]
fn a_list_of_more_than_two_pages_is_complete_and_in_order() {
    let Some((scene, relay, realm)) = crowd() else { return };
    let users = scene.run(realm.users().list(Query::new()).all()).expect("users");
    let found: Vec<&str> = users.iter().map(|user| text(user, "username")).collect();
    let expected: Vec<String> = (0..205).map(|number| format!("user-{number:03}")).collect();
    assert_eq!(found, expected);
    let asked = relay.asked("GET /admin/realms/");
    assert_eq!(asked.len(), 3, "{asked:?}");
    assert!(asked[2].contains("first=200") && asked[2].contains("max=100"), "{asked:?}");
}

#[test]
fn a_list_that_is_read_in_part_is_asked_for_in_part() {
    let Some((scene, relay, realm)) = crowd() else { return };
    let mut asked = 0;
    for (items, calls) in [(1, 1), (100, 1), (101, 2)] {
        let stream = realm.users().list(Query::new()).stream();
        let read = scene.run(async {
            let mut stream = std::pin::pin!(stream);
            let mut read = 0;
            while read < items && stream.try_next().await.expect("a user").is_some() {
                read += 1;
            }
            read
        });
        assert_eq!(read, items);
        asked += calls;
        assert_eq!(relay.asked("GET /admin/realms/").len(), asked, "after {items}");
    }
}

#[test]
fn a_query_with_a_page_of_its_own_is_one_call() {
    let Some((scene, relay, realm)) = crowd() else { return };
    let query = Query::new().with("first", 3).with("max", 150);
    let users = scene.run(realm.users().list(query).all()).expect("users");
    assert_eq!(users.len(), 150);
    assert_eq!(text(&users[0], "username"), "user-003");
    assert_eq!(relay.asked("GET /admin/realms/").len(), 1);
}

#[test]
fn a_user_is_found_by_name_in_one_call() {
    let Some((scene, relay, realm)) = crowd() else { return };
    let id = scene.run(realm.users().id("USER-204")).expect("an answer").expect("a user");
    let asked = relay.asked("GET /admin/realms/");
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert_eq!(text(&scene.run(realm.users().get(&id)).expect("the user"), "username"), "user-204");
}
