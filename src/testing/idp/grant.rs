//! The token endpoint: password, client credentials, refresh token, UMA ticket.

use std::sync::Arc;

use axum::response::Response;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::claims::{Origin, REFRESH_LIFESPAN};
use super::oauth::{OauthError, Parameters, json_answer};
use super::realm::RealmClient;
use super::state::{Session, State};
use super::uma;

/// The grant type of permission requests.
pub(super) const UMA_TICKET: &str = "urn:ietf:params:oauth:grant-type:uma-ticket";

/// Client scopes that Keycloak gives every client that says nothing else, as far as they show in `scope`.
const DEFAULT_SCOPES: [&str; 2] = ["email", "profile"];

/// Client scopes that every client may ask for if it says nothing else.
const OPTIONAL_SCOPES: [&str; 4] = ["address", "phone", "offline_access", "microprofile-jwt"];

/// Client scopes of Keycloak that never show in `scope`.
const UNSHOWN_SCOPES: [&str; 5] = ["acr", "basic", "roles", "service_account", "web-origins"];

/// Answers a token request.
pub(super) fn token(
    state: &Arc<State>,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Response, OauthError> {
    match parameters.get("grant_type") {
        Some("password") => password(state, state.authenticate(headers, parameters)?, parameters),
        Some("client_credentials") => {
            client_credentials(state, state.authenticate(headers, parameters)?, parameters)
        }
        Some("refresh_token") => refresh(state, state.authenticate(headers, parameters)?, parameters),
        Some(UMA_TICKET) => uma::grant(state, headers, parameters),
        Some(_) => Err(OauthError::new(400, "unsupported_grant_type", "Unsupported grant_type")),
        None => Err(OauthError::new(400, "invalid_request", "Missing form parameter: grant_type")),
    }
}

fn password(state: &State, client: &RealmClient, parameters: &Parameters) -> Result<Response, OauthError> {
    if !client.direct_access_grants_enabled {
        return Err(OauthError::new(
            400,
            "unauthorized_client",
            "Client not allowed for direct access grants",
        ));
    }
    let scope = state.granted_scope(client, parameters.get("scope").unwrap_or_default())?;
    let user = parameters.get("username").and_then(|name| state.realm.user(name));
    let user = user.filter(|user| user.has_password(parameters.get("password").unwrap_or_default()));
    let user = user.ok_or_else(|| OauthError::new(400, "invalid_grant", "Invalid user credentials"))?;
    let session = state.begin_session(&user.username, &client.client_id, &scope);
    state.token_answer(&session, Origin::Password)
}

fn client_credentials(
    state: &State,
    client: &RealmClient,
    parameters: &Parameters,
) -> Result<Response, OauthError> {
    if client.public_client {
        let text = "Public client not allowed to retrieve service account";
        return Err(OauthError::new(401, "unauthorized_client", text));
    }
    if !client.service_accounts_enabled {
        return Err(OauthError::new(
            401,
            "unauthorized_client",
            "Client not enabled to retrieve service account",
        ));
    }
    let scope = state.granted_scope(client, parameters.get("scope").unwrap_or_default())?;
    let username = format!("service-account-{}", client.client_id.to_lowercase());
    // No session is kept: the token has no `sid`.
    let session = Session { id: String::new(), username, client: client.client_id.clone(), scope };
    let token = state.access_token(&session, Origin::ClientCredentials).ok_or_else(gone)?;
    let body = json!({
        "access_token": token,
        "expires_in": state.realm.access_token_lifespan,
        "refresh_expires_in": 0,
        "token_type": "Bearer",
        "not-before-policy": 0,
        "scope": session.scope,
    });
    Ok(json_answer(StatusCode::OK, &body))
}

fn refresh(state: &State, client: &RealmClient, parameters: &Parameters) -> Result<Response, OauthError> {
    let refused = |text: &str| OauthError::new(400, "invalid_grant", text);
    let token = parameters.get("refresh_token").unwrap_or_default();
    let claims = state.unseal(token).ok_or_else(|| refused("Invalid refresh token"))?;
    if claims.get("azp").and_then(Value::as_str) != Some(&client.client_id) {
        return Err(refused("Invalid refresh token. Token client and authorized client don't match"));
    }
    let sid = claims.get("sid").and_then(Value::as_str).unwrap_or_default();
    let session = state.session(sid).ok_or_else(|| refused("Session not active"))?;
    state.token_answer(&session, Origin::Refresh)
}

impl State {
    /// The answer with an access token, a refresh token and, for `openid`, an ID token.
    fn token_answer(&self, session: &Session, origin: Origin) -> Result<Response, OauthError> {
        let mut body = json!({
            "access_token": self.access_token(session, origin).ok_or_else(gone)?,
            "expires_in": self.realm.access_token_lifespan,
            "refresh_expires_in": REFRESH_LIFESPAN,
            "refresh_token": self.refresh_token(session).ok_or_else(gone)?,
            "token_type": "Bearer",
            "not-before-policy": 0,
            "session_state": session.id,
            "scope": session.scope,
        });
        if session.scope.split(' ').any(|scope| scope == "openid")
            && let Some(body) = body.as_object_mut()
        {
            body.insert("id_token".to_owned(), json!(self.id_token(session)));
        }
        Ok(json_answer(StatusCode::OK, &body))
    }

    /// The scope granted: what was asked for, and the client's defaults. An error if something else was asked for.
    fn granted_scope(&self, client: &RealmClient, asked: &str) -> Result<String, OauthError> {
        let own = |list: &Option<Vec<String>>, realm: &[String], usual: &[&str]| match list {
            Some(list) => list.clone(),
            None if !realm.is_empty() => realm.to_vec(),
            None => usual.iter().map(|scope| (*scope).to_owned()).collect(),
        };
        let realm = &self.realm;
        let defaults =
            own(&client.default_client_scopes, &realm.default_default_client_scopes, &DEFAULT_SCOPES);
        let optional =
            own(&client.optional_client_scopes, &realm.default_optional_client_scopes, &OPTIONAL_SCOPES);
        let mut granted: Vec<&str> = Vec::new();
        for scope in asked.split(' ').filter(|scope| !scope.is_empty()) {
            let known = |list: &[String]| list.iter().any(|known| known == scope);
            if scope != "openid" && !known(&optional) && !known(&defaults) {
                return Err(OauthError::new(400, "invalid_scope", format!("Invalid scopes: {asked}")));
            }
            granted.push(scope);
        }
        granted.extend(defaults.iter().map(String::as_str));
        let mut seen = Vec::new();
        for scope in granted {
            if !seen.contains(&scope) && !UNSHOWN_SCOPES.contains(&scope) {
                seen.push(scope);
            }
        }
        Ok(seen.join(" "))
    }
}

fn gone() -> OauthError {
    OauthError::new(400, "invalid_grant", "User or client not found or disabled")
}
