use super::{What, Wishes, is_blank, java_split, split};

#[test]
fn a_value_is_a_resource_and_scopes() {
    let parts = |value: &str| {
        let (resource, scopes) = split(value).unwrap();
        format!("{resource}|{}", scopes.join("|"))
    };
    for (value, read) in [
        ("doc", "doc|"),
        ("doc#", "doc|"),
        ("doc#view", "doc|view"),
        ("doc#view,edit", "doc|view|edit"),
        ("doc#view#edit", "doc|view"),
        ("doc#view,", "doc|view"),
        ("doc#,", "doc|"),
        ("doc#,view", "doc||view"),
        ("doc# view", "doc| view"),
        ("#view", "|view"),
        (" #view", " |view"),
        ("", "|"),
        ("doc##", "doc|"),
    ] {
        assert_eq!(parts(value), read, "{value:?}");
    }
    // An empty part between two `#` is one scope without a name.
    assert_eq!(split("doc##x").unwrap().1, [""]);
    for value in ["#", "##"] {
        assert!(split(value).is_err(), "{value}");
    }
}

#[test]
fn texts_are_split_as_java_splits() {
    assert_eq!(java_split("a,,b,,", ','), ["a", "", "b"]);
    assert_eq!(java_split(",", ','), [""; 0]);
    assert_eq!(java_split("", ','), [""]);
    assert_eq!(java_split(" a", ' '), ["", "a"]);
}

#[test]
fn blanks_name_no_resource() {
    assert_eq!(is_blank(""), Some(true));
    assert_eq!(is_blank("  "), Some(true));
    assert_eq!(is_blank(" a"), Some(false));
    assert_eq!(is_blank("\u{2003}"), None);
}

#[test]
fn wishes_for_the_same_become_one_and_those_for_any_do_not() {
    let named = |name: &str| What::Named(name.to_owned());
    let scopes = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let mut wishes = Wishes::default();
    wishes.add(named("a"), scopes(&[]));
    wishes.add(What::AnyWith, scopes(&["x"]));
    wishes.add(named("b"), scopes(&["x"]));
    wishes.add(named("a"), scopes(&["x", "y", "x"]));
    wishes.add(What::AnyWith, scopes(&["x"]));
    wishes.add(What::Found(1), scopes(&["z"]));
    let list: Vec<(What, Vec<String>)> =
        wishes.list.into_iter().map(|wish| (wish.what, wish.scopes)).collect();
    assert_eq!(
        list,
        [
            (named("a"), scopes(&["x", "y"])),
            (What::AnyWith, scopes(&["x"])),
            (named("b"), scopes(&["x"])),
            (What::AnyWith, scopes(&["x"])),
            (What::Found(1), scopes(&["z"])),
        ]
    );
}
