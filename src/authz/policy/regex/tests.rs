use super::Value;
use super::pattern::Pattern;
use super::target::Target;
use crate::authz::identity::Identity;

/// The text that a target means; `Err`: nothing, or that it fails, or that it is not certain.
fn value(target: &str, claims: &str) -> Result<String, &'static str> {
    let identity = Identity::from_claims(claims.as_bytes()).unwrap();
    let target = Target::parse(target);
    match target.value(identity.attribute(target.attribute())) {
        Value::Text(text) => Ok(text.into_owned()),
        Value::Nothing => Err("nothing"),
        Value::Fails => Err("fails"),
        Value::Unsure => Err("unsure"),
    }
}

#[test]
fn without_a_dot_it_is_the_first_text_of_the_claim_by_its_written_name() {
    let claims = r#"{"a": ["x", "y"], "e": ["", "x"], "n": null, "o": {"k": 1}, ".a": "dot", "a\\.b": "back", "a.": "1"}"#;
    assert_eq!(value("a", claims).as_deref(), Ok("x"));
    assert_eq!(value("e", claims).as_deref(), Ok(""));
    assert_eq!(value("o", claims).as_deref(), Ok(r#"{"k":1}"#));
    assert_eq!(value("n", claims), Err("nothing"));
    assert_eq!(value("missing", claims), Err("nothing"));
    // A dot at the beginning is none, and an escaped one neither; the backslash belongs to the name then.
    assert_eq!(value(".a", claims).as_deref(), Ok("dot"));
    assert_eq!(value(r"a\.b", claims).as_deref(), Ok("back"));
    assert_eq!(value("", claims), Err("nothing"));
}

#[test]
fn a_path_walks_into_the_json_of_the_first_text() {
    let claims = r#"{"p": {"team": "core", "langs": ["rust", "java"], "n": 3, "yes": true, "deep": {"x": " y "},
        "mixed": [1, true, {"k": "v"}], "nul": null, "empty": [], "blank": "  ", "odd": [null], "list": [[1], {"x": 2}]}}"#;
    for (target, expected) in [
        ("p.team", Ok("core")),
        ("p.n", Ok("3")),
        ("p.yes", Ok("true")),
        ("p.deep.x", Ok("y")),
        ("p.deep", Ok(r#"{"x":" y "}"#)),
        ("p.langs", Ok("[rust, java]")),
        ("p.langs[1]", Ok("java")),
        ("p.langs[ 1 ]", Ok("java")),
        ("p.langs[2]", Err("nothing")),
        ("p.langs[-1]", Err("nothing")),
        ("p.langs[x]", Err("nothing")),
        ("p.langs]", Err("nothing")),
        ("p.mixed", Ok(r#"[1, true, {"k":"v"}]"#)),
        ("p.mixed[2].k", Ok("v")),
        ("p.list[1].x", Ok("2")),
        ("p.list[0]", Ok("[1]")),
        // Not an array: the index means nothing.
        ("p.team[3]", Ok("core")),
        ("p.nul", Err("nothing")),
        ("p.empty", Err("nothing")),
        ("p.blank", Err("nothing")),
        ("p.missing", Err("nothing")),
        ("p.", Err("nothing")),
        ("q.x", Err("nothing")),
        ("p.odd", Err("unsure")),
        ("p.list", Err("unsure")),
        // The walk stops at the first scalar or array.
        ("p.team.more", Ok("core")),
        ("p.langs.more", Ok("[rust, java]")),
    ] {
        assert_eq!(value(target, claims).as_deref().map_err(|error| *error), expected, "{target}");
    }
}

#[test]
fn backslashes_keep_dots_together_once() {
    let claims = r#"{"a.b": "{\"x\":{\"y\":\"2\"},\"x.y\":\"1\"}", "t": "{\"x.\":\"1\"}"}"#;
    assert_eq!(value(r"a\.b.x.y", claims).as_deref(), Ok("2"));
    // The rest is joined and split again: the escaped dot is lost.
    assert_eq!(value(r"a\.b.x\.y", claims).as_deref(), Ok("2"));
    assert_eq!(value(r"t.x\.", claims), Err("nothing"));
}

#[test]
fn what_is_not_json_fails_and_what_follows_it_is_ignored() {
    let claims = |text: &str| serde_json::json!({"t": text, "l": [{"a": 1}, "x"], "n": 7}).to_string();
    for text in
        [" padded ", "007", "5x", "truely", "{\"x\":}", "NaN", "/* c */ {\"x\":\"y\"}", "{'x':'y'}", "-", " "]
    {
        assert_eq!(value("t.x", &claims(text)), Err("fails"), "{text}");
        // Also where the rest leads nowhere.
        assert_eq!(value("t.", &claims(text)), Err("fails"), "{text}");
    }
    for text in ["{\"x\":\"y\"} tail", "{\"x\":\"y\"}tail", " {\"x\":\"y\"}", "{\"x\":\"z\",\"x\":\"y\"}"] {
        assert_eq!(value("t.x", &claims(text)).as_deref(), Ok("y"), "{text}");
    }
    for text in ["5 apples", "\"q\"zz", "[1]", "null", "true story", "\"{}\""] {
        assert_eq!(value("t.x", &claims(text)), Err("nothing"), "{text}");
    }
    // The first text of a list of objects is empty.
    assert_eq!(value("l.x", &claims("")), Err("fails"));
    assert_eq!(value("n.x", &claims("")), Err("nothing"));
    assert_eq!(value("t.x", &claims("{\"x\":1e3}")).as_deref(), Ok("1000.0"));
}

#[test]
fn lookaheads_at_the_beginning_are_conditions_of_their_own() {
    let matches = |pattern: &str, text: &str| Pattern::compile(pattern).unwrap().matches(text);
    for (pattern, text, expected) in [
        ("(?!red).*", "red", false),
        ("(?!red).*", "reddish", false),
        ("(?!red).*", "blue", true),
        ("(?=e).*", "eng", true),
        ("(?=e).*", "sales", false),
        ("(?i)(?!RED).*", "red", false),
        ("(?=.*a)(?=.*b)[abc]+", "cab", true),
        ("(?=.*a)(?=.*b)[abc]+", "cac", false),
        ("(?!a|b).", "b", false),
        ("(?!(a|b)c).*", "bc", false),
        ("(?!(a|b)c).*", "bd", true),
        (r"(?!\)|[)(]).", ")", false),
        (r"(?!\)|[)(]).", "x", true),
        (r"\\Q", "\\Q", true),
    ] {
        assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
    }
    // Of one alternative only, repeated, inside, or behind.
    for pattern in [
        "(?!red).*|x",
        "(?=a)*a",
        "a(?=b)b",
        "(a|(?!b)c)",
        "(?<=a)b",
        "(?!a",
        "(?=(?=a)a).*",
        "(?!x$).*",
        r"\Qa\E",
        r"\p{Lower}",
    ] {
        assert!(Pattern::compile(pattern).is_err(), "{pattern}");
    }
}
