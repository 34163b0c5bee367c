//! The configuration file, as written: plain types without behaviour.
//!
//! [`Config`] is the whole file at a glance. `load` merges defaults, file, environment and flags into it; the rooms
//! that use a section compile it into their own types. Every key has a default that is safe; a key that is unknown
//! is an error.

mod authorization;
mod blot;
mod bootstrap;
mod claim_points;
mod consistency;
mod diagnose;
mod document;
mod enforcer;
mod enforcer_file;
mod environment;
mod expectation;
mod extract;
mod identity;
mod listener;
mod load;
mod ops;
mod printed;
mod provider;
mod quantity;
mod require;
mod route;
mod secret;
mod setting;
mod span;
mod spelling;
mod telemetry;
mod token;
mod upstream;
mod wording;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use authorization::{AuthorizationConfig, DecisionCacheConfig, OnStale, PromisesConfig};
pub use bootstrap::{BootstrapConfig, BootstrapLoginConfig};
pub use claim_points::ClaimPointsConfig;
pub(crate) use consistency::check as check_consistency;
pub use diagnose::{LoadError, Place, Problem};
pub use enforcer::{EnforcerConfig, EnforcerPath};
pub use enforcer_file::{
    AdapterFile, EnforcerFile, EnforcerMethodFile, EnforcerMode, EnforcerPathFile, PolicyEnforcerFile,
    ScopesEnforcementMode,
};
pub use expectation::{ConfigTest, Expectation};
pub use identity::{AuthorizationHeader, IdentityConfig};
pub use listener::{ListenerConfig, ListenerLimits, ListenerTls};
pub use load::{Loaded, load, load_text};
pub(crate) use load::{load_part, load_with};
pub use ops::{OpsConfig, ReadyWhen};
pub use provider::{ClientAuthMethod, IntrospectionConfig, IntrospectionMode, JwksConfig, ProviderConfig};
pub use quantity::{ByteSize, Period};
pub use require::{
    ClaimPredicate, MethodScopes, ModedScopes, Names, PermissionConfig, RequireConditions, RequireConfig,
    RequireKeyword, ScopesMode,
};
pub use route::{CorsConfig, EnforcementMode, EvaluationMode, PathConfig, RouteConfig, RouteLimits};
pub use secret::SecretRef;
pub use setting::Origins;
pub use span::{Spans, line_and_column};
pub(crate) use spelling::nearest;
pub use telemetry::{AccessLogConfig, LogFormat, TelemetryConfig};
pub use token::{Algorithm, TokenConfig};
pub use upstream::{RetryConfig, UpstreamConfig, UpstreamProtocol, UpstreamTimeouts, UpstreamTls};
pub(crate) use wording::file_error;

/// The whole configuration file.
///
/// Tables that can occur several times are keyed by a name; logs, metrics and errors use that name.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where requests come in.
    pub listener: ListenerConfig,
    /// The second listener, for health, metrics and the redacted configuration. Keep it private.
    pub ops: OpsConfig,
    /// The realms whose tokens are accepted, by name.
    pub providers: BTreeMap<String, ProviderConfig>,
    /// The services behind the gateway, by name.
    pub upstreams: BTreeMap<String, UpstreamConfig>,
    /// What is guarded and how, by name. A request that matches no route is refused.
    pub routes: BTreeMap<String, RouteConfig>,
    /// Files of Keycloak's Java policy enforcer that are taken over, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub enforcers: BTreeMap<String, EnforcerConfig>,
    /// Which claims become which headers for the upstream.
    pub identity: IdentityConfig,
    /// How a path is read before it is matched.
    pub path: PathConfig,
    /// Logs and metrics.
    pub telemetry: TelemetryConfig,
    /// What the gateway needs in Keycloak.
    pub bootstrap: BootstrapConfig,
    /// Questions with their expected answers, asked by `gatecloak check`.
    pub tests: Vec<ConfigTest>,
}
