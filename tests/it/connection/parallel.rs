//! Many calls at once with a dead token, against the real server.

use futures_util::future::join_all;
use gatecloak::connection::{
    Body, ClientProof, Connection, ConnectionSettings, Login, LoginGrant, Method, Request, Session,
};
use serde_json::{Value, json};

use super::Forwarder;
use crate::admin::{Scene, login};

/// A session that goes through a forwarder, which counts the logins.
fn counted(scene: &Scene, login: Login) -> (Session, Forwarder) {
    let forwarder = Forwarder::start();
    let mut settings = ConnectionSettings::new(&scene.url);
    settings.proxies.insert("http".to_owned(), forwarder.url());
    (Session::new(Connection::open(settings).expect("a connection"), login), forwarder)
}

/// Replaces the access token by one that no server takes.
fn break_token(session: &Session) {
    let mut answer = session.token_answer().expect("a token");
    answer["access_token"] = json!("dead");
    session.use_token(answer).expect("a token");
}

#[test]
fn two_hundred_calls_with_a_dead_token_lead_to_one_renewal() {
    let Some(scene) = Scene::new() else { return };
    let (session, forwarder) = counted(&scene, login());
    let path = format!("admin/realms/{}", scene.name);
    scene.run(async {
        session.access_token().await.expect("a login");
        for how in ["by the refresh token", "by a new login"] {
            break_token(&session);
            if how == "by a new login" {
                let mut answer = session.token_answer().expect("a token");
                answer.as_object_mut().expect("an object").remove("refresh_token");
                session.use_token(answer).expect("a token");
            }
            forwarder.forget();
            let calls = (0..200).map(|number| {
                let request = match number % 2 {
                    0 => Request::new(Method::Get, &path),
                    _ => Request::new(Method::Post, format!("{path}/roles"))
                        .body(Body::Json(json!({"name": format!("{how} {number}")}))),
                };
                let session = session.clone();
                async move { session.send(&request).await.expect("an answer").status }
            });
            let statuses = join_all(calls).await;
            let good = statuses.iter().filter(|status| matches!(status, 200 | 201)).count();
            assert_eq!((good, forwarder.logins()), (200, 1), "{how}: {statuses:?}");
        }
    });
    let roles = scene.run(session.send(&Request::new(Method::Get, format!("{path}/roles?max=1000"))));
    let roles = roles.expect("an answer").value();
    let made =
        roles.as_array().expect("roles").iter().filter(|role| role["name"].to_string().contains("by "));
    assert_eq!(made.count(), 200, "each POST was done once");
}

#[test]
fn a_dead_token_is_renewed_once_for_each_verb() {
    let Some(scene) = Scene::new() else { return };
    let (session, forwarder) = counted(&scene, login());
    let path = format!("admin/realms/{}/roles", scene.name);
    scene.run(async {
        session.access_token().await.expect("a login");
        for (method, path, body, status) in [
            (Method::Post, path.clone(), json!({"name": "clerk"}), 201),
            (Method::Get, format!("{path}/clerk"), Value::Null, 200),
            (Method::Put, format!("{path}/clerk"), json!({"name": "clerk", "description": "d"}), 204),
            (Method::Delete, format!("{path}/clerk"), Value::Null, 204),
        ] {
            break_token(&session);
            forwarder.forget();
            let body = if body.is_null() { Body::Empty } else { Body::Json(body) };
            let answer = session.send(&Request::new(method, path).body(body)).await.expect("an answer");
            assert_eq!(answer.status, status, "{}", method.name());
            assert_eq!((forwarder.logins(), forwarder.seen().len()), (1, 3), "{}", method.name());
        }
    });
}

#[test]
fn a_session_that_was_ended_leads_to_a_new_login() {
    let Some(scene) = Scene::new() else { return };
    let (session, forwarder) = counted(&scene, login());
    scene.run(async {
        session.access_token().await.expect("a login");
        let answer = session.token_answer().expect("a token");
        let form = ["refresh_token", "client_id"].map(|name| {
            let value =
                if name == "client_id" { "admin-cli" } else { answer[name].as_str().expect("a text") };
            (name.to_owned(), value.to_owned())
        });
        let path = "realms/master/protocol/openid-connect/logout";
        let end = Request::new(Method::Post, path).body(Body::Form(form.to_vec()));
        let ended = session.connection().send(&end);
        assert_eq!(ended.await.expect("an answer").status, 204);
        forwarder.forget();
        let path = format!("admin/realms/{}", scene.name);
        let answer = session.send(&Request::new(Method::Get, path)).await.expect("an answer");
        assert_eq!(answer.status, 200);
        let bodies: Vec<String> = forwarder.seen().into_iter().map(|seen| seen.body).collect();
        assert!(bodies[1].starts_with("grant_type=refresh_token&"), "the refresh token first");
        assert!(bodies[2].starts_with("grant_type=password&"), "then a login");
        assert_eq!(forwarder.logins(), 2);
    });
}

#[test]
fn a_client_logs_in_with_its_own_account() {
    let client = json!({
        "clientId": "ro bot/1", "secret": "s3cr%t&", "publicClient": false, "serviceAccountsEnabled": true,
        "standardFlowEnabled": false,
    });
    let Some(scene) = Scene::with(&json!({"clients": [client]})) else { return };
    for proof in [ClientProof::SecretPost("s3cr%t&".into()), ClientProof::SecretBasic("s3cr%t&".into())] {
        let login = Login {
            realm: scene.name.clone(),
            client_id: "ro bot/1".to_owned(),
            proof,
            grant: LoginGrant::ClientCredentials,
            scope: "openid".to_owned(),
        };
        let (session, forwarder) = counted(&scene, login);
        let path = format!("realms/{}/protocol/openid-connect/userinfo", scene.name);
        let answer = scene.run(session.send(&Request::new(Method::Get, &path))).expect("an answer");
        assert_eq!(answer.value()["preferred_username"], "service-account-ro bot/1");
        // Such a login has no refresh token.
        break_token(&session);
        let answer = scene.run(session.send(&Request::new(Method::Get, &path))).expect("an answer");
        assert_eq!((answer.status, forwarder.logins()), (200, 2));
    }
}
