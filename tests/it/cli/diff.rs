//! `gatecloak diff`.

use serde_json::json;

use super::call::{Folder, ROUTES, config};

#[test]
fn the_same_configuration_changes_nothing() {
    let folder = Folder::new(ROUTES);
    let called = folder.call(&["diff", "gatecloak.toml", "gatecloak.toml"]);
    assert_eq!((called.code, called.stderr.as_str()), (Some(0), ""), "{}", called.stdout);
    assert!(called.stdout.starts_with("0 of "), "{}", called.stdout);
}

#[test]
fn changed_answers_are_told_with_route_and_reason_for_each_caller() {
    let folder = Folder::new(ROUTES);
    let routes = ROUTES.replace("path = \"/me\"", "path = \"/me\"\nrequire = { realm_role = \"reader\" }");
    folder.write("new.toml", &config(&(routes + "[routes.news]\npath = \"/news\"\nrequire = \"public\"\n")));
    let called = folder.call(&["diff", "gatecloak.toml", "new.toml"]);
    assert_eq!(called.code, Some(2), "{}", called.stderr);
    let me = "GET /me\n  was yes (route `me`: the requirement is met)\n  \
              is  no, 403 (route `me`: realm role `reader` is missing)\n  \
              for any token, realm role manager, client role shop/banned, scope phone\n";
    assert!(called.stdout.contains(me), "{}", called.stdout);
    let news = "GET /news\n  was no, 401 (route `shop`: the route needs a token)\n  \
                is  yes (route `news`: the route needs no token)\n  for anonymous\n";
    assert!(called.stdout.contains(news), "{}", called.stdout);
    assert!(!called.stdout.contains("GET /staff"), "{}", called.stdout);
}

#[test]
fn a_route_that_is_gone_is_a_404() {
    let folder = Folder::new("[routes.a]\npath = \"/a\"\n[routes.b]\npath = \"/b\"\n");
    folder.write("new.toml", &config("[routes.a]\npath = \"/a\"\n"));
    let called = folder.call(&["diff", "gatecloak.toml", "new.toml"]);
    assert_eq!(called.code, Some(2));
    assert!(called.stdout.contains("is  no, 404 (no route matches)"), "{}", called.stdout);
}

#[test]
fn an_access_log_says_what_is_asked() {
    let folder = Folder::new(ROUTES);
    let routes = ROUTES.replace("path = \"/me\"", "path = \"/me\"\nrequire = { realm_role = \"reader\" }");
    folder.write("new.toml", &config(&routes));
    folder.claims("rita.json", &json!({"realm_access": {"roles": ["reader"]}}));
    folder.claims("paul.json", &json!({"realm_access": {"roles": []}}));
    let line = |path: &str| {
        json!({"http.method": "GET", "http.host": "shop.example.com", "http.path": path, "http.status": 200})
            .to_string()
    };
    let log =
        [line("/staff/1"), line("/me?a=b"), line("/me"), "{}".to_owned(), "not JSON".to_owned()].join("\n");
    folder.write("access.log", &log);
    let mut call = vec!["diff", "gatecloak.toml", "new.toml", "--access-log", "access.log"];
    call.extend(["--claims", "rita.json", "paul.json"]);
    let called = folder.call(&call);
    assert_eq!(called.code, Some(2), "{}", called.stderr);
    assert!(called.stderr.contains("2 lines of the log tell no request"), "{}", called.stderr);
    assert!(called.stdout.starts_with("GET http://shop.example.com/me\n"), "{}", called.stdout);
    assert!(
        called.stdout.ends_with("  for paul\n\n1 of 4 answers change, to 1 of 2 requests\n"),
        "{}",
        called.stdout
    );
}

#[test]
fn a_broken_configuration_is_no_difference() {
    let folder = Folder::new(ROUTES);
    folder.write("broken.toml", "[routes.a]\npath = 7\n");
    let called = folder.call(&["diff", "gatecloak.toml", "broken.toml"]);
    assert_eq!((called.code, called.stdout.as_str()), (Some(1), ""));
    assert!(called.stderr.contains("broken.toml"), "{}", called.stderr);
}
