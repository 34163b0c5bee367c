//! What is exported for local decisions.

use super::*;

/// Whoever takes a client for a confidential one lets it push claims.
#[tokio::test]
async fn a_client_of_which_keycloak_does_not_say_that_it_is_public_is_not_taken_for_confidential() {
    let realm = FakeRealm::start().await;
    realm.on("token", json_reply(200, json!({ "access_token": "own", "token_type": "Bearer" })));
    let clients = json!([
        { "id": "c1", "clientId": "orders-api", "publicClient": false },
        { "id": "c2", "clientId": "web", "publicClient": true },
        { "id": "c3", "clientId": "hidden" },
    ]);
    realm.on("clients", json_reply(200, clients));
    realm.on("settings", json_reply(200, json!({})));
    realm.on("resource", json_reply(200, json!([])));
    let export = client(&realm.config()).export_authorization("orders-api", true).await.unwrap();
    let known: Vec<_> = export.public_clients.iter().map(|(id, public)| (&**id, *public)).collect();
    assert_eq!(known, [("orders-api", false), ("web", true)]);
}
