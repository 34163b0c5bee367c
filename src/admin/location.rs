//! A place in the API: its path, and the verbs.

use serde_json::Value;

use super::pages::Pages;
use crate::connection::{Body, CallError, Method, Query, Request, Response, Session, encode_segment};

/// A place in the API, under a session.
#[derive(Clone, Debug)]
pub(super) struct Location {
    session: Session,
    path: String,
}

impl Location {
    /// A fixed path below the server's address.
    pub(super) fn new(session: Session, path: &str) -> Self {
        Self { session, path: path.to_owned() }
    }

    /// Below this place, a fixed path of one or more segments.
    pub(super) fn fixed(&self, path: &str) -> Self {
        Self { session: self.session.clone(), path: format!("{}/{path}", self.path) }
    }

    /// Below this place, a name or an id, which is encoded whatever is in it.
    pub(super) fn child(&self, name: &str) -> Self {
        Self { session: self.session.clone(), path: format!("{}/{}", self.path, encode_segment(name)) }
    }

    /// What is there.
    pub(super) async fn get(&self) -> Result<Value, CallError> {
        self.get_with(Query::new()).await
    }

    /// What is there, with a query.
    pub(super) async fn get_with(&self, query: Query) -> Result<Value, CallError> {
        let request = Request::new(Method::Get, &self.path).query(query);
        Ok(self.send(request, &[200, 204]).await?.value())
    }

    /// What is there, which may be no JSON.
    pub(super) async fn get_whole(&self) -> Result<Response, CallError> {
        self.send(Request::new(Method::Get, &self.path), &[200]).await
    }

    /// What is there, where it is no JSON.
    pub(super) async fn get_text(&self) -> Result<String, CallError> {
        let response = self.send(Request::new(Method::Get, &self.path), &[200]).await?;
        Ok(String::from_utf8_lossy(&response.body).into_owned())
    }

    /// All of a list that the server gives in pages; with `first` or `max` in the query, just that page.
    pub(super) fn pages(&self, query: Query) -> Pages {
        Pages::new(self.clone(), query)
    }

    /// POST; the answer's value.
    pub(super) async fn post(&self, body: &Value) -> Result<Value, CallError> {
        Ok(self.post_as(Body::Json(body.clone())).await?.value())
    }

    /// POST of nothing, with a query.
    pub(super) async fn post_query(&self, query: Query) -> Result<Value, CallError> {
        let request = Request::new(Method::Post, &self.path).query(query);
        Ok(self.send(request, &[200, 201, 204]).await?.value())
    }

    /// POST of something that is not JSON, or of nothing.
    pub(super) async fn post_as(&self, body: Body) -> Result<Response, CallError> {
        let request = Request::new(Method::Post, &self.path).body(body);
        self.send(request, &[200, 201, 202, 204]).await
    }

    /// POST; the id or name of what was made, from `Location`.
    pub(super) async fn create(&self, body: &Value) -> Result<String, CallError> {
        let response = self.post_as(Body::Json(body.clone())).await?;
        Ok(response.created().unwrap_or_default())
    }

    /// PUT.
    pub(super) async fn put(&self, body: &Value) -> Result<Value, CallError> {
        self.put_as(Body::Json(body.clone())).await
    }

    /// PUT of something that is not JSON, or of nothing.
    pub(super) async fn put_as(&self, body: Body) -> Result<Value, CallError> {
        self.put_with(body, Query::new()).await
    }

    /// PUT, with a query.
    pub(super) async fn put_with(&self, body: Body, query: Query) -> Result<Value, CallError> {
        let request = Request::new(Method::Put, &self.path).body(body).query(query);
        Ok(self.send(request, &[200, 201, 202, 204]).await?.value())
    }

    /// DELETE.
    pub(super) async fn delete(&self) -> Result<(), CallError> {
        self.delete_as(Body::Empty).await
    }

    /// DELETE with a query.
    pub(super) async fn delete_query(&self, query: Query) -> Result<(), CallError> {
        let request = Request::new(Method::Delete, &self.path).query(query);
        self.send(request, &[200, 204]).await.map(drop)
    }

    /// DELETE with a body: which members of a set go.
    pub(super) async fn delete_with(&self, body: &Value) -> Result<(), CallError> {
        self.delete_as(Body::Json(body.clone())).await
    }

    /// A call of any kind at this place, with what it may answer.
    pub(super) async fn send(&self, request: Request, expected: &[u16]) -> Result<Response, CallError> {
        let method = request.method;
        self.session.send(&request).await?.expect(method, expected)
    }

    async fn delete_as(&self, body: Body) -> Result<(), CallError> {
        let request = Request::new(Method::Delete, &self.path).body(body);
        self.send(request, &[200, 204]).await.map(drop)
    }
}
