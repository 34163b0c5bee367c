//! `raw_get`, `raw_post`, `raw_put`, `raw_delete`: any call, and any status as an answer.

use serde_json::{Value, json};

use super::args::Args;
use super::failure::Failure;
use crate::connection::{Body, Method, Request, Response};

/// What the argument `data` is sent as if it is an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Data {
    /// `application/json`, texts too.
    Json,
    /// A form; a text is sent as it is.
    Form,
}

/// The verb of a method's name, if it is one of the four.
pub(super) fn verb(method: &str) -> Option<Method> {
    match method {
        "raw_get" => Some(Method::Get),
        "raw_post" => Some(Method::Post),
        "raw_put" => Some(Method::Put),
        "raw_delete" => Some(Method::Delete),
        _ => None,
    }
}

/// The call with `path`, `data` and `query`. The path may be a whole address below `base`, such as a `Location`.
pub(super) fn request(method: Method, base: &str, args: Args<'_>, data: Data) -> Result<Request, Failure> {
    let path = args.text("path")?;
    let path = path.strip_prefix(base.trim_end_matches('/')).unwrap_or(path);
    Ok(Request::new(method, path).query(args.query("query")?).body(body(args, data)?))
}

/// `status_code`, `body` and `location`; the body is JSON if it can be read as that, else a text.
pub(super) fn answer(response: &Response) -> Value {
    let body = serde_json::from_slice(&response.body)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&response.body).into_owned()));
    json!({"status_code": response.status, "body": body, "location": response.location})
}

fn body(args: Args<'_>, data: Data) -> Result<Body, Failure> {
    Ok(match (args.optional("data"), data) {
        (None, _) => Body::Empty,
        (Some(Value::String(text)), Data::Json) => {
            Body::Raw(text.clone().into(), Some("application/json".to_owned()))
        }
        (Some(Value::String(text)), Data::Form) => Body::Raw(text.clone().into(), None),
        (Some(Value::Object(_)), Data::Form) => Body::Form(args.query("data")?.pairs().to_vec()),
        (Some(value), Data::Json) => Body::Json(value.clone()),
        (Some(_), Data::Form) => {
            return Err(Failure::Argument("the argument `data` is not a text or an object".to_owned()));
        }
    })
}
