//! Why a request of the scriptable API failed, and how its answer says so.

use serde_json::{Value, json};

use super::decisions::DecisionError;
use crate::connection::CallError;

/// Why a request failed.
#[derive(Debug)]
pub(in crate::cli) enum Failure {
    /// A call, or a rule of the client.
    Call(CallError),
    /// An argument is missing, or of the wrong kind.
    Argument(String),
    /// There is no such method or class.
    UnknownMethod(String),
    /// A token that cannot be decoded: `expired`, `audience`, `claims`, `signature`, `algorithm`, `malformed`.
    Decode(&'static str, String),
    /// Authorization settings, a question about them, or a pattern that cannot be used.
    Decision(DecisionError),
    /// Anything else, by the word after `Other:`.
    Other(&'static str, String),
}

impl Failure {
    /// The value of the member `error`.
    pub(in crate::cli) fn answer(&self) -> Value {
        let other =
            |class: &str, text: &str| json!({"class": class, "response_code": null, "error_message": text});
        match self {
            Self::Call(error) => json!({
                "class": error.class().name(),
                "response_code": error.status(),
                "error_message": error.message(),
            }),
            Self::Argument(text) => other("Other:Argument", text),
            Self::UnknownMethod(text) => other("Other:UnknownMethod", text),
            Self::Decode(reason, text) => json!({
                "class": "DecodeError",
                "reason": reason,
                "response_code": null,
                "error_message": text,
            }),
            Self::Decision(error) => error.to_json(),
            Self::Other(word, text) => other(&format!("Other:{word}"), text),
        }
    }
}

impl From<DecisionError> for Failure {
    fn from(error: DecisionError) -> Self {
        Self::Decision(error)
    }
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}
