//! One task of the module, read: where, who, and what is wanted of one client.

use secrecy::SecretString;
use serde_json::{Map, Value};

use super::access::Access;
use super::option::{self, Opt, Part};

/// One task: the options of Ansible's module `keycloak_client`.
#[derive(Clone, Debug)]
pub struct ModuleTask {
    /// Where, and who.
    pub access: Access,
    /// What is wanted.
    pub wanted: WantedClient,
}

/// What is wanted of one client.
#[derive(Clone, Debug)]
pub struct WantedClient {
    /// The realm of the client.
    pub realm: String,
    /// Whether it shall be there.
    pub present: bool,
    /// Found by its id, if that is given.
    pub id: Option<String>,
    /// Found by this name otherwise; with an id it is the new name.
    pub client_id: Option<String>,
    /// What was given of the representation, by Keycloak's names.
    pub fields: Map<String, Value>,
    /// What is done about client scopes.
    pub scopes: ScopesBehavior,
    /// Mappers that shall be there beside those that are: no option of the module.
    pub added_mappers: Vec<Value>,
    /// It is not made where it is not there: no option of the module.
    pub must_exist: bool,
    /// Whose it is if it has to be made: no option of the module.
    pub owner: Option<String>,
}

/// What the lists of client scopes mean for a client that is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScopesBehavior {
    /// Nothing.
    #[default]
    Ignore,
    /// Those listed are added.
    Patch,
    /// Just those listed.
    Idempotent,
}

/// A task that cannot be read: every fault, one each.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("; "))]
pub struct TaskError(pub Vec<String>);

impl ModuleTask {
    /// Reads the options, by name or alias. Every fault is in the error.
    pub fn read(options: &Map<String, Value>) -> Result<Self, TaskError> {
        let (given, mut faults) = Given::read(options);
        let wanted = WantedClient::of(&given);
        if wanted.id.is_none() && wanted.client_id.is_none() {
            faults.push("one of `client_id` and `id` is needed".to_owned());
        }
        let access = Access::of(&given);
        faults.extend(access.fault());
        if faults.is_empty() { Ok(Self { access, wanted }) } else { Err(TaskError(faults)) }
    }
}

/// The options that were given.
pub(super) struct Given(Vec<(&'static Opt, Value)>);

impl Given {
    /// Reads the options, by name or alias; gives those that could be read, and every fault.
    pub(super) fn read(options: &Map<String, Value>) -> (Self, Vec<String>) {
        let mut faults = Vec::new();
        let mut read: Vec<(&'static Opt, Value)> = Vec::new();
        for (name, value) in options {
            let Some(option) = option::find(name) else {
                let hint = option::nearest(name).map(|near| format!("; did you mean `{near}`?"));
                faults.push(format!("there is no option `{name}`{}", hint.unwrap_or_default()));
                continue;
            };
            // An option without a value is not given.
            if value.is_null() {
                continue;
            }
            if read.iter().any(|(own, _)| own.name == option.name) {
                faults.push(format!("`{}` is given twice, once as `{name}`", option.name));
                continue;
            }
            match option.kind.read(value) {
                Ok(value) => read.push((option, value)),
                Err(expected) => faults.push(format!("`{name}`: {expected}")),
            }
        }
        (Self(read), faults)
    }

    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(option, _)| option.name == name).map(|(_, value)| value)
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.value(name).and_then(Value::as_str).map(str::to_owned)
    }

    pub(super) fn secret(&self, name: &str) -> Option<SecretString> {
        self.text(name).map(SecretString::from)
    }
}

impl WantedClient {
    fn of(given: &Given) -> Self {
        let fields = given
            .0
            .iter()
            .filter(|(option, _)| option.part == Part::Client)
            .map(|(option, value)| (option.alias.unwrap_or(option.name).to_owned(), value.clone()));
        let fields: Map<String, Value> = fields.collect();
        Self {
            realm: given.text("realm").unwrap_or_else(|| "master".to_owned()),
            present: given.text("state").is_none_or(|state| state == "present"),
            id: given.text("id"),
            client_id: given.text("client_id"),
            scopes: match given.text("client_scopes_behavior").as_deref() {
                Some("patch") => ScopesBehavior::Patch,
                Some("idempotent") => ScopesBehavior::Idempotent,
                _ => ScopesBehavior::Ignore,
            },
            fields,
            added_mappers: Vec::new(),
            must_exist: false,
            owner: None,
        }
    }

    /// What it is called in messages: the name, else the id.
    pub fn label(&self) -> &str {
        self.client_id.as_deref().or(self.id.as_deref()).unwrap_or_default()
    }
}
