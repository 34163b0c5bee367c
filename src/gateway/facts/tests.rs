use http_body_util::{Empty, Full};

use super::*;

fn noted<B: Body>(request: Request<B>) -> Facts {
    Facts::note(&request, RequestId::choose(request.headers(), false))
}

fn typed(content_type: &str) -> bool {
    let request = Request::builder().header(CONTENT_TYPE, content_type).body(Empty::<&[u8]>::new()).unwrap();
    noted(request).is_grpc
}

#[test]
fn grpc_is_known_by_its_content_type() {
    assert!(typed("application/grpc"));
    assert!(typed("application/grpc+proto"));
    assert!(!typed("application/grpc-web"));
    assert!(!typed("application/json"));
}

#[test]
fn a_body_that_stays_unread_matters_on_http1_only() {
    let request = |version| Request::builder().version(version).body(Full::new(&b"left over"[..])).unwrap();
    assert!(noted(request(Version::HTTP_11)).has_body_on_http1);
    assert!(!noted(request(Version::HTTP_2)).has_body_on_http1);
    assert!(!noted(Request::new(Empty::<&[u8]>::new())).has_body_on_http1);
}
