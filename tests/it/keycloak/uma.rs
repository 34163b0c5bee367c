//! Permissions of Keycloak's authorization services.

use std::fs;

use super::admin::Realm;
use super::keycloak;
use super::scene::Scene;

const UMA_ROUTES: &str = r#"
[routes.orders]
path = "/orders/*"
require = { permission = { methods = { GET = ["view"], POST = ["edit"] } } }
[routes.both]
path = "/both"
require = { all = [
    { permission = { resource = "Orders", scopes = ["view"] } },
    { permission = { resource = "Reports", scopes = ["view"] } },
] }
[routes.scopes]
path = "/scopes"
require = { permission = { resource = "Orders", scopes = ["view", "edit"] } }
[routes.either]
path = "/either"
require = { permission = { resource = "Orders", scopes = ["view", "edit"], mode = "any" } }
[routes.ticket]
path = "/ticket"
ticket = true
require = { permission = { resource = "Reports", scopes = ["view"] } }
[routes.absent]
path = "/absent"
require = { permission = { resource = "Nothing", scopes = ["view"] } }
"#;

fn scene() -> Option<Scene> {
    let server = keycloak()?;
    let realm = Realm::create(server, |_| ());
    let settings = realm.authorization_settings();
    let folder = tempfile::tempdir().expect("a folder").keep();
    let file = folder.join("authorization.json");
    fs::write(&file, settings.to_string()).expect("written");
    let scene = Scene::start(realm, &format!("authorization.settings = \"{}\"", file.display()), UMA_ROUTES);
    fs::remove_dir_all(folder).expect("removed");
    Some(scene)
}

#[test]
fn a_permission_found_by_path_and_method_is_granted_and_refused_as_keycloak_says() {
    let Some(scene) = scene() else { return };
    let bob = scene.realm.access_token("bob");
    let carol = scene.realm.access_token("carol");
    assert_eq!(scene.status("/orders/1", Some(&bob)), 200);
    assert_eq!(scene.refusal("/orders/1", Some(&carol)).2, "permission_denied");
}

#[test]
fn and_is_and() {
    let Some(scene) = scene() else { return };
    let (alice, bob) = (scene.realm.access_token("alice"), scene.realm.access_token("bob"));
    // Keycloak itself says yes to bob when asked for both at once: one of the two is granted.
    for path in ["/both", "/scopes"] {
        assert_eq!(scene.status(path, Some(&alice)), 200, "{path}");
        assert_eq!(scene.status(path, Some(&bob)), 403, "{path}");
    }
    assert_eq!(scene.status("/either", Some(&bob)), 200);
}

#[test]
fn an_unknown_resource_is_refused() {
    let Some(scene) = scene() else { return };
    let alice = scene.realm.access_token("alice");
    assert_eq!(scene.status("/absent", Some(&alice)), 403);
}

#[test]
fn a_ticket_leads_to_an_rpt_that_passes() {
    let Some(scene) = scene() else { return };
    let alice = scene.realm.access_token("alice");
    let carol = scene.realm.access_token("carol");
    // Alice may: no ticket is needed. Carol may not, and is told where to ask.
    assert_eq!(scene.status("/ticket", Some(&alice)), 200);
    let (status, challenge, _) = scene.refusal("/ticket", Some(&carol));
    assert_eq!(status, 401, "{challenge}");
    let part = |name: &str| {
        let (_, rest) = challenge.split_once(&format!("{name}=\"")).expect("the parameter");
        rest.split('"').next().expect("its value").to_owned()
    };
    assert!(challenge.contains("UMA "), "{challenge}");
    assert_eq!(part("as_uri"), scene.realm.issuer());
    let ticket = part("ticket");
    let form = [("grant_type", "urn:ietf:params:oauth:grant-type:uma-ticket"), ("ticket", ticket.as_str())];
    // Carol's ticket gives her nothing; in alice's hands it becomes an RPT.
    assert_eq!(scene.realm.token_endpoint(&form, Some(&carol)).0, 403);
    let (status, answer) = scene.realm.token_endpoint(&form, Some(&alice));
    assert_eq!(status, 200, "{answer}");
    let rpt = answer["access_token"].as_str().expect("an RPT");
    assert_eq!(scene.status("/ticket", Some(rpt)), 200);
}
