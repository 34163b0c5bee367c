//! Client Attribute Certificate.

use serde_json::json;

use super::Scene;

/// Covers `upload_certificate`, `get_client_certificate_key_info`.
#[test]
fn a_certificate_is_made_by_the_server_or_given_to_it() {
    let Some(scene) = Scene::new() else { return };
    let clients = scene.realm.clients();
    let maker = scene.run(clients.create(&json!({"clientId": "maker"}))).expect("a client");
    let taker = scene.run(clients.create(&json!({"clientId": "taker"}))).expect("a client");
    let made = scene.run(clients.certificates(&maker, "jwt.credential").generate()).expect("a certificate");
    assert!(made["privateKey"].is_string());
    let text = made["certificate"].as_str().expect("a certificate");

    let certificates = clients.certificates(&taker, "jwt.credential");
    assert_eq!(scene.run(certificates.get()).expect("an answer").get("certificate"), None);
    let pem = format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n");
    for given in [text, &pem] {
        let taken = scene.run(certificates.upload(given)).expect("it is taken");
        assert_eq!(taken, json!({"certificate": text}));
    }
    // The form's content type stays with its own call.
    let held = scene.run(certificates.get()).expect("the certificate");
    assert_eq!((&held["certificate"], held.get("privateKey")), (&json!(text), None));
}
