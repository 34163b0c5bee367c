//! An answer of the server.

use std::fmt;

use bytes::Bytes;
use serde_json::Value;

use super::error::{CallError, ErrorClass};
use super::request::Method;

/// An answer of the server, whatever its status.
#[derive(Clone)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The field `Location`.
    pub location: Option<String>,
    /// The field `WWW-Authenticate`: where the body of a refusal is empty, its reason is here.
    pub challenge: Option<String>,
    /// The body.
    pub body: Bytes,
    /// `GET /admin/realms/...`, for errors.
    pub call: String,
}

impl Response {
    /// The answer if its status is one of those, else the error that it is. The class is that of the method, and
    /// [`ErrorClass::Authentication`] for a 401.
    pub fn expect(self, method: Method, expected: &[u16]) -> Result<Self, CallError> {
        self.expect_as(ErrorClass::of(method), expected)
    }

    /// The same with another class.
    pub fn expect_as(self, class: ErrorClass, expected: &[u16]) -> Result<Self, CallError> {
        if expected.contains(&self.status) { Ok(self) } else { Err(CallError::refused(class, &self)) }
    }

    /// The body: an empty object for 204, JSON, or the text if it is no JSON (an empty text for no body).
    pub fn value(&self) -> Value {
        if self.status == 204 {
            return Value::Object(serde_json::Map::new());
        }
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&self.body).into_owned()))
    }

    /// The last part of `Location`, decoded: the id or name of what was made.
    pub fn created(&self) -> Option<String> {
        let location = self.location.as_deref()?;
        let last = location.trim_end_matches('/').rsplit('/').next()?;
        Some(percent_encoding::percent_decode_str(last).decode_utf8_lossy().into_owned())
    }
}

/// A body can hold tokens and secrets.
impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("call", &self.call)
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
