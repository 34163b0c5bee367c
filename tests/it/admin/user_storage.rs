//! Directories that users come from.

use serde_json::json;

use super::{Scene, components::directory};

/// Covers `sync_users`.
#[test]
fn a_directory_is_synchronised_unlinked_and_emptied() {
    let Some(scene) = Scene::new() else { return };
    let id = scene.run(scene.realm.components().create(&directory())).expect("a directory");
    let storage = scene.realm.user_storage();
    for action in ["triggerFullSync", "triggerChangedUsersSync"] {
        let result = scene.run(storage.sync(&id, action));
        // Nobody answers for the directory.
        if scene.is_before([26, 7, 0]) {
            assert_eq!(result.expect_err("an older server says so").status(), Some(400));
        } else {
            let result = result.expect("a synchronisation");
            assert_eq!((&result["added"], &result["removed"]), (&json!(0), &json!(0)));
        }
    }
    let error = scene.run(storage.sync(&id, "no such&action")).expect_err("no such action");
    assert_eq!(error.status(), Some(400));
    assert!(
        scene.run(storage.sync("none", "triggerFullSync")).expect_err("no such directory").is_not_found()
    );

    scene.run(storage.unlink(&id)).expect("an empty answer");
    scene.run(storage.remove_imported(&id)).expect("an empty answer");
}
