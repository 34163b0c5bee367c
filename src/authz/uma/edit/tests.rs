use super::edited;

#[test]
fn control_characters_and_what_spells_them_are_removed() {
    for (value, read) in [
        ("plain", "plain"),
        ("", ""),
        ("op\u{7f}en", "open"),
        ("o\np\te\0n", "open"),
        ("op\u{85}en", "op\u{85}en"),
        ("op%0Aen", "open"),
        ("op%1fen", "open"),
        ("op%7Fen", "open"),
        ("op%80en", "op%80en"),
        ("op%20en", "op%20en"),
        ("op[1men", "open"),
        ("op[men", "open"),
        ("op[0;31men", "open"),
        ("op[1xen", "op[1xen"),
        ("\u{1b}[31mred\u{1b}[2J", "red"),
        ("%1B[31mred%1B[2J", "red"),
        ("%1B[2;", "[2;"),
        ("é%0A✓[m", "é✓"),
        ("100%", "100%"),
        ("%", "%"),
        ("[", "["),
        ("%+1a", "%+1a"),
    ] {
        assert_eq!(edited(value).as_deref(), Some(read), "{value:?}");
    }
}

#[test]
fn each_removal_is_one_pass() {
    assert_eq!(edited("%0%00A").as_deref(), Some("%0A"));
    assert_eq!(edited("[[mm").as_deref(), Some("[m"));
    // But a later one sees what an earlier one left.
    assert_eq!(edited("[\n1m").as_deref(), Some(""));
    assert_eq!(edited("%\n0A").as_deref(), Some("%0A"));
}

#[test]
fn an_escape_in_lower_case_is_certain_only_where_it_does_not_matter() {
    assert_eq!(edited("%1b[31m").as_deref(), Some(""));
    assert_eq!(edited("%1b[2J"), None);
    assert_eq!(edited("%1b").as_deref(), Some(""));
}
