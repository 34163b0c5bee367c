use super::{JavaRegex, NotPortable};

fn matches(pattern: &str, text: &str) -> bool {
    JavaRegex::compile(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}")).matches(text)
}

fn reason(pattern: &str) -> &'static str {
    match JavaRegex::compile(pattern) {
        Ok(_) => panic!("{pattern} is portable"),
        Err(NotPortable { reason }) => reason,
    }
}

#[test]
fn the_whole_text_is_matched() {
    assert!(matches("a|ab", "ab"));
    assert!(!matches("a", "ab"));
    assert!(!matches("b", "ab"));
    assert!(matches("", ""));
}

#[test]
fn predefined_classes_are_those_of_ascii() {
    assert!(matches(r"\d\w\s", "5a\t"));
    assert!(!matches(r"\d", "٣"));
    assert!(!matches(r"\w", "é"));
    assert!(!matches(r"\s", "\u{A0}"));
    assert!(matches(r"\h", "\u{A0}"));
    assert!(matches(r"\s", "\u{B}"));
}

#[test]
fn any_case_is_that_of_ascii() {
    assert!(matches("(?i)k", "K"));
    assert!(!matches("(?i)k", "\u{212A}"), "the Kelvin sign");
    assert!(!matches("(?i)s", "\u{17F}"), "the long s");
    assert!(!matches("(?i)É", "é"));
    assert!(matches("(?i)[X-c]+", "xyzABC"));
    assert!(matches("a(?i:b)c", "aBc"));
    assert!(!matches("a(?i:b)c", "aBC"));
    assert!(matches("(a(?i)b|c)d", "Cd"));
    assert!(!matches("(a(?i)b|c)d", "CD"));
}

#[test]
fn dot_stops_at_java_line_breaks() {
    for text in ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"] {
        assert!(!matches(".", text), "{text:?}");
        assert!(matches("(?s).", text), "{text:?}");
    }
    assert!(matches(".", "\u{B}"));
    assert!(matches(".", "😀"), "one character of two units");
    assert!(!matches("..", "😀"));
}

#[test]
fn anchors_at_the_ends_are_known() {
    assert!(matches("^a$", "a"));
    assert!(!matches("^a$", "a\n"), "the line break would have to be matched");
    assert!(matches(r"\Aa\Z", "a"));
    assert!(matches("(a$|b$)", "b"));
    assert!(!matches("a^", "a"));
    assert_eq!(reason("a$\\n"), "`$` or `\\Z` is not at its end");
    assert_eq!(reason("(a$)*"), "`$` or `\\Z` is not at its end");
}

#[test]
fn classes_are_joined_and_intersected() {
    assert!(matches("[a-c[x-z]]+", "axz"));
    assert!(matches("[a-z&&[^aeiou]]+", "xyz"));
    assert!(!matches("[a-z&&[^aeiou]]", "e"));
    assert!(!matches("[^a-c[x-z]]", "x"), "the negation is of all of it");
    assert!(matches("[a-z&&b-y&&c-x]", "c"));
    assert!(matches("[]a]+", "]a"));
    assert!(matches("[a-]+", "-a"));
    assert!(matches("[&]", "&"));
    assert!(!matches("[a&&b]", "a"), "nothing at all");
}

#[test]
fn quoted_characters_stand_for_themselves() {
    assert!(matches(r"\Qa.b*\E+", "a.b**"));
    assert!(matches(r"\Q[", "["));
    assert!(matches(r"[\Q^-]\E]+", "^-]"));
    assert!(matches(r"\\Q", r"\Q"));
}

#[test]
fn escapes_name_characters() {
    assert!(matches(r"\x41\x{1F600}\u0062\0143\e\-", "A😀bc\u{1B}-"));
    assert!(matches(r"\uD83D\uDE00", "😀"));
    assert_eq!(reason(r"\uD83D"), "half a surrogate pair, or no character");
    assert!(matches(r"\p{Alpha}\P{Digit}", "zé"));
}

#[test]
fn what_java_alone_can_judge_is_handed_on() {
    for pattern in [
        r"\bword\b",
        "(a)\\1",
        "(?=a)a",
        "(?!b)a",
        "(?<=a)b",
        "(?<!a)b",
        "(?>a)b",
        "a*+",
        r"\p{L}",
        r"\pL",
        "(?m)^a",
        "(?u)a",
        "(?x)a b",
        r"\R",
        r"\X",
        r"\G",
        r"\N{DIGIT ONE}",
        "(?i)\\p{Lower}",
        "a{2}{3}",
        "^*a",
        "[a&&]",
        "[&&a]",
        "[a&&^b]",
    ] {
        reason(pattern);
    }
}

#[test]
fn what_java_refuses_is_handed_on() {
    for pattern in [
        "(",
        ")",
        "[",
        "[a",
        "*",
        "a**",
        "a{",
        "{",
        "a{,2}",
        "a{2,1}",
        "[z-a]",
        "\\",
        "\\q",
        "(?<1>a)",
        "(?<a>b)(?<a>c)",
        "(?",
    ] {
        reason(pattern);
    }
}

#[test]
fn sizes_are_bounded() {
    assert_eq!(reason(&"a".repeat(2_001)), "it is very long");
    assert_eq!(reason(&"(".repeat(100)), "it is deeply nested");
    assert_eq!(reason(&"[".repeat(100)), "it is deeply nested");
    assert_eq!(reason(&format!("[a{}", "&&a".repeat(600))), "it is deeply nested");
    assert_eq!(reason("((a{1000}){1000}){1000}"), "it is very large");
    assert!(matches("(a{10}){5}", &"a".repeat(50)));
    assert!(reason("a{1001}").ends_with("very large one"));
}

#[test]
fn long_texts_that_could_overflow_java_are_not_judged() {
    let can_judge =
        |pattern: &str, units: usize| JavaRegex::compile(pattern).unwrap().can_judge(&"a".repeat(units));
    assert!(can_judge("[a-z]+", 4_000));
    assert!(!can_judge("[a-z]+", 4_001));
    assert!(can_judge("(a|b)*", 300));
    assert!(!can_judge("(a|b)*", 301));
    assert!(!can_judge("x((a|b)|c)*", 151));
    assert!(!JavaRegex::compile("(?:.|b){3}").unwrap().can_judge(&"😀".repeat(151)));
}
