//! What is noted of a request before it sets out, for the answer that may have to be made without it.

use http::header::{CONTENT_TYPE, HeaderValue, ORIGIN};
use http::{Method, Request, Version};
use http_body::Body;

use super::request_id::RequestId;

/// Noted before the first check; `answer` needs no request.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub(super) id: RequestId,
    pub(super) origin: Option<HeaderValue>,
    pub(super) is_head: bool,
    /// gRPC callers read a status of their own.
    pub(super) is_grpc: bool,
    /// HTTP/1, with a body that will stay unread if the request is refused: the connection must end, or its bytes
    /// would be read as the next request.
    pub(super) has_body_on_http1: bool,
}

impl Facts {
    pub(super) fn note<B: Body>(request: &Request<B>, id: RequestId) -> Self {
        let headers = request.headers();
        Self {
            id,
            origin: headers.get(ORIGIN).cloned(),
            is_head: *request.method() == Method::HEAD,
            is_grpc: headers.get(CONTENT_TYPE).is_some_and(is_grpc),
            has_body_on_http1: request.version() <= Version::HTTP_11 && !request.body().is_end_stream(),
        }
    }
}

/// `application/grpc`, `application/grpc+proto`; but not gRPC-Web, whose callers do read the HTTP status.
fn is_grpc(content_type: &HeaderValue) -> bool {
    match content_type.as_bytes().strip_prefix(b"application/grpc") {
        Some(rest) => rest.first().is_none_or(|next| matches!(next, b'+' | b';')),
        None => false,
    }
}

#[cfg(test)]
mod tests;
