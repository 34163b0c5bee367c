use super::HostPattern;

fn host(text: &str) -> HostPattern {
    HostPattern::parse(text).expect(text)
}

#[test]
fn exact_host_is_read_in_any_case() {
    assert_eq!(host("Shop.Example.COM"), host("shop.example.com"));
    assert!(host("Shop.Example.COM").matches("shop.example.com"));
    assert!(!host("shop.example.com").matches("xshop.example.com"));
}

#[test]
fn dot_at_the_end_makes_no_difference() {
    assert_eq!(host("shop.example.com."), host("shop.example.com"));
}

#[test]
fn wildcard_is_one_label_and_more() {
    let wildcard = host("*.example.com");
    assert!(wildcard.matches("a.example.com"));
    assert!(wildcard.matches("a.b.example.com"));
    assert!(!wildcard.matches("example.com"));
    assert!(!wildcard.matches(".example.com"));
    assert!(!wildcard.matches("aexample.com"));
}

#[test]
fn addresses_are_hosts() {
    assert!(host("127.0.0.1").matches("127.0.0.1"));
    assert!(host("[::1]").matches("[::1]"));
    assert!(HostPattern::parse("[::g]").is_err());
}

#[test]
fn what_is_no_host_is_an_error() {
    for text in
        ["", ".", "*", "*.", "a..b", "a b", "a/b", "shop.example.com:8080", "a.*.b", "**.a", "café.fr"]
    {
        assert!(HostPattern::parse(text).is_err(), "{text}");
    }
}

#[test]
fn exact_comes_before_wildcard_and_long_before_short() {
    let mut hosts = [host("*.com"), host("z.example.com"), host("*.example.com"), host("a.com")];
    hosts.sort();
    let texts: Vec<String> = hosts.iter().map(ToString::to_string).collect();
    assert_eq!(texts, ["a.com", "z.example.com", "*.example.com", "*.com"]);
}
