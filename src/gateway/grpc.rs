//! Refusals in gRPC's own words: HTTP 200, and the status in fields that stand for trailers ("Trailers-Only").

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response, StatusCode};

/// The answer to a gRPC caller; the message is the stable code, which needs no percent-encoding.
pub(super) fn answer(status: StatusCode, code: &'static str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    headers.insert("grpc-status", HeaderValue::from(grpc_status(status)));
    headers.insert("grpc-message", HeaderValue::from_static(code));
    response
}

const fn grpc_status(status: StatusCode) -> u16 {
    match status {
        StatusCode::BAD_REQUEST => 3, // INVALID_ARGUMENT
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => 4, // DEADLINE_EXCEEDED
        StatusCode::FORBIDDEN => 7,   // PERMISSION_DENIED
        StatusCode::PAYLOAD_TOO_LARGE => 8, // RESOURCE_EXHAUSTED
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => 12, // UNIMPLEMENTED
        StatusCode::INTERNAL_SERVER_ERROR => 13, // INTERNAL
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE => 14, // UNAVAILABLE
        StatusCode::UNAUTHORIZED => 16, // UNAUTHENTICATED
        _ => 2,                       // UNKNOWN
    }
}
