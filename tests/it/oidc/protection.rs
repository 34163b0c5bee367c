//! The protection API.

use gatecloak::connection::{ClientProof, ErrorClass, Login, LoginGrant, Query, Session};
use gatecloak::oidc::TokenRequest;
use gatecloak::oidc::authorization::{PermissionSet, UmaClient};
use serde_json::json;

use super::{Scene, class, text};

/// With the shop's own account, or with a user of the shop.
fn uma(scene: &Scene, grant: LoginGrant) -> UmaClient {
    let login = Login {
        realm: scene.name.clone(),
        client_id: "shop".to_owned(),
        proof: ClientProof::SecretPost("shop-secret".into()),
        grant,
        scope: String::new(),
    };
    UmaClient::new(Session::new(scene.shop.connection().clone(), login))
}

/// Covers `KeycloakUMA.uma_well_known`, `KeycloakUMA.resource_set_create`, `KeycloakUMA.resource_set_read`, `KeycloakUMA.resource_set_update`, `KeycloakUMA.resource_set_delete`.
#[test]
fn a_resource_is_made_read_changed_and_removed() {
    let Some(scene) = Scene::new() else { return };
    let uma = uma(&scene, LoginGrant::ClientCredentials);
    let document = scene.run(uma.well_known()).expect("a document");
    let path = format!("/realms/{}/authz/protection/resource_set", scene.name);
    assert!(text(&document, "resource_registration_endpoint").ends_with(&path));
    let name = "a/b ü;%#?+";
    let resource = json!({"name": name, "resource_scopes": ["read"], "uris": ["/a/*"], "type": "urn:x"});
    let made = scene.run(uma.create_resource(&resource)).expect("a resource");
    let id = text(&made, "_id");
    assert_eq!(class(scene.run(uma.create_resource(&resource))), (ErrorClass::Post, Some(409)));
    let change = json!({"name": name, "resource_scopes": ["read", "write"], "uris": ["/b/*"]});
    scene.run(uma.update_resource(&id, &change)).expect("changed");
    let read = scene.run(uma.resource(&id)).expect("a resource");
    assert_eq!(
        (&read["uris"], read["resource_scopes"].as_array().map(Vec::len)),
        (&json!(["/b/*"]), Some(2))
    );
    scene.run(uma.delete_resource(&id)).expect("gone");
    assert_eq!(class(scene.run(uma.resource(&id))), (ErrorClass::Get, Some(404)));
    assert_eq!(class(scene.run(uma.delete_resource(&id))), (ErrorClass::Delete, Some(404)));
    assert_eq!(class(scene.run(uma.update_resource(&id, &change))), (ErrorClass::Put, Some(404)));
}

/// Covers `KeycloakUMA.resource_set_list_ids`, `KeycloakUMA.resource_set_list`.
#[test]
fn resources_are_listed_over_all_pages_and_found() {
    let Some(scene) = Scene::new() else { return };
    let uma = uma(&scene, LoginGrant::ClientCredentials);
    for number in 0..220 {
        let resource =
            json!({"name": format!("r{number}"), "uris": [format!("/r/{number}/*")], "type": "urn:many"});
        scene.run(uma.create_resource(&resource)).expect("a resource");
    }
    let count = |query: Query| scene.run(uma.resource_ids(query)).expect("a list").len();
    assert_eq!(count(Query::new()), 223);
    assert_eq!(count(Query::new().with("type", "urn:many")), 220);
    assert_eq!(count(Query::new().with("first", 100).with("max", 7)), 7);
    assert_eq!(count(Query::new().with("name", "r21")), 11);
    assert_eq!(count(Query::new().with("name", "r21").with("exactName", true)), 1);
    assert_eq!(count(Query::new().with("scope", "read")), 2);
    assert_eq!(count(Query::new().with("name", "nowhere")), 0);
    let all = scene.run(uma.resources(Query::new())).expect("a list");
    assert_eq!(all.len(), 223);
    let by_path = Query::new().with("uri", "/r/7/x").with("matchingUri", true);
    let found = scene.run(uma.resource_ids(by_path)).expect("a list");
    let wanted = all.iter().find(|resource| resource["name"] == "r7").expect("the resource");
    assert_eq!(found, [wanted["_id"].clone()]);
    assert_eq!(wanted["uris"], json!(["/r/7/*"]));
}

/// Covers `KeycloakUMA.permission_ticket_create`.
#[test]
fn a_ticket_becomes_an_rpt() {
    let Some(scene) = Scene::new() else { return };
    let uma = uma(&scene, LoginGrant::ClientCredentials);
    let wanted: PermissionSet = ["Doc#read".to_owned(), "Bare".to_owned()].into_iter().collect();
    let ticket = text(&scene.run(uma.create_ticket(&wanted)).expect("a ticket"), "ticket");
    let ask = |user: &str| {
        let request = TokenRequest::grant("urn:ietf:params:oauth:grant-type:uma-ticket")
            .with("ticket", &ticket)
            .with("subject_token", &scene.token(user));
        scene.run(scene.shop.token(request))
    };
    assert_eq!(class(ask("bob")), (ErrorClass::Post, Some(403)));
    let rpt = text(&ask("alice").expect("an RPT"), "access_token");
    let claims = scene.run(scene.shop.introspect_rpt(Some(&rpt))).expect("an answer");
    assert_eq!(claims["permissions"].as_array().map(Vec::len), Some(2));
    for unknown in ["Nowhere", "Doc#nothing"] {
        assert_eq!(class(scene.run(uma.create_ticket(&unknown.into()))), (ErrorClass::Post, Some(400)));
    }
}

/// Covers `KeycloakUMA.permissions_check`.
#[test]
fn every_permission_is_checked() {
    let Some(scene) = Scene::new() else { return };
    let uma = uma(&scene, LoginGrant::ClientCredentials);
    let alice = scene.token("alice");
    let check = |token: &str, wanted: &[&str]| {
        let wanted: PermissionSet = wanted.iter().map(|wanted| (*wanted).to_owned()).collect();
        scene.run(uma.check(token, &wanted)).expect("an answer")
    };
    assert!(check(&alice, &["Doc#read"]) && check(&alice, &["Doc#read", "Bare"]) && check(&alice, &[]));
    // `response_mode=decision` would say yes to these.
    assert!(!check(&alice, &["Doc#read", "Doc#write"]) && !check(&alice, &["Doc#read", "Nowhere"]));
    assert!(
        !check(&alice, &["Nowhere"]) && !check(&alice, &["Doc#nothing"]) && !check("nonsense", &["Doc#read"])
    );
    assert!(!check(&scene.token("bob"), &["Doc#read"]));
}

/// Covers `KeycloakUMA.policy_resource_create`, `KeycloakUMA.policy_update`, `KeycloakUMA.policy_delete`, `KeycloakUMA.policy_query`.
#[test]
fn an_owner_lets_others_in() {
    let Some(scene) = Scene::new() else { return };
    let owner = uma(&scene, LoginGrant::ClientCredentials);
    let resource = json!({"name": "Diary", "resource_scopes": ["read"], "ownerManagedAccess": true});
    let id = text(&scene.run(owner.create_resource(&resource)).expect("a resource"), "_id");
    let wanted = PermissionSet::from(format!("{id}#read").as_str());
    let may = || scene.run(owner.check(&scene.token("bob"), &wanted)).expect("an answer");
    let list = |query: Query| scene.run(owner.policies(query)).expect("a list");
    assert!(!may() && list(Query::new()).is_empty());
    let policy = json!({"name": "for a friend", "scopes": ["read"], "users": ["alice"]});
    let made = scene.run(owner.create_policy(&id, &policy)).expect("a policy");
    assert!(!may());
    let mut change = made.clone();
    change["users"] = json!(["bob"]);
    scene.run(owner.update_policy(&text(&made, "id"), &change)).expect("changed");
    assert!(may());
    assert_eq!(list(Query::new().with("name", "for a friend")).len(), 1);
    assert_eq!(list(Query::new().with("resource", &id).with("first", 0).with("max", 1)).len(), 1);
    assert!(list(Query::new().with("name", "nowhere")).is_empty());
    scene.run(owner.delete_policy(&text(&made, "id"))).expect("gone");
    assert!(!may());
    assert_eq!(class(scene.run(owner.delete_policy("nowhere"))).0, ErrorClass::Delete);
    assert_eq!(class(scene.run(owner.update_policy("nowhere", &change))).0, ErrorClass::Put);
    let password =
        LoginGrant::Password { username: "alice".to_owned(), password: "alice".into(), totp: None };
    let refused = class(scene.run(uma(&scene, password).create_policy(&id, &policy)));
    assert_eq!(refused, (ErrorClass::Post, Some(400)), "only the owner may");
}
