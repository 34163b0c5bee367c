//! Settings that are fetched, and cannot be fetched any more.

use gatecloak::testing::ChaosProxy;

use super::admin::Realm;
use super::counters::{decisions, wait_until};
use super::keycloak;
use super::scene::Scene;

/// The same permission decided in each way; the routes are called `NAME_any`, `NAME_here` and `NAME_there`.
const ROUTES: &str = r#"
[routes.NAME_any]
path = "/any"
require = { permission = { resource = "Orders", scopes = ["view"] } }
[routes.NAME_here]
path = "/here"
evaluation = "local"
require = { permission = { resource = "Orders", scopes = ["view"] } }
[routes.NAME_there]
path = "/there"
evaluation = "remote"
require = { permission = { resource = "Orders", scopes = ["view"] } }
"#;

const PATHS: [&str; 3] = ["/any", "/here", "/there"];

fn start(realm: Realm, name: &str, periods: &str) -> Scene {
    realm.lets_the_gateway_fetch();
    let fetch = format!(
        "[providers.kc.authorization]\nfetch = true\n{periods}\ncache = {{ allow_ttl = \"0s\", deny_ttl = \"0s\" }}\n"
    );
    let scene = Scene::start(realm, &fetch, &ROUTES.replace("NAME", name));
    let bob = scene.realm.access_token("bob");
    wait_until("settings are fetched", || scene.status("/here", Some(&bob)) == 200);
    scene
}

/// In front of the server; what is issued by way of it is its own.
fn proxy(server: &'static super::server::Keycloak) -> (ChaosProxy, Realm) {
    let proxy = ChaosProxy::start(server.address()).expect("a proxy");
    let realm = Realm::create(server.by_way_of(proxy.address()), |_| ());
    (proxy, realm)
}

#[test]
fn settings_at_hand_decide_while_keycloak_is_away() {
    let Some(server) = keycloak() else { return };
    let (proxy, realm) = proxy(server);
    let scene = start(realm, "stale_young", "refresh = \"200ms\"\nmax_age = \"1h\"");
    let (bob, carol) = (scene.realm.access_token("bob"), scene.realm.access_token("carol"));
    proxy.cut();
    for path in ["/any", "/here"] {
        assert_eq!(scene.status(path, Some(&bob)), 200, "{path}");
        assert_eq!(scene.status(path, Some(&carol)), 403, "{path}");
    }
    assert_eq!(scene.refusal("/there", Some(&bob)).2, "decision_unavailable");
    assert_eq!(decisions(scene.ops(), "stale_young_any", "keycloak"), 0);
}

#[test]
fn old_settings_decide_nothing_while_keycloak_is_away_and_new_ones_decide_when_it_is_back() {
    let Some(server) = keycloak() else { return };
    for on_stale in ["remote", "refuse"] {
        let (proxy, realm) = proxy(server);
        let name = format!("stale_away_{on_stale}");
        let periods = format!("refresh = \"200ms\"\nmax_age = \"3s\"\non_stale = \"{on_stale}\"");
        let scene = start(realm, &name, &periods);
        let (bob, carol) = (scene.realm.access_token("bob"), scene.realm.access_token("carol"));
        proxy.cut();
        for path in PATHS {
            let code = || scene.refusal(path, Some(&bob)).2;
            wait_until("the settings are too old", || code() == "decision_unavailable");
            // Neither a yes nor a no.
            let answer = scene.get(path, Some(&carol));
            assert_eq!(answer.status(), 503, "{on_stale} {path}");
            assert!(answer.headers().contains_key("retry-after"), "{on_stale} {path}");
        }
        let before = decisions(scene.ops(), &format!("{name}_any"), "local");
        proxy.restore();
        for path in PATHS {
            wait_until("keycloak is back", || scene.status(path, Some(&bob)) == 200);
            wait_until("keycloak is back", || scene.status(path, Some(&carol)) == 403);
        }
        wait_until("settings decide", || {
            scene.status("/any", Some(&carol)) == 403
                && decisions(scene.ops(), &format!("{name}_any"), "local") > before
        });
    }
}

#[test]
fn keycloak_is_asked_when_settings_are_too_old_unless_that_is_to_be_refused() {
    let Some(server) = keycloak() else { return };
    for on_stale in ["remote", "refuse"] {
        let name = format!("stale_barred_{on_stale}");
        let periods = format!("refresh = \"200ms\"\nmax_age = \"2s\"\non_stale = \"{on_stale}\"");
        let scene = start(Realm::create(server, |_| ()), &name, &periods);
        let (bob, carol) = (scene.realm.access_token("bob"), scene.realm.access_token("carol"));
        // Keycloak is there, but for the settings.
        scene.realm.lets_the_gateway_fetch_no_more();
        let asked = || decisions(scene.ops(), &format!("{name}_any"), "keycloak");
        if on_stale == "remote" {
            wait_until("keycloak is asked", || {
                assert_eq!(scene.status("/any", Some(&bob)), 200);
                assert_eq!(scene.status("/any", Some(&carol)), 403);
                asked() > 0
            });
        } else {
            wait_until("it is refused", || scene.refusal("/any", Some(&bob)).2 == "decision_unavailable");
            assert_eq!(scene.status("/any", Some(&carol)), 503);
            assert_eq!(asked(), 0);
        }
        wait_until("nobody else decides", || scene.status("/here", Some(&bob)) == 503);
        // Here no settings are needed.
        assert_eq!(scene.status("/there", Some(&bob)), 200, "{on_stale}");
        scene.realm.lets_the_gateway_fetch();
        for path in PATHS {
            wait_until("settings are fetched again", || scene.status(path, Some(&bob)) == 200);
        }
    }
}
