//! The device flow.

use std::time::{Duration, Instant};

use gatecloak::connection::{ClientProof, ErrorClass};
use gatecloak::oidc::{DevicePoll, TokenRequest};

use super::{Browser, Scene, class, text};

/// Covers `KeycloakOpenID.device`, `KeycloakOpenID.token`.
#[test]
fn a_device_gets_its_tokens_once_the_user_has_answered() {
    let Some(scene) = Scene::new() else { return };
    let begun = scene.run(scene.public.device("openid")).expect("a code");
    let code = text(&begun, "device_code");
    let mut browser = Browser::new();
    let consent = browser.login(&text(&begun, "verification_uri_complete"), "alice", "alice");
    let field = consent.field("code").expect("a field");
    browser.submit(&consent, &[("code", &field), ("accept", "Yes")]);
    let begin = Instant::now();
    let tokens = loop {
        match scene.run(scene.public.poll_device(&code)).expect("an answer") {
            DevicePoll::Granted(tokens) => break tokens,
            _ => assert!(begin.elapsed() < Duration::from_secs(60), "never granted"),
        }
        std::thread::sleep(Duration::from_millis(200));
    };
    assert!(tokens["id_token"].is_string());
    assert_eq!(class(scene.run(scene.public.poll_device(&code))).1, Some(400));
}

/// Covers `KeycloakOpenID.device`, `KeycloakOpenID.token`.
#[test]
fn a_device_that_asks_too_early_or_too_often_is_told_so() {
    let Some(scene) = Scene::new() else { return };
    let code = text(&scene.run(scene.shop.device("")).expect("a code"), "device_code");
    assert_eq!(scene.run(scene.shop.poll_device(&code)), Ok(DevicePoll::Pending));
    // Asked again within `interval`, which is five seconds.
    assert_eq!(scene.run(scene.shop.poll_device(&code)), Ok(DevicePoll::SlowDown));
    let refused = class(scene.run(scene.shop.token(TokenRequest::device_code(&code))));
    assert_eq!(refused, (ErrorClass::Post, Some(400)));
    assert_eq!(class(scene.run(scene.shop.poll_device("nonsense"))).1, Some(400));
}

/// Covers `KeycloakOpenID.device`.
#[test]
fn a_user_who_says_no_is_obeyed() {
    let Some(scene) = Scene::new() else { return };
    let begun = scene.run(scene.public.device("")).expect("a code");
    let mut browser = Browser::new();
    let consent = browser.login(&text(&begun, "verification_uri_complete"), "alice", "alice");
    let field = consent.field("code").expect("a field");
    browser.submit(&consent, &[("code", &field), ("cancel", "No")]);
    let error = scene.run(scene.public.poll_device(&text(&begun, "device_code"))).expect_err("a refusal");
    assert_eq!(error.status(), Some(400));
    assert!(String::from_utf8_lossy(error.body()).contains("access_denied"), "{error}");
}

/// Covers `KeycloakOpenID.device`.
#[test]
fn a_client_without_the_flow_is_refused() {
    let Some(scene) = Scene::new() else { return };
    let without = scene.client("admin-cli", ClientProof::Public);
    let (class, status) = class(scene.run(without.device("")));
    assert_eq!(class, ErrorClass::Post);
    assert!(matches!(status, Some(400 | 401)), "{status:?}");
}
