//! `[providers.NAME]`: a realm whose tokens are accepted.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{AuthorizationConfig, ByteSize, Period, SecretRef, TokenConfig};

/// `[providers.NAME]`: a realm, and the client that the gateway is in it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ProviderConfig {
    /// The issuer, exactly as in the tokens' `iss`: `https://sso.example.com/realms/shop`.
    #[cfg_attr(feature = "cli", schemars(example = &"https://sso.example.com/realms/main"))]
    pub issuer: String,
    /// Where the gateway reaches the same realm, if not at the issuer: `http://keycloak:8080/realms/shop`.
    /// Every call to the realm goes there, whatever host its discovery document names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"http://keycloak:8080/realms/main"))]
    pub internal_url: Option<String>,
    /// The gateway's client in the realm.
    #[cfg_attr(feature = "cli", schemars(example = &"gateway"))]
    pub client_id: String,
    /// Its secret, `file:PATH`, `env:NAME` or `json:PATH#/MEMBER`. Needed for introspection and for permission tickets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"file:/run/secrets/gateway"))]
    pub client_secret: Option<SecretRef>,
    /// How the client proves itself to the token endpoint.
    #[serde(default)]
    pub client_auth: ClientAuthMethod,
    /// Certificate authorities (PEM) for calls to the realm, in place of the system's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"/etc/gatecloak/realm-ca.pem"))]
    pub ca: Option<PathBuf>,
    /// The longest a call to the realm may take.
    #[serde(default = "default_timeout")]
    pub timeout: Period,
    /// Calls to the realm under way at a time; more wait, and give up after `timeout`.
    #[serde(default = "default_concurrency")]
    pub concurrency: usize,
    /// The realm's signing keys.
    #[serde(default)]
    pub jwks: JwksConfig,
    /// What a token must be.
    #[serde(default)]
    pub token: TokenConfig,
    /// Asking the realm about a token.
    #[serde(default)]
    pub introspection: IntrospectionConfig,
    /// Keycloak's authorization services.
    #[serde(default)]
    pub authorization: AuthorizationConfig,
}

fn default_timeout() -> Period {
    Period::secs(5)
}

fn default_concurrency() -> usize {
    64
}

/// How the gateway's client proves itself (RFC 6749 section 2.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthMethod {
    /// By HTTP Basic.
    #[default]
    ClientSecretBasic,
    /// By `client_id` and `client_secret` in the form.
    ClientSecretPost,
}

/// `[providers.NAME.jwks]`: the keys that sign tokens.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct JwksConfig {
    /// A public key (PEM) in place of the realm's key set; nothing is fetched then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"realm-key.pem"))]
    pub pem: Option<PathBuf>,
    /// The one algorithm of that key; needed with `pem` for RSA, which several algorithms share.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"RS256"))]
    pub pem_algorithm: Option<super::Algorithm>,
    /// The key set is fetched again in the background after this time.
    pub refetch_after: Period,
    /// An unknown `kid` fetches the set at most this often, also when the fetch fails; two in a row are allowed.
    pub cool_down: Period,
    /// Keys are used this long without a successful fetch while the realm is down.
    pub max_stale: Period,
    /// The largest key set that is read.
    pub max_bytes: ByteSize,
}

impl Default for JwksConfig {
    fn default() -> Self {
        Self {
            pem: None,
            pem_algorithm: None,
            refetch_after: Period::secs(300),
            cool_down: Period::secs(5),
            max_stale: Period::secs(86_400),
            max_bytes: ByteSize::mib(1),
        }
    }
}

/// `[providers.NAME.introspection]`: asking the realm about a token (RFC 7662).
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct IntrospectionConfig {
    /// When to ask.
    pub mode: IntrospectionMode,
    /// An `active` answer is used this long, never past the token's `exp`.
    pub active_ttl: Period,
    /// A token that is not active is refused this long without asking again.
    pub inactive_ttl: Period,
    /// Memory for answers; the oldest make room.
    pub cache_bytes: ByteSize,
}

impl Default for IntrospectionConfig {
    fn default() -> Self {
        Self {
            mode: IntrospectionMode::default(),
            active_ttl: Period::secs(30),
            inactive_ttl: Period::secs(10),
            cache_bytes: ByteSize::mib(16),
        }
    }
}

/// When the realm is asked about a token. A route can ask for `always`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum IntrospectionMode {
    /// For opaque tokens, and for tokens that lack the claims a route needs (lightweight tokens).
    #[default]
    Fallback,
    /// Never; such tokens are refused.
    Never,
    /// For every token, also one that verifies locally: revocation is seen within `active_ttl`.
    Always,
}
