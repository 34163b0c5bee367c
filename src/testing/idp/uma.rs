//! Permissions: the UMA-ticket grant and the endpoint that gives tickets. A subset of Keycloak 26's rules: resources of the
//! client itself, no pushed claims, no `rpt`, no requests to a resource's owner.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::claims::{Origin, REFRESH_LIFESPAN, audience, is_service_account, set_audience};
use super::evaluate::Evaluation;
use super::oauth::{OauthError, Parameters, bearer, json_answer};
use super::realm::uuid;
use super::settings::{AuthorizationSettings, ResourceSettings};
use super::state::{Session, State};
use crate::testing::mint::now;

/// What is asked: a resource, or scopes alone.
type Entry<'a> = (Option<&'a ResourceSettings>, Vec<String>);

/// Answers a permission request.
pub(super) fn grant(
    state: &Arc<State>,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Response, OauthError> {
    let invalid = |text: String| OauthError::new(400, "invalid_request", text);
    let claims = subject(state, headers, parameters)?;
    let ticket = parameters.get("ticket").map(|ticket| Ticket::open(state, ticket)).transpose()?;
    let resource_server = match (&ticket, parameters.get("audience")) {
        (Some(ticket), _) => ticket.resource_server.as_str(),
        (None, Some(audience)) => audience,
        (None, None) => return Err(invalid("You must provide the issuedFor".to_owned())),
    };
    let client = state.realm.client(resource_server);
    let client = client.ok_or_else(|| invalid(format!("Unknown resource server id: [{resource_server}]")))?;
    let settings =
        client.authorization().ok_or_else(|| invalid("Client does not support permissions".to_owned()))?;

    let entries = match &ticket {
        Some(ticket) => ticket.entries(settings),
        None => asked(settings, parameters)?,
    };
    let granted = evaluate(state, settings, &claims, entries)?;
    if granted.is_empty() {
        return Err(OauthError::new(403, "access_denied", "not_authorized"));
    }
    let with_names = parameters.get("response_include_resource_name").is_none_or(|value| value == "true");
    let permissions: Vec<_> = granted.iter().map(|entry| permission(entry, with_names)).collect();
    match parameters.get("response_mode") {
        Some("decision") => Ok(json_answer(StatusCode::OK, &json!({ "result": true }))),
        Some("permissions") => Ok(json_answer(StatusCode::OK, &Value::Array(permissions))),
        Some(_) => Err(invalid("Invalid response_mode".to_owned())),
        None => requesting_party_token(state, &claims, resource_server, &permissions),
    }
}

/// The claims of whoever asks: the bearer of a token, the subject of one that a client asks about, or a client for itself.
fn subject(
    state: &State,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> Result<Map<String, Value>, OauthError> {
    let access_claims_of = |token: &str| {
        let claims = state.verify(token)?;
        (claims.get("typ").and_then(Value::as_str) == Some("Bearer")).then_some(claims)
    };
    let refused = || OauthError::new(400, "invalid_grant", "Invalid bearer token");
    if let Some(token) = bearer(headers) {
        return access_claims_of(token).ok_or_else(refused);
    }
    let client = state.authenticate(headers, parameters)?;
    if client.public_client {
        let text = "Public client not allowed to retrieve service account";
        return Err(OauthError::new(401, "unauthorized_client", text));
    }
    if let Some(token) = parameters.get("subject_token") {
        let refused = || OauthError::new(400, "unauthorized_client", "Invalid identity");
        return access_claims_of(token).ok_or_else(refused);
    }
    let session = Session {
        id: String::new(),
        username: format!("service-account-{}", client.client_id.to_lowercase()),
        client: client.client_id.clone(),
        scope: "email profile".to_owned(),
    };
    state.access_claims(&session, Origin::ClientCredentials).ok_or_else(refused)
}

/// The entries of the `permission` parameters; none of them means every resource.
fn asked<'a>(
    settings: &'a AuthorizationSettings,
    parameters: &Parameters,
) -> Result<Vec<Entry<'a>>, OauthError> {
    let by_uri = match parameters.get("permission_resource_format") {
        None | Some("id") => false,
        Some("uri") => true,
        Some(_) => return Ok(everything(settings)),
    };
    let matching =
        parameters.get("permission_resource_matching_uri").is_some_and(|on| on.eq_ignore_ascii_case("true"));
    let extra: Vec<&str> = parameters.get("scope").unwrap_or_default().split(' ').collect();
    let mut values = parameters.all("permission").peekable();
    if values.peek().is_none() {
        return Ok(everything(settings));
    }
    let mut entries: Vec<Entry<'a>> = Vec::new();
    for value in values {
        let mut parts = value.split('#');
        let text = parts.next().unwrap_or_default();
        let named = parts.next().unwrap_or_default().split(',').chain(extra.iter().copied());
        let named: Vec<_> = named.filter(|scope| !scope.is_empty()).collect();
        let known: Vec<_> = named.iter().filter(|scope| settings.has_scope(scope)).collect();
        if known.is_empty() && !named.is_empty() {
            let text = format!("One of the given scopes [{}] is invalid", named.join(", "));
            return Err(OauthError::new(400, "invalid_scope", text));
        }
        let wanted = |resource: &ResourceSettings| -> Option<Vec<String>> {
            if named.is_empty() {
                return Some(resource.scopes.iter().map(|scope| scope.name.clone()).collect());
            }
            let known: Vec<_> = known.iter().filter(|scope| resource.has_scope(scope)).collect();
            (!known.is_empty()).then(|| known.into_iter().map(|scope| (**scope).to_owned()).collect())
        };
        if text.trim().is_empty() {
            let having = settings.resources.iter().filter(|_| !named.is_empty());
            entries.extend(having.filter_map(|resource| Some((Some(resource), wanted(resource)?))));
            continue;
        }
        let resource = if by_uri { by_path(settings, text, matching) } else { settings.resource(text) };
        if let Some((resource, scopes)) = resource.and_then(|resource| Some((resource, wanted(resource)?))) {
            add(&mut entries, resource, scopes);
        } else if by_uri && resource.is_none() {
            let text = format!("Resource with uri [{text}] does not exist.");
            return Err(OauthError::new(400, "invalid_resource", text));
        } else if entries.is_empty() {
            let text = format!("Resource with id [{text}] does not exist.");
            return Err(OauthError::new(400, "invalid_resource", text));
        }
    }
    Ok(entries)
}

fn everything(settings: &AuthorizationSettings) -> Vec<Entry<'_>> {
    let scopes =
        |resource: &ResourceSettings| resource.scopes.iter().map(|scope| scope.name.clone()).collect();
    settings.resources.iter().map(|resource| (Some(resource), scopes(resource))).collect()
}

/// A resource asked for twice is one entry with the scopes of both.
fn add<'a>(entries: &mut Vec<Entry<'a>>, resource: &'a ResourceSettings, scopes: Vec<String>) {
    let entry = entries.iter_mut().find(|(known, _)| known.is_some_and(|known| known.id == resource.id));
    match entry {
        Some((_, known)) => {
            let fresh: Vec<_> = scopes.into_iter().filter(|scope| !known.contains(scope)).collect();
            known.extend(fresh);
        }
        None => entries.push((Some(resource), scopes)),
    }
}

/// By URI: an equal one, else the longest that ends in `/*` and covers the path.
fn by_path<'a>(
    settings: &'a AuthorizationSettings,
    path: &str,
    matching: bool,
) -> Option<&'a ResourceSettings> {
    let equal = |uri: &String| uri.eq_ignore_ascii_case(path);
    if let Some(resource) = settings.resources.iter().find(|resource| resource.uris.iter().any(equal)) {
        return Some(resource);
    }
    let covers = |uri: &str| {
        let prefix = uri.strip_suffix("/*")?;
        let rest = path.strip_prefix(prefix)?;
        (rest.is_empty() || rest.starts_with('/')).then_some(prefix.len())
    };
    let length = |resource: &&ResourceSettings| resource.uris.iter().filter_map(|uri| covers(uri)).max();
    let covering = settings.resources.iter().filter(|resource| matching && length(resource).is_some());
    covering.max_by_key(length)
}

fn evaluate<'a>(
    state: &State,
    settings: &AuthorizationSettings,
    claims: &Map<String, Value>,
    entries: Vec<Entry<'a>>,
) -> Result<Vec<Entry<'a>>, OauthError> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let user = text("preferred_username").and_then(|name| state.realm.user(name));
    let client = text("azp").and_then(|azp| state.realm.client(azp));
    let person = user.as_ref().filter(|user| client.is_none_or(|client| !is_service_account(user, client)));
    let evaluation = Evaluation {
        settings,
        claims,
        username: person.map(|user| user.username.as_str()),
        groups: person.map(|user| user.groups.as_slice()).unwrap_or_default(),
    };
    let mut granted = Vec::new();
    for (resource, scopes) in entries {
        let decided = evaluation.decide(resource, &scopes).map_err(|_| {
            OauthError::new(500, "server_error", "Unexpected error while evaluating permissions")
        })?;
        granted.extend(decided.map(|scopes| (resource, scopes)));
    }
    Ok(granted)
}

/// A granted permission, as it stands in answers and tokens.
fn permission((resource, scopes): &Entry<'_>, with_name: bool) -> Value {
    let mut permission = Map::new();
    if !scopes.is_empty() {
        permission.insert("scopes".to_owned(), json!(scopes));
    }
    if let Some(resource) = resource {
        permission.insert("rsid".to_owned(), json!(resource.id));
        if with_name {
            permission.insert("rsname".to_owned(), json!(resource.name));
        }
    }
    Value::Object(permission)
}

fn requesting_party_token(
    state: &State,
    claims: &Map<String, Value>,
    resource_server: &str,
    permissions: &[Value],
) -> Result<Response, OauthError> {
    let refused = || OauthError::new(400, "invalid_grant", "Invalid bearer token");
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let session = state.session(&text("sid")).unwrap_or_else(|| Session {
        id: String::new(),
        username: text("preferred_username"),
        client: text("azp"),
        scope: text("scope"),
    });
    let mut token = state.access_claims(&session, Origin::Uma).ok_or_else(refused)?;
    let mut audiences: BTreeSet<_> = audience(&token);
    audiences.insert(resource_server.to_owned());
    set_audience(&mut token, audiences);
    token.insert("authorization".to_owned(), json!({ "permissions": permissions }));
    let body = json!({
        "upgraded": false,
        "access_token": state.sign(&token),
        "expires_in": state.realm.access_token_lifespan,
        "refresh_expires_in": REFRESH_LIFESPAN,
        "refresh_token": state.refresh_token(&session).ok_or_else(refused)?,
        "token_type": "Bearer",
        "not-before-policy": 0,
    });
    Ok(json_answer(StatusCode::OK, &body))
}

/// A permission ticket: what it asks for is inside, signed by the issuer for itself.
#[derive(Debug)]
struct Ticket {
    resource_server: String,
    permissions: Vec<Asked>,
}

/// One permission of a ticket: in the request by id or name, in the ticket by id.
#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(alias = "resource_id")]
    rsid: String,
    #[serde(default, alias = "resource_scopes")]
    scopes: Vec<String>,
}

impl Ticket {
    fn open(state: &State, ticket: &str) -> Result<Self, OauthError> {
        let invalid = || OauthError::new(403, "invalid_ticket", "Invalid permission ticket.");
        let claims = state.unseal(ticket).ok_or_else(invalid)?;
        let permissions = claims.get("permissions").cloned().ok_or_else(invalid)?;
        Ok(Self {
            resource_server: claims.get("azp").and_then(Value::as_str).ok_or_else(invalid)?.to_owned(),
            permissions: serde_json::from_value(permissions).map_err(|_| invalid())?,
        })
    }

    fn entries<'a>(&self, settings: &'a AuthorizationSettings) -> Vec<Entry<'a>> {
        let entry = |asked: &Asked| {
            let resource = settings.resource(&asked.rsid)?;
            let all = || resource.scopes.iter().map(|scope| scope.name.clone()).collect();
            let scopes = if asked.scopes.is_empty() { all() } else { asked.scopes.clone() };
            Some((Some(resource), scopes))
        };
        self.permissions.iter().filter_map(entry).collect()
    }
}

/// `POST /realms/{realm}/authz/protection/permission` (UMA 2.0 Federated Authorization section 4).
pub(super) async fn permission_ticket(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match ticket(&state, &headers, &body) {
        Ok(ticket) => json_answer(StatusCode::CREATED, &json!({ "ticket": ticket })),
        Err(error) => error.into_response(),
    }
}

fn ticket(state: &State, headers: &HeaderMap, body: &[u8]) -> Result<String, OauthError> {
    let invalid = |error, text: String| OauthError::new(400, error, text);
    let claims = bearer(headers).and_then(|token| state.verify(token)).ok_or_else(|| {
        OauthError::new(403, "invalid_bearer_token", "Could not obtain bearer access_token from request.")
    })?;
    let azp = claims.get("azp").and_then(Value::as_str).unwrap_or_default();
    let settings = state.realm.client(azp).and_then(|client| client.authorization());
    let settings = settings.ok_or_else(|| {
        invalid("invalid_clientId", "Client application is not registered as a resource server.".to_owned())
    })?;
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let list = if body.is_object() { json!([body]) } else { body };
    let asked: Vec<Asked> = serde_json::from_value(list)
        .map_err(|_| invalid("invalid_permission_request", "Invalid permission request.".to_owned()))?;
    let mut permissions = Vec::new();
    for asked in &asked {
        let resource = settings.resource(&asked.rsid).ok_or_else(|| {
            let text = format!("Resource set with id [{}] does not exists in this server.", asked.rsid);
            invalid("invalid_resource_id", text)
        })?;
        if let Some(scope) = asked.scopes.iter().find(|scope| !resource.has_scope(scope)) {
            return Err(invalid("invalid_scope", format!("Scope [{scope}] is invalid")));
        }
        permissions.push(json!({ "rsid": resource.id, "scopes": asked.scopes }));
    }
    let mut ticket = Map::new();
    ticket.insert("exp".to_owned(), json!(now() + state.realm.access_token_lifespan));
    ticket.insert("iat".to_owned(), json!(now()));
    ticket.insert("jti".to_owned(), json!(uuid(fastrand::u128(..))));
    ticket.insert("aud".to_owned(), json!(state.issuer));
    ticket.insert("azp".to_owned(), json!(azp));
    ticket.insert("permissions".to_owned(), Value::Array(permissions));
    Ok(state.seal(&ticket))
}
