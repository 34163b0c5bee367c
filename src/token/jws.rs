//! A JWS in compact form (RFC 7515), split and read; nothing is proven here.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use super::TokenError;
use super::claims::Claims;
use crate::config::Algorithm;

/// The longest `kid` that is looked up; Keycloak's have 43 characters.
const MAX_KID: usize = 256;

/// A token split in its parts, nothing proven: good for finding the provider and nothing else.
///
/// ```
/// use gatecloak::token::UnverifiedToken;
///
/// let opaque = UnverifiedToken::parse("2YotnFZFEjr1zCsicMWpAA", 16_384)?;
/// assert_eq!(opaque.issuer, None);
/// assert!(UnverifiedToken::parse("x.y.z", 16_384).is_err());
/// # Ok::<(), gatecloak::token::TokenError>(())
/// ```
pub struct UnverifiedToken<'a> {
    /// The token as it came.
    pub token: &'a str,
    /// `None`: not a JWS in compact form, so opaque.
    pub issuer: Option<String>,
    jws: Option<Jws<'a>>,
}

impl<'a> UnverifiedToken<'a> {
    /// Splits a token; an opaque one is no error, one that is too long is.
    ///
    /// A token without a dot is opaque. One with dots must be a JWS whose parts decode, whose header asks for nothing
    /// unknown, and whose claims have an `iss` and are of their types: a flood of garbage is refused here, cheaply,
    /// and never reaches the realm. JWE, which Keycloak does not use for access tokens, is refused too.
    pub fn parse(token: &'a str, max_bytes: u64) -> Result<Self, TokenError> {
        if u64::try_from(token.len()).unwrap_or(u64::MAX) > max_bytes {
            return Err(TokenError::TokenOversized(max_bytes));
        }
        if !token.contains('.') {
            return Ok(Self { token, issuer: None, jws: None });
        }
        let jws = Jws::parse(token)?;
        let issuer =
            jws.claims.issuer().ok_or_else(|| TokenError::ClaimMissing("iss".to_owned()))?.to_owned();
        Ok(Self { token, issuer: Some(issuer), jws: Some(jws) })
    }

    pub(super) fn jws(&self) -> Option<&Jws<'a>> {
        self.jws.as_ref()
    }
}

/// Without the token.
impl fmt::Debug for UnverifiedToken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnverifiedToken").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// The parts of a JWS, decoded.
pub(super) struct Jws<'a> {
    pub(super) header: Header,
    /// What the signature is about: header and payload as they came.
    pub(super) signed: &'a [u8],
    pub(super) signature: Vec<u8>,
    pub(super) claims: Arc<Claims>,
}

impl<'a> Jws<'a> {
    fn parse(token: &'a str) -> Result<Self, TokenError> {
        let Parts { header, payload, signed, signature } = split(token)?;
        let signature = decode(signature)?;
        let claims = Arc::new(Claims::parse(payload)?);
        Ok(Self { header, signed, signature, claims })
    }
}

/// The three parts; only the header is read.
pub(super) struct Parts<'a> {
    pub(super) header: Header,
    pub(super) payload: Vec<u8>,
    pub(super) signed: &'a [u8],
    /// Still encoded.
    pub(super) signature: &'a str,
}

pub(super) fn split(token: &str) -> Result<Parts<'_>, TokenError> {
    const PARTS: TokenError = TokenError::TokenMalformed("it does not have three parts");
    // Never looks beyond the third dot, however many there are.
    let mut parts = token.split('.');
    let (Some(header), Some(payload), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(PARTS);
    };
    let signed = token.as_bytes().get(..header.len() + 1 + payload.len()).ok_or(PARTS)?;
    let header = Header::parse(&decode(header)?)?;
    Ok(Parts { header, payload: decode(payload)?, signed, signature })
}

/// What is used of a JOSE header. Keys that stand in it (`jwk`, `jku`, `x5c`, `x5u`) are never looked at.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) algorithm: Algorithm,
    pub(super) kid: Option<Box<str>>,
    pub(super) media_type: MediaType,
}

impl Header {
    /// Of a token whose other parts do not matter.
    pub(super) fn of(token: &str) -> Result<Self, TokenError> {
        Self::parse(&decode(token.split('.').next().unwrap_or_default())?)
    }

    fn parse(json: &[u8]) -> Result<Self, TokenError> {
        const NOT_A_HEADER: TokenError =
            TokenError::TokenMalformed("its header is not a JSON object with an `alg`");
        // A struct would be read from an array as well.
        if !json.trim_ascii_start().starts_with(b"{") {
            return Err(NOT_A_HEADER);
        }
        let header: RawHeader<'_> = serde_json::from_slice(json).map_err(|_| NOT_A_HEADER)?;
        if header.crit || header.b64 {
            return Err(TokenError::CriticalHeader);
        }
        if header.enc || header.zip {
            return Err(TokenError::TokenMalformed("it is encrypted or compressed"));
        }
        let algorithm = Algorithm::ALL
            .into_iter()
            .find(|algorithm| algorithm.name() == header.alg)
            .ok_or(TokenError::AlgorithmUnsupported)?;
        let media_type = MediaType::parse(header.typ.as_deref())?;
        if header.kid.as_ref().is_some_and(|kid| kid.len() > MAX_KID) {
            return Err(TokenError::TokenMalformed("its `kid` is too long"));
        }
        Ok(Self { algorithm, kid: header.kid.map(|kid| kid.into()), media_type })
    }
}

/// The header's `typ`, as far as an access token may have it (RFC 8725 section 3.11, RFC 9068 section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MediaType {
    /// None, or not known since the claims come from an introspection answer.
    Absent,
    /// `JWT`, Keycloak's default for every kind of token: the claim `typ` must tell.
    Jwt,
    /// `at+jwt`.
    AccessToken,
}

impl MediaType {
    fn parse(typ: Option<&str>) -> Result<Self, TokenError> {
        let Some(typ) = typ else { return Ok(Self::Absent) };
        let is = |name: &str| {
            let short = match typ.split_at_checked("application/".len()) {
                Some((prefix, rest)) if prefix.eq_ignore_ascii_case("application/") => rest,
                _ => typ,
            };
            short.eq_ignore_ascii_case(name)
        };
        if is("JWT") {
            Ok(Self::Jwt)
        } else if is("at+jwt") {
            Ok(Self::AccessToken)
        } else {
            Err(TokenError::TypeMismatch(printable_type(typ)))
        }
    }
}

/// A type as it may stand in an error: what is not a short plain word is not repeated.
pub(super) fn printable_type(typ: &str) -> String {
    let plain = typ.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'/'));
    if plain && !typ.is_empty() && typ.len() <= 24 { typ.to_owned() } else { "unknown".to_owned() }
}

/// Base64url without padding, line breaks or stray bits, so that a token has one spelling.
pub(super) fn decode(part: &str) -> Result<Vec<u8>, TokenError> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenError::TokenMalformed("a part is not base64url"))
}

/// A repeated member is an error, since this is a struct.
#[derive(Deserialize)]
struct RawHeader<'a> {
    #[serde(borrow)]
    alg: Cow<'a, str>,
    #[serde(borrow, default)]
    kid: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    typ: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "present")]
    crit: bool,
    #[serde(default, deserialize_with = "present")]
    b64: bool,
    #[serde(default, deserialize_with = "present")]
    enc: bool,
    #[serde(default, deserialize_with = "present")]
    zip: bool,
}

/// Whatever the value is, also `null`.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

#[cfg(test)]
mod tests;
