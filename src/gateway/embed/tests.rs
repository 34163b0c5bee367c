use axum::body::Body;
use axum::routing::get;
use axum::{Extension, Router};
use http::StatusCode;

use super::*;
use crate::testing::{DevIdp, Mint, Realm};
use crate::token::VerifiedToken;

async fn name(Extension(token): Extension<Arc<VerifiedToken>>) -> String {
    token.principal.username().unwrap_or("nobody").to_owned()
}

async fn ask(app: Router, target: &str, token: Option<&str>) -> (StatusCode, String) {
    let mut request = Request::get(target).header("host", "app.example").body(Body::empty()).unwrap();
    if let Some(token) = token {
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    }
    let response = app.oneshot(request).await.unwrap();
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), 4096).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn an_application_is_guarded_by_the_routes() {
    let idp = DevIdp::new(Realm::demo().unwrap()).start().unwrap();
    let guard = Guard::from_toml(&format!(
        "[providers.demo]\nissuer = \"{}\"\nclient_id = \"gateway\"\n\
         [routes.orders]\npath = \"/orders/*\"\nrequire = {{ realm_role = \"reader\" }}\n\
         [routes.open]\npath = \"/open\"\nrequire = \"public\"\n",
        idp.issuer()
    ))
    .unwrap();
    let app = Router::new()
        .route("/orders/{id}", get(name))
        .route("/open", get(async || "open"))
        .route("/forgotten", get(async || "forgotten"))
        .layer(guard.layer());
    let token = |roles| {
        Mint::new(&idp.issuer()).user("alice").audience("gateway").realm_roles(roles).sign(&idp.key())
    };

    let (status, body) = ask(app.clone(), "/orders/1", Some(&token(&["reader"]))).await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, "alice"));
    assert_eq!(ask(app.clone(), "/orders/1", Some(&token(&["writer"]))).await.0, StatusCode::FORBIDDEN);
    assert_eq!(ask(app.clone(), "/orders/1", None).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(ask(app.clone(), "/open", None).await, (StatusCode::OK, "open".to_owned()));
    assert_eq!(ask(app, "/forgotten", None).await.0, StatusCode::NOT_FOUND);
}

/// axum has chosen the handler, by the path as it came, before the guard decides on the canonical one.
#[tokio::test]
async fn a_path_that_the_applications_router_may_read_otherwise_is_refused() {
    let guard = Guard::from_toml(
        "[path]\nnormalize = true\n[providers.demo]\nissuer = \"http://127.0.0.1:9\"\nclient_id = \"gateway\"\n\
         [routes.admin]\npath = \"/admin/*\"\n[routes.open]\npath = \"/open/*\"\nrequire = \"public\"\n",
    )
    .unwrap();
    let app = Router::new()
        .route("/admin/{*rest}", get(async || "admin"))
        .route("/{tenant}/{*rest}", get(async |uri: http::Uri| uri.to_string()))
        .layer(guard.layer());
    for target in ["/admin/x/../../open/y", "/admin/../open/y", "/%6Fpen/y", "/open//y", "/open/%7Ey"] {
        assert_eq!(ask(app.clone(), target, None).await.0, StatusCode::BAD_REQUEST, "{target}");
    }
    for target in ["/open/y", "/open/y?z=/../%2e", "/open/caf%c3%a9", "/open/a%3Ab"] {
        assert_eq!(ask(app.clone(), target, None).await, (StatusCode::OK, target.to_owned()));
    }
    assert_eq!(ask(app, "/admin/x", None).await.0, StatusCode::UNAUTHORIZED);
}

#[test]
fn a_guard_needs_a_runtime_and_a_sound_configuration() {
    assert!(Guard::from_toml("[routes.a]\npath = \"/a\"\nrequire = \"public\"\n").is_err());
    assert!(Guard::from_toml("nonsense").is_err());
}

#[tokio::test]
async fn all_that_is_wrong_is_told_at_once_with_line_caret_and_hint() {
    let error = Guard::from_toml(
        "[providers.demo]\nissuer = 5\nclient-id = \"gateway\"\n\
         [routes.open]\npath = \"/open\"\nrequire = \"pubic\"\n\
         [routes.orders]\npath = \"/orders/*\"\nrequire = \"public\"\nmethods = [\"get\"]\n",
    )
    .unwrap_err();
    let printed = error.to_string();
    for line in ["<toml>:2:10", "<toml>:3:1", "<toml>:6:11", "<toml>:10:12"] {
        assert!(printed.contains(line), "{line}:\n{printed}");
    }
    for text in
        ["issuer = 5\n  |          ^", "help: ", "`client_id`", "`public`", "`GET`", "4 problems in <toml>"]
    {
        assert!(printed.contains(text), "{text}:\n{printed}");
    }
}

/// What only the compiled routes show is told in the same way.
#[tokio::test]
async fn routes_that_tie_are_told_of_with_their_line() {
    let text = "[routes.a]\npath = \"/a/{x}\"\nrequire = \"public\"\n[routes.b]\npath = \"/a/{y}\"\nrequire = \"public\"\n";
    let printed = Guard::from_toml(text).unwrap_err().to_string();
    assert!(printed.contains("<toml>:5:8") || printed.contains("<toml>:2:8"), "{printed}");
    assert!(printed.contains("path = \"/a/{"), "{printed}");
}

/// A configuration that was put together in a program is held to what one from a file is held to.
#[tokio::test]
async fn sections_that_contradict_each_other_are_refused_from_a_program_too() {
    let config: Config = toml::from_str(
        "[routes.a]\npath = \"/a\"\nrequire = \"public\"\ncors = { origins = [\"*\"], credentials = true }\n",
    )
    .unwrap();
    let problems = Guard::from_config(config, Path::new(".")).unwrap_err();
    assert!(problems.iter().any(|problem| problem.key == "routes.a.cors.credentials"), "{problems:?}");
}
