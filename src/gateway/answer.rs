//! The one place where a 4xx or 5xx of the gateway's own is made.
//!
//! Every answer says the same in its way: `application/problem+json` (RFC 9457) with a stable `code` and the decision
//! id that the log has too; a gRPC status; or nothing but the head, to `HEAD`. Never more of the reason than its code.

use std::fmt::Write;

use bytes::Bytes;
use http::header::{
    ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderName, RETRY_AFTER, WARNING, WWW_AUTHENTICATE,
};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};

use super::challenge::{self, Challenge};
use super::facts::Facts;
use super::request_id::X_REQUEST_ID;
use super::stage::{Refused, Trail};
use super::{Rejection, grpc};
use crate::authz::{Refusal, RefusalCode};
use crate::proxy::{ForwardError, ForwardErrorKind};
use crate::token::TokenError;

/// When to come back after a 503.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("5");

/// The answer to a refused request.
pub(super) fn answer(facts: &Facts, refused: &Refused) -> Response<Bytes> {
    let verdict = Verdict::of(&refused.rejection, &refused.trail);
    let mut response = match &*refused.rejection {
        Rejection::Preflight(_) if verdict.status == StatusCode::NO_CONTENT => Response::new(Bytes::new()),
        _ if facts.is_grpc => grpc::answer(verdict.status, verdict.code),
        _ => problem(facts, &verdict),
    };
    if !facts.is_grpc {
        *response.status_mut() = verdict.status;
    }
    let headers = response.headers_mut();
    headers.extend(verdict.headers);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_REQUEST_ID, facts.id.to_value());
    if facts.has_body_on_http1 {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    if !matches!(*refused.rejection, Rejection::Preflight(_))
        && let Some(cors) = refused.trail.route.as_ref().and_then(|route| route.cors.as_ref())
    {
        cors.decorate(facts.origin.as_ref(), headers);
    }
    response
}

/// Status, code and the headers that belong to them.
struct Verdict {
    status: StatusCode,
    code: &'static str,
    /// A text beside the code, if there is one that the caller may know.
    detail: &'static str,
    by_upstream: bool,
    headers: HeaderMap,
}

impl Verdict {
    fn of(rejection: &Rejection, trail: &Trail) -> Self {
        let plain = |status| Self::new(status, rejection.code());
        match rejection {
            Rejection::BadRequest(what) => plain(StatusCode::BAD_REQUEST).detail(what),
            Rejection::Path(_) => plain(StatusCode::BAD_REQUEST),
            Rejection::NoRoute => plain(StatusCode::NOT_FOUND),
            Rejection::MethodRefused => {
                plain(StatusCode::METHOD_NOT_ALLOWED).header(ALLOW, HeaderValue::from_static(""))
            }
            Rejection::MethodNotAllowed(methods) => {
                plain(StatusCode::METHOD_NOT_ALLOWED).header(ALLOW, allow(methods))
            }
            Rejection::Preflight(preflight) => match &preflight.headers {
                Some(headers) => Self { headers: headers.clone(), ..plain(StatusCode::NO_CONTENT) },
                None => plain(StatusCode::FORBIDDEN),
            },
            Rejection::Token(error) => Self::of_token(error, trail),
            Rejection::Refused(refusal) => Self::of_refusal(refusal, trail),
            Rejection::Ticket { ticket, .. } => {
                let (realm, issuer) = match realm(trail) {
                    Some(realm) => (realm.keycloak_name(), realm.provider.issuer()),
                    None => ("", ""),
                };
                plain(StatusCode::UNAUTHORIZED).challenge(Challenge::uma(realm, issuer, ticket))
            }
            Rejection::TicketUnavailable { .. } => {
                let warning = HeaderValue::from_static("199 - \"UMA Authorization Server Unreachable\"");
                plain(StatusCode::FORBIDDEN).header(WARNING, warning)
            }
            Rejection::BodyTooLarge(_) => plain(StatusCode::PAYLOAD_TOO_LARGE),
            Rejection::Forward(error) => Self::of_forwarding(error),
            Rejection::TotalTimeout => plain(StatusCode::GATEWAY_TIMEOUT).by_upstream(),
            Rejection::Internal => plain(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    fn of_token(error: &TokenError, trail: &Trail) -> Self {
        let plain = |status| Self::new(status, error.code()).detail(challenge::description(error));
        let challenge = Challenge::bearer(realm_name(trail));
        match error {
            TokenError::TokenMissing | TokenError::SchemeUnsupported => {
                plain(StatusCode::UNAUTHORIZED).challenge(challenge)
            }
            TokenError::CredentialRepeated | TokenError::CredentialMalformed => {
                let challenge = challenge.error("invalid_request").description(challenge::description(error));
                plain(StatusCode::BAD_REQUEST).challenge(challenge)
            }
            TokenError::KeysUnavailable | TokenError::IntrospectionUnavailable(_) => {
                plain(StatusCode::SERVICE_UNAVAILABLE).header(RETRY_AFTER, RETRY_AFTER_SECONDS)
            }
            _ => {
                let challenge = challenge.error("invalid_token").description(challenge::description(error));
                plain(StatusCode::UNAUTHORIZED).challenge(challenge)
            }
        }
    }

    fn of_refusal(refusal: &Refusal, trail: &Trail) -> Self {
        let plain = |status| Self::new(status, refusal.code.name());
        match refusal.code {
            RefusalCode::ScopeMissing => {
                let challenge = Challenge::bearer(realm_name(trail)).error("insufficient_scope");
                plain(StatusCode::FORBIDDEN).challenge(challenge.scope(&refusal.scopes))
            }
            RefusalCode::TokenRefused => {
                let challenge = Challenge::bearer(realm_name(trail)).error("invalid_token");
                plain(StatusCode::UNAUTHORIZED).challenge(challenge.description("the token is not active"))
            }
            RefusalCode::DecisionUnavailable => {
                plain(StatusCode::SERVICE_UNAVAILABLE).header(RETRY_AFTER, RETRY_AFTER_SECONDS)
            }
            RefusalCode::RoleMissing
            | RefusalCode::GroupMissing
            | RefusalCode::ClaimMismatch
            | RefusalCode::PermissionDenied
            | RefusalCode::ResourceUnknown
            | RefusalCode::PermissionTooLong
            | RefusalCode::RequirementNotMet => plain(StatusCode::FORBIDDEN),
        }
    }

    fn of_forwarding(error: &ForwardError) -> Self {
        let code = error.kind.code();
        match error.kind {
            ForwardErrorKind::Connect | ForwardErrorKind::Lost | ForwardErrorKind::Malformed => {
                Self::new(StatusCode::BAD_GATEWAY, code).by_upstream()
            }
            ForwardErrorKind::ConnectTimeout | ForwardErrorKind::FirstByteTimeout => {
                Self::new(StatusCode::GATEWAY_TIMEOUT, code).by_upstream()
            }
            ForwardErrorKind::RequestBody => Self::new(StatusCode::BAD_REQUEST, code),
            ForwardErrorKind::RequestTimeout => Self::new(StatusCode::REQUEST_TIMEOUT, code),
            ForwardErrorKind::RequestTooLarge => Self::new(StatusCode::PAYLOAD_TOO_LARGE, code),
            ForwardErrorKind::Unsupported => Self::new(StatusCode::NOT_IMPLEMENTED, code),
        }
    }

    fn new(status: StatusCode, code: &'static str) -> Self {
        Self { status, code, detail: "", by_upstream: false, headers: HeaderMap::new() }
    }

    fn detail(self, detail: &'static str) -> Self {
        Self { detail, ..self }
    }

    fn by_upstream(self) -> Self {
        Self { by_upstream: true, ..self }
    }

    fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    fn challenge(self, challenge: Challenge) -> Self {
        self.header(WWW_AUTHENTICATE, challenge.value())
    }
}

/// The realm that the caller deals with: the token's; else the first that the route accepts.
fn realm(trail: &Trail) -> Option<&super::realm::Realm> {
    let of_caller = trail.caller.as_ref().map(|caller| &caller.realm);
    let of_route = || trail.route.as_ref().and_then(|route| route.realms.first());
    of_caller.or_else(of_route).map(|realm| &**realm)
}

fn realm_name(trail: &Trail) -> &str {
    realm(trail).map_or("gatecloak", |realm| realm.provider.name())
}

fn allow(methods: &[Method]) -> HeaderValue {
    let names: Vec<_> = methods.iter().map(Method::as_str).collect();
    HeaderValue::try_from(names.join(", ")).unwrap_or(HeaderValue::from_static(""))
}

/// RFC 9457. Every text in it is our own or a plain word, so nothing needs escaping.
fn problem(facts: &Facts, verdict: &Verdict) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if facts.is_head {
        return response;
    }
    let mut json = String::with_capacity(224);
    let title = verdict.status.canonical_reason().unwrap_or("Error");
    let (status, code) = (verdict.status.as_u16(), verdict.code);
    let id = facts.id.as_str();
    let mut write = || {
        write!(json, r#"{{"type":"about:blank","title":"{title}","status":{status},"code":"{code}""#)?;
        if !verdict.detail.is_empty() {
            write!(json, r#","detail":{}"#, serde_json::Value::from(verdict.detail))?;
        }
        if verdict.by_upstream {
            json.write_str(r#","source":"upstream""#)?;
        }
        write!(json, r#","id":"{id}"}}"#)
    };
    if write().is_ok() {
        *response.body_mut() = Bytes::from(json);
    }
    response
}

#[cfg(test)]
mod tests;
