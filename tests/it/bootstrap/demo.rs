//! `gatecloak demo --keycloak`: the demo in a realm of its own.

use std::process::Command;

use crate::keycloak::keycloak;

#[test]
fn the_demo_gives_in_a_real_keycloak_what_it_promises_and_leaves_nothing() {
    let Some(keycloak) = keycloak() else { return };
    let child = Command::new(env!("CARGO_BIN_EXE_gatecloak"))
        .args(["demo", "--check", "--port-base", "0", "--keycloak", &keycloak.url])
        .env(
            "GATECLOAK_ADMIN_PASSWORD",
            std::env::var("KEYCLOAK_ADMIN_PASSWORD").unwrap_or("admin".to_owned()),
        )
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("a process");
    let name = format!("gatecloak-demo-{}", child.id());
    let output = child.wait_with_output().expect("an end");
    let text =
        [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    assert!(output.status.success() && text.contains("calls gave what they promise"), "{text}");
    assert!(text.contains(&format!("`{name}` is removed")), "{text}");
    assert!(!keycloak.admin.get("").to_string().contains(&name), "it is still there");
}
