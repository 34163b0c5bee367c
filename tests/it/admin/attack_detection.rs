//! Attack Detection.

use super::Scene;

/// Covers `clear_all_bruteforce_attempts`.
#[test]
fn all_failures_are_forgotten() {
    let Some(scene) = Scene::new() else { return };
    scene.run(scene.realm.attack_detection().clear_all()).expect("an empty answer");
}
