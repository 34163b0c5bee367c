//! Attack Detection.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Scene, person};

/// A realm that locks a user out after two failures, with alice in it; and her id.
fn guarded() -> Option<(Scene, String)> {
    let scene = Scene::with(&json!({
        "bruteForceProtected": true, "failureFactor": 2, "quickLoginCheckMilliSeconds": 0, "users": [person("alice")],
    }))?;
    let id = scene.run(scene.realm.users().id("alice")).expect("an answer").expect("alice");
    Some((scene, id))
}

/// Fails to log in until the user is locked out; the state then.
fn lock_out(scene: &Scene, id: &str) -> Value {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        assert_ne!(scene.log_in("admin-cli", "alice", "wrong", "openid").status, 200);
        // The failures are counted behind the answer.
        let state = scene.run(scene.realm.attack_detection().status(id)).expect("a state");
        if state["disabled"] == true {
            return state;
        }
        assert!(Instant::now() < until, "{state}");
    }
}

/// Covers `get_bruteforce_detection_status`, `clear_bruteforce_attempts_for_user`.
#[test]
fn failures_lock_a_user_out_until_they_are_forgotten() {
    let Some((scene, id)) = guarded() else { return };
    let detection = scene.realm.attack_detection();
    let before = scene.run(detection.status(&id)).expect("a state");
    assert_eq!((&before["numFailures"], &before["disabled"]), (&json!(0), &json!(false)));
    let locked = lock_out(&scene, &id);
    assert!(locked["numFailures"].as_u64() >= Some(2), "{locked}");
    assert_ne!(scene.log_in("admin-cli", "alice", "alice", "openid").status, 200);
    scene.run(detection.clear(&id)).expect("an empty answer");
    assert_eq!(scene.run(detection.status(&id)).expect("a state")["numFailures"], 0);
    assert_eq!(scene.log_in("admin-cli", "alice", "alice", "openid").status, 200);
}

/// Covers `clear_all_bruteforce_attempts`.
#[test]
fn all_failures_are_forgotten() {
    let Some((scene, id)) = guarded() else { return };
    lock_out(&scene, &id);
    scene.run(scene.realm.attack_detection().clear_all()).expect("an empty answer");
    assert_eq!(scene.run(scene.realm.attack_detection().status(&id)).expect("a state")["disabled"], false);
    assert_eq!(scene.log_in("admin-cli", "alice", "alice", "openid").status, 200);
}
