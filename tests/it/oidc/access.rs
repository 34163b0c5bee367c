//! What may a user do?

use gatecloak::connection::{ClientProof, ErrorClass};
use gatecloak::oidc::authorization::{Authorization, PermissionSet, UmaPermission};
use serde_json::{Value, json};

use super::{Scene, class, text};
use crate::keycloak::keycloak;

/// Covers `KeycloakOpenID.uma_permissions`.
#[test]
fn keycloak_lists_what_it_grants() {
    let Some(scene) = Scene::new() else { return };
    let (alice, bob) = (scene.token("alice"), scene.token("bob"));
    let names = |wanted: Value| {
        let wanted = PermissionSet::from_value(&wanted).expect("permissions");
        let granted = scene.run(scene.shop.permissions(&alice, &wanted, &[])).expect("a list");
        let granted = granted.as_array().expect("a list").clone();
        let mut names: Vec<String> = granted.iter().map(|entry| text(entry, "rsname")).collect();
        names.sort();
        names
    };
    assert_eq!(names(Value::Null), ["Bare", "Doc"]);
    assert_eq!(names(json!({"Doc": ["read", "write"], "Closed": "read"})), ["Doc"]);
    let by_path = [
        ("permission_resource_format".to_owned(), "uri".to_owned()),
        ("permission_resource_matching_uri".to_owned(), "true".to_owned()),
    ];
    let granted =
        scene.run(scene.shop.permissions(&alice, &"/docs/1#read".into(), &by_path)).expect("a list");
    assert_eq!(text(&granted[0], "rsname"), "Doc");
    let refused =
        |token: &str, wanted: &str| class(scene.run(scene.shop.permissions(token, &wanted.into(), &[])));
    assert_eq!(refused(&bob, "Doc#read"), (ErrorClass::Post, Some(403)));
    assert_eq!(refused(&alice, "Nothing"), (ErrorClass::Post, Some(400)));
    assert_eq!(refused(&alice, "Doc#nothing"), (ErrorClass::Post, Some(400)));
    assert_eq!(refused("nonsense", "Doc").0, ErrorClass::Authentication);
}

/// Covers `KeycloakOpenID.has_uma_access`.
#[test]
fn and_is_and_whatever_keycloak_answers() {
    let Some(scene) = Scene::new() else { return };
    let (alice, bob) = (scene.token("alice"), scene.token("bob"));
    let missing = |token: &str, wanted: &[&str]| -> Vec<String> {
        let wanted: PermissionSet = wanted.iter().map(|wanted| (*wanted).to_owned()).collect();
        let status = scene.run(scene.shop.access(token, &wanted)).expect("a status");
        assert_eq!(
            (status.is_logged_in, status.is_authorized),
            (true, status.missing.is_empty()),
            "{status}"
        );
        status.missing.iter().map(str::to_owned).collect()
    };
    // Keycloak answers 200 to each of these: something of it is granted.
    assert_eq!(missing(&alice, &["Doc#read", "Doc#write"]), ["Doc#write"]);
    assert_eq!(missing(&alice, &["Doc#read", "Closed#read"]), ["Closed#read"]);
    assert_eq!(missing(&alice, &["Doc#read", "Nowhere"]), ["Nowhere"]);
    assert_eq!(missing(&alice, &["Doc#read,write"]), ["Doc#read,write"]);
    // A resource alone, with and without scopes, and by its id.
    assert!(missing(&alice, &["Doc", "Bare", "Doc#read"]).is_empty());
    let all = scene.run(scene.shop.permissions(&alice, &"Doc#read".into(), &[])).expect("a list");
    let id = text(&all[0], "rsid");
    assert!(missing(&alice, &[&id, &format!("{id}#read")]).is_empty());
    assert_eq!(missing(&bob, &["Doc#read", "Bare"]), ["Bare", "Doc#read"]);
    let call: PermissionSet =
        [UmaPermission::resource("Doc").and(&UmaPermission::scope("read"))].into_iter().collect();
    assert!(scene.run(scene.shop.access(&alice, &call)).expect("a status").is_authorized);
}

/// Covers `KeycloakOpenID.has_uma_access`.
#[test]
fn nothing_asked_no_login_and_unknown_names_have_their_answers() {
    let Some(scene) = Scene::new() else { return };
    let ask = |token: &str, wanted: &PermissionSet| scene.run(scene.shop.access(token, wanted));
    let nothing = PermissionSet::default();
    assert!(ask(&scene.token("alice"), &nothing).expect("a status").is_authorized);
    let bob = ask(&scene.token("bob"), &nothing).expect("a status");
    assert!(bob.is_logged_in && !bob.is_authorized && bob.missing.is_empty());
    let stranger = ask("nonsense", &"Doc".into()).expect("a status");
    assert!(!stranger.is_logged_in && !stranger.is_authorized && stranger.missing == "Doc".into());
    // Keycloak drops an unknown name after a known one, and stops at one before it.
    for wanted in [vec!["Nowhere"], vec!["Above", "Doc#read"], vec!["Doc#nothing"]] {
        let wanted: PermissionSet = wanted.into_iter().map(str::to_owned).collect();
        assert_eq!(class(ask(&scene.token("alice"), &wanted)), (ErrorClass::Post, Some(400)));
    }
    let wrong = class(PermissionSet::from_value(&json!({"Doc": [1]})));
    assert_eq!(wrong, (ErrorClass::PermissionFormat, None));
}

/// Covers `KeycloakOpenID.load_authorization_config`, `KeycloakOpenID.get_policies`, `KeycloakOpenID.get_permissions`.
#[test]
fn the_realms_own_export_is_loaded_and_looked_up() {
    let Some(scene) = Scene::new() else { return };
    let server = keycloak().expect("a server");
    let clients = server.admin.get(&format!("/{}/clients?clientId=shop", scene.name));
    let path = format!("/{}/clients/{}/authz/resource-server", scene.name, text(&clients[0], "id"));
    // What python-keycloak's loader dies on: no policies, and a policy that is not of the type role.
    let time = json!({"name": "at night", "type": "time", "logic": "POSITIVE", "hour": "1", "hourEnd": "2"});
    server.admin.post(&format!("{path}/policy/time"), &time);
    let scope = |name: &str, policies: Value| json!({"name": name, "scopes": ["read"], "policies": policies});
    server.admin.post(&format!("{path}/permission/scope"), &scope("open", json!([])));
    server.admin.post(&format!("{path}/permission/scope"), &scope("mixed", json!(["at night", "managers"])));
    let file = tempfile::NamedTempFile::new().expect("a file");
    let settings = server.admin.get(&format!("{path}/settings"));
    std::fs::write(&file, settings.to_string()).expect("written");
    let authorization = Authorization::load(file.path()).expect("settings");
    assert_eq!(authorization.policies().keys().collect::<Vec<_>>(), ["managers", "writers"]);
    let (alice, bob) = (scene.token("alice"), scene.token("bob"));
    let policies =
        scene.run(scene.shop.policies(&alice, &authorization)).expect("an answer").expect("policies");
    assert_eq!(policies.iter().map(|policy| policy.name.as_str()).collect::<Vec<_>>(), ["managers"]);
    let permissions = scene.run(scene.shop.policy_permissions(&alice, &authorization)).expect("an answer");
    let names: Vec<String> = permissions.expect("permissions").into_iter().map(|one| one.name).collect();
    assert_eq!(names, ["bare", "mixed", "read docs"]);
    assert_eq!(scene.run(scene.shop.policies(&bob, &authorization)), Ok(None));
    assert_eq!(scene.run(scene.shop.policy_permissions(&bob, &authorization)), Ok(None));
    let inactive = class(scene.run(scene.shop.policies("nonsense", &authorization)));
    assert_eq!(inactive, (ErrorClass::InvalidToken, None));
    let empty = class(scene.run(scene.shop.policy_permissions(&alice, &Authorization::default())));
    assert_eq!(empty, (ErrorClass::AuthorizationConfig, None));
    let wrong = scene.client("shop", ClientProof::SecretPost("wrong".into()));
    let refused = class(scene.run(wrong.policies(&alice, &authorization)));
    assert_eq!(refused, (ErrorClass::Authentication, Some(401)));
}
