//! `WWW-Authenticate`: what would be accepted (RFC 9110 section 11.6.1).

use http::HeaderValue;

use crate::token::TokenError;

/// A challenge, parameter by parameter.
pub(super) struct Challenge(String);

impl Challenge {
    /// RFC 6750 section 3. Without an error code: there was no token.
    pub(super) fn bearer(realm: &str) -> Self {
        Self("Bearer".to_owned()).parameter(" ", "realm", realm)
    }

    /// UMA 2.0 Grant section 3.2.1. `as_uri` is the issuer.
    pub(super) fn uma(realm: &str, as_uri: &str, ticket: &str) -> Self {
        Self("UMA".to_owned())
            .parameter(" ", "realm", realm)
            .parameter(", ", "as_uri", as_uri)
            .parameter(", ", "ticket", ticket)
    }

    /// With an error code of RFC 6750 section 3.1.
    #[must_use]
    pub(super) fn error(self, code: &str) -> Self {
        self.parameter(", ", "error", code)
    }

    /// With a text for the developer of the client.
    #[must_use]
    pub(super) fn description(self, text: &str) -> Self {
        self.parameter(", ", "error_description", text)
    }

    /// With the scopes that would do.
    #[must_use]
    pub(super) fn scope(self, scopes: &[String]) -> Self {
        if scopes.is_empty() { self } else { self.parameter(", ", "scope", &scopes.join(" ")) }
    }

    /// As a header's value.
    pub(super) fn value(self) -> HeaderValue {
        HeaderValue::try_from(self.0).unwrap_or(HeaderValue::from_static("Bearer"))
    }

    /// A quoted string (RFC 9110 section 5.6.4); what cannot stand in one is left out.
    fn parameter(mut self, separator: &str, name: &str, value: &str) -> Self {
        self.0.push_str(separator);
        self.0.push_str(name);
        self.0.push_str("=\"");
        for letter in value.chars().filter(|letter| matches!(letter, ' '..='~')) {
            if matches!(letter, '"' | '\\') {
                self.0.push('\\');
            }
            self.0.push(letter);
        }
        self.0.push('"');
        self
    }
}

/// What the caller may know of a token's fault: the kind of it, and nothing of the token, of us or of the realm.
pub(super) const fn description(error: &TokenError) -> &'static str {
    match error {
        TokenError::CredentialRepeated => "more than one credential was sent",
        TokenError::CredentialMalformed => "the Authorization field is not one scheme and one token",
        TokenError::SchemeUnsupported | TokenError::TokenMissing => "a bearer token is needed",
        TokenError::TokenMalformed(_) => "the token is malformed",
        TokenError::TokenOversized(_) => "the token is too long",
        TokenError::AlgorithmUnsupported => "the token's algorithm is not accepted",
        TokenError::CriticalHeader => "the token has critical header parameters",
        TokenError::KeyUnknown => "the token's key is not known",
        TokenError::SignatureInvalid => "the token's signature is not valid",
        TokenError::IssuerUnknown => "the token's issuer is not accepted",
        TokenError::TokenExpired(_) => "the token expired",
        TokenError::TokenNotYetValid(_) => "the token is not valid yet",
        TokenError::TimesImplausible(_) => "the token's times are not plausible",
        TokenError::AudienceMismatch { .. } => "the token is for another audience",
        TokenError::AuthorizedPartyMismatch => "the token was issued to a client that is not accepted",
        TokenError::TypeMismatch(_) => "the token is not an access token",
        TokenError::ClaimMissing(_) => "the token lacks a claim",
        TokenError::ClaimInvalid(_) => "the token has a claim of the wrong type",
        TokenError::TokenBound => "the token is bound to a key that was not proven",
        TokenError::TokenInactive | TokenError::TokenInactiveOrAudience { .. } => "the token is not active",
        TokenError::IntrospectionDisabled => "tokens of this kind are not accepted",
        TokenError::KeysUnavailable | TokenError::IntrospectionUnavailable(_) => {
            "the token cannot be judged now"
        }
    }
}

#[cfg(test)]
mod tests;
