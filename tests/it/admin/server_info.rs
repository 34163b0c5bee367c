//! What the server says of itself.

use super::Scene;

/// Covers `get_server_info`.
#[test]
fn an_administrator_of_master_sees_version_and_providers() {
    let Some(scene) = Scene::new() else { return };
    let info = scene.run(scene.admin.server_info()).expect("information");
    assert!(info["systemInfo"]["version"].is_string());
    assert!(info["providers"]["authenticator"]["providers"]["auth-cookie"].is_object());
}
