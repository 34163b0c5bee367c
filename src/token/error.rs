//! Every reason why a token is not accepted, with its stable code.

/// Why a request's credential is not accepted.
///
/// The `Display` text is for the operator's log; it never contains the token or a part of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// More than one `Authorization` field.
    #[error("the request has more than one `Authorization` field")]
    CredentialRepeated,
    /// The field is not `Bearer TOKEN`.
    #[error("the `Authorization` field is not one scheme and one token")]
    CredentialMalformed,
    /// The scheme is not `Bearer`.
    #[error("the scheme of the `Authorization` field is not `Bearer`")]
    SchemeUnsupported,
    /// No credential, where one is needed.
    #[error("the request has no token")]
    TokenMissing,
    /// Not a JWS in compact form, not JSON, duplicate members, wrong base64.
    #[error("the token is malformed: {0}")]
    TokenMalformed(&'static str),
    /// Longer than `max_bytes`.
    #[error("the token is longer than {0} bytes")]
    TokenOversized(u64),
    /// `alg` is not accepted, or not the key's own.
    #[error("the token's algorithm is not accepted")]
    AlgorithmUnsupported,
    /// `crit` names something (RFC 7515 section 4.1.11).
    #[error("the token has critical header parameters")]
    CriticalHeader,
    /// No key of the realm has this `kid`.
    #[error("no key of the realm has the token's `kid`")]
    KeyUnknown,
    /// The realm's keys were never fetched, or are too old.
    #[error("the realm's keys are not available")]
    KeysUnavailable,
    /// The signature does not verify.
    #[error("the token's signature is not valid")]
    SignatureInvalid,
    /// `iss` is none of the providers'.
    #[error("the token's issuer is not one of the configured providers")]
    IssuerUnknown,
    /// `exp` is past.
    #[error("the token expired {0} s ago")]
    TokenExpired(i64),
    /// `nbf` is not reached.
    #[error("the token is not valid before {0} s from now")]
    TokenNotYetValid(i64),
    /// `iat` is in the future, or `exp - iat` is longer than allowed.
    #[error("the token's times are not plausible: {0}")]
    TimesImplausible(&'static str),
    /// `aud` does not hold the gateway's client.
    #[error("the token's audience does not include `{expected}`")]
    AudienceMismatch {
        /// The audience that was looked for.
        expected: String,
    },
    /// `azp` is not accepted.
    #[error("the token was issued to a client that is not accepted")]
    AuthorizedPartyMismatch,
    /// An ID token, a refresh token, a logout token...
    #[error("the token is not an access token: its type is `{0}`")]
    TypeMismatch(String),
    /// A claim is missing.
    #[error("the token has no claim `{0}`")]
    ClaimMissing(String),
    /// A claim has another type than it must.
    #[error("the token's claim `{0}` is of the wrong type")]
    ClaimInvalid(&'static str),
    /// `cnf`: the token is bound to a key (RFC 9449, RFC 8705) and was sent without the proof.
    #[error("the token is bound to a key that the request does not prove")]
    TokenBound,
    /// The realm says `active: false`.
    #[error("the realm says the token is not active")]
    TokenInactive,
    /// The realm says `active: false` of a token that verifies here: the gateway's client is not in its audience.
    #[error(
        "the realm says the token is not active, though it verifies here: it was revoked, or the gateway's client \
         `{client}` is not in its audience (Keycloak 26.6.2 and later), which an audience mapper mends"
    )]
    TokenInactiveOrAudience {
        /// The gateway's client.
        client: String,
    },
    /// A token that only introspection can answer for, where it is switched off.
    #[error("the token is opaque, and introspection is switched off")]
    IntrospectionDisabled,
    /// The realm could not be asked.
    #[error("the realm could not be asked about the token: {0}")]
    IntrospectionUnavailable(String),
}

impl TokenError {
    /// The stable code: in answers, logs and metric labels.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::CredentialRepeated => "credential_repeated",
            Self::CredentialMalformed => "credential_malformed",
            Self::SchemeUnsupported => "scheme_unsupported",
            Self::TokenMissing => "token_missing",
            Self::TokenMalformed(_) => "token_malformed",
            Self::TokenOversized(_) => "token_oversized",
            Self::AlgorithmUnsupported => "algorithm_unsupported",
            Self::CriticalHeader => "critical_header",
            Self::KeyUnknown => "key_unknown",
            Self::KeysUnavailable => "keys_unavailable",
            Self::SignatureInvalid => "signature_invalid",
            Self::IssuerUnknown => "issuer_unknown",
            Self::TokenExpired(_) => "token_expired",
            Self::TokenNotYetValid(_) => "token_not_yet_valid",
            Self::TimesImplausible(_) => "times_implausible",
            Self::AudienceMismatch { .. } => "audience_mismatch",
            Self::AuthorizedPartyMismatch => "authorized_party_mismatch",
            Self::TypeMismatch(_) => "type_mismatch",
            Self::ClaimMissing(_) => "claim_missing",
            Self::ClaimInvalid(_) => "claim_invalid",
            Self::TokenBound => "token_bound",
            Self::TokenInactive => "token_inactive",
            Self::TokenInactiveOrAudience { .. } => "token_inactive_or_audience",
            Self::IntrospectionDisabled => "introspection_disabled",
            Self::IntrospectionUnavailable(_) => "introspection_unavailable",
        }
    }
}
