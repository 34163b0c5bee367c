//! Calls that wait for a turn.

use super::*;

#[tokio::test]
async fn calls_beyond_the_concurrency_give_up() {
    let realm = FakeRealm::start().await;
    realm.on("introspect", json_reply(200, json!({ "active": true })));
    let mut config = realm.config();
    config.concurrency = 1;
    config.timeout = Period::millis(300);
    let client = client(&config);
    client.endpoints().await.unwrap();
    realm.hold();
    let held: Vec<_> =
        futures_util::future::join_all((0..4).map(|_| client.introspect("t"))).await.into_iter().collect();
    assert_eq!(realm.asked("introspect").len(), held.iter().filter(|r| !is_busy(r)).count());
    assert!(held.iter().any(is_busy), "{held:?}");
    realm.open();
    poll(async || client.introspect("t").await.ok()).await;
}

/// Or a flood of opaque tokens would keep the gateway from following a key rotation.
#[tokio::test]
async fn keys_are_fetched_while_the_calls_of_clients_take_every_turn() {
    let realm = FakeRealm::start().await;
    realm.on("certs", json_reply(200, json!({ "keys": [] })));
    realm.on("introspect", json_reply(200, json!({ "active": true })));
    let mut config = realm.config();
    config.concurrency = 1;
    let client = client(&config);
    client.endpoints().await.unwrap();
    realm.hold();
    let asked = |what: &'static str| {
        let realm = &realm;
        poll(async move || (realm.asked(what).len() == 1).then_some(()))
    };
    let keys = async {
        asked("introspect").await;
        client.jwks(1000).await
    };
    let open = async {
        asked("certs").await;
        realm.open();
    };
    let (token, keys, ()) = futures_util::future::join3(client.introspect("t"), keys, open).await;
    assert!(token.is_ok() && keys.is_ok());
}

fn is_busy<T>(result: &Result<T, OidcError>) -> bool {
    matches!(result, Err(OidcError::Busy { .. }))
}
