//! What python-keycloak gives back where Keycloak answers without a body.

use serde_json::{Map, Value, json};

use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;
use crate::connection::CallError;

/// 204 without a body: an empty object.
pub(super) fn done(result: Result<(), CallError>) -> Result<Value, Failure> {
    Ok(result.map(|()| Value::Object(Map::new()))?)
}

/// 201 without a body: an empty text, and not what was made.
pub(super) fn made<T>(result: Result<T, CallError>) -> Result<Value, Failure> {
    Ok(result.map(|_| Value::from(""))?)
}

/// The same; with `skip_exists` it is no error that it is there already.
pub(super) fn made_or_exists<T>(result: Result<T, CallError>, args: Args<'_>) -> Result<Value, Failure> {
    or_exists(result.map(|_| Value::from("")), args)
}

/// What the server says of what was made; with `skip_exists` it is no error that it is there already.
pub(super) fn or_exists(result: Result<Value, CallError>, args: Args<'_>) -> Result<Value, Failure> {
    match result {
        Err(error) if error.is_conflict() && args.flag("skip_exists", false)? => {
            Ok(json!({"msg": "Already exists"}))
        }
        result => Ok(result?),
    }
}
