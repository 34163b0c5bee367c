use serde::Deserialize;

use super::{EnforcerMatcher, InvalidPattern, OrderMatters, PathMatcher, normalize::normalize};

fn matcher(patterns: &[&str]) -> PathMatcher {
    PathMatcher::new(patterns.iter().map(|pattern| (*pattern).to_owned()))
}

fn found<'a>(patterns: &[&'a str], path: &str) -> Option<&'a str> {
    matcher(patterns).find(path).map(|index| patterns[index])
}

#[test]
fn recorded_normal_forms_of_keycloak_are_ours() {
    #[derive(Deserialize)]
    struct Case {
        id: u32,
        path: String,
        normalized: Option<String>,
    }
    #[derive(Deserialize)]
    struct Recording {
        cases: Vec<Case>,
    }
    let recording = include_str!("../../../tests/data/paths/path-matcher-cases.json");
    let Recording { cases } = serde_json::from_str(recording).unwrap();
    for Case { id, path, normalized } in cases {
        assert_eq!(normalize(&path).as_deref(), normalized.as_deref(), "case {id}: {path}");
    }
}

#[test]
fn quirks_are_ported() {
    assert_eq!(found(&["/docs/*.html"], "/admin/x.html"), Some("/docs/*.html"));
    assert_eq!(found(&["/api*"], "/ap"), Some("/api*"));
    assert_eq!(found(&["/api/*"], "/ap"), None);
    assert_eq!(found(&["/admin", "/api/*"], "/api/%2e%2e/admin"), Some("/api/*"));
}

#[test]
fn lengths_are_those_of_utf_16() {
    // One character, two units, four bytes.
    assert_eq!(found(&["/😀/{id}"], "/%F0%9F%98%80/5"), Some("/😀/{id}"));
    assert_eq!(found(&["/{id}/é"], "/😀/%c3%a9"), Some("/{id}/é"));
    assert_eq!(found(&["/é*"], "/"), Some("/é*"));
    assert_eq!(found(&["/😀*"], "/"), None, "without half a character the path is no text");
}

#[test]
fn one_candidate_needs_no_order() {
    let matcher = matcher(&["/api/*", "/other", "/*"]);
    assert_eq!(matcher.find_in_any_order("/other/x", std::convert::identity), Ok(Some(2)));
    assert_eq!(matcher.find_in_any_order("/api/x", std::convert::identity), Ok(Some(0)));
    assert_eq!(matcher.find_in_any_order("/other", std::convert::identity), Ok(Some(1)));
    assert_eq!(PathMatcher::default().find_in_any_order("/", std::convert::identity), Ok(None));
}

#[test]
fn order_matters_only_between_owners() {
    let first_two = |index: usize| index < 2;
    let matcher = PathMatcher::new(["/a", "/a/*", "/b"].map(str::to_owned));
    assert_eq!(matcher.find_in_any_order("/a/", first_two), Ok(Some(true)));
    assert_eq!(matcher.find_in_any_order("/a/", |index| index), Err(OrderMatters));
    assert_eq!(matcher.find_in_any_order("/b", first_two), Ok(Some(false)));
}

#[test]
fn what_depends_on_the_order_is_ambiguous() {
    for (patterns, path) in [
        (["/a/*.html", "/b/*.html"], "/c/x.html"),
        (["/{a}/{b}", "/{c}/{d}"], "/users/5"),
        (["/", "/*"], "/"),
        (["/{a}/x", "/y/{b}"], "/y/x"),
    ] {
        assert_eq!(
            matcher(&patterns).find_in_any_order(path, std::convert::identity),
            Err(OrderMatters),
            "{patterns:?}"
        );
    }
}

#[test]
fn ambiguity_that_forward_and_reverse_do_not_show_is_found() {
    // Each of the two orders ends with the literal, but `T, L, T2` does not.
    let patterns = ["/a/b/c", "/{x}/{y}/{z}", "/a/{y}/{z}"];
    let orders = [[0, 1, 2], [1, 2, 0], [1, 0, 2]];
    let answers: Vec<&str> =
        orders.iter().map(|order| found(&order.map(|index| patterns[index]), "/a/b/c").unwrap()).collect();
    assert_eq!(answers, ["/a/b/c", "/a/b/c", "/a/{y}/{z}"]);
    assert_eq!(matcher(&patterns).find_in_any_order("/a/b/c", std::convert::identity), Err(OrderMatters));
}

#[test]
fn many_nested_wildcards_are_not_ambiguous() {
    let patterns = ["/*", "/a/*", "/a/b/*", "/a/b/c/*", "/a/b/c/d/*", "/a/b/c/d/e/*", "/a/b/c/d/e/f/*"];
    assert_eq!(matcher(&patterns).find_in_any_order("/a/b/c/d/e/f/g", std::convert::identity), Ok(Some(6)));
}

#[test]
fn more_candidates_than_can_be_compared_are_ambiguous() {
    let patterns = ["/{a}", "/{b}", "/{c}", "/{d}", "/{e}", "/{f}"];
    assert_eq!(matcher(&patterns).find_in_any_order("/x", std::convert::identity), Err(OrderMatters));
}

fn enforcer_found<'a>(patterns: &[&'a str], path: &str) -> Result<Option<&'a str>, InvalidPattern> {
    let matcher = EnforcerMatcher::new(patterns.iter().map(|pattern| (*pattern).to_owned()));
    Ok(matcher.find(path)?.map(|index| patterns[index]))
}

#[test]
fn enforcer_takes_the_path_as_it_comes() {
    for path in ["/api//users", "/api/users/", "/api/users;v=1", "/%61pi/users"] {
        assert_eq!(found(&["/api/users"], path), Some("/api/users"), "{path}");
        assert_eq!(enforcer_found(&["/api/users"], path), Ok(None), "{path}");
    }
}

#[test]
fn enforcer_throws_at_an_empty_value_and_at_unbalanced_braces() {
    assert_eq!(enforcer_found(&["/a/{x}/b"], "/a//b"), Err(InvalidPattern));
    assert_eq!(enforcer_found(&["/a/{id", "/a/*"], "/a/1"), Err(InvalidPattern));
    assert_eq!(enforcer_found(&["/id}/{id}"], "/id}/5"), Err(InvalidPattern));
    assert_eq!(enforcer_found(&["/{a}/*.html"], "/x//y.html"), Err(InvalidPattern));
    assert_eq!(
        enforcer_found(&["/a/1", "/a/{id"], "/a/1"),
        Ok(Some("/a/1")),
        "what was chosen before counts"
    );
}

#[test]
fn enforcer_knows_the_empty_pattern() {
    assert_eq!(enforcer_found(&["/a", ""], ""), Ok(Some("")));
    assert_eq!(found(&["/a", ""], ""), None);
}

#[test]
fn parent_path_ends_with_the_last_parameter() {
    let parent = |pattern: &str, path: &str| EnforcerMatcher::new([pattern.to_owned()]).parent_path(0, path);
    assert_eq!(parent("/users/{id}/orders/*", "/users/5/orders/1").as_deref(), Some("/users/5"));
    assert_eq!(parent("/t/{a}/{b}", "/t/1/2").as_deref(), Some("/t/1/2"));
    assert_eq!(parent("/x/v{n}/q", "/x/v1/q").as_deref(), Some("/x/v1"));
    assert_eq!(parent("/pre-{id}/", "/pre-/").as_deref(), Some("/pre-"));
    assert_eq!(parent("/a/{x}", "/a"), None);
    assert_eq!(parent("/a/*", "/a/b"), None);
}
