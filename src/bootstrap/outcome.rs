//! A task of the module, run: what it gives back.

use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};

use super::access::AccessError;
use super::client::ClientPlan;
use super::clients::Clients;
use super::error::{BootstrapError, Failure};
use super::item::Action;
use super::normal;
use super::redact::redacted;
use super::sessions::Sessions;
use super::task::{ModuleTask, WantedClient};
use crate::admin::Realm;

/// What a task gives back, in the module's words.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Whether something was changed, or would be.
    pub changed: bool,
    /// Whether it went wrong.
    pub failed: bool,
    /// What was done, or why not.
    pub msg: String,
    /// What was there; empty if nothing was.
    pub existing: Map<String, Value>,
    /// What was given.
    pub proposed: Map<String, Value>,
    /// What is there now, or would be.
    pub end_state: Map<String, Value>,
    /// Differences, one each.
    pub changes: Vec<String>,
    /// What was asked for and does nothing.
    pub warnings: Vec<String>,
    /// What kind of failure it is, if it went wrong.
    pub failure: Option<Failure>,
}

impl ModuleTask {
    /// What would be done. Writes nothing.
    pub async fn plan(&self, sessions: &mut Sessions) -> Outcome {
        self.said(self.run(self.realm(sessions), None, false).await)
    }

    /// Does it.
    pub async fn apply(&self, sessions: &mut Sessions) -> Outcome {
        self.said(self.run(self.realm(sessions), None, true).await)
    }

    /// The realm of the client. Makes no call.
    pub(super) fn realm(&self, sessions: &mut Sessions) -> Result<Realm, AccessError> {
        Ok(sessions.of(&self.access)?.realm(&self.wanted.realm))
    }

    /// What came of it, for people and programs.
    pub(super) fn said(&self, run: Result<Outcome, BootstrapError>) -> Outcome {
        let mut outcome = match run {
            Ok(outcome) => outcome,
            Err(error) => Outcome { failure: Some(error.failure()), ..Outcome::failure(error.to_string()) },
        };
        outcome.proposed = shown(&self.wanted.fields);
        outcome.msg = self.without_secrets(&outcome.msg);
        outcome
    }

    /// Plans it, or does it; the client is one of `clients`, if these were read.
    pub(super) async fn run(
        &self,
        realm: Result<Realm, AccessError>,
        clients: Option<&Clients>,
        write: bool,
    ) -> Result<Outcome, BootstrapError> {
        let realm = realm?;
        let plan = ClientPlan::among(&realm, &self.wanted, clients).await?;
        let end = if write { plan.apply(&realm).await? } else { plan.end_state() };
        Ok(Outcome {
            changed: plan.action != Action::Keep,
            failed: false,
            msg: message(&plan, &self.wanted, write),
            existing: plan.existing.as_ref().map(shown).unwrap_or_default(),
            proposed: Map::new(),
            end_state: end.as_ref().map(shown).unwrap_or_default(),
            changes: plan.changes.iter().map(ToString::to_string).collect(),
            warnings: plan.notes,
            failure: None,
        })
    }

    /// A message of the server may repeat what it was sent.
    fn without_secrets(&self, text: &str) -> String {
        let access = [
            &self.access.password,
            &self.access.client_secret,
            &self.access.token,
            &self.access.refresh_token,
        ];
        let own = ["secret", "registrationAccessToken"].into_iter();
        let own = own.filter_map(|name| self.wanted.fields.get(name).and_then(Value::as_str));
        let secrets = access.into_iter().flatten().map(|secret| secret.expose_secret()).chain(own);
        // A very short one would take words apart and tell more than it hides.
        secrets
            .filter(|secret| secret.len() > 5)
            .fold(text.to_owned(), |text, secret| text.replace(secret, "********"))
    }
}

impl Outcome {
    /// Nothing could be done, for this reason.
    pub fn failure(msg: String) -> Self {
        Self { failed: true, msg, failure: Some(Failure::Other), ..Self::default() }
    }

    /// One object, as the module gives it.
    pub fn to_json(&self) -> Value {
        json!({
            "changed": self.changed,
            "failed": self.failed,
            "msg": self.msg,
            "existing": self.existing,
            "proposed": self.proposed,
            "end_state": self.end_state,
            "changes": self.changes,
            "warnings": self.warnings,
        })
    }
}

fn message(plan: &ClientPlan, wanted: &WantedClient, write: bool) -> String {
    let label = wanted.label();
    let done = if write { "has been" } else { "would be" };
    match plan.action {
        Action::Keep if plan.existing.is_none() => "Client does not exist; doing nothing.".to_owned(),
        Action::Keep => format!("No changes required for Client {label}."),
        Action::Create => format!("Client {label} {done} created."),
        Action::Update => format!("Client {label} {done} updated."),
        Action::Delete => format!("Client {label} {done} deleted."),
    }
}

/// Without secrets, with lists in order.
fn shown(client: &Map<String, Value>) -> Map<String, Value> {
    let members = redacted(client);
    members
        .into_iter()
        .map(|(name, value)| {
            let value = if normal::is_set(&name) { normal::sorted(&value) } else { value };
            (name, value)
        })
        .collect()
}
