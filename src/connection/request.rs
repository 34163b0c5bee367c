//! A call, before it is made.

use std::fmt;

use bytes::Bytes;
use serde_json::Value;

/// The verbs that Keycloak's APIs use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// GET.
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// DELETE.
    Delete,
}

impl Method {
    /// The word in a request line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// One call.
#[derive(Clone)]
pub struct Request {
    /// The verb.
    pub method: Method,
    /// The path below the base URL, encoded; doubled slashes are joined.
    pub path: String,
    /// The query, not encoded.
    pub query: Query,
    /// What is sent.
    pub body: Body,
    /// Header fields of this call; they go before those of the connection.
    pub headers: Vec<(String, String)>,
}

impl Request {
    /// Without query, body and header fields.
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), query: Query::new(), body: Body::Empty, headers: Vec::new() }
    }

    /// With this query.
    #[must_use]
    pub fn query(mut self, query: Query) -> Self {
        self.query = query;
        self
    }

    /// With this body.
    #[must_use]
    pub fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    /// With one more header field.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// Queries and header fields can hold tokens: their names only.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names =
            |pairs: &[(String, String)]| pairs.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.path.split('?').next().unwrap_or_default())
            .field("query", &names(self.query.pairs()))
            .field("body", &self.body)
            .field("headers", &names(&self.headers))
            .finish()
    }
}

/// What is sent.
#[derive(Clone, Default)]
pub enum Body {
    /// Nothing.
    #[default]
    Empty,
    /// `application/json`.
    Json(Value),
    /// `application/x-www-form-urlencoded`; a name may be repeated.
    Form(Vec<(String, String)>),
    /// `multipart/form-data`, texts only.
    Multipart(Vec<(String, String)>),
    /// Bytes as they are, with their content type.
    Raw(Bytes, Option<String>),
}

/// A body can hold tokens and secrets.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "Empty",
            Self::Json(_) => "Json(..)",
            Self::Form(_) => "Form(..)",
            Self::Multipart(_) => "Multipart(..)",
            Self::Raw(..) => "Raw(..)",
        })
    }
}

/// The query of a call: names and values in order, not encoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// None.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// With one more pair.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.0.push((name.to_owned(), value.to_string()));
        self
    }

    /// With this pair in place of any of the same name.
    #[must_use]
    pub fn replacing(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.0.retain(|(own, _)| own != name);
        self.with(name, value)
    }

    /// Whether the name is there.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(own, _)| own == name)
    }

    /// The pairs.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

impl FromIterator<(String, String)> for Query {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(pairs: T) -> Self {
        Self(pairs.into_iter().collect())
    }
}
