//! What the access log will say of a request: begun when it comes, finished when its answer has ended.

use std::borrow::Cow;
use std::net::IpAddr;
use std::time::{Duration, Instant, SystemTime};

use http::{Method, Request, Version};

use super::request_id::RequestId;
use super::stage::Trail;
use super::{Gateway, Rejection, address, host};
use crate::authz::UserNames;
use crate::proxy::{Body, BodyEnd};
use crate::telemetry::{AccessLog, AccessRecord};

/// What only the request itself can tell, noted before it is changed.
pub(super) struct Begun {
    client: IpAddr,
    method: Method,
    host: String,
    path: Option<String>,
    version: Version,
    names_subject: bool,
}

impl Begun {
    pub(super) fn note<B>(request: &Request<B>, gateway: &Gateway, peer: IpAddr) -> Self {
        let config = &gateway.config().telemetry.access_log;
        let target = request.uri();
        let path = || target.path_and_query().map_or("", http::uri::PathAndQuery::as_str).to_owned();
        let asked =
            target.authority().map_or_else(|| host::authority(request.headers()), |name| name.as_str());
        Self {
            client: address::client(gateway.trusted_proxies(), peer, request.headers()),
            method: request.method().clone(),
            host: asked.to_owned(),
            path: config.path.then(path),
            version: request.version(),
            names_subject: config.subject,
        }
    }

    /// With all that is known when a request has been answered, but for status and times.
    pub(super) fn record(
        self,
        time: SystemTime,
        id: &RequestId,
        rejection: Option<&Rejection>,
        trail: &Trail,
    ) -> AccessRecord {
        let principal = trail.caller.as_ref().map(|caller| &caller.token.principal);
        let (decision, source) = decided(rejection, trail);
        let asked = trail.permit.and(trail.route.as_ref());
        let explanation = self.explanation(rejection);
        AccessRecord {
            time,
            id: id.as_str().to_owned(),
            client: self.client,
            method: self.method,
            host: self.host,
            path: self.path,
            version: self.version,
            status: 0,
            route: trail.route.as_ref().map(|route| route.name.clone()),
            upstream: asked.map(|route| route.destination.upstream_name.clone()),
            decision,
            source,
            remote_reason: trail.remote_reason.as_deref().map(str::to_owned),
            code: rejection.map_or("", Rejection::code),
            reason: rejection.map_or(Cow::Borrowed(""), |rejection| Cow::Owned(rejection.reason())),
            explanation,
            subject: principal
                .filter(|_| self.names_subject)
                .and_then(|principal| principal.subject())
                .map(str::to_owned),
            authorized_party: principal.and_then(|principal| principal.client()).map(str::to_owned),
            provider: principal.map(|principal| principal.provider().to_owned()),
            head_after: Duration::ZERO,
            end_after: Duration::ZERO,
            bytes: 0,
            aborted: false,
        }
    }

    /// How the settings came to a refusal. Users that policies list are subjects, too.
    fn explanation(&self, rejection: Option<&Rejection>) -> String {
        let users = if self.names_subject { UserNames::Included } else { UserNames::LeftOut };
        let trace = rejection.and_then(Rejection::refusal).and_then(|refusal| refusal.trace.as_deref());
        trace.map(|trace| trace.summary(users)).unwrap_or_default()
    }
}

/// The answer's body, which writes the line when it has ended.
pub(super) fn logged(body: Body, log: AccessLog, mut record: AccessRecord, started: Instant) -> Body {
    body.on_end(Box::new(move |end| {
        (record.bytes, record.aborted) = match end {
            BodyEnd::Complete { bytes } => (bytes, false),
            BodyEnd::Aborted { bytes } => (bytes, true),
        };
        record.end_after = started.elapsed();
        log.write(record);
    }))
}

/// What was decided, and by whom.
fn decided(rejection: Option<&Rejection>, trail: &Trail) -> (&'static str, &'static str) {
    if let Some(permit) = trail.permit {
        return (permit.mode().name(), permit.source().name());
    }
    match rejection {
        Some(Rejection::Token(_)) => ("refused", "token"),
        Some(Rejection::Preflight(_)) => ("preflight", "route"),
        other => match other.and_then(Rejection::refusal) {
            Some(refusal) => ("refused", refusal.source.name()),
            None => ("refused", "route"),
        },
    }
}
