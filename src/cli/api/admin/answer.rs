//! What python-keycloak gives back where Keycloak answers without a body.

use serde_json::{Value, json};

use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;
use crate::connection::CallError;

/// 201 without a body: an empty text, and not what was made.
pub(super) fn made(result: Result<String, CallError>) -> Result<Value, Failure> {
    Ok(result.map(|_| Value::from(""))?)
}

/// The same; with `skip_exists` it is no error that it is there already.
pub(super) fn made_or_exists(result: Result<String, CallError>, args: Args<'_>) -> Result<Value, Failure> {
    match result {
        Err(error) if error.is_conflict() && args.flag("skip_exists", false)? => {
            Ok(json!({"msg": "Already exists"}))
        }
        result => made(result),
    }
}
