use http::Uri;
use percent_encoding::percent_decode_str;
use proptest::prelude::*;

use super::{CanonicalPath, MAX_PATH_BYTES, PathRules};
use crate::route::PathError;

const STRICT: PathRules = PathRules { normalize: false, semicolons: false };
const NORMALIZE: PathRules = PathRules { normalize: true, semicolons: false };
const SEMICOLONS: PathRules = PathRules { normalize: false, semicolons: true };

fn uri(target: &str) -> Uri {
    Uri::try_from(target).unwrap_or_else(|error| panic!("`{target}` is no target: {error}"))
}

fn read(target: &str, rules: PathRules) -> Result<String, PathError> {
    CanonicalPath::parse(&uri(target), rules).map(|path| path.path_and_query().as_str().to_owned())
}

#[track_caller]
fn passes(target: &str, rules: PathRules, expected: &str) {
    assert_eq!(read(target, rules).as_deref(), Ok(expected), "{target}");
}

#[track_caller]
fn refused(target: &str, rules: PathRules, expected: PathError) {
    assert_eq!(read(target, rules), Err(expected), "{target}");
}

#[test]
fn plain_path_stays_as_it_is() {
    for target in
        ["/", "/a", "/a/", "/a/b.c/-_~", "/a:b@c!$&'()*+,=", "/...", "/a.", "/.well-known/x", "/..a", "/?q"]
    {
        passes(target, STRICT, target);
    }
}

#[test]
fn unreserved_characters_are_decoded_and_others_upper_cased() {
    passes("/%61%2Db%5f%7e", STRICT, "/a-b_~");
    passes("/a%2eb", STRICT, "/a.b");
    passes("/caf%c3%a9", STRICT, "/caf%C3%A9");
    passes("/a%20b%3a", STRICT, "/a%20b%3A");
    passes("/100%25", STRICT, "/100%25");
    passes("/a%23b%3Fc", STRICT, "/a%23b%3Fc");
}

#[test]
fn query_is_untouched() {
    passes("/%61?%61;//..\\&%zz=|", STRICT, "/a?%61;//..\\&%zz=|");
    passes("/a?", STRICT, "/a?");
    passes("/%61?ü", STRICT, "/a?ü");
}

#[test]
fn absolute_form_is_read_like_origin_form() {
    passes("http://host:1/%61?b", STRICT, "/a?b");
    passes("http://host", STRICT, "/");
    passes("http://host?b", STRICT, "/?b");
    refused("http://host//a", STRICT, PathError::EmptySegment);
}

#[test]
fn forms_without_a_path_are_refused() {
    refused("*", STRICT, PathError::NotAbsolute);
    refused("host:443", STRICT, PathError::NotAbsolute);
    assert_eq!(
        CanonicalPath::parse(&Uri::default(), STRICT).map(|path| path.as_str().to_owned()),
        Ok("/".into())
    );
}

#[test]
fn fragment_is_gone_before_and_after() {
    // The parser cuts it off, so nothing of it is decided on or forwarded.
    passes("/a#b", STRICT, "/a");
    passes("/a#/../b", STRICT, "/a");
    passes("/a?b#c", STRICT, "/a?b");
    passes("http://host/a#b", STRICT, "/a");
    passes("http://host#b", STRICT, "/");
}

#[test]
fn encoded_slash_is_reported() {
    let path = CanonicalPath::parse(&uri("/a%2fb/c"), STRICT).unwrap();
    assert_eq!(path.as_str(), "/a%2Fb/c");
    assert!(path.has_encoded_slash());
    assert!(!CanonicalPath::parse(&uri("/a%2eb?%2F"), STRICT).unwrap().has_encoded_slash());
}

#[test]
fn separators_of_other_systems_are_refused() {
    for rules in [STRICT, NORMALIZE, SEMICOLONS] {
        refused("/a\\b", rules, PathError::Backslash);
        refused("/a%5cb", rules, PathError::EncodedSeparator);
        refused("/a%5Cb", rules, PathError::EncodedSeparator);
    }
}

#[test]
fn matrix_parameters_are_refused_unless_let_in() {
    for target in ["/a;b=c/d", "/;", "/a%3bb", "/a%3Bb"] {
        refused(target, STRICT, PathError::Semicolon);
        refused(target, NORMALIZE, PathError::Semicolon);
    }
    passes("/a;b=c/d", SEMICOLONS, "/a;b=c/d");
    passes("/a%3bb", SEMICOLONS, "/a%3Bb");
}

#[test]
fn dot_segments_are_refused() {
    for target in ["/.", "/..", "/a/./b", "/a/../b", "/../a", "/a/..", "/a/."] {
        refused(target, STRICT, PathError::DotSegment);
    }
}

#[test]
fn encoded_and_disguised_dot_segments_are_refused_whatever_the_rules() {
    let targets = [
        "/%2e",
        "/a/%2e%2e/b",
        "/a/.%2e/b",
        "/a/%2E./b",
        "/..%2fa",
        "/a/..%2F..%2Fb",
        "/a%2f..",
        "/a%2F.%2Fb",
        "/..%20/a",
        "/%20../a",
        "/.%20",
        "/..%2F%20",
    ];
    for target in targets {
        for rules in [STRICT, NORMALIZE, SEMICOLONS] {
            refused(target, rules, PathError::DotSegment);
        }
    }
    for target in ["/..;/a", "/.;x/a", "/..%3b/a", "/..;a=b%2Fc", "/a%2F..;x", "/..%20;/a"] {
        refused(target, SEMICOLONS, PathError::DotSegment);
    }
}

#[test]
fn empty_segments_are_refused() {
    for target in ["/a//b", "/a//"] {
        refused(target, STRICT, PathError::EmptySegment);
        refused(target, SEMICOLONS, PathError::EmptySegment);
    }
    refused("//", STRICT, PathError::EmptySegment);
    refused("//a", STRICT, PathError::EmptySegment);
}

#[test]
fn normalizing_merges_slashes_and_resolves_plain_dots() {
    for (target, path) in [
        ("//", "/"),
        ("//a///b//", "/a/b/"),
        ("/a/./b", "/a/b"),
        ("/a/../b", "/b"),
        ("/a//../b", "/b"),
        ("/a/..", "/"),
        ("/a/b/..", "/a/"),
        ("/a/.", "/a/"),
        ("/.", "/"),
        ("/a%2fb/../c?d", "/c?d"),
    ] {
        passes(target, NORMALIZE, path);
    }
    assert!(!CanonicalPath::parse(&uri("/a%2fb/../c"), NORMALIZE).unwrap().has_encoded_slash());
}

#[test]
fn normalizing_never_leaves_the_root() {
    for target in ["/..", "/../a", "/a/../../b", "/./..", "//.."] {
        refused(target, NORMALIZE, PathError::DotSegment);
    }
}

#[test]
fn controls_are_refused() {
    for target in ["/a%00", "/a%0d%0aX", "/%1F", "/%7f", "/%c2%80", "/%C2%9f"] {
        refused(target, STRICT, PathError::ForbiddenCharacter);
    }
}

#[test]
fn double_encoding_is_refused() {
    for target in ["/%252e%252e/a", "/%252F", "/%255c", "/%2541", "/%25%34%31", "/%25%32F", "/%252500"] {
        refused(target, STRICT, PathError::ForbiddenCharacter);
    }
    passes("/50%25-off", STRICT, "/50%25-off");
}

#[test]
fn bytes_that_are_no_utf_8_are_refused() {
    for target in [
        "/%c0%af",
        "/%c0%ae%c0%ae",
        "/%e0%80%af",
        "/%ff",
        "/%c3",
        "/%c3a%a9",
        "/%ed%a0%80",
        "/%f8%88%80%80%80",
    ] {
        refused(target, STRICT, PathError::ForbiddenCharacter);
    }
}

#[test]
fn characters_outside_the_grammar_are_refused() {
    // Those that `Uri` lets through; the others never get this far.
    for target in ["/é", "/a|b", "/\"", "/{a}", "/a^b", "/[a]"] {
        if let Ok(uri) = Uri::try_from(target) {
            assert_eq!(CanonicalPath::parse(&uri, STRICT), Err(PathError::ForbiddenCharacter), "{target}");
        }
    }
    for target in ["/a b", "/<", "/>", "/`", "/\u{7f}", "/\u{0}", "/\t"] {
        assert!(Uri::try_from(target).is_err(), "{target:?}");
    }
}

#[test]
fn bad_encodings_are_refused() {
    for target in ["/%", "/%4", "/%4g", "/%g4", "/a%/b", "/%+1", "/%%41"] {
        refused(target, STRICT, PathError::BadEncoding);
    }
}

#[test]
fn long_path_is_refused_and_a_long_query_is_not() {
    let longest = format!("/{}", "a".repeat(MAX_PATH_BYTES - 1));
    passes(&longest, STRICT, &longest);
    refused(&format!("{longest}a"), STRICT, PathError::TooLong);
    let query = format!("/?{}", "a".repeat(MAX_PATH_BYTES));
    passes(&query, STRICT, &query);
}

#[test]
fn prefix_of_whole_segments_is_stripped() {
    let strip = |target: &str, prefix: &str| {
        let path = CanonicalPath::parse(&uri(target), STRICT).unwrap().strip_prefix(prefix)?;
        Some(path.path_and_query().as_str().to_owned())
    };
    for prefix in ["/api", "/api/"] {
        assert_eq!(strip("/api/x?y", prefix).as_deref(), Some("/x?y"));
        assert_eq!(strip("/api", prefix).as_deref(), Some("/"));
        assert_eq!(strip("/api?y", prefix).as_deref(), Some("/?y"));
        assert_eq!(strip("/api/", prefix).as_deref(), Some("/"));
        assert_eq!(strip("/apix", prefix), None);
        assert_eq!(strip("/x/api", prefix), None);
        assert_eq!(strip("/API/x", prefix), None);
        assert_eq!(strip("/api%2Fx", prefix), None);
    }
    assert_eq!(strip("/x", "/").as_deref(), Some("/x"));
    assert_eq!(strip("/x", "").as_deref(), Some("/x"));
    assert_eq!(strip("/x", "/x?y"), None);
}

#[test]
fn marks_are_those_of_what_is_left_of_a_stripped_path() {
    let path = CanonicalPath::parse(&uri("/a%2Fb/c"), STRICT).unwrap();
    assert!(!path.strip_prefix("/a%2Fb").unwrap().has_encoded_slash());
    let path = CanonicalPath::parse(&uri("/a/b%2Fc"), STRICT).unwrap();
    assert!(path.strip_prefix("/a").unwrap().has_encoded_slash());
}

#[test]
fn stripping_does_not_reach_into_the_query() {
    let path = CanonicalPath::parse(&uri("/a?/b"), STRICT).unwrap();
    assert_eq!(path.strip_prefix("/a?"), None);
}

/// Targets made of the pieces that tricks are made of.
fn tricky_target() -> impl Strategy<Value = String> {
    let pieces = [
        "/", "/", "/", "a", "b", ".", "..", "%2e", "%2E", "%2f", "%2F", "%5c", ";", "%3b", "%25", "%20",
        "%41", "%3a", ":", "%c3%a9", "%c0", "%00", "%", "\\", "é", "2F", "?", "~",
    ];
    proptest::collection::vec(proptest::sample::select(pieces.to_vec()), 0..12)
        .prop_map(|pieces| format!("/{}", pieces.concat()))
}

fn rules() -> impl Strategy<Value = PathRules> {
    (any::<bool>(), any::<bool>()).prop_map(|(normalize, semicolons)| PathRules { normalize, semicolons })
}

proptest! {
    #[test]
    fn canonical_path_reads_as_itself(target in tricky_target(), rules in rules()) {
        if let Ok(path) = CanonicalPath::parse(&uri(&target), rules) {
            let again = CanonicalPath::parse(&uri(path.path_and_query().as_str()), rules);
            prop_assert_eq!(again, Ok(path));
        }
    }

    #[test]
    fn canonical_path_has_nothing_that_another_reader_could_turn(target in tricky_target(), rules in rules()) {
        if let Ok(path) = CanonicalPath::parse(&uri(&target), rules) {
            let decoded = percent_decode_str(path.as_str()).decode_utf8().expect("UTF-8");
            let twice = percent_decode_str(&decoded).decode_utf8_lossy();
            prop_assert!(!path.as_str().contains("//") && path.as_str().starts_with('/'));
            for reading in [&*decoded, &*twice] {
                prop_assert!(!reading.contains(['\\', '\0']));
                let hidden = reading.split('/').map(|segment| segment.split(';').next().unwrap_or_default().trim());
                prop_assert!(!hidden.into_iter().any(|segment| segment == "." || segment == ".."), "{}", reading);
            }
        }
    }

    #[test]
    fn meaning_of_an_accepted_path_is_kept(target in tricky_target()) {
        if let Ok(path) = CanonicalPath::parse(&uri(&target), STRICT) {
            let original = uri(&target);
            let decode = |text: &str| percent_decode_str(text).collect::<Vec<u8>>();
            prop_assert_eq!(decode(path.as_str()), decode(original.path()));
            prop_assert_eq!(path.path_and_query().query(), original.query());
        }
    }

    #[test]
    fn fast_and_slow_reading_agree(target in tricky_target()) {
        let target = uri(&target);
        let received = target.path_and_query().unwrap();
        let relative = received.path().strip_prefix('/').unwrap();
        let slow = CanonicalPath::parse_slowly(received, relative, STRICT);
        prop_assert_eq!(CanonicalPath::parse(&target, STRICT), slow);
    }
}
