//! The endpoints of a realm and what stands behind each.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, State as Shared};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::claims::audience;
use super::oauth::{OauthError, Parameters, bearer, json_answer};
use super::state::State;
use super::{grant, uma};

/// A form, in the order and with the repetitions that it came in.
type Pairs = Form<Vec<(String, String)>>;

/// The realm's endpoints. What is not here is 404, in Keycloak's words.
pub(super) fn router(state: Arc<State>) -> Router {
    let realm = format!("/realms/{}", state.realm.realm);
    let connect = format!("{realm}/protocol/openid-connect");
    Router::new()
        .route(&realm, get(realm_info))
        .route(&format!("{realm}/.well-known/openid-configuration"), get(discovery))
        .route(&format!("{realm}/.well-known/uma2-configuration"), get(discovery))
        .route(&format!("{connect}/certs"), get(certs))
        .route(&format!("{connect}/token"), post(token))
        .route(&format!("{connect}/token/introspect"), post(introspect))
        .route(&format!("{connect}/userinfo"), get(userinfo).post(userinfo))
        .route(&format!("{connect}/logout"), post(logout))
        .route(&format!("{realm}/authz/protection/permission"), post(uma::permission_ticket))
        .fallback(|| async { json_answer(StatusCode::NOT_FOUND, &json!({ "error": "HTTP 404 Not Found" })) })
        .with_state(state)
}

async fn realm_info(Shared(state): Shared<Arc<State>>) -> Response {
    let body = json!({ "realm": state.realm.realm, "account-service": format!("{}/account", state.issuer) });
    json_answer(StatusCode::OK, &body)
}

async fn discovery(Shared(state): Shared<Arc<State>>) -> Response {
    let issuer = &state.issuer;
    let connect = format!("{issuer}/protocol/openid-connect");
    let body = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{connect}/auth"),
        "token_endpoint": format!("{connect}/token"),
        "introspection_endpoint": format!("{connect}/token/introspect"),
        "userinfo_endpoint": format!("{connect}/userinfo"),
        "end_session_endpoint": format!("{connect}/logout"),
        "jwks_uri": format!("{connect}/certs"),
        "resource_registration_endpoint": format!("{issuer}/authz/protection/resource_set"),
        "permission_endpoint": format!("{issuer}/authz/protection/permission"),
        "policy_endpoint": format!("{issuer}/authz/protection/uma-policy"),
        "grant_types_supported": ["client_credentials", "password", "refresh_token", grant::UMA_TICKET],
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "scopes_supported": ["openid", "email", "profile", "address", "phone", "offline_access"],
    });
    json_answer(StatusCode::OK, &body)
}

async fn certs(Shared(state): Shared<Arc<State>>) -> Response {
    json_answer(StatusCode::OK, &state.jwks())
}

async fn token(Shared(state): Shared<Arc<State>>, headers: HeaderMap, Form(pairs): Pairs) -> Response {
    grant::token(&state, &headers, &Parameters::new(pairs)).unwrap_or_else(IntoResponse::into_response)
}

/// RFC 7662, with Keycloak's rule since 26.6.2: the asking client must be in the token's audience.
async fn introspect(Shared(state): Shared<Arc<State>>, headers: HeaderMap, Form(pairs): Pairs) -> Response {
    let parameters = Parameters::new(pairs);
    let client = match state.authenticate(&headers, &parameters) {
        Ok(client) if !client.public_client => client,
        Ok(_) => return OauthError::new(403, "invalid_request", "Client not allowed.").into_response(),
        Err(error) => return error.into_response(),
    };
    let answer = introspected(&state, parameters.get("token").unwrap_or_default(), &client.client_id);
    json_answer(StatusCode::OK, &answer.unwrap_or_else(|| json!({ "active": false })))
}

fn introspected(state: &State, token: &str, asking: &str) -> Option<Value> {
    let mut claims = state.verify(token)?;
    if let Some(session) = claims.get("sid").and_then(Value::as_str).and_then(|sid| state.session(sid)) {
        // A lightweight token has nothing of this inside; the realm knows it all the same.
        let full = state.access_claims(&session, super::claims::Origin::Password)?;
        if claims.get("typ").and_then(Value::as_str) == Some("Bearer") {
            for (name, value) in full {
                claims.entry(name).or_insert(value);
            }
        }
        claims.insert("username".to_owned(), json!(session.username));
    }
    if !audience(&claims).contains(asking) {
        return None;
    }
    claims.insert("client_id".to_owned(), claims.get("azp").cloned().unwrap_or_default());
    claims.insert("token_type".to_owned(), json!("Bearer"));
    claims.insert("active".to_owned(), json!(true));
    Some(Value::Object(claims))
}

async fn userinfo(Shared(state): Shared<Arc<State>>, headers: HeaderMap) -> Response {
    let refuse = |status, error: &str| {
        let mut answer = Response::new(axum::body::Body::empty());
        *answer.status_mut() = status;
        let challenge = format!("Bearer realm=\"{}\", error=\"{error}\"", state.realm.realm);
        if let Ok(challenge) = HeaderValue::from_str(&challenge) {
            answer.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        answer
    };
    let Some(claims) = bearer(&headers).and_then(|token| state.verify(token)) else {
        return refuse(StatusCode::UNAUTHORIZED, "invalid_token");
    };
    let scope = claims.get("scope").and_then(Value::as_str).unwrap_or_default();
    if !scope.split(' ').any(|scope| scope == "openid") {
        return refuse(StatusCode::FORBIDDEN, "insufficient_scope");
    }
    let told = [
        "sub",
        "email_verified",
        "name",
        "preferred_username",
        "given_name",
        "family_name",
        "email",
        "groups",
    ];
    let body = claims.into_iter().filter(|(name, _)| told.contains(&name.as_str())).collect();
    json_answer(StatusCode::OK, &Value::Object(body))
}

async fn logout(Shared(state): Shared<Arc<State>>, headers: HeaderMap, Form(pairs): Pairs) -> Response {
    let parameters = Parameters::new(pairs);
    if let Err(error) = state.authenticate(&headers, &parameters) {
        return error.into_response();
    }
    let claims = parameters.get("refresh_token").and_then(|token| state.unseal(token));
    match claims.as_ref().and_then(|claims| claims.get("sid")).and_then(Value::as_str) {
        Some(sid) => {
            state.end_sessions(|session| session.id == sid);
            StatusCode::NO_CONTENT.into_response()
        }
        None => OauthError::new(400, "invalid_grant", "Invalid refresh token").into_response(),
    }
}
