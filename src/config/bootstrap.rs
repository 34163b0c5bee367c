//! `[bootstrap]`: what the gateway needs in Keycloak, and who brings it about.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Period, SecretRef};

/// `[bootstrap]`: what `gatecloak bootstrap` and `serve --bootstrap` bring about in Keycloak. The gateway's own client, the
/// scope that puts it into the audience of tokens, and the resources of the routes follow from the rest of this file.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct BootstrapConfig {
    /// The provider that is brought about; may be left out where there is just one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"main"))]
    pub provider: Option<String>,
    /// The server's address; absent: what stands before `/realms/` in the provider's `internal_url` or `issuer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"http://keycloak:8080"))]
    pub url: Option<String>,
    /// Who does it.
    pub login: BootstrapLoginConfig,
    /// More wanted state of the same realm (YAML, JSON or TOML), relative to this file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "cli", schemars(example = ["keycloak.yaml"]))]
    pub files: Vec<PathBuf>,
    /// Derive resources and scopes from the permissions that routes require.
    pub resources: bool,
    /// More options of the gateway's own client, by the names of Ansible's module `keycloak_client`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "cli", schemars(example = serde_json::json!({ "name": "The gateway" })))]
    pub client: BTreeMap<String, serde_json::Value>,
    /// Clients that are there and whose users' tokens shall be good at the gateway: they get the audience scope. New clients
    /// of the realm get it anyway.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "cli", schemars(example = ["web", "mobile"]))]
    pub audience_for: Vec<String>,
    /// Where the client's secret is written (mode 0600) after it was brought about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"/run/gatecloak/client-secret"))]
    pub secret_file: Option<PathBuf>,
    /// How long to wait for the server to answer.
    pub wait: Period,
    /// How often `serve` looks whether Keycloak is still as wanted; `0s`: never. Differences are logged and counted, not
    /// mended.
    pub drift_check: Period,
}

impl Default for BootstrapConfig {
    fn default() -> Self {
        Self {
            provider: None,
            url: None,
            login: BootstrapLoginConfig::default(),
            files: Vec::new(),
            resources: true,
            client: BTreeMap::new(),
            audience_for: Vec::new(),
            secret_file: None,
            wait: Period::secs(60),
            drift_check: Period::secs(0),
        }
    }
}

/// `[bootstrap.login]`: a client with a secret, or a user.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct BootstrapLoginConfig {
    /// The realm of the login; absent: the provider's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"master"))]
    pub realm: Option<String>,
    /// The client; absent: `admin-cli` for a user, `gatecloak-bootstrap` for a secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"gatecloak-bootstrap"))]
    pub client_id: Option<String>,
    /// The client's secret, `file:PATH` or `env:NAME`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"env:BOOTSTRAP_SECRET"))]
    pub client_secret: Option<SecretRef>,
    /// A user, in place of a client.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"admin"))]
    pub username: Option<String>,
    /// The user's password, `file:PATH` or `env:NAME`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"env:KEYCLOAK_PASSWORD"))]
    pub password: Option<SecretRef>,
}
