//! `[providers.NAME.token]`: what a token must be.

use serde::{Deserialize, Serialize};

use super::{ByteSize, Period};

/// `[providers.NAME.token]`: the checks after the signature (RFC 8725, RFC 9068, Keycloak's `typ`).
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TokenConfig {
    /// `aud` must hold one of these; empty means the gateway's own client.
    pub audience: Vec<String>,
    /// Accept tokens whatever their audience. Any client of the realm can then get a token for you.
    pub any_audience: bool,
    /// If not empty, `azp` must be one of these clients.
    pub authorized_parties: Vec<String>,
    /// The algorithms accepted; a key is only ever used with its own.
    pub algorithms: Vec<Algorithm>,
    /// Accepted values of Keycloak's claim `typ` (compared without case) if the token has one.
    pub types: Vec<String>,
    /// Difference of clocks that is forgiven for `exp`, `nbf` and `iat`; at most 60 s.
    pub leeway: Period,
    /// The longest `exp - iat` accepted; 0 means any.
    pub max_lifetime: Period,
    /// Claims that must be there, beside `iss` and `exp`.
    pub required_claims: Vec<String>,
    /// The longest token read.
    pub max_bytes: ByteSize,
    /// Memory for verified tokens, for all providers together the largest value counts.
    pub cache_bytes: ByteSize,
}

impl Default for TokenConfig {
    fn default() -> Self {
        Self {
            audience: Vec::new(),
            any_audience: false,
            authorized_parties: Vec::new(),
            algorithms: Algorithm::ALL.to_vec(),
            types: vec!["Bearer".to_owned()],
            leeway: Period::secs(5),
            max_lifetime: Period::secs(0),
            required_claims: Vec::new(),
            max_bytes: ByteSize::kib(16),
            cache_bytes: ByteSize::mib(32),
        }
    }
}

/// A signature algorithm (RFC 7518, RFC 8037). The symmetric ones and `none` do not exist here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "the names are those of the RFCs")]
pub enum Algorithm {
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
    ES512,
    EdDSA,
}

impl Algorithm {
    /// All of them, in the order of RFC 7518.
    pub const ALL: [Self; 10] = [
        Self::RS256,
        Self::RS384,
        Self::RS512,
        Self::PS256,
        Self::PS384,
        Self::PS512,
        Self::ES256,
        Self::ES384,
        Self::ES512,
        Self::EdDSA,
    ];

    /// The name in a token's header.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
            Self::PS256 => "PS256",
            Self::PS384 => "PS384",
            Self::PS512 => "PS512",
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
            Self::ES512 => "ES512",
            Self::EdDSA => "EdDSA",
        }
    }
}
