//! `[enforcers.NAME]`: a configuration of Keycloak's Java policy enforcer, taken over.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// `[enforcers.NAME]`: the paths of a `keycloak.json` or `policy-enforcer.json` become routes `NAME-1`, `NAME-2`, ...
///
/// A path is matched as the policy enforcer's own matcher would; where that and the gateway's routes read it differently,
/// the request is refused.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EnforcerConfig {
    /// The file (JSON), as the Java adapter reads it.
    #[cfg_attr(feature = "cli", schemars(example = &"policy-enforcer.json"))]
    pub file: PathBuf,
    /// The provider whose tokens count. Absent: one of the same name is made of the file's realm, client and secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"main"))]
    pub provider: Option<String>,
    /// The upstream that answers; may be left out where there is just one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"orders"))]
    pub upstream: Option<String>,
    /// The exported authorization settings of the resource server (JSON), for the provider made of the file. Needed
    /// where a resource is found by its URI: paths without a resource's name, and paths with `{...}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"authorization.json"))]
    pub settings: Option<PathBuf>,
    /// The settings are fetched from Keycloak in place of a file, for the provider made of the file. The client's service
    /// account needs the roles `view-clients` and `manage-authorization` of `realm-management`.
    #[serde(default)]
    pub fetch: bool,
}

/// A path of a policy enforcer, among all of them: the resource is found as that enforcer finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnforcerPath {
    /// The patterns of all paths, in their order.
    pub patterns: Arc<[String]>,
    /// Which of them it is; `None`: what none of them covers.
    pub index: Option<usize>,
    /// The server's resources are looked at where no pattern covers a path, or one with a `*`.
    pub looks_for_closer: bool,
    /// Resources that a path names: no other path finds them at the server.
    pub named: Arc<[String]>,
    /// A good token is enough where no pattern covers a path and no resource is found for it.
    pub lets_the_rest_pass: bool,
    /// Methods for which a good token is enough.
    pub open_methods: Vec<String>,
}
