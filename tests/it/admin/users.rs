//! Users.

use gatecloak::connection::{ErrorClass, Query};
use serde_json::{Value, json};

use super::log::logged;
use super::mailbox::Mailbox;
use super::{Scene, person, text};

/// Covers `create_user`, `get_user`, `get_user_id`, `get_users`, `users_count`, `delete_user`.
#[test]
fn users_come_are_found_and_go() {
    let Some(scene) = Scene::new() else { return };
    let users = scene.realm.users();
    let alice = scene.run(users.create(&person("Alice"))).expect("an id");
    let alicia = scene.run(users.create(&person("alicia"))).expect("an id");
    assert_eq!(text(&scene.run(users.get(&alice)).expect("alice"), "email"), "alice@example.org");

    for name in ["alice", "ALICE"] {
        assert_eq!(scene.run(users.id(name)).expect("an answer").as_deref(), Some(alice.as_str()));
    }
    for name in ["ali", "al_ce", "ali*", "alice;x=/?#%", ""] {
        assert_eq!(scene.run(users.id(name)).expect("an answer"), None, "{name}");
    }
    let query = Query::new().with("search", "ali");
    assert_eq!(scene.run(users.list(query.clone()).all()).expect("users").len(), 2);
    assert_eq!(scene.run(users.count(query)).expect("a count"), 2);
    assert_eq!(scene.run(users.count(Query::new().with("username", "alicia"))).expect("a count"), 1);

    let conflict = scene.run(users.create(&person("alice"))).expect_err("it is there");
    assert!(conflict.is_conflict() && conflict.class() == ErrorClass::Post, "{conflict}");
    scene.run(users.delete(&alicia)).expect("an empty answer");
    assert!(scene.run(users.get(&alicia)).expect_err("it is gone").is_not_found());
}

/// Covers `create_user`.
#[test]
fn a_user_that_is_there_stays_as_it_is() {
    let Some(scene) = Scene::new() else { return };
    let users = scene.realm.users();
    let alice = scene.run(users.create_if_absent(&person("alice"))).expect("an id");
    let other = json!({"username": "Alice", "firstName": "Other"});
    assert_eq!(scene.run(users.create_if_absent(&other)).expect("the id"), alice);
    // Not good enough for a new user, and of no interest for one that is there.
    let wrong = json!({"username": "alice", "email": "no address"});
    assert_eq!(scene.run(users.create_if_absent(&wrong)).expect("the id"), alice);
    assert_eq!(text(&scene.run(users.get(&alice)).expect("alice"), "firstName"), "alice");

    let namesake = json!({"username": "bob", "email": "alice@example.org"});
    let conflict = scene.run(users.create_if_absent(&namesake)).expect_err("her address");
    assert!(conflict.is_conflict(), "{conflict}");
}

/// Covers `create_user`.
#[test]
fn where_the_address_is_the_name_a_user_is_found_by_it() {
    let Some(scene) = Scene::with(&json!({"registrationEmailAsUsername": true})) else { return };
    let users = scene.realm.users();
    let user = json!({"email": "alice@example.org"});
    let alice = scene.run(users.create_if_absent(&user)).expect("an id");
    assert_eq!(scene.run(users.create_if_absent(&user)).expect("the id"), alice);
}

/// Covers `update_user`.
#[test]
fn a_change_of_attributes_keeps_names_and_address() {
    let Some(scene) = Scene::new() else { return };
    allow_attributes(&scene);
    let users = scene.realm.users();
    let alice = scene.run(users.create(&person("alice"))).expect("an id");
    let change = |changes: Value| {
        scene.run(users.update(&alice, &changes)).expect("an empty answer");
        scene.run(users.get(&alice)).expect("alice")
    };
    let read = change(json!({"attributes": {"department": ["sales"], "size": ["1"]}}));
    assert_eq!((text(&read, "firstName"), text(&read, "lastName")), ("alice", "Example"));
    assert_eq!((text(&read, "email"), &read["emailVerified"]), ("alice@example.org", &json!(true)));
    assert_eq!(read["attributes"], json!({"department": ["sales"], "size": ["1"]}));

    // What is given is taken, and attributes are replaced together.
    let read = change(json!({"firstName": "Al", "lastName": null, "attributes": {"size": ["2"]}}));
    assert_eq!((text(&read, "firstName"), text(&read, "email")), ("Al", "alice@example.org"));
    assert_eq!(read["lastName"], Value::Null);
    assert_eq!(read["attributes"], json!({"size": ["2"]}));
    let read = change(json!({"lastName": "Liddell"}));
    assert_eq!((text(&read, "firstName"), text(&read, "lastName")), ("Al", "Liddell"));
    assert_eq!(read["attributes"], json!({"size": ["2"]}));

    let error = scene.run(users.update("no-such", &json!({"enabled": true}))).expect_err("no user");
    assert!(error.is_not_found() && error.class() == ErrorClass::Put, "{error}");
}

/// Covers `create_user`, `update_user`.
#[test]
fn attributes_that_the_profile_drops_are_named_in_the_log() {
    let Some(scene) = Scene::new() else { return };
    let users = scene.realm.users();
    let mut user = person("alice");
    user["attributes"] = json!({"department": ["the-value"]});
    let (alice, log) = logged(|| scene.run(users.create(&user)).expect("an id"));
    assert_warned_of(&log, &alice);
    let changes = json!({"attributes": {"department": ["the-value"]}});
    let (_, log) = logged(|| scene.run(users.update(&alice, &changes)).expect("an empty answer"));
    assert_warned_of(&log, &alice);

    allow_attributes(&scene);
    let (_, log) = logged(|| scene.run(users.update(&alice, &changes)).expect("an empty answer"));
    assert!(!log.contains("dropped"), "{log}");
}

fn assert_warned_of(log: &str, user: &str) {
    let line = log.lines().find(|line| line.contains("dropped")).unwrap_or_else(|| panic!("{log}"));
    let line: Value = serde_json::from_str(line).expect("JSON");
    assert_eq!(line["level"], "WARN");
    assert_eq!(line["fields"]["user.id"], user);
    assert_eq!(line["fields"]["user.attributes"], "department");
    assert!(!log.contains("the-value"), "{log}");
}

/// Covers `enable_user`, `disable_user`, `enable_all_users`, `disable_all_users`.
#[test]
fn users_are_disabled_and_enabled_one_by_one_and_all_at_once() {
    let people: Vec<Value> =
        (0..120).map(|number| json!({"username": format!("user-{number}"), "enabled": true})).collect();
    let Some(scene) = Scene::with(&json!({"users": people})) else { return };
    let users = scene.realm.users();
    let first = scene.run(users.id("user-0")).expect("an answer").expect("a user");
    let changes = json!({"firstName": "First", "lastName": "Example"});
    scene.run(users.update(&first, &changes)).expect("an empty answer");
    scene.run(users.disable(&first)).expect("an empty answer");
    let read = scene.run(users.get(&first)).expect("the user");
    assert_eq!((&read["enabled"], text(&read, "firstName")), (&json!(false), "First"));

    let enabled = || scene.run(users.count(Query::new().with("enabled", true))).expect("a count");
    assert_eq!(scene.run(users.disable_all()).expect("a count"), 119);
    assert_eq!(enabled(), 0);
    scene.run(users.enable(&first)).expect("an empty answer");
    assert_eq!(enabled(), 1);
    assert_eq!(scene.run(users.enable_all()).expect("a count"), 119);
    assert_eq!(enabled(), 120);
}

/// Covers `set_user_password`, `get_credentials`, `delete_credential`.
#[test]
fn a_password_is_set_seen_and_removed() {
    let Some(scene) = Scene::with(&json!({"users": [person("alice")]})) else { return };
    let users = scene.realm.users();
    let alice = scene.run(users.id("alice")).expect("an answer").expect("alice");
    let actions = || scene.run(users.get(&alice)).expect("alice")["requiredActions"].clone();
    scene.run(users.reset_password(&alice, "first", true)).expect("an empty answer");
    assert_eq!(actions(), json!(["UPDATE_PASSWORD"]));
    assert_ne!(scene.log_in("admin-cli", "alice", "first", "openid").status, 200);
    scene.run(users.reset_password(&alice, "second", false)).expect("an empty answer");
    assert_eq!(actions(), json!([]));
    assert_eq!(scene.log_in("admin-cli", "alice", "second", "openid").status, 200);

    let credentials = scene.run(users.credentials(&alice)).expect("a list");
    assert_eq!(text(&credentials[0], "type"), "password");
    let id = text(&credentials[0], "id");
    scene.run(users.delete_credential(&alice, id)).expect("an empty answer");
    assert_eq!(scene.run(users.credentials(&alice)).expect("a list"), json!([]));
    assert!(scene.run(users.delete_credential(&alice, id)).expect_err("it is gone").is_not_found());
}

/// Covers `get_sessions`, `user_logout`, `user_consents`, `revoke_consent`.
#[test]
fn sessions_and_consents_are_seen_and_ended() {
    let client = json!({
        "clientId": "web/ä;1", "publicClient": true, "directAccessGrantsEnabled": true,
        "optionalClientScopes": ["offline_access"],
    });
    let Some(scene) = Scene::with(&json!({"clients": [client]})) else { return };
    let users = scene.realm.users();
    // A user that came with the realm would not have the default roles, and no right to an offline token.
    let alice = scene.run(users.create(&person("alice"))).expect("an id");
    assert_eq!(scene.log_in("web/ä;1", "alice", "alice", "openid").status, 200);
    let sessions = scene.run(users.sessions(&alice)).expect("a list");
    assert_eq!(text(&sessions[0], "username"), "alice");
    scene.run(users.logout(&alice)).expect("an empty answer");
    assert_eq!(scene.run(users.sessions(&alice)).expect("a list"), json!([]));

    // An offline token is what a user can give to a client without a browser.
    let answer = scene.log_in("web/ä;1", "alice", "alice", "openid offline_access");
    assert_eq!(answer.status, 200, "{}", answer.value());
    let consents = scene.run(users.consents(&alice)).expect("a list");
    assert_eq!(text(&consents[0], "clientId"), "web/ä;1");
    scene.run(users.revoke_consent(&alice, "web/ä;1")).expect("an empty answer");
    assert_eq!(scene.run(users.consents(&alice)).expect("a list"), json!([]));
    assert!(scene.run(users.revoke_consent(&alice, "web/ä;1")).expect_err("nothing").is_not_found());
}

/// Covers `add_user_social_login`, `get_user_social_logins`, `delete_user_social_login`.
#[test]
fn identities_of_other_providers_are_linked_and_unlinked() {
    let provider = json!({
        "alias": "corp", "providerId": "oidc", "enabled": true,
        "config": {
            "clientId": "a", "clientSecret": "b", "tokenUrl": "https://corp.example/t",
            "authorizationUrl": "https://corp.example/a",
        },
    });
    let members = json!({"users": [person("alice")], "identityProviders": [provider]});
    let Some(scene) = Scene::with(&members) else { return };
    let users = scene.realm.users();
    let alice = scene.run(users.id("alice")).expect("an answer").expect("alice");
    scene.run(users.add_social_login(&alice, "corp", "4711", "al")).expect("an empty answer");
    let links = scene.run(users.social_logins(&alice)).expect("a list");
    assert_eq!(links, json!([{"identityProvider": "corp", "userId": "4711", "userName": "al"}]));
    assert!(scene.run(users.add_social_login(&alice, "corp", "1", "x")).expect_err("linked").is_conflict());
    scene.run(users.delete_social_login(&alice, "corp")).expect("an empty answer");
    assert_eq!(scene.run(users.social_logins(&alice)).expect("a list"), json!([]));
    assert!(scene.run(users.delete_social_login(&alice, "corp")).expect_err("no link").is_not_found());
}

/// Covers `send_update_account`, `send_verify_email`.
#[test]
fn mails_are_sent_with_links() {
    let mailbox = Mailbox::open();
    let members = json!({"users": [person("alice")], "smtpServer": mailbox.settings()});
    let Some(scene) = Scene::with(&members) else { return };
    let users = scene.realm.users();
    let alice = scene.run(users.id("alice")).expect("an answer").expect("alice");
    let query = Query::new().with("client_id", "account").with("lifespan", 600);
    scene
        .run(users.send_update_account(&alice, &json!(["UPDATE_PASSWORD"]), query))
        .expect("an empty answer");
    assert!(mailbox.next().contains("To: alice@example.org"));
    scene.run(users.send_verify_email(&alice, Query::new())).expect("an empty answer");
    assert!(mailbox.next().contains("/login-actions/action-token"));

    let query = Query::new().with("redirect_uri", "https://shop.example/");
    let error = scene.run(users.send_update_account(&alice, &json!([]), query)).expect_err("no client");
    assert_eq!((error.class(), error.status()), (ErrorClass::Put, Some(400)));
}

/// Covers `send_verify_email`.
#[test]
fn without_a_mail_server_a_mail_is_an_error() {
    let Some(scene) = Scene::with(&json!({"users": [person("alice")]})) else { return };
    let users = scene.realm.users();
    let alice = scene.run(users.id("alice")).expect("an answer").expect("alice");
    let error = scene.run(users.send_verify_email(&alice, Query::new())).expect_err("no mail server");
    assert_eq!((error.class(), error.status()), (ErrorClass::Put, Some(500)));
}

/// Lets users have attributes that the profile does not name.
fn allow_attributes(scene: &Scene) {
    let mut profile = scene.run(scene.realm.user_profile().get()).expect("a profile");
    profile["unmanagedAttributePolicy"] = "ENABLED".into();
    scene.run(scene.realm.user_profile().update(&profile)).expect("a profile");
}
