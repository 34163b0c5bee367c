//! The answer: what was granted, or an error.

use serde_json::{Map, Value, json};

use super::error::RequestError;
use super::form::Form;
use super::resolution::Stop;
use crate::authz::evaluate::{Entry, Outcome};
use crate::authz::identity::Identity;
use crate::authz::model::{Model, ScopeId};
use crate::authz::pushed::PushedClaims;
use crate::authz::reason::RemoteReason;

/// Keycloak's answer, or that it has to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// What Keycloak would answer.
    Local(Response),
    /// Keycloak has to be asked.
    Remote(RemoteReason),
}

/// An answer of the token endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    /// `response_mode=decision`: something of what was asked is granted.
    Decision,
    /// `response_mode=permissions`: what is granted.
    Permissions(Vec<GrantedEntry>),
    /// No response mode: a token with what is granted.
    Rpt {
        /// What is in it.
        permissions: Vec<GrantedEntry>,
        /// The resource server.
        audience: String,
        /// The client it is for.
        authorized_party: Option<String>,
    },
    /// An error.
    Error(RequestError),
}

/// A resource, or none, and what is granted of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantedEntry {
    /// The resource's id.
    pub rsid: Option<String>,
    /// The resource's name, if it was asked for.
    pub rsname: Option<String>,
    /// The scopes, sorted.
    pub scopes: Vec<String>,
    /// The pushed claims.
    pub claims: PushedClaims,
}

/// How the answer is to be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mode {
    kind: ModeKind,
    names: Names,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ModeKind {
    Decision,
    Permissions,
    Rpt,
    /// An error, but only once the request is granted.
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Names {
    Included,
    LeftOut,
    /// `TRUE`: it is not known whether the case matters.
    Unsure,
}

impl Mode {
    pub(super) fn of(form: &Form) -> Result<Self, Stop> {
        let kind = match form.first("response_mode") {
            None => ModeKind::Rpt,
            Some("decision") => ModeKind::Decision,
            Some("permissions") => ModeKind::Permissions,
            Some("") => return Err(Stop::request("the response mode is empty")),
            Some(_) => ModeKind::Unknown,
        };
        let names = match form.first("response_include_resource_name") {
            None | Some("true") => Names::Included,
            Some(value) if value.eq_ignore_ascii_case("true") => Names::Unsure,
            Some(_) => Names::LeftOut,
        };
        Ok(Self { kind, names })
    }
}

/// Makes an answer of what became of the entries; `doubt`: there may be more of them.
pub(super) fn conclude(
    model: &Model,
    mode: Mode,
    identity: &Identity,
    pushed: &PushedClaims,
    entries: &[Entry],
    outcomes: Vec<Outcome>,
    doubt: Option<RemoteReason>,
) -> Result<Response, Stop> {
    // Keycloak evaluates all of them, and one that fails spoils the rest.
    if outcomes.contains(&Outcome::Fails) {
        return Err(Stop::Error(RequestError::evaluation()));
    }
    let hidden = outcomes.iter().find_map(|outcome| match outcome {
        Outcome::Hidden(reason) => Some(reason.clone()),
        _ => None,
    });
    if let Some(reason) = doubt.or(hidden) {
        return Err(reason.into());
    }
    let open = outcomes.iter().find_map(|outcome| match outcome {
        Outcome::Open { reason, .. } => Some(reason.clone()),
        _ => None,
    });
    if let Some(reason) = open {
        return Err(reason.into());
    }
    if !outcomes.iter().any(|outcome| matches!(outcome, Outcome::Known(Some(_)))) {
        return Err(Stop::Error(RequestError::denied()));
    }
    match mode.kind {
        ModeKind::Decision => return Ok(Response::Decision),
        ModeKind::Unknown => {
            return Err(Stop::Error(RequestError::invalid_request("Invalid response_mode")));
        }
        ModeKind::Permissions | ModeKind::Rpt => {}
    }
    if mode.names == Names::Unsure {
        return Err(Stop::request("whether names are to be included is not certain"));
    }
    let mut permissions = Vec::new();
    for (entry, outcome) in entries.iter().zip(outcomes) {
        if let Outcome::Known(Some(scopes)) = outcome {
            permissions.push(granted(model, mode, pushed, entry, &scopes)?);
        }
    }
    if mode.kind == ModeKind::Permissions {
        return Ok(Response::Permissions(permissions));
    }
    let audience = model.surroundings.resource_server.as_ref().map(|client| client.client_id.clone());
    Ok(Response::Rpt {
        permissions,
        audience: audience.unwrap_or_default(),
        authorized_party: identity.client().map(str::to_owned),
    })
}

fn granted(
    model: &Model,
    mode: Mode,
    pushed: &PushedClaims,
    entry: &Entry,
    scopes: &[ScopeId],
) -> Result<GrantedEntry, Stop> {
    let resource = entry.resource.and_then(|place| model.resources.get(place));
    let rsid = match resource {
        Some(resource) => match &resource.id {
            Some(id) => Some(id.clone()),
            None => return Err(Stop::request("the id of a granted resource is not known")),
        },
        None => None,
    };
    let rsname = resource.filter(|_| mode.names == Names::Included).map(|resource| resource.name.clone());
    let mut scopes: Vec<String> = scopes.iter().map(|scope| model.scope_name(*scope).to_owned()).collect();
    scopes.sort();
    Ok(GrantedEntry { rsid, rsname, scopes, claims: pushed.clone() })
}

impl Response {
    /// As JSON: `status`, and what is in the answer.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Decision => json!({"status": 200, "result": true}),
            Self::Permissions(permissions) => json!({"status": 200, "permissions": list(permissions)}),
            Self::Rpt { permissions, audience, authorized_party } => json!({"status": 200, "rpt": {
                "permissions": list(permissions),
                "aud": audience,
                "azp": authorized_party,
                "upgraded": false,
            }}),
            Self::Error(RequestError { status, error, description }) => {
                json!({"status": status, "error": error, "error_description": description})
            }
        }
    }
}

fn list(permissions: &[GrantedEntry]) -> Value {
    permissions.iter().map(GrantedEntry::to_json).collect()
}

impl GrantedEntry {
    /// What is not there is left out.
    fn to_json(&self) -> Value {
        let mut members = Map::new();
        let mut add = |name: &str, value: Value| {
            members.insert(name.to_owned(), value);
        };
        if let Some(rsid) = &self.rsid {
            add("rsid", json!(rsid));
        }
        if let Some(rsname) = &self.rsname {
            add("rsname", json!(rsname));
        }
        if !self.scopes.is_empty() {
            add("scopes", json!(self.scopes));
        }
        if !self.claims.is_empty() {
            add("claims", self.claims.iter().map(|(name, texts)| (name.to_owned(), json!(texts))).collect());
        }
        Value::Object(members)
    }
}
