use std::time::{Duration, Instant, SystemTime};

use super::{AccessLog, AccessRecord};
use crate::config::AccessLogConfig;
use crate::telemetry::queue::Line as _;

fn record() -> AccessRecord {
    AccessRecord {
        time: SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_123),
        id: "id-1".to_owned(),
        client: std::net::IpAddr::from([192, 0, 2, 7]),
        method: http::Method::GET,
        host: "shop.example".to_owned(),
        path: Some("/orders/1?page=2".to_owned()),
        version: http::Version::HTTP_11,
        status: 200,
        route: Some("orders".into()),
        upstream: None,
        decision: "granted",
        source: "claims",
        remote_reason: None,
        code: "",
        reason: "".into(),
        explanation: String::new(),
        subject: Some("alice".to_owned()),
        authorized_party: None,
        provider: None,
        head_after: Duration::from_micros(1_500),
        end_after: Duration::from_micros(2_250),
        bytes: 12,
        aborted: false,
    }
}

fn line_of(record: &AccessRecord) -> String {
    let mut buffer = Vec::new();
    record.append_to(&mut buffer);
    String::from_utf8(buffer).unwrap()
}

#[test]
fn a_line_has_the_documented_fields() {
    let line = line_of(&record());
    assert_eq!(
        line,
        concat!(
            r#"{"time":"2023-11-14T22:13:20.123Z","request.id":"id-1","client.address":"192.0.2.7","http.method":"GET","#,
            r#""http.host":"shop.example","http.path":"/orders/1?page=2","http.version":"HTTP/1.1","http.status":200,"#,
            r#""route.name":"orders","decision.result":"granted","decision.source":"claims","token.subject":"alice","#,
            r#""duration.head_ms":1.5,"duration.total_ms":2.25,"response.bytes":12,"response.aborted":false}"#,
            "\n"
        )
    );
}

#[test]
fn an_explanation_is_a_field_of_its_own() {
    let explanation = "`Orders#edit`: refused; permission `Edit` says no: policy `Managers` says no";
    let line = line_of(&AccessRecord { explanation: explanation.to_owned(), ..record() });
    let fields: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(fields["decision.explanation"], explanation);
    assert!(!line_of(&record()).contains("explanation"));
}

#[test]
fn what_a_client_sends_cannot_make_another_line_or_field() {
    let hostile = "a\"}\r\n{\"http.status\":200}\u{1b}[2J\u{9b}1m\u{7f}\u{2028}\u{202e}\\";
    let mut record = record();
    record.path = Some(hostile.to_owned());
    record.host = hostile.to_owned();
    record.subject = Some(hostile.to_owned());
    let line = line_of(&record);
    assert_eq!(line.matches('\n').count(), 1);
    assert!(line.ends_with("}\n"));
    assert!(
        line.trim_end().chars().all(|character| !character.is_control() && character.is_ascii()),
        "{line}"
    );
    let read: serde_json::Value = serde_json::from_str(&line).unwrap();
    for field in ["http.path", "http.host", "token.subject"] {
        assert_eq!(read[field], hostile);
    }
}

#[test]
fn credentials_in_the_query_are_blanked_out() {
    for (path, written) in [
        ("/a?access_token=abc&x=1", "/a?access_token=***&x=1"),
        ("/a?x=1&%61ccess_tokeN=abc", "/a?x=1&%61ccess_tokeN=***"),
        ("/a?code=abc=&state=1", "/a?code=***&state=1"),
        ("/a?token", "/a?token"),
        ("/token=abc", "/token=abc"),
    ] {
        let mut record = record();
        record.path = Some(path.to_owned());
        let read: serde_json::Value = serde_json::from_str(&line_of(&record)).unwrap();
        assert_eq!(read["http.path"], written);
    }
}

#[test]
fn a_switched_off_log_is_none() {
    let config = AccessLogConfig { enabled: false, ..AccessLogConfig::default() };
    assert!(AccessLog::start(&config, std::path::Path::new(".")).unwrap().is_none());
}

#[test]
fn a_file_that_cannot_be_opened_is_an_error() {
    let config = AccessLogConfig { file: Some("no/such/folder/a.log".into()), ..AccessLogConfig::default() };
    assert!(AccessLog::start(&config, std::path::Path::new("/nonexistent")).is_err());
}

#[test]
fn lines_go_to_the_new_file_after_rotation() {
    let folder = tempfile::tempdir().unwrap();
    let config = AccessLogConfig { file: Some("access.log".into()), ..AccessLogConfig::default() };
    let log = AccessLog::start(&config, folder.path()).unwrap().unwrap();
    log.write(record());
    assert!(log.flush(Duration::from_secs(10)));
    std::fs::rename(folder.path().join("access.log"), folder.path().join("access.log.1")).unwrap();
    log.reopen();
    log.write(record());
    log.write(record());
    assert!(log.flush(Duration::from_secs(10)));
    let lines = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap().lines().count();
    assert_eq!((lines("access.log.1"), lines("access.log")), (1, 2));
}

#[test]
fn everything_is_written_when_the_log_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let config = AccessLogConfig { file: Some("access.log".into()), ..AccessLogConfig::default() };
    let log = AccessLog::start(&config, folder.path()).unwrap().unwrap();
    for _ in 0..100 {
        log.write(record());
    }
    drop(log);
    let started = Instant::now();
    while std::fs::read_to_string(folder.path().join("access.log")).unwrap().lines().count() < 100 {
        assert!(started.elapsed() < Duration::from_secs(10));
        std::thread::yield_now();
    }
}
