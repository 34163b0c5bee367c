use super::*;
use crate::config::Period;

const APP: HeaderValue = HeaderValue::from_static("https://app.example.com");
const EVIL: HeaderValue = HeaderValue::from_static("https://evil.example.com");

fn config(origins: &[&str]) -> CorsConfig {
    CorsConfig {
        origins: origins.iter().map(|origin| (*origin).to_owned()).collect(),
        ..CorsConfig::default()
    }
}

fn listed() -> Cors {
    let config = CorsConfig {
        headers: vec!["X-Trace".to_owned()],
        expose: vec!["WWW-Authenticate".to_owned()],
        credentials: true,
        max_age: Period::secs(600),
        ..config(&["https://app.example.com"])
    };
    Cors::compile("routes.a.cors", &config).unwrap()
}

fn from(origin: HeaderValue) -> HeaderMap {
    HeaderMap::from_iter([(ORIGIN, origin)])
}

#[test]
fn a_preflight_of_an_allowed_origin_is_answered_in_full() {
    let headers = listed().preflight(&from(APP), &Method::PUT).headers.unwrap();
    assert_eq!(headers[ACCESS_CONTROL_ALLOW_ORIGIN], "https://app.example.com");
    assert_eq!(headers[ACCESS_CONTROL_ALLOW_METHODS], "PUT");
    assert_eq!(headers[ACCESS_CONTROL_ALLOW_HEADERS], "authorization, content-type, x-trace");
    assert_eq!(headers[ACCESS_CONTROL_ALLOW_CREDENTIALS], "true");
    assert_eq!(headers[ACCESS_CONTROL_MAX_AGE], "600");
    assert!(headers.get_all(VARY).iter().any(|vary| vary == "origin"));
}

#[test]
fn a_preflight_of_another_origin_gets_no_cors_headers() {
    assert!(listed().preflight(&from(EVIL), &Method::PUT).headers.is_none());
    assert!(listed().preflight(&from(HeaderValue::from_static("null")), &Method::PUT).headers.is_none());
}

#[test]
fn only_options_with_origin_and_method_is_a_preflight() {
    let request = |method: &str, names: &[HeaderName]| {
        let mut request = Request::builder().method(method).body(()).unwrap();
        for name in names {
            request.headers_mut().insert(name, HeaderValue::from_static("GET"));
        }
        preflight_method(&request)
    };
    assert_eq!(request("OPTIONS", &[ORIGIN, ACCESS_CONTROL_REQUEST_METHOD]), Some(Method::GET));
    assert_eq!(request("OPTIONS", &[ORIGIN]), None);
    assert_eq!(request("OPTIONS", &[ACCESS_CONTROL_REQUEST_METHOD]), None);
    assert_eq!(request("GET", &[ORIGIN, ACCESS_CONTROL_REQUEST_METHOD]), None);
}

#[test]
fn an_answer_is_readable_for_the_allowed_origin_only() {
    let mut headers = HeaderMap::new();
    listed().decorate(Some(&APP), &mut headers);
    assert_eq!(headers[ACCESS_CONTROL_ALLOW_ORIGIN], "https://app.example.com");
    assert_eq!(headers[ACCESS_CONTROL_EXPOSE_HEADERS], "www-authenticate");
    let mut headers = HeaderMap::new();
    listed().decorate(Some(&EVIL), &mut headers);
    assert!(!headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN));
    assert_eq!(headers[VARY], "origin");
}

#[test]
fn what_the_upstream_says_of_origins_is_replaced() {
    let mut headers = HeaderMap::from_iter([(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"))]);
    listed().decorate(Some(&EVIL), &mut headers);
    assert!(!headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN));
}

#[test]
fn any_origin_is_answered_with_a_star() {
    let any = Cors::compile("routes.a.cors", &config(&["*"])).unwrap();
    let headers = any.preflight(&from(EVIL), &Method::GET).headers.unwrap();
    assert_eq!(headers[ACCESS_CONTROL_ALLOW_ORIGIN], "*");
    assert!(!headers.contains_key(ACCESS_CONTROL_ALLOW_CREDENTIALS));
}

#[test]
fn origins_that_no_browser_sends_are_problems() {
    for origin in [
        "https://app.example.com/",
        "app.example.com",
        "https://APP.example.com",
        "https://a.example:443",
        "null",
    ] {
        let problems = Cors::compile("routes.a.cors", &config(&[origin])).unwrap_err();
        assert_eq!(problems[0].key, "routes.a.cors.origins.0", "{origin}");
    }
}

#[test]
fn a_star_goes_neither_with_credentials_nor_with_other_origins() {
    let with_credentials = CorsConfig { credentials: true, ..config(&["*"]) };
    assert!(Cors::compile("k", &with_credentials).is_err());
    assert!(Cors::compile("k", &config(&["*", "https://a.example"])).is_err());
    assert!(Cors::compile("k", &config(&[])).is_err());
}
