use super::{base, below, encode_segment};

#[test]
fn a_segment_keeps_only_unreserved_characters() {
    for (text, encoded) in [
        ("abc-._~XYZ09", "abc-._~XYZ09"),
        ("a/b", "a%2Fb"),
        ("a;b", "a%3Bb"),
        ("50%", "50%25"),
        ("a%2Fb", "a%252Fb"),
        ("a#b?c", "a%23b%3Fc"),
        ("a+b c", "a%2Bb%20c"),
        ("é", "%C3%A9"),
        ("🔑", "%F0%9F%94%91"),
        ("a:b@c", "a%3Ab%40c"),
        ("...", "..."),
        ("", "%00"),
        (".", "%252E"),
        ("..", "%252E%252E"),
    ] {
        assert_eq!(encode_segment(text), encoded);
    }
}

#[test]
fn no_segment_leaves_its_folder() {
    let base = base("http://a/auth").expect("a base");
    for text in ["", ".", "..", "../..", "/", "//", "%2e%2e", "a/../..", "?", "#", "\\..\\", "\0"] {
        let url = below(&base, &format!("realms/{}/users", encode_segment(text)));
        assert!(url.path().starts_with("/auth/realms/"), "`{text}`: {url}");
        assert!(url.path().ends_with("/users"), "`{text}`: {url}");
        assert_eq!(url.path().matches('/').count(), 4, "`{text}`: {url}");
        assert_eq!((url.query(), url.fragment()), (None, None), "`{text}`");
    }
}

#[test]
fn a_base_ends_with_one_slash() {
    for (text, url) in [
        ("http://a", "http://a/"),
        ("https://a:8443/auth", "https://a:8443/auth/"),
        ("http://a//auth//x///", "http://a/auth/x/"),
        ("http://a/auth?b=c#d", "http://a/auth/"),
        ("HTTP://A/Auth/", "http://a/Auth/"),
    ] {
        assert_eq!(base(text).expect("a base").as_str(), url);
    }
}

#[test]
fn what_is_no_base_is_refused_and_a_password_is_not_repeated() {
    for text in ["", "a", "a/b", "ftp://a/", "file:///etc", "http://", "mailto:a@b"] {
        assert!(base(text).is_err(), "`{text}`");
    }
    assert!(base("nonsense").expect_err("no URL").contains("`nonsense`"));
    for text in ["http://ann:hunter2@a/", "http://:hunter2@a/", "ftp://ann:hunter2@a/", "ann:hunter2@a"] {
        assert!(!base(text).expect_err("a password").contains("hunter2"));
    }
}

#[test]
fn a_path_is_below_the_base_however_it_begins() {
    let base = base("http://a/auth").expect("a base");
    for (path, url) in [
        ("realms/x", "http://a/auth/realms/x"),
        ("/realms/x", "http://a/auth/realms/x"),
        ("//realms//x/", "http://a/auth/realms/x/"),
        ("realms/x?a=b&c=d//e", "http://a/auth/realms/x?a=b&c=d//e"),
        ("realms/a%2Fb", "http://a/auth/realms/a%2Fb"),
        ("http://b/realms", "http://a/auth/http:/b/realms"),
        ("", "http://a/auth/"),
    ] {
        assert_eq!(below(&base, path).as_str(), url);
    }
}
