//! The device flow.

use gatecloak::connection::ErrorClass;
use gatecloak::oidc::{DevicePoll, TokenRequest};

use super::{Browser, Scene, class, text};

/// Covers `KeycloakOpenID.device`, `KeycloakOpenID.token`.
#[test]
fn a_device_waits_for_its_user() {
    let Some(scene) = Scene::new() else { return };
    let begun = scene.run(scene.shop.device("openid")).expect("a code");
    let code = text(&begun, "device_code");
    assert_eq!(scene.run(scene.shop.poll_device(&code)), Ok(DevicePoll::Pending));
    let refused = class(scene.run(scene.shop.token(TokenRequest::device_code(&code))));
    assert_eq!(refused, (ErrorClass::Post, Some(400)));
    // Asked again within `interval`.
    assert_eq!(scene.run(scene.shop.poll_device(&code)), Ok(DevicePoll::SlowDown));
    let mut browser = Browser::new();
    let consent = browser.login(&text(&begun, "verification_uri_complete"), "alice", "alice");
    let field = consent.field("code").expect("a field");
    browser.submit(&consent, &[("code", &field), ("accept", "Yes")]);
    // The clock of `interval` goes on from the last question.
    let begin = std::time::Instant::now();
    let tokens = loop {
        match scene.run(scene.shop.poll_device(&code)).expect("an answer") {
            DevicePoll::Granted(tokens) => break tokens,
            _ => assert!(begin.elapsed() < std::time::Duration::from_secs(60), "never granted"),
        }
        std::thread::sleep(std::time::Duration::from_secs(6));
    };
    assert!(tokens["id_token"].is_string());
    assert_eq!(class(scene.run(scene.shop.poll_device(&code))).1, Some(400));
}

/// Covers `KeycloakOpenID.device`.
#[test]
fn a_client_without_the_flow_is_refused() {
    let Some(scene) = Scene::new() else { return };
    let (class, status) = class(scene.run(scene.public.device("")));
    assert_eq!(class, ErrorClass::Post);
    assert!(matches!(status, Some(400 | 401)), "{status:?}");
}
