//! A realm on a socket that records what it is asked, and misbehaves as it is told.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::Response;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::config::{Period, ProviderConfig, SecretRef};

pub(crate) const SECRET: &str = "s3cret:of the&client%";
const REALM: &str = "/auth/realms/shop";

/// One request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) operation: String,
    pub(crate) authorization: Option<String>,
    pub(crate) body: String,
    pub(crate) form: Vec<(String, String)>,
}

impl Recorded {
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.form.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
    }
}

type Reply = Arc<dyn Fn(&Recorded) -> Response + Send + Sync>;

struct Shared {
    requests: Mutex<Vec<Recorded>>,
    replies: Mutex<HashMap<String, Reply>>,
    open: watch::Sender<bool>,
}

pub(crate) struct FakeRealm {
    pub(crate) origin: String,
    shared: Arc<Shared>,
    _folder: tempfile::TempDir,
    secret: std::path::PathBuf,
}

impl FakeRealm {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            requests: Mutex::default(),
            replies: Mutex::default(),
            open: watch::Sender::new(true),
        });
        let app = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, app).await });
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("secret");
        std::fs::write(&secret, format!("{SECRET}\n")).unwrap();
        let realm = Self { origin, shared, _folder: folder, secret };
        let document = realm.document(&realm.origin);
        realm.on("openid-configuration", json_reply(200, document.clone()));
        realm.on("uma2-configuration", json_reply(200, document));
        realm
    }

    pub(crate) fn issuer(&self) -> String {
        format!("{}{REALM}", self.origin)
    }

    /// The documents of a realm at another origin, as they come from here.
    pub(crate) fn document(&self, origin: &str) -> Value {
        let at = |path: &str| format!("{origin}{REALM}/{path}");
        json!({
            "issuer": format!("{origin}{REALM}"),
            "token_endpoint": at("protocol/openid-connect/token"),
            "introspection_endpoint": at("protocol/openid-connect/token/introspect"),
            "jwks_uri": at("protocol/openid-connect/certs"),
            "permission_endpoint": at("authz/protection/permission"),
        })
    }

    pub(crate) fn config(&self) -> ProviderConfig {
        let mut config: ProviderConfig =
            serde_json::from_value(json!({ "issuer": self.issuer(), "client_id": "gate way" })).unwrap();
        config.client_secret = Some(SecretRef::File(self.secret.clone()));
        config.timeout = Period::secs(20);
        config
    }

    /// The operation is the last segment of the path.
    pub(crate) fn on(&self, operation: &str, reply: Reply) {
        self.shared.replies.lock().insert(operation.to_owned(), reply);
    }

    /// No answer is given until [`Self::open`].
    pub(crate) fn hold(&self) {
        self.shared.open.send_replace(false);
    }

    pub(crate) fn open(&self) {
        self.shared.open.send_replace(true);
    }

    pub(crate) fn requests(&self) -> Vec<Recorded> {
        self.shared.requests.lock().clone()
    }

    pub(crate) fn asked(&self, operation: &str) -> Vec<Recorded> {
        self.requests().into_iter().filter(|request| request.operation == operation).collect()
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: axum::extract::Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let recorded = Recorded {
        operation: head.uri.path().rsplit('/').next().unwrap().to_owned(),
        authorization: head.headers.get("authorization").map(|value| value.to_str().unwrap().to_owned()),
        form: url::form_urlencoded::parse(&body).into_owned().collect(),
        body: String::from_utf8(body.to_vec()).unwrap(),
    };
    let reply = shared.replies.lock().get(&recorded.operation).cloned();
    shared.requests.lock().push(recorded.clone());
    let _ = shared.open.subscribe().wait_for(|open| *open).await;
    match reply {
        Some(reply) => reply(&recorded),
        None => text(404, "text/plain", "nothing here"),
    }
}

fn response(status: u16, content_type: &str, body: Body) -> Response {
    http::Response::builder().status(status).header("content-type", content_type).body(body).unwrap()
}

fn text(status: u16, content_type: &str, body: &str) -> Response {
    response(status, content_type, Body::from(body.to_owned()))
}

pub(crate) fn json_reply(status: u16, value: Value) -> Reply {
    Arc::new(move |_| text(status, "application/json", &value.to_string()))
}

pub(crate) fn text_reply(status: u16, content_type: &'static str, body: &'static str) -> Reply {
    Arc::new(move |_| text(status, content_type, body))
}

pub(crate) fn reply_with(make: impl Fn(&Recorded) -> (u16, Value) + Send + Sync + 'static) -> Reply {
    Arc::new(move |request| {
        let (status, value) = make(request);
        text(status, "application/json", &value.to_string())
    })
}

/// Ways to answer that must never be taken for a yes, whatever was asked.
pub(crate) fn misbehaviours(canary: &FakeRealm) -> Vec<(&'static str, Reply)> {
    let canary = canary.origin.clone();
    let redirect = move |_: &Recorded| {
        http::Response::builder().status(307).header("location", &canary).body(Body::from("[]")).unwrap()
    };
    let spaces = |_: &Recorded| {
        let chunks = std::iter::repeat_n(Bytes::from(vec![b' '; 1 << 20]), 60);
        let stream = futures_util::stream::iter(chunks.map(Ok::<_, std::convert::Infallible>));
        response(200, "application/json", Body::from_stream(stream))
    };
    let drip = |_: &Recorded| {
        let stream = futures_util::stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_millis(10)).await;
            Some((Ok::<_, std::convert::Infallible>(Bytes::from_static(b" ")), ()))
        });
        response(200, "application/json", Body::from_stream(stream))
    };
    vec![
        ("html", text_reply(200, "text/html", "<html>true</html>")),
        ("server error", text_reply(500, "application/json", r#"{"active":true}"#)),
        (
            "server error with a list",
            text_reply(500, "application/json", r#"[{"rsname":"Orders","scopes":["view"]}]"#),
        ),
        ("created", text_reply(201, "application/json", r#"{"active":true}"#)),
        ("redirect", Arc::new(redirect)),
        ("60 MB", Arc::new(spaces)),
        ("endless drip", Arc::new(drip)),
        ("active as text", text_reply(200, "application/json", r#"{"active":"true"}"#)),
        ("active as number", text_reply(200, "application/json", r#"{"active":1}"#)),
        ("active twice", text_reply(200, "application/json", r#"{"active":false,"active":true}"#)),
        ("more than JSON", text_reply(200, "application/json", r#"{"active":true} true"#)),
        ("a result", text_reply(200, "application/json", r#"{"result":true}"#)),
        ("by position", text_reply(200, "application/json", "[true]")),
        ("list by position", text_reply(200, "application/json", r#"[["1","Orders",["view"]]]"#)),
        ("scopes as text", text_reply(200, "application/json", r#"[{"rsname":"Orders","scopes":"view"}]"#)),
        ("null", text_reply(200, "application/json", "null")),
        ("nothing", text_reply(200, "application/json", "")),
        ("empty object", text_reply(200, "application/json", "{}")),
    ]
}
