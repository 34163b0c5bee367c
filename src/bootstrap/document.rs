//! Files of wanted state: tasks of the module, alone or in a playbook.

use std::path::Path;

use serde_json::{Map, Value};

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
    Syntax(String, String),
    /// It holds no task.
    #[error("`{0}`: there is no task of `keycloak_client` in it, and no option of one")]
    Empty(String),
    /// A task is wrong.
    #[error("`{0}`, task {1}: {2}")]
    Task(String, usize, TaskError),
}

/// Reads a file as JSON, TOML or YAML, by its extension; anything else is read as YAML, of which JSON is a part.
pub fn read(path: &Path) -> Result<Value, DocumentError> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| DocumentError::Unreadable(name.clone(), error.to_string()))?;
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let parsed = match extension {
        "json" => serde_json::from_str(&text).map_err(|error| error.to_string()),
        "toml" => toml::from_str(&text).map_err(|error| error.to_string()),
        _ => yaml(&text),
    };
    parsed.map_err(|error| DocumentError::Syntax(name, error))
}

#[cfg(feature = "yaml")]
fn yaml(text: &str) -> Result<Value, String> {
    serde_saphyr::from_str(text).map_err(|error| error.to_string())
}

#[cfg(not(feature = "yaml"))]
fn yaml(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// The tasks of a file: plain options, one task, a list of tasks, or plays.
pub fn tasks(path: &Path, content: &Value) -> Result<Vec<ModuleTask>, DocumentError> {
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
