//! A request to the token endpoint, and how it is answered.

use std::fmt;

use super::answer::{Answer, Mode, Response, conclude};
use super::claim_token;
use super::error::RequestError;
use super::form::Form;
use super::permission::{What, Wishes, java_split, split};
use super::resolution::{Resolution, Stop};
use super::uri;
use crate::authz::evaluate::Evaluation;
use crate::authz::identity::Identity;
use crate::authz::model::Model;
use crate::authz::pushed::PushedClaims;
use crate::authz::reason::RemoteReason;
use crate::authz::trace::{Trace, TracedEntry};

/// Who the request is for.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// The bearer of a verified token.
    Bearer(&'a Identity),
    /// The bearer of a token that Keycloak does not take.
    BadToken,
    /// There is no bearer token, or it is not known what Keycloak makes of it.
    Unknown(&'static str),
}

/// A request of the UMA-ticket grant.
#[derive(Clone, Copy)]
pub struct UmaRequest<'a> {
    /// Who it is for.
    pub subject: Subject<'a>,
    /// Keycloak's clock, seconds since 1970.
    pub now: i64,
    /// The parameters beside `grant_type`, in order, decoded.
    pub form: &'a [(String, String)],
}

impl Model {
    /// What Keycloak would answer, or that it has to be asked.
    pub fn answer(&self, request: &UmaRequest<'_>) -> Answer {
        self.respond(request, None)
    }

    /// The same, and how it came about.
    pub fn answer_traced(&self, request: &UmaRequest<'_>) -> (Answer, Trace) {
        let mut trace = Trace::default();
        let answer = self.respond(request, Some(&mut trace));
        (answer, trace)
    }

    fn respond(&self, request: &UmaRequest<'_>, trace: Option<&mut Trace>) -> Answer {
        match self.decide(request, trace) {
            Ok(response) => Answer::Local(response),
            Err(Stop::Error(error)) => Answer::Local(Response::Error(error)),
            Err(Stop::Remote(reason)) => Answer::Remote(reason),
        }
    }

    /// In Keycloak's order.
    fn decide(&self, request: &UmaRequest<'_>, trace: Option<&mut Trace>) -> Result<Response, Stop> {
        let form = Form::read(request.form, self.surroundings.version)?;
        let identity = match request.subject {
            Subject::Bearer(identity) => identity,
            Subject::BadToken => return Err(Stop::Error(RequestError::bad_token())),
            Subject::Unknown(reason) => return Err(Stop::request(reason)),
        };
        self.is_for_us(&form)?;
        let wishes = self.wishes(&form)?;
        let pushed = claim_token::read(&form, identity, &self.surroundings)?;
        if form.first("audience").is_none() {
            return Err(Stop::Error(RequestError::invalid_request("You must provide the issuedFor")));
        }
        let mut resolution = Resolution::new(self, identity.subject(&self.surroundings));
        match wishes {
            None => resolution.everything(),
            Some(wishes) => {
                let more_scopes = form.first("scope").map(|scope| java_split(scope, ' ')).unwrap_or_default();
                for wish in &wishes.list {
                    resolution.wish(wish, &more_scopes)?;
                }
            }
        }
        self.evaluated(&form, identity, &pushed, request.now, resolution, trace)
    }

    fn evaluated(
        &self,
        form: &Form,
        identity: &Identity,
        pushed: &PushedClaims,
        now: i64,
        resolution: Resolution<'_>,
        trace: Option<&mut Trace>,
    ) -> Result<Response, Stop> {
        let Resolution { entries, doubt, .. } = resolution;
        let mut evaluation = Evaluation::new(self, self.facts(identity, pushed, now));
        let outcomes: Vec<_> = entries.iter().map(|entry| evaluation.entry(entry)).collect();
        if let Some(trace) = trace {
            let traced = entries.iter().zip(&outcomes);
            trace.entries =
                traced.map(|(entry, outcome)| TracedEntry::new(&mut evaluation, entry, outcome)).collect();
        }
        conclude(self, Mode::of(form)?, identity, pushed, &entries, outcomes, doubt)
    }

    /// What is Keycloak's own business is handed on.
    fn is_for_us(&self, form: &Form) -> Result<(), Stop> {
        for (name, reason) in [
            ("ticket", "the request has a permission ticket"),
            ("rpt", "the request has a requesting party token"),
        ] {
            if form.first(name).is_some() {
                return Err(Stop::request(reason));
            }
        }
        let client_id = self.surroundings.resource_server.as_ref().map(|client| client.client_id.as_str());
        match form.first("audience") {
            Some(audience) if Some(audience) != client_id => {
                Err(Stop::request("the audience is not the client whose settings are loaded"))
            }
            _ => Ok(()),
        }
    }

    /// What is asked for; `None`: everything.
    fn wishes(&self, form: &Form) -> Result<Option<Wishes>, Stop> {
        if let Some(limit) = form.first("response_permissions_limit") {
            return Err(match limit.parse::<i32>() {
                Err(_) if limit.is_ascii() => Stop::Error(RequestError::unknown()),
                _ => Stop::request("the answer is limited, in the order of keycloak's database"),
            });
        }
        let is_uri = form.first("permission_resource_format") == Some("uri");
        if is_uri && form.first("audience").is_none() {
            return Err(Stop::request("uris without an audience, at which keycloak fails"));
        }
        if form.first("permission").is_none() {
            return Ok(None);
        }
        match form.first("permission_resource_format") {
            None | Some("id") => {
                let mut wishes = Wishes::default();
                for value in form.all("permission") {
                    let (resource, scopes) = split(value)?;
                    let what =
                        if resource.is_empty() { What::AnyWith } else { What::Named(resource.to_owned()) };
                    wishes.add(what, scopes);
                }
                Ok(Some(wishes))
            }
            Some("uri") => uri::wishes(form, self).map(Some),
            Some(_) => Ok(None),
        }
    }
}

/// Without the form, which may hold tokens.
impl fmt::Debug for UmaRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UmaRequest").field("now", &self.now).finish_non_exhaustive()
    }
}

impl From<RemoteReason> for Stop {
    fn from(reason: RemoteReason) -> Self {
        Self::Remote(reason)
    }
}

#[cfg(test)]
mod tests;
