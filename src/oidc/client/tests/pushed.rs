//! Claims that are pushed with a question, or registered with a ticket.

use super::*;

#[tokio::test]
async fn claims_are_pushed_with_the_question() {
    let realm = FakeRealm::start().await;
    realm.on("token", json_reply(200, json!([])));
    let client = client(&realm.config());
    let permissions = ["Orders".to_owned()];
    let claims = BTreeMap::from([("org".to_owned(), vec!["acme".to_owned()])]);
    client.permissions(PermissionRequest { claims: Some(&claims), ..question(&permissions) }).await.unwrap();
    let none = BTreeMap::new();
    client.permissions(PermissionRequest { claims: Some(&none), ..question(&permissions) }).await.unwrap();
    let asked = realm.asked("token");
    assert_eq!(asked[0].all("claim_token"), ["eyJvcmciOlsiYWNtZSJdfQ"], "{{\"org\":[\"acme\"]}}");
    assert_eq!(asked[0].all("claim_token_format"), ["urn:ietf:params:oauth:token-type:jwt"]);
    assert!(asked[1].all("claim_token").is_empty() && asked[1].all("claim_token_format").is_empty());
    // A public client's token would not do as bearer: the gateway's client asks, and the token is what it asks about.
    assert_eq!(asked[0].all("subject_token"), ["the-callers-token"]);
    assert!(asked[0].authorization.as_deref().unwrap().starts_with("Basic "));
    assert_eq!(asked[1].authorization.as_deref(), Some("Bearer the-callers-token"));

    let long = BTreeMap::from([("org".to_owned(), vec!["a".repeat(15_000)])]);
    let answer =
        client.permissions(PermissionRequest { claims: Some(&long), ..question(&permissions) }).await;
    assert!(matches!(answer, Err(OidcError::Unusable { .. })), "{answer:?}");
    let token = "x".repeat(20_001);
    let request = PermissionRequest { claims: Some(&claims), token: &token, ..question(&permissions) };
    let answer = client.permissions(request).await;
    assert!(matches!(answer, Err(OidcError::Unusable { .. })), "{answer:?}");
    assert_eq!(realm.asked("token").len(), 2);
}

#[tokio::test]
async fn client_without_a_secret_pushes_claims_with_the_callers_token() {
    let realm = FakeRealm::start().await;
    realm.on("token", json_reply(200, json!([])));
    let client = client(&ProviderConfig { client_secret: None, ..realm.config() });
    let claims = BTreeMap::from([("org".to_owned(), vec!["acme".to_owned()])]);
    let permissions = ["Orders".to_owned()];
    client.permissions(PermissionRequest { claims: Some(&claims), ..question(&permissions) }).await.unwrap();
    let asked = &realm.asked("token")[0];
    assert_eq!(asked.authorization.as_deref(), Some("Bearer the-callers-token"));
    assert!(asked.all("subject_token").is_empty() && !asked.all("claim_token").is_empty());
}

#[tokio::test]
async fn subject_that_keycloak_does_not_take_is_a_refused_token() {
    let realm = FakeRealm::start().await;
    let client = client(&realm.config());
    let reply = json!({ "error": "unauthorized_client", "error_description": "Invalid identity" });
    realm.on("token", json_reply(400, reply));
    let claims = BTreeMap::from([("org".to_owned(), vec!["acme".to_owned()])]);
    let permissions = ["Orders".to_owned()];
    let pushing = PermissionRequest { claims: Some(&claims), ..question(&permissions) };
    let answer = client.permissions(pushing).await.unwrap();
    assert!(matches!(answer, PermissionAnswer::TokenRefused(_)), "{answer:?}");
    // Asked with the token itself, that is something else.
    client.permissions(question(&permissions)).await.unwrap_err();
}

#[tokio::test]
async fn claims_are_registered_with_a_ticket() {
    let realm = FakeRealm::start().await;
    let own = json!({ "access_token": "pat-1", "token_type": "Bearer", "expires_in": 300 });
    realm.on("token", json_reply(200, own));
    realm.on("permission", json_reply(201, json!({ "ticket": "tick.et" })));
    let resources = [("Orders".to_owned(), Vec::new())];
    let claims = BTreeMap::from([("org".to_owned(), vec!["acme".to_owned()])]);
    client(&realm.config()).ticket(TicketRequest { resources: &resources, claims: &claims }).await.unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(&realm.asked("permission")[0].body).unwrap(),
        json!([{ "resource_id": "Orders", "claims": { "org": ["acme"] } }])
    );
}
