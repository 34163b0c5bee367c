use std::sync::Mutex;

use http_body_util::BodyExt as _;

use super::*;

type Seen = Arc<Mutex<Vec<BodyEnd>>>;

fn watched(body: Body) -> (Body, Seen) {
    let seen = Seen::default();
    let told = Arc::clone(&seen);
    (body.on_end(Box::new(move |end| told.lock().unwrap().push(end))), seen)
}

#[tokio::test]
async fn the_length_of_a_full_body_is_exact() {
    let body = Body::full("hello");
    assert_eq!(body.size_hint().exact(), Some(5));
    assert!(!body.is_end_stream());
    assert_eq!(body.collect().await.unwrap().to_bytes(), "hello");
    assert!(Body::full("").is_end_stream());
    assert_eq!(Body::empty().size_hint().exact(), Some(0));
}

#[tokio::test]
async fn the_end_is_told_once_with_the_last_frame() {
    let (mut body, seen) = watched(Body::full("hello"));
    body.frame().await.unwrap().unwrap();
    assert!(body.is_end_stream());
    assert_eq!(*seen.lock().unwrap(), [BodyEnd::Complete { bytes: 5 }]);
    drop(body);
    assert_eq!(seen.lock().unwrap().len(), 1);
}

#[test]
fn a_dropped_body_is_aborted_unless_there_was_nothing_to_come() {
    let (body, seen) = watched(Body::full("hello"));
    drop(body);
    assert_eq!(*seen.lock().unwrap(), [BodyEnd::Aborted { bytes: 0 }]);
    let (body, seen) = watched(Body::empty());
    drop(body);
    assert_eq!(*seen.lock().unwrap(), [BodyEnd::Complete { bytes: 0 }]);
}

#[tokio::test]
async fn a_body_above_its_limit_gives_no_byte() {
    let body = Body::full("hello").limit(5).limit(10);
    assert!(!body.exceeds_limit());
    assert!(body.collect().await.is_ok());

    let (mut body, seen) = watched(Body::full("hello").limit(4));
    assert!(body.exceeds_limit());
    assert!(matches!(body.frame().await, Some(Err(BodyError::TooLarge(4)))));
    assert!(body.frame().await.is_none());
    assert_eq!(*seen.lock().unwrap(), [BodyEnd::Aborted { bytes: 0 }]);
}

#[test]
fn a_body_is_small_enough_to_be_moved_about() {
    assert!(size_of::<Body>() <= 8, "{}", size_of::<Body>());
}
