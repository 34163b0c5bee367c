use super::Pattern;

fn pattern(text: &str) -> Pattern {
    Pattern::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn check(text: &str, matching: &[&str], others: &[&str]) {
    let pattern = pattern(text);
    for path in matching {
        assert!(pattern.matches(path), "`{text}` covers `{path}`");
    }
    for path in others {
        assert!(!pattern.matches(path), "`{text}` does not cover `{path}`");
    }
}

#[test]
fn exact_pattern_covers_itself() {
    check("/a/b", &["/a/b"], &["/a", "/a/", "/a/b/", "/a/bc", "/a/b/c", "/A/b", "/"]);
    check("/", &["/"], &["/a"]);
}

#[test]
fn trailing_slash_counts() {
    check("/a/", &["/a/"], &["/a", "/a/b"]);
}

#[test]
fn param_is_one_whole_segment() {
    check("/users/{id}", &["/users/5", "/users/a%2Fb"], &["/users", "/users/", "/users/5/", "/users/5/x"]);
    check("/{a}/x/{b}", &["/1/x/2"], &["/1/y/2", "/x/2", "/1/x/"]);
}

#[test]
fn rest_is_also_nothing() {
    check("/a/*", &["/a", "/a/", "/a/b", "/a/b/c/"], &["/", "/ab", "/b/a"]);
    check("/*", &["/", "/a", "/a/b/"], &[]);
    check("/users/{id}/*", &["/users/5", "/users/5/", "/users/5/x/y"], &["/users", "/users/"]);
}

#[test]
fn suffix_is_the_end_of_the_last_segment_below_the_prefix() {
    check(
        "/docs/*.html",
        &["/docs/a.html", "/docs/a/b.html", "/docs/.html"],
        &[
            "/docs.html",
            "/docs",
            "/docs/a.html/",
            "/docs/a.html/b",
            "/other/a.html",
            "/docs/a.htm",
            "/docs/ahtml",
        ],
    );
    check("/*.min.js", &["/a.min.js"], &["/a.js"]);
}

#[test]
fn literals_are_compared_in_canonical_form() {
    check("/café", &["/caf%C3%A9"], &["/cafe"]);
    check("/caf%c3%a9", &["/caf%C3%A9"], &[]);
    check("/%61b", &["/ab"], &[]);
    check("/a%20b", &["/a%20b"], &[]);
    check("/a%3Ab", &["/a:b"], &["/a%3Ab"]);
    check("/a%2fb", &["/a%2Fb"], &["/a/b"]);
    check("/x/*.%c3%a9", &["/x/a.%C3%A9"], &[]);
}

#[test]
fn what_is_no_pattern_is_an_error() {
    for (text, word) in [
        ("", "start"),
        ("a", "start"),
        ("*", "start"),
        ("/a//b", "empty segment"),
        ("//", "empty segment"),
        ("/a?b", "query"),
        ("/a#b", "query"),
        ("/files/{name}.json", "whole segment"),
        ("/a{id}", "whole segment"),
        ("/{a}{b}", "whole segment"),
        ("/{}", "no name"),
        ("/{a b}", "no name"),
        ("/{id", "whole segment"),
        ("/api*", "inside"),
        ("/a/**", "no ending"),
        ("/a/*x", "no ending"),
        ("/a/*.", "no ending"),
        ("/a/*.{x}", "no ending"),
        ("/a/*/b", "goes on"),
        ("/a/*.x/b", "goes on"),
        ("/a/../b", "dot segment"),
        ("/a/%2e", "dot segment"),
        ("/a b", "percent-encode"),
        ("/a%zz", "percent-encoding"),
        ("/a%2541", "percent-encode"),
        ("/a\\b", "backslash"),
        ("/a%5Cb", "separator"),
    ] {
        let error = Pattern::parse(text).expect_err(text);
        assert!(error.contains(word), "`{text}`: {error}");
    }
}

#[test]
fn names_in_braces_do_not_matter() {
    assert_eq!(pattern("/users/{id}"), pattern("/users/{name}"));
    assert_eq!(pattern("/caf%c3%a9"), pattern("/café"));
    assert_ne!(pattern("/users/{id}"), pattern("/users/{id}/"));
    assert_eq!(pattern("/users/{id}").as_str(), "/users/{id}");
}

#[test]
fn most_specific_comes_first() {
    let order = [
        "/a/b/c",
        "/a/b/{id}",
        "/a/b/*.min.js",
        "/a/b/*.js",
        "/a/b/*",
        "/a/{x}/c",
        "/a/{x}/*",
        "/a",
        "/a/*.html",
        "/a/*",
        "/{x}/b/c",
        "/{x}",
        "/*.html",
        "/*",
    ];
    let mut sorted: Vec<Pattern> = order.iter().rev().map(|text| pattern(text)).collect();
    sorted.sort();
    assert_eq!(sorted.iter().map(Pattern::as_str).collect::<Vec<_>>(), order);
}

#[test]
fn difference_to_keycloak_is_shown() {
    for (text, path) in [
        ("/docs/*.html", "/other.html"),
        ("/docs/{id}/*.html", "/other.html"),
        // Keycloak drops the slash of the path, never that of a pattern, and decodes only the path.
        ("/a/", "/a/"),
        ("/caf%C3%A9", "/caf%C3%A9"),
    ] {
        assert_eq!(pattern(text).differs_from_keycloak().as_deref(), Some(path), "{text}");
    }
}

#[test]
fn pattern_that_keycloak_reads_alike_has_no_difference() {
    for text in [
        "/",
        "/*",
        "/api",
        "/api/v1",
        "/api/*",
        "/users/{id}",
        "/users/{id}/orders",
        "/users/{id}/*",
        "/{a}/{b}",
        "/café",
    ] {
        assert_eq!(pattern(text).differs_from_keycloak(), None, "{text}");
    }
}

#[test]
fn suffix_at_the_root_has_no_difference() {
    assert_eq!(pattern("/*.html").differs_from_keycloak(), None);
}
