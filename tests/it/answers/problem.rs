//! Problem details (RFC 9457) as the gateway writes them.

use gatecloak::testing::RawResponse;
use serde_json::Value;

use crate::stage::{Stage, echoed};
use crate::wire::eventually;

/// Checks what every refusal has, and that the log has a line of the same id, status and code; gives back the code.
pub(crate) fn check(stage: &Stage, answer: &RawResponse) -> String {
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{answer:?}");
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{answer:?}");
    let body = answer.json().expect("JSON");
    let members = body.as_object().expect("an object");
    for name in members.keys() {
        let known = ["type", "title", "status", "code", "detail", "source", "id"];
        assert!(known.contains(&name.as_str()), "{name}");
    }
    let text = |name: &str| body[name].as_str().unwrap_or_else(|| panic!("no {name}: {body}")).to_owned();
    assert_eq!(body["status"], answer.status, "{body}");
    assert_eq!(text("type"), "about:blank");
    assert!(!text("title").is_empty());
    assert!(text("code").bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{body}");
    assert_eq!(answer.header("x-request-id"), Some(text("id").as_str()));
    let line = line_of(stage, &text("id"));
    assert_eq!((&line["http.status"], &line["error.code"]), (&body["status"], &body["code"]), "{line}");
    text("code")
}

/// The id of a request: the answer has it if it is the gateway's own, and the upstream was told it if it is not.
pub(crate) fn id_of(answer: &RawResponse) -> String {
    let own = answer.header("x-request-id").map(str::to_owned);
    own.or_else(|| echoed(answer, "x-request-id").pop()).expect("an id")
}

/// The line of the access log with this id.
pub(crate) fn line_of(stage: &Stage, id: &str) -> Value {
    let mut found = None;
    eventually("the log has a line of this id", || {
        let log = stage.gateway.access_log();
        let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        found = lines.into_iter().find(|line| line["request.id"] == id);
        found.is_some()
    });
    found.expect("a line")
}
