//! The classes of errors and their texts, from the real server.

use gatecloak::connection::{
    Body, CallError, ConnectionSettings, ErrorClass, LoginGrant, Method, Request, Session,
};
use serde_json::{Value, json};

use super::open;
use crate::admin::{Scene, login};

struct Asked<'a> {
    scene: &'a Scene,
}

impl Asked<'_> {
    /// The error of a call below the realm.
    fn error(&self, method: Method, path: &str, body: Option<Value>) -> CallError {
        let path = format!("admin/realms/{}/{path}", self.scene.name);
        let request = Request::new(method, path).body(body.map_or(Body::Empty, Body::Json));
        let answer = self.scene.run(self.scene.admin.session().send(&request)).expect("an answer");
        answer.expect(method, &[200, 201, 204]).expect_err("a refusal")
    }
}

#[test]
fn each_verb_has_its_class_and_the_servers_text() {
    let Some(scene) = Scene::new() else { return };
    let asked = Asked { scene: &scene };
    let user = json!({"username": "ann", "enabled": true});
    let path = format!("admin/realms/{}/users", scene.name);
    let made = scene
        .run(scene.admin.session().send(&Request::new(Method::Post, path).body(Body::Json(user.clone()))));
    assert_eq!(made.expect("an answer").status, 201);

    for (method, path, body, class, status, text) in [
        (Method::Get, "users/none", None, ErrorClass::Get, 404, "User not found"),
        (Method::Post, "users", Some(user.clone()), ErrorClass::Post, 409, "User exists with same username"),
        (Method::Put, "users/none", Some(user), ErrorClass::Put, 404, "User not found"),
        (Method::Delete, "roles/none", None, ErrorClass::Delete, 404, "Could not find role"),
    ] {
        let error = asked.error(method, path, body);
        assert_eq!((error.class(), error.status(), error.message()), (class, Some(status), text));
        let call = format!("{} /admin/realms/{}/{path}: {status}: {text}", method.name(), scene.name);
        assert_eq!(error.to_string(), call);
        assert_eq!((error.is_conflict(), error.is_not_found()), (status == 409, status == 404));
        assert!(!error.body().is_empty());
    }
    let error = asked.error(Method::Post, "clients", Some(json!({"clientId": "x", "colour": "red"})));
    assert_eq!((error.class(), error.status()), (ErrorClass::Post, Some(400)));
    assert!(error.message().contains("colour"), "{error}");
}

#[test]
fn what_the_user_profile_says_is_told_with_its_field_and_its_parameters() {
    let Some(scene) = Scene::new() else { return };
    let asked = Asked { scene: &scene };
    let one = json!({"username": "bob", "email": "no-email"});
    assert_eq!(
        asked.error(Method::Post, "users", Some(one)).message(),
        "`email`: error-invalid-email [\"email\",\"no-email\"]"
    );
    let long = "x".repeat(300);
    let two = json!({"username": "bob", "email": "no-email", "firstName": long});
    let text = asked.error(Method::Post, "users", Some(two)).message().to_owned();
    assert!(text.contains("`email`: error-invalid-email") && text.contains("`firstName`: "), "{text}");
}

#[test]
fn a_login_that_is_not_taken_is_an_authentication_error_at_either_status() {
    let Some(scene) = Scene::new() else { return };
    let refused = |change: fn(&mut gatecloak::connection::Login)| {
        let mut login = login();
        change(&mut login);
        let session = Session::new(open(ConnectionSettings::new(&scene.url)), login);
        scene.run(session.access_token()).expect_err("a refusal")
    };
    let wrong_password = refused(|login| {
        if let LoginGrant::Password { password, .. } = &mut login.grant {
            *password = "wrong".into();
        }
    });
    let status = if scene.is_before([26, 6, 0]) { 401 } else { 400 };
    assert_eq!((wrong_password.class(), wrong_password.status()), (ErrorClass::Authentication, Some(status)));
    assert_eq!(wrong_password.message(), "Invalid user credentials");
    let no_client = refused(|login| login.client_id = "nobody".to_owned());
    assert_eq!((no_client.class(), no_client.status()), (ErrorClass::Authentication, Some(401)));
    let no_realm = refused(|login| login.realm = "no such realm".to_owned());
    assert_eq!((no_realm.class(), no_realm.status()), (ErrorClass::Post, Some(404)));
    assert_eq!(no_realm.message(), "Realm does not exist");
    let no_server = Session::new(open(ConnectionSettings::new("http://127.0.0.1:9")), login());
    let no_server = scene.run(no_server.access_token()).expect_err("nobody listens");
    assert_eq!((no_server.class(), no_server.status()), (ErrorClass::Connection, None));
}

#[test]
fn a_refusal_without_a_body_says_what_the_challenge_says() {
    let Some(scene) = Scene::new() else { return };
    let request =
        Request::new(Method::Get, format!("realms/{}/protocol/openid-connect/userinfo", scene.name))
            .header("authorization", "Bearer nonsense");
    let answer = scene.run(scene.admin.session().connection().send(&request)).expect("an answer");
    let error = answer.expect(Method::Get, &[200]).expect_err("a 401");
    assert_eq!((error.class(), error.status()), (ErrorClass::Authentication, Some(401)));
    assert!(error.message().contains("invalid_token"), "{error}");
}

#[test]
fn a_removed_api_is_an_error_with_its_status() {
    let Some(scene) = Scene::new() else { return };
    let path = format!("realms/{}/authz/entitlement/gateway", scene.name);
    let answer = scene.run(scene.admin.session().send(&Request::new(Method::Get, path))).expect("an answer");
    let error = answer.expect_as(ErrorClass::Deprecation, &[200]).expect_err("it is gone");
    assert_eq!((error.class(), error.status()), (ErrorClass::Deprecation, Some(405)));
}
