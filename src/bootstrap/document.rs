//! Files: wanted state of a realm, or tasks of the module, alone or in a playbook.

use std::path::Path;

use serde_json::{Map, Value};

use super::access::Access;
use super::desired::Desired;
use super::option::{self, Part};
use super::reference;
use super::syntax::{self, SyntaxError};
use super::task::{ModuleTask, TaskError};

/// The names of the module, by its collection.
const MODULE: [&str; 3] = [
    "keycloak_client",
    "community.general.keycloak_client",
    "middleware_automation.keycloak.keycloak_client",
];

/// Why a file cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DocumentError {
    /// It cannot be read.
    #[error("`{0}` cannot be read: {1}")]
    Unreadable(String, String),
    /// It is not what its extension says.
    #[error("`{0}`: {1}")]
    Syntax(String, SyntaxError),
    /// It is nothing that is known.
    #[error(
        "`{0}` is neither wanted state (`clients`, `client_scopes`, `realm_roles`, `groups`) nor a task of `keycloak_client`"
    )]
    Empty(String),
    /// Wanted state that is wrong.
    #[error("`{0}`: {1}")]
    State(String, TaskError),
    /// A task is wrong.
    #[error("`{0}`, task {1}: {2}")]
    Task(String, usize, TaskError),
}

/// A file, read.
#[derive(Clone, Debug)]
pub enum Document {
    /// Tasks of the module, each with its own login.
    Tasks(Vec<ModuleTask>),
    /// Wanted state of a realm.
    State(Box<StateFile>),
}

/// Wanted state of a realm, and the login that stands beside it.
#[derive(Clone, Debug)]
pub struct StateFile {
    /// Where the server is, and the login, by the `auth_...` options of the module on the file's highest level.
    pub access: Access,
    /// What is wanted.
    pub desired: Desired,
}

impl Document {
    /// Reads a file as JSON, TOML or YAML, by its extension, and says what it is.
    pub fn open(path: &Path) -> Result<Self, DocumentError> {
        let content = read(path)?;
        if is_state(&content) {
            return StateFile::of(path, content, None).map(|file| Self::State(Box::new(file)));
        }
        tasks(path, &content).map(Self::Tasks)
    }
}

impl StateFile {
    /// Reads wanted state. A file that names no realm is about `realm`, if that is given.
    pub fn open(path: &Path, realm: Option<&str>) -> Result<Self, DocumentError> {
        Self::of(path, read(path)?, realm)
    }

    fn of(path: &Path, mut content: Value, realm: Option<&str>) -> Result<Self, DocumentError> {
        let fault = |faults| DocumentError::State(path.display().to_string(), TaskError(faults));
        let folder = path.parent().unwrap_or(Path::new("."));
        let hidden = reference::resolve(&mut content, folder).map_err(fault)?;
        let mut login = Map::new();
        if let Some(members) = content.as_object_mut() {
            let is_login =
                |name: &String| option::find(name).is_some_and(|option| option.part == Part::Access);
            let names: Vec<String> = members.keys().filter(|name| is_login(name)).cloned().collect();
            login.extend(names.into_iter().filter_map(|name| members.remove_entry(&name)));
            if let Some(realm) = realm {
                members.entry("realm").or_insert_with(|| Value::from(realm));
            }
        }
        let (access, mut faults) = Access::read(&login);
        let desired = Desired::read(&content).map_err(|TaskError(found)| faults.extend(found));
        let (Ok(mut desired), true) = (desired, faults.is_empty()) else {
            // A fault may repeat what was wrong.
            return Err(fault(faults.iter().map(|fault| hidden.text(fault)).collect()));
        };
        desired.hidden = hidden;
        Ok(Self { access, desired })
    }
}

/// Whether it is wanted state of a realm, and no task.
fn is_state(content: &Value) -> bool {
    ["realm_roles", "client_scopes", "clients", "groups"].iter().any(|name| content.get(name).is_some())
}

fn read(path: &Path) -> Result<Value, DocumentError> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| DocumentError::Unreadable(name.clone(), error.to_string()))?;
    syntax::parse(path, &text).map_err(|error| DocumentError::Syntax(name, error))
}

/// The tasks of a file: plain options, one task, a list of tasks, or plays.
fn tasks(path: &Path, content: &Value) -> Result<Vec<ModuleTask>, DocumentError> {
    let name = path.display().to_string();
    let mut found = Vec::new();
    collect(content, &mut found);
    if found.is_empty() {
        return Err(DocumentError::Empty(name));
    }
    let read = found.iter().enumerate().map(|(number, options)| {
        ModuleTask::read(options).map_err(|error| DocumentError::Task(name.clone(), number + 1, error))
    });
    read.collect()
}

fn collect(content: &Value, found: &mut Vec<Map<String, Value>>) {
    match content {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(members) => {
            if let Some(options) = options(members) {
                found.push(options);
                return;
            }
            for list in ["pre_tasks", "tasks", "post_tasks", "block"] {
                members.get(list).into_iter().for_each(|tasks| collect(tasks, found));
            }
        }
        _ => {}
    }
}

/// The options of a task, whichever way it names the module; those of a file that is nothing but options.
fn options(members: &Map<String, Value>) -> Option<Map<String, Value>> {
    if let Some(Value::Object(options)) = MODULE.iter().find_map(|name| members.get(*name)) {
        return Some(options.clone());
    }
    for way in ["local_action", "action"] {
        if let Some(Value::Object(options)) = members.get(way)
            && options.get("module").and_then(Value::as_str).is_some_and(|module| MODULE.contains(&module))
        {
            let mut options = options.clone();
            options.remove("module");
            return Some(options);
        }
    }
    let is_options = ["client_id", "clientId", "id"].iter().any(|name| members.contains_key(*name));
    is_options.then(|| members.clone())
}

#[cfg(test)]
mod tests;
