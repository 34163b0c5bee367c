use std::net::Ipv4Addr;

use http::HeaderValue;

use super::*;

fn compiled(toml: &str) -> Result<ClaimPoints, Vec<Problem>> {
    ClaimPoints::compile("claims", &toml::from_str(toml).unwrap())
}

fn claims(toml: &str) -> BTreeMap<String, Vec<String>> {
    let mut headers = HeaderMap::new();
    headers.append("x-tenant", HeaderValue::from_static("acme"));
    headers.append("x-many", HeaderValue::from_static("one"));
    headers.append("x-many", HeaderValue::from_static("two"));
    headers.append("x-odd", HeaderValue::from_bytes(b"caf\xe9").unwrap());
    headers.append("cookie", HeaderValue::from_static("a=1; theme=dark; theme=light"));
    let facts = ClaimFacts {
        method: &Method::POST,
        uri: "https://shop.example.com/orders/5?p=a%20b&p=c&empty=",
        path: "/orders/5",
        query: Some("p=a%20b&p=c&empty="),
        headers: &headers,
        remote_address: Some(Ipv4Addr::new(192, 0, 2, 1).into()),
        is_secure: true,
    };
    compiled(toml).unwrap().claims(&facts)
}

fn values(text: &str) -> Vec<String> {
    claims(&format!("claim = {text:?}")).remove("claim").unwrap_or_default()
}

#[test]
fn every_fact_can_be_a_claim() {
    assert_eq!(values("{request.header['X-Tenant']}"), ["acme"]);
    assert_eq!(values("{request.parameter['p']}"), ["a b"]);
    assert_eq!(values("{request.parameter['empty']}"), [""]);
    assert_eq!(values("{request.cookie['theme']}"), ["dark"]);
    assert_eq!(values("{request.uri}"), ["https://shop.example.com/orders/5?p=a%20b&p=c&empty="]);
    assert_eq!(values("{request.relativePath}"), ["/orders/5"]);
    assert_eq!(values("{request.method}"), ["POST"]);
    assert_eq!(values("{request.remoteAddr}"), ["192.0.2.1"]);
    assert_eq!(values("{request.isSecure}"), ["true"]);
    assert_eq!(values("{request.header['x-odd']}"), ["café"]);
}

#[test]
fn texts_and_placeholders_are_joined() {
    assert_eq!(values(" of {request.header['x-tenant']} by {request.method} "), ["of acme by POST"]);
    assert_eq!(values(" static "), [" static "]);
    assert_eq!(claims("claim = ['a', '{request.method}']")["claim"], ["a", "POST"]);
}

#[test]
fn placeholder_with_none_or_several_values_is_the_whole_answer() {
    assert_eq!(values("x {request.header['x-many']}"), ["one", "two"]);
    assert!(claims("claim = \"x {request.header['x-none']}\"").is_empty());
    assert_eq!(claims("claim = [\"{request.cookie['none']}\", 'b']")["claim"], ["b"]);
}

#[test]
fn what_is_not_known_here_is_a_problem() {
    for text in [
        "{request.body['/a']}",
        "{keycloak.access_token['/sub']}",
        "{request.header}",
        "{request.header['']}",
        "{request.odd}",
        "{",
    ] {
        let problems = compiled(&format!("claim = {text:?}")).unwrap_err();
        assert_eq!(problems[0].key, "claims.claim", "{text}");
    }
    assert!(compiled("\"kc.client.id\" = 'other'").is_err());
}
