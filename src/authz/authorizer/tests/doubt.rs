//! What Keycloak says neither yes nor no to.

use super::*;

/// Or a slip in the name of what is forbidden, or its removal at the realm, would let everybody in.
#[tokio::test]
async fn what_keycloak_does_not_know_is_no_yes_to_the_opposite() {
    let bench = Bench::start().await;
    bench.realm.on("token", json_reply(400, json!({ "error": "invalid_resource" })));
    let not = json!({ "not": permission("Nothing", &["view"]) });
    for _ in 0..2 {
        let refusal = refused(bench.decide(not.clone(), BEARER).await);
        assert_eq!(refusal.code, RefusalCode::RequirementNotMet);
        assert!(refusal.detail.contains("not known to keycloak"), "{}", refusal.detail);
    }
    assert_eq!(bench.calls(), 1, "remembered as it is");
    bench.realm.on("token", json_reply(denied().0, denied().1));
    granted(bench.decide(json!({ "not": permission("Orders", &["view"]) }), BEARER).await);
}

/// A trial run still needs a good token.
#[tokio::test]
async fn permissive_route_does_not_let_a_token_pass_that_keycloak_does_not_take() {
    let bench = Bench::start().await;
    bench.realm.on("token", json_reply(400, json!({ "error": "invalid_grant" })));
    let caller = token(json!({}), NOW + 300);
    let decision = bench
        .decide_with(permission("Orders", &["view"]), BEARER, &caller, EnforcementMode::Permissive)
        .await;
    assert_eq!(refused(decision).code, RefusalCode::TokenRefused);
}
