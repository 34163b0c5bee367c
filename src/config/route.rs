//! `[routes.NAME]`: what is guarded and how; `[path]`: how a path is read.

use serde::{Deserialize, Serialize};

use super::{AuthorizationHeader, ByteSize, ClaimPointsConfig, IntrospectionMode, Period, RequireConfig};

/// `[routes.NAME]`: which requests, what they need, and where they go. The route with the most exact pattern is in charge.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RouteConfig {
    /// Hosts (without port, any case); `*.example.com` is one label and more. Empty: any host.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "cli", schemars(example = ["shop.example.com", "*.shop.example.com"]))]
    pub hosts: Vec<String>,
    /// The path pattern: exact `/a/b`, `{id}` for one segment, `/*` at the end for the rest, `/*.ext` at the end.
    #[cfg_attr(feature = "cli", schemars(example = &"/orders/*"))]
    pub path: String,
    /// HTTP methods, upper case; empty: any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "cli", schemars(example = ["GET", "POST"]))]
    pub methods: Vec<String>,
    /// The upstream that answers; may be left out where there is just one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"orders"))]
    pub upstream: Option<String>,
    /// The providers whose tokens count here; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "cli", schemars(example = ["main"]))]
    pub providers: Vec<String>,
    /// What the caller must have.
    #[serde(default)]
    pub require: RequireConfig,
    /// What a refusal by `require` means.
    #[serde(default)]
    pub enforcement: EnforcementMode,
    /// Who decides on permissions.
    #[serde(default)]
    pub evaluation: EvaluationMode,
    /// Facts of the request that go to Keycloak's policies with a question for permissions: claim information points. With a
    /// `client_secret` they count for tokens of every client, without one for those of confidential clients.
    #[serde(default, skip_serializing_if = "ClaimPointsConfig::is_empty")]
    #[cfg_attr(feature = "cli", schemars(example = serde_json::json!({ "from": "{request.remoteAddr}" })))]
    pub pushed_claims: ClaimPointsConfig,
    /// When the realm is asked about the token, if not as the provider says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"always"))]
    pub introspection: Option<IntrospectionMode>,
    /// Answer a missing permission with a permission ticket (UMA 2.0) in place of a plain 403.
    #[serde(default)]
    pub ticket: bool,
    /// This prefix of the path is cut off before the request is sent on; `/` stays. Must end at a segment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"/orders"))]
    pub strip_prefix: Option<String>,
    /// What the upstream gets as `Authorization`, if not as `[identity]` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"strip"))]
    pub authorization_header: Option<AuthorizationHeader>,
    /// Percent-encoded slashes (`%2F`) are passed on as they came, as part of a segment, in place of refused.
    #[serde(default)]
    pub encoded_slashes: bool,
    /// Answers to CORS preflights, and the headers of the others. Absent: preflights are requests like any other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cors: Option<CorsConfig>,
    /// Bounds on a request of this route.
    #[serde(default)]
    pub limits: RouteLimits,
}

/// What a refusal by `require` means. Keycloak's names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EnforcementMode {
    /// The request is refused.
    #[default]
    Enforcing,
    /// A good token is needed, and the decision is made and logged, but a refusal passes: for a trial run.
    Permissive,
    /// Nothing is checked; no identity header is sent.
    Disabled,
}

/// Who decides on permissions that the token does not hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum EvaluationMode {
    /// The gateway, by the authorization settings; what these and the token do not determine is refused (503).
    Local,
    /// Keycloak, always.
    Remote,
    /// The gateway where settings and token determine Keycloak's answer, and else Keycloak. Without settings: Keycloak.
    #[default]
    LocalOrRemote,
}

/// `[routes.NAME.limits]`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RouteLimits {
    /// The largest request body; 0 means any.
    pub body_bytes: ByteSize,
    /// From the end of the request's head to the end of the answer; 0 means any.
    pub total_timeout: Period,
}

impl Default for RouteLimits {
    fn default() -> Self {
        Self { body_bytes: ByteSize::mib(64), total_timeout: Period::secs(0) }
    }
}

/// `[routes.NAME.cors]`: cross-origin requests (WHATWG Fetch).
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct CorsConfig {
    /// Origins, exactly (`https://app.example.com`), or `*` alone.
    #[cfg_attr(feature = "cli", schemars(example = ["https://app.example.com"]))]
    pub origins: Vec<String>,
    /// Request headers that scripts may set, beside the always allowed ones.
    pub headers: Vec<String>,
    /// Response headers that scripts may read.
    pub expose: Vec<String>,
    /// Cookies and the like may be sent; not with origin `*`.
    pub credentials: bool,
    /// How long a browser may remember a preflight.
    pub max_age: Period,
}

/// `[path]`: what is done with a path that can be read in two ways.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct PathConfig {
    /// Double slashes are merged and plain dot segments resolved, in place of refused. The upstream gets the result.
    pub normalize: bool,
    /// Matrix parameters (`;a=b`) pass as part of their segment, in place of refused.
    pub semicolons: bool,
}
