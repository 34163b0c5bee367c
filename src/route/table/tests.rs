mod model;

use http::{Method, Uri};

use super::{Found, RouteKey, RouteTable};
use crate::route::{CanonicalPath, HostPattern, PathRules, Pattern};

fn key(name: &str, hosts: &[&str], pattern: &str, methods: &[&str]) -> RouteKey {
    RouteKey {
        name: name.to_owned(),
        hosts: hosts.iter().map(|host| HostPattern::parse(host).unwrap()).collect(),
        pattern: Pattern::parse(pattern).unwrap(),
        methods: methods.iter().map(|method| method.parse().unwrap()).collect(),
    }
}

fn compile(keys: &[RouteKey]) -> Result<RouteTable<String>, Vec<(String, String)>> {
    RouteTable::compile(keys.iter().map(|key| (key.clone(), key.name.clone())).collect())
}

fn table(keys: &[RouteKey]) -> RouteTable<String> {
    compile(keys).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn path(target: &str) -> CanonicalPath {
    CanonicalPath::parse(&Uri::try_from(target).unwrap(), PathRules { normalize: false, semicolons: true })
        .unwrap()
}

/// The name of the route in charge.
fn find(table: &RouteTable<String>, host: &str, method: &str, target: &str) -> Option<String> {
    match table.find(host, &method.parse().unwrap(), &path(target)) {
        Found::Route(name) => Some(name.clone()),
        _ => None,
    }
}

#[test]
fn most_specific_pattern_is_in_charge() {
    let table = table(&[
        key("all", &[], "/*", &[]),
        key("users", &[], "/users/*", &[]),
        key("user", &[], "/users/{id}", &[]),
        key("me", &[], "/users/me", &[]),
        key("pages", &[], "/users/*.html", &[]),
        key("orders", &[], "/users/{id}/orders", &[]),
    ]);
    for (target, name) in [
        ("/", "all"),
        ("/users", "users"),
        ("/users/", "users"),
        ("/users/me", "me"),
        ("/users/5", "user"),
        ("/users/5.html", "user"),
        ("/users/5/orders", "orders"),
        ("/users/me/orders", "orders"),
        ("/users/5/x", "users"),
        ("/users/5/x.html", "pages"),
        ("/users/me/", "users"),
        ("/usersx", "all"),
    ] {
        assert_eq!(find(&table, "h", "GET", target).as_deref(), Some(name), "{target}");
    }
}

#[test]
fn nothing_is_found_where_nothing_matches() {
    let table = table(&[key("a", &[], "/a", &[])]);
    assert_eq!(table.find("h", &Method::GET, &path("/b")), Found::Nothing);
}

#[test]
fn host_decides_before_path() {
    let table = table(&[
        key("any", &[], "/a/b", &[]),
        key("wild", &["*.example.com"], "/a/*", &[]),
        key("wilder", &["*.com"], "/a/b", &[]),
        key("shop", &["shop.example.com"], "/*", &[]),
    ]);
    assert_eq!(find(&table, "shop.example.com", "GET", "/a/b").as_deref(), Some("shop"));
    assert_eq!(find(&table, "SHOP.Example.com.", "GET", "/a/b").as_deref(), Some("shop"));
    assert_eq!(find(&table, "x.example.com", "GET", "/a/b").as_deref(), Some("wild"));
    assert_eq!(find(&table, "example.com", "GET", "/a/b").as_deref(), Some("wilder"));
    assert_eq!(find(&table, "example.org", "GET", "/a/b").as_deref(), Some("any"));
    assert_eq!(find(&table, "", "GET", "/a/b").as_deref(), Some("any"));
}

#[test]
fn path_that_a_host_does_not_have_is_looked_for_among_broader_hosts() {
    let table = table(&[key("shop", &["shop.example.com"], "/a", &[]), key("any", &[], "/b", &[])]);
    assert_eq!(find(&table, "shop.example.com", "GET", "/b").as_deref(), Some("any"));
}

#[test]
fn method_that_the_pattern_in_charge_lacks_is_not_handed_on() {
    let table = table(&[
        key("read", &[], "/a/{id}", &["GET"]),
        key("write", &[], "/a/{name}", &["PUT", "DELETE"]),
        key("rest", &[], "/a/*", &[]),
    ]);
    assert_eq!(find(&table, "h", "GET", "/a/1").as_deref(), Some("read"));
    assert_eq!(find(&table, "h", "PUT", "/a/1").as_deref(), Some("write"));
    let Found::OtherMethods(methods) = table.find("h", &Method::POST, &path("/a/1")) else { panic!() };
    assert_eq!(methods, [Method::DELETE, Method::GET, Method::HEAD, Method::PUT]);
    assert_eq!(find(&table, "h", "POST", "/a/1/x").as_deref(), Some("rest"));
}

#[test]
fn get_serves_head_and_nothing_else_serves_options() {
    let table = table(&[key("a", &[], "/a", &["GET"])]);
    assert_eq!(find(&table, "h", "HEAD", "/a").as_deref(), Some("a"));
    assert_eq!(find(&table, "h", "OPTIONS", "/a"), None);
}

#[test]
fn method_in_lower_case_is_another_method() {
    let table = table(&[key("a", &[], "/a", &["GET"]), key("b", &[], "/b", &[])]);
    for method in ["get", "Get", "delete", "x"] {
        assert_eq!(find(&table, "h", method, "/a"), None, "{method}");
        assert_eq!(find(&table, "h", method, "/b"), None, "{method}");
    }
    assert_eq!(find(&table, "h", "PROPFIND", "/b").as_deref(), Some("b"));
}

#[test]
fn method_in_lower_case_is_a_problem() {
    let problems = compile(&[key("a", &[], "/a", &["get"])]).unwrap_err();
    assert_eq!(problems, [("a".to_owned(), "method `get` is not in upper case".to_owned())]);
}

#[test]
fn path_that_decodes_to_a_path_of_another_route_is_not_found() {
    let table = table(&[
        key("batch", &[], "/items:batch", &[]),
        key("item", &[], "/{item}", &[]),
        key("tree", &[], "/t/*", &[]),
        key("star", &[], "/t/%2a", &[]),
    ]);
    assert_eq!(find(&table, "h", "GET", "/items:batch").as_deref(), Some("batch"));
    assert_eq!(table.find("h", &Method::GET, &path("/items%3Abatch")), Found::Nothing);
    assert_eq!(find(&table, "h", "GET", "/items%3Aother").as_deref(), Some("item"));
    assert_eq!(find(&table, "h", "GET", "/t/*").as_deref(), Some("star"));
    assert_eq!(table.find("h", &Method::GET, &path("/t/%2A")), Found::Nothing);
    assert_eq!(find(&table, "h", "GET", "/t/a%2Fb%40c").as_deref(), Some("tree"));
}

#[test]
fn ties_are_problems_with_both_names() {
    let problems = compile(&[
        key("b", &[], "/users/{id}", &["GET", "PUT"]),
        key("a", &[], "/users/{name}", &["HEAD", "POST"]),
        key("c", &[], "/users/{name}", &["DELETE"]),
    ])
    .unwrap_err();
    let message =
        "ties with `a`: `/users/{name}` and `/users/{id}` cover the same paths, with `HEAD` in common"
            .to_owned();
    assert_eq!(problems, [("b".to_owned(), message)]);
    let problems = compile(&[key("a", &[], "/*", &[]), key("b", &[], "/*", &[])]).unwrap_err();
    assert_eq!(problems[0].1, "ties with `a`: `/*` cover the same paths, with every method in common");
}

#[test]
fn routes_tie_only_on_a_common_host() {
    let problems = compile(&[
        key("a", &["x.com", "y.com"], "/*", &[]),
        key("b", &["Y.com", "z.com"], "/*", &["GET"]),
        key("c", &["*.y.com"], "/*", &[]),
        key("d", &[], "/*", &[]),
    ])
    .unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].0, "b");
}

#[test]
fn host_named_twice_does_not_tie_with_itself() {
    table(&[key("a", &["x.com", "X.com"], "/*", &[])]);
}

#[test]
fn route_that_can_never_be_in_charge_is_a_problem() {
    for (keys, shadowed) in [
        (vec![("a", "/a"), ("b", "/a/"), ("c", "/a/{x}/*"), ("never", "/a/*")], "a`, `b`, `c"),
        (vec![("c", "/a/{x}/*"), ("never", "/a/*.html")], "c"),
    ] {
        let keys: Vec<RouteKey> = keys.iter().map(|(name, pattern)| key(name, &[], pattern, &[])).collect();
        let problems = compile(&keys).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].0, "never");
        assert!(problems[0].1.ends_with(&format!("belong to `{shadowed}`")), "{problems:?}");
    }
}

#[test]
fn route_with_one_path_left_is_no_problem() {
    table(&[key("a", &[], "/a", &[]), key("c", &[], "/a/{x}/*", &[]), key("left", &[], "/a/*", &[])]);
    table(&[key("c", &[], "/a/{x}", &[]), key("left", &[], "/a/*.html", &[])]);
    table(&[key("c", &["x.com"], "/a/{x}/*", &[]), key("left", &["x.com", "y.com"], "/a/*.html", &[])]);
}

#[test]
fn routes_are_listed_most_specific_first() {
    let table = table(&[
        key("all", &[], "/*", &[]),
        key("id", &[], "/{id}", &[]),
        key("shop", &["shop.example.com"], "/*", &[]),
        key("wild", &["*.example.com"], "/a", &[]),
    ]);
    let names: Vec<&str> = table.iter().map(|(key, _)| key.name.as_str()).collect();
    assert_eq!(names, ["shop", "wild", "id", "all"]);
}
