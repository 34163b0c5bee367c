use super::*;
use crate::authz::requirement::ResourceKey;
use crate::config::ScopesMode;

fn question(resource: &str, scopes: &[&str]) -> Question {
    Question {
        resource: resource.to_owned(),
        by: ResourceKey::Name,
        scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
        mode: ScopesMode::All,
    }
}

#[test]
fn question_is_written_as_keycloak_reads_it() {
    assert_eq!(permission(&question("Orders", &[])), "Orders");
    assert_eq!(permission(&question("Orders, all", &["view", "edit"])), "Orders, all#view,edit");
}

#[test]
fn names_that_keycloak_takes_as_they_are_pass() {
    for name in
        ["Orders", "a-b", "/orders/*", "urn:x:y", "100%", "%20", "%zz", "[x]", "[1;2]", "é ü", "a,b", "[31;1"]
    {
        assert_eq!(check(&[question(name, &["view"])]), Ok(()), "{name}");
    }
}

#[test]
fn names_that_keycloak_would_read_otherwise_are_refused() {
    let misread = [
        "",
        " ",
        "#",
        "a#b",
        "a\nb",
        "a\0",
        "a\u{7f}",
        "\u{1b}[31mx",
        "a%0Ab",
        "a%00",
        "%1f",
        "%1B[0m",
        "%7F",
        "%7f",
        "x[m",
        "x[31mx",
        "x[31;1m",
        "%%0a",
    ];
    for name in misread {
        let refusal = check(&[question("Fine", &[]), question(name, &["view"])]).unwrap_err();
        assert_eq!(refusal.code, RefusalCode::PermissionTooLong, "{name:?}");
    }
    for scope in ["", " ", "a,b", "GET#x", "a\tb", "%0d", "[0m"] {
        assert!(check(&[question("Orders", &["view", scope])]).is_err(), "{scope:?}");
    }
}

#[test]
fn questions_far_below_the_length_that_keycloak_drops_are_refused() {
    let long = |len: usize| question(&"x".repeat(len), &[]);
    assert_eq!(check(&[long(1000), long(1000)]), Ok(()));
    assert!(check(&[long(1000), long(1001)]).is_err());
    // Keycloak counts UTF-16 units.
    assert!(check(&[question(&"🦀".repeat(1001), &[])]).is_err());
}
