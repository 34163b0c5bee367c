//! What the realm says of itself.

use gatecloak::connection::{ClientProof, Connection, ConnectionSettings, ErrorClass};
use gatecloak::oidc::{AuthorizationUrl, RealmClient};

use super::{REDIRECT, Scene, class, text};

/// Covers `KeycloakOpenID.well_known`, `KeycloakOpenID.certs`, `KeycloakOpenID.public_key`, `KeycloakOpenID.auth_url`.
#[test]
fn the_realm_describes_itself_and_its_keys() {
    let Some(scene) = Scene::new() else { return };
    let document = scene.run(scene.public.well_known()).expect("a document");
    assert_eq!(text(&document, "issuer"), format!("{}/realms/{}", scene.url, scene.name));
    let keys = scene.run(scene.public.certs()).expect("keys");
    assert!(keys["keys"].as_array().expect("a list").iter().any(|key| key["use"] == "sig"));
    let key = scene.run(scene.public.public_key()).expect("a key");
    assert!(key.starts_with("MII"), "{key}");
    let url = scene.run(scene.public.authorization_url(&AuthorizationUrl::new(REDIRECT))).expect("a URL");
    let (endpoint, query) = url.split_once('?').expect("a query");
    assert_eq!(endpoint, text(&document, "authorization_endpoint"));
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        pairs,
        [
            pair("client_id", "public"),
            pair("response_type", "code"),
            pair("redirect_uri", REDIRECT),
            pair("scope", "openid email"),
        ]
    );
}

/// Covers `KeycloakOpenID.well_known`, `KeycloakOpenID.certs`, `KeycloakOpenID.public_key`, `KeycloakOpenID.auth_url`.
#[test]
fn a_realm_that_is_not_there_and_a_server_that_is_not_there_are_told_apart() {
    let Some(scene) = Scene::new() else { return };
    let connection = scene.shop.connection().clone();
    let nowhere = RealmClient::new(connection, "no/such realm;%", "x", ClientProof::Public);
    let wanted = AuthorizationUrl::new(REDIRECT);
    let missing = (ErrorClass::Get, Some(404));
    assert_eq!(class(scene.run(nowhere.well_known())), missing);
    assert_eq!(class(scene.run(nowhere.certs())), missing);
    assert_eq!(class(scene.run(nowhere.public_key())), missing);
    assert_eq!(class(scene.run(nowhere.authorization_url(&wanted))), missing);
    let connection = Connection::open(ConnectionSettings::new("http://127.0.0.1:1")).expect("a connection");
    let dead = RealmClient::new(connection, "r", "x", ClientProof::Public);
    assert_eq!(class(scene.run(dead.certs())), (ErrorClass::Connection, None));
}

/// Covers `KeycloakOpenID.entitlement`.
#[test]
fn what_is_gone_is_called_gone() {
    let Some(scene) = Scene::new() else { return };
    let token = scene.token("alice");
    let (class, status) = class(scene.run(scene.shop.entitlement(&token, "shop")));
    assert_eq!(class, ErrorClass::Deprecation);
    assert!(matches!(status, Some(404 | 405)), "{status:?}");
}
