//! How a client proves itself.

use gatecloak::admin::AdminClient;
use gatecloak::connection::{
    ClientProof, ConnectionSettings, ErrorClass, Login, LoginGrant, PrivateKey, Session,
};
use gatecloak::oidc::TokenRequest;
use serde_json::{Value, json};

use super::{Scene, class};
use crate::keycloak::keycloak;

/// Covers `KeycloakOpenID.token`.
#[test]
fn a_secret_goes_in_the_form_or_in_the_header() {
    let Some(scene) = Scene::new() else { return };
    for proof in
        [ClientProof::SecretPost("shop-secret".into()), ClientProof::SecretBasic("shop-secret".into())]
    {
        let client = scene.client("shop", proof);
        assert!(scene.run(client.token(TokenRequest::client_credentials())).is_ok());
        let introspected = scene.run(client.introspect(&scene.token("alice"), None)).expect("an answer");
        assert_eq!(introspected["active"], true);
    }
    for proof in [ClientProof::SecretBasic("wrong:%".into()), ClientProof::Public] {
        let client = scene.client("shop", proof);
        let refused = class(scene.run(client.token(TokenRequest::client_credentials())));
        assert_eq!(refused, (ErrorClass::Authentication, Some(401)));
    }
}

/// Covers `KeycloakOpenID.token`.
#[test]
fn a_private_key_signs_for_the_client() {
    let Some(scene) = Scene::new() else { return };
    let keys: Value = serde_json::from_slice(&data("jwk.json")).expect("JSON");
    for (name, algorithm) in [("rsa", "RS256"), ("p256", "ES256")] {
        let mut jwk = keys[name].clone();
        for (member, value) in [("alg", json!(algorithm)), ("use", json!("sig")), ("kid", json!(name))] {
            jwk[member] = value;
        }
        let client = json!({
            "clientId": name, "publicClient": false, "serviceAccountsEnabled": true, "clientAuthenticatorType": "client-jwt",
            "attributes": {
                "use.jwks.string": "true", "jwks.string": json!({"keys": [jwk]}).to_string(),
                "token.endpoint.auth.signing.alg": algorithm,
            },
        });
        keycloak().expect("a server").admin.post(&format!("/{}/clients", scene.name), &client);
        let pem = String::from_utf8(data(&format!("{name}.pem"))).expect("text");
        let key = PrivateKey::from_pem(&pem).expect("a key").with_kid(name);
        let client = scene.client(name, ClientProof::PrivateKeyJwt(key.clone()));
        assert!(scene.run(client.token(TokenRequest::client_credentials())).is_ok(), "{name}");
        let foreign = ClientProof::PrivateKeyJwt(key.clone().with_audience("https://other.example"));
        let foreign = scene.client(name, foreign);
        let refused = class(scene.run(foreign.token(TokenRequest::client_credentials())));
        assert_eq!(refused, (ErrorClass::Post, Some(400)), "{name}");
        // A session logs in with it as well.
        let login = Login {
            realm: scene.name.clone(),
            client_id: name.to_owned(),
            proof: ClientProof::PrivateKeyJwt(key),
            grant: LoginGrant::ClientCredentials,
            scope: String::new(),
        };
        let session = Session::new(scene.shop.connection().clone(), login.clone());
        assert!(scene.run(session.access_token()).is_ok());
        let admin = AdminClient::connect(ConnectionSettings::new(&scene.url), login).expect("a client");
        assert_eq!(class(scene.run(admin.realm(&scene.name).keys().get())), (ErrorClass::Get, Some(403)));
    }
    let other = String::from_utf8(data("rsa-other.pem")).expect("text");
    let other = PrivateKey::from_pem(&other).expect("a key").with_kid("rsa");
    let thief = scene.client("rsa", ClientProof::PrivateKeyJwt(other));
    let refused = class(scene.run(thief.token(TokenRequest::client_credentials())));
    assert_eq!(refused, (ErrorClass::Post, Some(400)));
}

#[test]
fn a_key_that_cannot_sign_is_found_out_at_once() {
    for name in ["p384.pem", "ed25519.pem", "rsa.pub.pem", "README.md"] {
        let text = String::from_utf8(data(name)).expect("text");
        assert_eq!(class(PrivateKey::from_pem(&text)).0, ErrorClass::Authentication, "{name}");
    }
}

fn data(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/jose").join(name);
    std::fs::read(path).expect("a file")
}
