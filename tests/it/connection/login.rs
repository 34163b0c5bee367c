//! Who is logged in, and what happens when a token is dead.

use gatecloak::connection::{
    Body, ClientProof, ConnectionSettings, ErrorClass, Login, LoginGrant, Method, Request, Session,
};
use serde_json::{Value, json};

use super::stub::Seen;
use super::{Reply, Stub, open, run};

const VERBS: [Method; 4] = [Method::Get, Method::Post, Method::Put, Method::Delete];

/// Gives the tokens `token-1`, `token-2`, ... with refresh tokens `refresh-1`, ..., and takes only those from `good` on.
/// What `refuses` says is a refresh token that it does not take.
fn realm(good: usize, refuses: fn(&str) -> bool) -> Stub {
    let issued = std::sync::atomic::AtomicUsize::new(0);
    Stub::start(move |_, seen| {
        if seen.line().contains("/openid-connect/token ") {
            if refuses(&seen.body) {
                return Reply::Json(
                    400,
                    json!({"error": "invalid_grant", "error_description": "Token is not active"}),
                );
            }
            let number = issued.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
            return Reply::Json(
                200,
                json!({
                    "access_token": format!("token-{number}"),
                    "expires_in": 300,
                    "refresh_token": format!("refresh-{number}"),
                    "refresh_expires_in": 1800,
                }),
            );
        }
        let token = seen.field("authorization").and_then(|value| value.strip_prefix("Bearer token-"));
        let is_good =
            token.and_then(|number| number.parse::<usize>().ok()).is_some_and(|number| number >= good);
        if is_good {
            Reply::Json(200, json!({"done": true}))
        } else {
            Reply::Json(401, json!({"error": "HTTP 401 Unauthorized"}))
        }
    })
}

fn login(grant: LoginGrant) -> Login {
    Login {
        realm: "my realm".to_owned(),
        client_id: "admin-cli".to_owned(),
        proof: ClientProof::Public,
        grant,
        scope: String::new(),
    }
}

fn password() -> LoginGrant {
    LoginGrant::Password {
        username: "ann".to_owned(),
        password: "pass".into(),
        totp: Some("123456".to_owned()),
    }
}

fn session(stub: &Stub, grant: LoginGrant) -> Session {
    Session::new(open(ConnectionSettings::new(stub.url())), login(grant))
}

fn call(session: &Session, method: Method) -> u16 {
    run(session.send(&Request::new(method, "api").body(Body::Json(json!({"a": 1})))))
        .expect("an answer")
        .status
}

/// The lines of what came, without their version.
fn lines(seen: &[Seen]) -> Vec<&str> {
    seen.iter().map(|seen| seen.line().trim_end_matches(" HTTP/1.1")).collect()
}

const TOKEN: &str = "POST /realms/my%20realm/protocol/openid-connect/token";

#[test]
fn the_first_call_logs_in_and_the_next_ones_use_its_token() {
    let stub = realm(1, |_| false);
    let session = session(&stub, password());
    assert!(stub.seen().is_empty() && session.token_answer().is_none());
    assert_eq!((call(&session, Method::Get), call(&session, Method::Post)), (200, 200));
    let seen = stub.seen();
    assert_eq!(lines(&seen), [TOKEN, "GET /api", "POST /api"]);
    assert_eq!(
        seen[0].body,
        "grant_type=password&username=ann&password=pass&totp=123456&client_id=admin-cli"
    );
    assert_eq!(session.token_answer().expect("an answer")["access_token"], "token-1");
}

#[test]
fn a_call_of_any_verb_is_repeated_once_after_one_renewal_by_the_refresh_token() {
    for method in VERBS {
        let stub = realm(2, |_| false);
        let session = session(&stub, password());
        assert_eq!(call(&session, method), 200);
        let (seen, api) = (stub.seen(), format!("{} /api", method.name()));
        assert_eq!(lines(&seen), [TOKEN, &api, TOKEN, &api]);
        assert_eq!(seen[2].body, "grant_type=refresh_token&refresh_token=refresh-1&client_id=admin-cli");
        assert_eq!(seen[3].field("authorization"), Some("Bearer token-2"));
        assert_eq!((seen[1].body.as_str(), seen[3].body.as_str()), ("{\"a\":1}", "{\"a\":1}"));
    }
}

#[test]
fn a_second_401_is_the_answer() {
    let stub = realm(usize::MAX, |_| false);
    assert_eq!(call(&session(&stub, password()), Method::Get), 401);
    assert_eq!(lines(&stub.seen()), [TOKEN, "GET /api", TOKEN, "GET /api"]);
}

#[test]
fn a_refresh_token_that_is_not_taken_leads_to_a_login() {
    let stub = realm(2, |body| body.contains("refresh_token"));
    assert_eq!(call(&session(&stub, password()), Method::Put), 200);
    let seen = stub.seen();
    assert_eq!(lines(&seen), [TOKEN, "PUT /api", TOKEN, TOKEN, "PUT /api"]);
    assert!(seen[3].body.starts_with("grant_type=password&"));
}

#[test]
fn a_login_that_is_not_taken_is_the_error() {
    let stub = realm(1, |_| true);
    let session = session(&stub, password());
    let error = run(session.send(&Request::new(Method::Delete, "api"))).expect_err("no login");
    assert_eq!((error.class(), error.status()), (ErrorClass::Authentication, Some(400)));
    assert_eq!(error.message(), "Token is not active");
    assert_eq!(stub.seen().len(), 1);
}

#[test]
fn only_the_chosen_verbs_are_repeated() {
    let stub = realm(2, |_| false);
    let session = session(&stub, password()).repeating(&[Method::Get]);
    assert_eq!(call(&session, Method::Post), 401);
    assert_eq!(call(&session, Method::Get), 200);
    assert_eq!(lines(&stub.seen()), [TOKEN, "POST /api", "GET /api", TOKEN, "GET /api"]);
}

#[test]
fn a_given_token_is_used_without_a_login_and_not_renewed() {
    let stub = realm(2, |_| false);
    assert_eq!(call(&session(&stub, LoginGrant::Token("token-7".into())), Method::Get), 200);
    assert_eq!(call(&session(&stub, LoginGrant::Token("token-1".into())), Method::Get), 401);
    assert_eq!(lines(&stub.seen()), ["GET /api", "GET /api"]);
}

#[test]
fn a_given_answer_of_a_token_endpoint_is_renewed_by_its_refresh_token() {
    let stub = realm(1, |_| false);
    let session = session(&stub, LoginGrant::Anonymous);
    session.use_token(json!({"access_token": "token-0", "refresh_token": "refresh-0"})).expect("a token");
    assert_eq!(call(&session, Method::Get), 200);
    assert_eq!(lines(&stub.seen()), ["GET /api", TOKEN, "GET /api"]);
    let error = session.use_token(json!({"refresh_token": "r"})).expect_err("no access token");
    assert_eq!(error.class(), ErrorClass::Authentication);
}

#[test]
fn a_given_refresh_token_is_a_login() {
    let stub = realm(1, |_| false);
    assert_eq!(call(&session(&stub, LoginGrant::RefreshToken("given".into())), Method::Get), 200);
    let seen = stub.seen();
    assert_eq!(lines(&seen), [TOKEN, "GET /api"]);
    assert_eq!(seen[0].body, "grant_type=refresh_token&refresh_token=given&client_id=admin-cli");
}

#[test]
fn without_a_login_or_with_an_authorization_of_ones_own_no_token_is_asked_for() {
    let stub = Stub::start(|_, _| Reply::Json(401, Value::Null));
    assert_eq!(call(&session(&stub, LoginGrant::Anonymous), Method::Get), 401);
    let own = Request::new(Method::Get, "api").header("Authorization", "Bearer own");
    assert_eq!(run(session(&stub, password()).send(&own)).expect("an answer").status, 401);
    let mut settings = ConnectionSettings::new(stub.url());
    settings.headers.insert("AUTHORIZATION".to_owned(), "Bearer mine".to_owned());
    assert_eq!(call(&Session::new(open(settings), login(password())), Method::Get), 401);
    let seen = stub.seen();
    assert_eq!(lines(&seen), ["GET /api"; 3]);
    let fields: Vec<_> = seen.iter().map(|seen| seen.field("authorization")).collect();
    assert_eq!(fields, [None, Some("Bearer own"), Some("Bearer mine")]);
}

#[test]
fn a_client_proves_itself_as_it_is_told() {
    for (proof, body, field) in [
        (ClientProof::Public, "grant_type=client_credentials&client_id=a%2Fb", None),
        (
            ClientProof::SecretPost("s&=".into()),
            "grant_type=client_credentials&client_id=a%2Fb&client_secret=s%26%3D",
            None,
        ),
        // `a%2Fb:s%26%3D`: each part form-encoded (RFC 6749, 2.3.1).
        (
            ClientProof::SecretBasic("s&=".into()),
            "grant_type=client_credentials",
            Some("Basic YSUyRmI6cyUyNiUzRA=="),
        ),
    ] {
        let stub = realm(1, |_| false);
        let login = Login { proof, client_id: "a/b".to_owned(), ..login(LoginGrant::ClientCredentials) };
        let mut settings = ConnectionSettings::new(stub.url());
        settings.headers.insert("content-type".to_owned(), "application/json".to_owned());
        call(&Session::new(open(settings), login), Method::Get);
        let seen = &stub.seen()[0];
        assert_eq!((seen.body.as_str(), seen.field("authorization")), (body, field));
        assert_eq!(seen.field("content-type"), Some("application/x-www-form-urlencoded"));
    }
}

#[test]
fn a_token_that_is_about_to_expire_is_renewed_before_the_call() {
    let stub = realm(1, |_| false);
    let session = session(&stub, password());
    session
        .use_token(json!({"access_token": "token-0", "expires_in": 0, "refresh_token": "r"}))
        .expect("a token");
    assert_eq!(call(&session, Method::Post), 200);
    assert_eq!(lines(&stub.seen()), [TOKEN, "POST /api"]);
}
