//! Claims that are pushed with a request.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::error::RequestError;
use super::form::Form;
use super::resolution::Stop;
use crate::authz::identity::Identity;
use crate::authz::json::Json;
use crate::authz::pushed::PushedClaims;
use crate::authz::surroundings::{KeycloakVersion, Surroundings};

/// The format of claims that are no token.
const FORMAT: &str = "urn:ietf:params:oauth:token-type:jwt";

/// As Java's decoder: padding or not, and stray bits do not matter.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// What is pushed. The client is the one that the token was issued to.
pub(super) fn read(
    form: &Form,
    identity: &Identity,
    surroundings: &Surroundings,
) -> Result<PushedClaims, Stop> {
    let Some(token) = form.first("claim_token") else { return Ok(PushedClaims::default()) };
    let Some(format) = form.first("claim_token_format") else {
        return Err(Stop::request("the claim token is an id token, and the session decides"));
    };
    may_push(identity, surroundings)?;
    if format != FORMAT {
        let description = format!("Claim token format [{format}] not supported");
        return Err(Stop::Error(RequestError::invalid_request(description)));
    }
    let claims = claims(token)?;
    let overrides = claims.iter().any(|(name, _)| name.starts_with("kc."));
    if overrides && surroundings.version != KeycloakVersion::Current {
        return Err(Stop::request("versions of keycloak differ in what pushed claims may override"));
    }
    Ok(PushedClaims::new(claims))
}

/// Whether the client that the token was issued to may push claims.
pub(super) fn may_push(identity: &Identity, surroundings: &Surroundings) -> Result<(), Stop> {
    let client = identity.client().and_then(|client| surroundings.clients.get(client));
    match client.and_then(|client| client.public) {
        Some(true) => Err(Stop::Error(RequestError::public_client())),
        Some(false) => Ok(()),
        None => Err(Stop::request("whether the client is public, and may push claims, is not known")),
    }
}

/// An object of lists of texts. What is not decoded here, Keycloak most likely refuses, but its decoder is Java's.
fn claims(token: &str) -> Result<Vec<(String, Vec<String>)>, Stop> {
    let unread = || Stop::request("the claim token is not base64url of a json object");
    let bytes = BASE64.decode(token).map_err(|_| unread())?;
    let text = String::from_utf8(bytes).map_err(|_| unread())?;
    let Ok(Json::Object(members)) = Json::first(&text) else { return Err(unread()) };
    let mut claims = Vec::with_capacity(members.len());
    for (name, value) in members {
        let Json::Array(elements) = value else {
            return Err(Stop::request("a pushed claim is not a list, at which keycloak fails"));
        };
        let mut texts: Vec<String> = Vec::with_capacity(elements.len());
        for element in elements {
            match element {
                Json::Text(text) if !texts.contains(&String::from(text.clone())) => texts.push(text.into()),
                _ => return Err(Stop::request("a pushed claim is not a list of different texts")),
            }
        }
        claims.push((name.into(), texts));
    }
    Ok(claims)
}
