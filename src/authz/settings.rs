//! Keycloak's export of authorization settings, as written.

/// The export of a resource server's authorization settings (`.../authz/resource-server/settings`).
///
/// Members that are not named here are kept out; they may appear in other versions of Keycloak.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Settings {
    /// `ENFORCING`, `PERMISSIVE` or `DISABLED`.
    pub policy_enforcement_mode: String,
}
