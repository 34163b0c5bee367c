//! Decisions and path matching, as scripts ask for them.

mod bearer;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value, json};

use self::bearer::Bearer;
use crate::authz::{
    Answer, ClientFacts, KeycloakVersion, Model, Promises, ResourceId, ResourceServer, Settings,
    Surroundings, Trace, UmaRequest,
};
use crate::route::{EnforcerMatcher, PathMatcher};
use crate::token::RealmKeys;

/// Loaded settings, and what tokens are judged by.
#[derive(Debug)]
pub struct Decisions {
    model: Model,
    keys: Option<RealmKeys>,
    issuer: Option<String>,
}

/// Why a call has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DecisionError {
    /// `Other:` and what is wrong.
    pub class: &'static str,
    /// What is wrong, in words.
    pub message: String,
}

#[derive(Deserialize)]
struct LoadArgs {
    settings: Value,
    #[serde(default)]
    resource_server: Option<ResourceServer>,
    #[serde(default)]
    resource_ids: Option<Vec<ResourceId>>,
    #[serde(default)]
    user_ids: Option<BTreeMap<String, String>>,
    #[serde(default)]
    clients: Option<BTreeMap<String, ClientFacts>>,
    #[serde(default)]
    jwks: Option<Value>,
    #[serde(default)]
    issuer: Option<String>,
    #[serde(default)]
    server_timezone: Option<String>,
    #[serde(default)]
    promises: Option<Promises>,
    #[serde(default)]
    version: Option<String>,
}

#[derive(Deserialize)]
struct DecideArgs {
    #[serde(default)]
    token: Option<String>,
    now: i64,
    form: Vec<(String, String)>,
    #[serde(default)]
    trace: bool,
}

#[derive(Deserialize)]
struct MatchArgs {
    patterns: Vec<String>,
    path: String,
    #[serde(default)]
    variant: Variant,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Variant {
    #[default]
    Server,
    Enforcer,
}

/// Compiles an export, and what it lacks. All members but `settings` may be absent. Gives what to ask, and the answer to
/// this call: how much was loaded, and what only Keycloak can decide.
pub fn load_authorization(args: &Value) -> Result<(Decisions, Value), DecisionError> {
    let args: LoadArgs = read(args)?;
    let settings = Settings::parse(args.settings.to_string().as_bytes()).map_err(invalid_settings)?;
    let time_zone = match &args.server_timezone {
        Some(name) => Some(time_zone(name)?),
        None => None,
    };
    let surroundings = Surroundings {
        resource_server: args.resource_server,
        resource_ids: args.resource_ids.unwrap_or_default(),
        user_ids: args.user_ids.unwrap_or_default(),
        clients: args.clients.unwrap_or_default(),
        time_zone,
        promises: args.promises.unwrap_or_default(),
        version: args.version.as_deref().map(KeycloakVersion::parse).unwrap_or_default(),
    };
    let model = Model::compile(settings, surroundings).map_err(invalid_settings)?;
    let keys = args.jwks.as_ref().and_then(|jwks| RealmKeys::from_jwks(jwks.to_string().as_bytes()));
    let remote_only: Value = model
        .remote_only()
        .iter()
        .map(|remote| json!({"policy": remote.policy, "reason": remote.reason.reason()}))
        .collect();
    let loaded = json!({
        "resources": model.resources().len(),
        "policies": model.policy_count(),
        "permissions": model.permission_count(),
        "remote_only": remote_only,
    });
    Ok((Decisions { model, keys, issuer: args.issuer }, loaded))
}

/// What Keycloak would answer to a UMA-ticket request, or that it has to be asked.
pub fn decide(decisions: &Decisions, args: &Value) -> Result<Value, DecisionError> {
    let args: DecideArgs = read(args)?;
    let bearer =
        Bearer::judge(args.token.as_deref(), decisions.keys.as_ref(), decisions.issuer.as_deref(), args.now);
    let request = UmaRequest { subject: bearer.subject(), now: args.now, form: &args.form };
    if !args.trace {
        return Ok(written(&decisions.model.answer(&request), None));
    }
    let (answer, trace) = decisions.model.answer_traced(&request);
    Ok(written(&answer, Some(&trace)))
}

/// The pattern that Keycloak's matcher picks for a path: the server's (26.7.3), or that of the policy enforcer (26.0.8).
/// At some patterns the enforcer's fails; that is an error.
pub fn match_path(args: &Value) -> Result<Value, DecisionError> {
    let MatchArgs { patterns, path, variant } = read(args)?;
    let found = match variant {
        Variant::Server => PathMatcher::new(patterns.iter().cloned()).find(&path),
        Variant::Enforcer => EnforcerMatcher::new(patterns.iter().cloned())
            .find(&path)
            .map_err(|error| DecisionError { class: "Other:InvalidPattern", message: error.to_string() })?,
    };
    Ok(json!({"match": found.and_then(|index| patterns.get(index))}))
}

fn written(answer: &Answer, trace: Option<&Trace>) -> Value {
    let mut written = match answer {
        Answer::Local(response) => json!({"source": "local", "response": response.to_json()}),
        Answer::Remote(reason) => json!({"source": "remote", "reason": reason.to_string()}),
    };
    if let (Some(trace), Some(members)) = (trace, written.as_object_mut()) {
        members.insert("trace".to_owned(), trace.to_json());
    }
    written
}

fn read<'a, T: Deserialize<'a>>(args: &'a Value) -> Result<T, DecisionError> {
    T::deserialize(args)
        .map_err(|error| DecisionError { class: "Other:WrongArgument", message: error.to_string() })
}

fn time_zone(name: &str) -> Result<TimeZone, DecisionError> {
    TimeZone::get(name).map_err(|_| DecisionError {
        class: "Other:WrongArgument",
        message: format!("no time zone `{name}`"),
    })
}

fn invalid_settings(message: String) -> DecisionError {
    DecisionError { class: "Other:InvalidSettings", message }
}

impl DecisionError {
    /// As the member `error` of an answer.
    pub fn to_json(&self) -> Value {
        json!({"class": self.class, "response_code": null, "error_message": self.message})
    }
}

#[cfg(test)]
mod tests;
