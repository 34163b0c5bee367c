//! What can go wrong with a call, by the classes of python-keycloak.

use std::fmt;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;

use super::request::Method;
use super::response::Response;

/// The most characters of a body without a text of Keycloak's own that become a message: a page of a proxy, for instance.
const LONGEST_TEXT: usize = 4096;

/// A call that failed: its class, and what the server said.
#[derive(Clone, PartialEq, Eq)]
pub struct CallError {
    class: ErrorClass,
    status: Option<u16>,
    message: String,
    body: Bytes,
    call: String,
}

/// The class of an error. The names are python-keycloak's, so that programs can be moved over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// 401, or 400 `invalid_grant`: the login, or the token, is not taken.
    Authentication,
    /// No answer: refused, timed out, TLS, a broken answer.
    Connection,
    /// An API that this Keycloak has not any more.
    Deprecation,
    /// The base of those below.
    Operation,
    /// An unexpected status of a GET.
    Get,
    /// An unexpected status of a POST.
    Post,
    /// An unexpected status of a PUT.
    Put,
    /// An unexpected status of a DELETE.
    Delete,
    /// A client secret that is not there.
    SecretNotFound,
    /// An RPT is needed and none was given.
    RptNotFound,
    /// No authorization settings are loaded, or a policy is used as what it is not.
    AuthorizationConfig,
    /// A token that is not active.
    InvalidToken,
    /// A permission that cannot be written as `RESOURCE#SCOPE`.
    PermissionFormat,
    /// A permission made of something that is none.
    PermissionDefinition,
}

impl ErrorClass {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Authentication,
        Self::Connection,
        Self::Deprecation,
        Self::Operation,
        Self::Get,
        Self::Post,
        Self::Put,
        Self::Delete,
        Self::SecretNotFound,
        Self::RptNotFound,
        Self::AuthorizationConfig,
        Self::InvalidToken,
        Self::PermissionFormat,
        Self::PermissionDefinition,
    ];

    /// That of an unexpected status.
    pub const fn of(method: Method) -> Self {
        match method {
            Method::Get => Self::Get,
            Method::Post => Self::Post,
            Method::Put => Self::Put,
            Method::Delete => Self::Delete,
        }
    }

    /// python-keycloak's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Authentication => "KeycloakAuthenticationError",
            Self::Connection => "KeycloakConnectionError",
            Self::Deprecation => "KeycloakDeprecationError",
            Self::Operation => "KeycloakOperationError",
            Self::Get => "KeycloakGetError",
            Self::Post => "KeycloakPostError",
            Self::Put => "KeycloakPutError",
            Self::Delete => "KeycloakDeleteError",
            Self::SecretNotFound => "KeycloakSecretNotFound",
            Self::RptNotFound => "KeycloakRPTNotFound",
            Self::AuthorizationConfig => "KeycloakAuthorizationConfigError",
            Self::InvalidToken => "KeycloakInvalidTokenError",
            Self::PermissionFormat => "KeycloakPermissionFormatError",
            Self::PermissionDefinition => "PermissionDefinitionError",
        }
    }

    /// The names of the classes that it is one of, nearest first; all end in `Exception`.
    pub const fn bases(self) -> &'static [&'static str] {
        match self {
            Self::PermissionDefinition => &["Exception"],
            Self::Authentication | Self::Connection | Self::Deprecation | Self::Operation => {
                &["KeycloakError", "Exception"]
            }
            _ => &["KeycloakOperationError", "KeycloakError", "Exception"],
        }
    }
}

impl CallError {
    /// One that no answer of the server stands behind.
    pub fn local(class: ErrorClass, message: impl Into<String>) -> Self {
        Self { class, status: None, message: message.into(), body: Bytes::new(), call: String::new() }
    }

    /// No answer to a call.
    pub(super) fn unreachable(call: &str, reason: &str) -> Self {
        Self {
            class: ErrorClass::Connection,
            status: None,
            message: format!("the server could not be reached: {reason}"),
            body: Bytes::new(),
            call: call.to_owned(),
        }
    }

    /// An answer that was not expected.
    pub fn refused(class: ErrorClass, response: &Response) -> Self {
        let said = Said::read(&response.body);
        // Since 26.6 a wrong login or token is a 400.
        let is_login = response.status == 401 || (response.status == 400 && said.error == "invalid_grant");
        let message = said.text(response);
        Self {
            class: if is_login { ErrorClass::Authentication } else { class },
            status: Some(response.status),
            message,
            body: response.body.clone(),
            call: response.call.clone(),
        }
    }

    /// With a hint after the server's text.
    #[must_use]
    pub fn hint(mut self, hint: &str) -> Self {
        self.message = format!("{}; hint: {hint}", self.message);
        self
    }

    /// With another class.
    #[must_use]
    pub fn class_as(mut self, class: ErrorClass) -> Self {
        self.class = class;
        self
    }

    /// The class.
    pub const fn class(&self) -> ErrorClass {
        self.class
    }

    /// The HTTP status, if there was an answer.
    pub const fn status(&self) -> Option<u16> {
        self.status
    }

    /// What the server said, or what happened.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The body of the answer.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Whether what was to be made is there already (409).
    pub fn is_conflict(&self) -> bool {
        self.status == Some(409)
    }

    /// Whether there is no such thing (404).
    pub fn is_not_found(&self) -> bool {
        self.status == Some(404)
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.call.is_empty() {
            write!(f, "{}: ", self.call)?;
        }
        match self.status {
            Some(status) => write!(f, "{status}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// The body may repeat what was sent.
impl fmt::Debug for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallError")
            .field("class", &self.class)
            .field("call", &self.call)
            .field("status", &self.status)
            .field("message", &self.message)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for CallError {}

/// The names under which Keycloak puts its texts.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Said {
    #[serde(rename = "errorMessage")]
    message: String,
    #[serde(rename = "message")]
    plain: String,
    error_description: String,
    error: String,
    /// Of the user profile's errors.
    field: Value,
    params: Value,
    errors: Vec<Said>,
}

impl Said {
    fn read(body: &[u8]) -> Self {
        serde_json::from_slice(body).unwrap_or_default()
    }

    fn text(&self, response: &Response) -> String {
        let own = self.own();
        let parts: Vec<String> = self.errors.iter().map(Self::own).filter(|text| !text.is_empty()).collect();
        match (own.is_empty(), parts.is_empty()) {
            (false, true) => own,
            (_, false) => parts.join("; "),
            (true, true) if !response.body.is_empty() => {
                String::from_utf8_lossy(&response.body).chars().take(LONGEST_TEXT).collect()
            }
            (true, true) => response.challenge.clone().unwrap_or_default(),
        }
    }

    fn own(&self) -> String {
        let texts = [&self.message, &self.plain, &self.error_description, &self.error];
        let text = texts.into_iter().find(|text| !text.is_empty()).cloned().unwrap_or_default();
        match &self.field {
            Value::String(field) if !text.is_empty() => {
                let params = match &self.params {
                    Value::Array(params) if !params.is_empty() => format!(" {}", self.params),
                    _ => String::new(),
                };
                format!("`{field}`: {text}{params}")
            }
            _ => text,
        }
    }
}
