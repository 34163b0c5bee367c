//! Names in paths, against the real server.

use gatecloak::connection::{Body, Method, Request, encode_segment};
use serde_json::{Value, json};

use crate::admin::Scene;

#[test]
fn a_name_is_one_segment_whatever_is_in_it() {
    let Some(scene) = Scene::new() else { return };
    let session = scene.admin.session();
    let roles = format!("admin/realms/{}/roles", scene.name);
    let send = |method, path: &str, body: Option<Value>| {
        let body = body.map_or(Body::Empty, Body::Json);
        scene.run(session.send(&Request::new(method, path).body(body))).expect("an answer")
    };
    for name in [
        "plain",
        "a/b",
        "/first",
        "last/",
        "a//b",
        "a;b",
        ";",
        "a%b",
        "%2F",
        "50%",
        "%25",
        "a#b",
        "a?b",
        "a+b",
        "two words",
        " blank first",
        "a&b=c",
        "naïve",
        "кириллица",
        "日本語",
        "🔑",
        "a:b@c",
        "a\\b",
        "\"quoted\"",
        "a'b",
        "a|b",
        "[x]",
        "{x}",
        "a.b",
        "..c",
        "...",
        "a,b",
        "$a!",
        "~tilde_-",
        "(x)*",
        "<x>",
        "a^b`c",
    ] {
        let path = format!("{roles}/{}", encode_segment(name));
        let made = send(Method::Post, &roles, Some(json!({"name": name})));
        assert_eq!(made.status, 201, "`{name}`: {:?}", String::from_utf8_lossy(&made.body));
        // The server's own `Location` has question marks for letters beyond the first plane.
        if name != "🔑" {
            assert_eq!(made.created().as_deref(), Some(name));
        }
        assert_eq!(send(Method::Get, &path, None).value()["name"], name, "`{name}`");
        let changed = json!({"name": name, "description": "changed"});
        assert_eq!(send(Method::Put, &path, Some(changed)).status, 204, "`{name}`");
        assert_eq!(send(Method::Get, &path, None).value()["description"], "changed", "`{name}`");
        assert_eq!(send(Method::Delete, &path, None).status, 204, "`{name}`");
        assert_eq!(send(Method::Get, &path, None).status, 404, "`{name}`");
    }
    // Dot segments and nothing lead nowhere, and never to the folder above.
    for name in ["", ".", ".."] {
        let path = format!("admin/realms/{}/roles/{}", scene.name, encode_segment(name));
        let status = send(Method::Delete, &path, None).status;
        assert!((400..500).contains(&status), "`{name}`: {status}");
    }
    assert_eq!(send(Method::Get, &format!("admin/realms/{}", scene.name), None).status, 200);
}
