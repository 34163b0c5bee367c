use serde_json::json;

use super::*;
use crate::token::fixture::{claims, encode, header, token};

fn parse(token: &str) -> Result<UnverifiedToken<'_>, TokenError> {
    UnverifiedToken::parse(token, 16 * 1024)
}

fn refusal(token: &str) -> TokenError {
    parse(token).unwrap_err()
}

/// A token with this header, good claims and some signature.
fn with_header(header: &str) -> String {
    format!("{}.{}.{}", encode(header), encode(claims().to_string()), encode([1; 256]))
}

#[test]
fn a_jws_tells_its_issuer() {
    let token = token(json!({}));
    assert_eq!(parse(&token).unwrap().issuer.as_deref(), Some("https://sso.example.com/realms/shop"));
}

#[test]
fn a_token_without_a_dot_is_opaque() {
    for token in ["2YotnFZFEjr1zCsicMWpAA", "a", "a=="] {
        let opaque = parse(token).unwrap();
        assert!(opaque.issuer.is_none() && opaque.jws().is_none());
    }
}

#[test]
fn what_has_dots_and_is_no_jws_is_malformed_and_not_opaque() {
    let good = token(json!({}));
    let (head, rest) = good.split_once('.').unwrap();
    let (payload, signature) = rest.split_once('.').unwrap();
    for bad in [
        "x.y.z".to_owned(),
        "..".to_owned(),
        "...".to_owned(),
        ".".to_owned(),
        "a.b".to_owned(),
        format!("{head}.{payload}"),
        format!("{good}."),
        format!(".{good}"),
        format!("{good}.{signature}"),
        format!("{head}.{payload}.{signature}.{signature}.{signature}"),
        format!("{head}..{signature}"),
        format!(".{payload}.{signature}"),
        format!("{head}.{}.{signature}", encode("[]")),
        format!("{head}.{}.{signature}", encode("\"text\"")),
        format!("{head}.{}.{signature}", encode("")),
        format!("{head}.{}.{signature}", encode("{}{}")),
        format!("{head}.{}.{signature}", encode(b"{\"iss\":\"\xff\"}")),
    ] {
        assert!(matches!(refusal(&bad), TokenError::TokenMalformed(_)), "{bad}");
    }
}

#[test]
fn base64url_has_one_spelling() {
    let good = token(json!({}));
    let (head, rest) = good.split_once('.').unwrap();
    let (payload, signature) = rest.split_once('.').unwrap();
    // 256 bytes end in a letter with four bits that count for nothing.
    let (stem, last) = signature.split_at(signature.len() - 1);
    let stray = char::from(last.as_bytes()[0] + 1);
    for bad in [
        format!("{head}=.{payload}.{signature}"),
        format!("{head}.{payload}==.{signature}"),
        format!("{head}.{payload}.{signature}="),
        format!("{head}.{payload}.{signature}=="),
        format!("{head}.{payload}.{stem}{stray}"),
        format!("{head}.{payload}.{signature} "),
        format!(" {head}.{payload}.{signature}"),
        format!("{head}.{payload}\n.{signature}"),
        format!("{head}.{payload}.{signature}\0"),
        format!("{head}.{}.{signature}", payload.replace(['-', '_'], "+") + "+"),
        format!("{head}.{payload}.{signature}%3D"),
    ] {
        assert!(matches!(refusal(&bad), TokenError::TokenMalformed(_)), "{bad}");
    }
}

#[test]
fn the_length_is_checked_before_anything_else() {
    let token = token(json!({}));
    let length = u64::try_from(token.len()).unwrap();
    assert!(UnverifiedToken::parse(&token, length).is_ok());
    let refused = UnverifiedToken::parse(&token, length - 1).unwrap_err();
    assert_eq!(refused, TokenError::TokenOversized(length - 1));
    assert_eq!(refusal(&".".repeat(100_000)), TokenError::TokenOversized(16 * 1024));
}

#[test]
fn a_hundred_thousand_dots_are_refused_at_the_third() {
    let dots = ".".repeat(100_000);
    let refused = UnverifiedToken::parse(&dots, 1 << 20).unwrap_err();
    assert_eq!(refused, TokenError::TokenMalformed("it does not have three parts"));
}

#[test]
fn algorithms_that_are_not_signatures_of_a_public_key_do_not_exist() {
    for alg in [
        "none",
        "None",
        "NONE",
        "nOnE",
        "HS256",
        "HS384",
        "HS512",
        "hs256",
        "rs256",
        "Rs256",
        "ES256K",
        "RS1",
        "dir",
        "RSA-OAEP",
        "",
        " RS256",
        "RS256 ",
        "RS256\u{0}",
        "Ed25519",
        "EDDSA",
        "A128KW",
        "ES256 ",
    ] {
        let token = with_header(&json!({ "alg": alg, "kid": "rsa" }).to_string());
        assert_eq!(refusal(&token), TokenError::AlgorithmUnsupported, "{alg}");
        // The classic: without a signature.
        let (signed, _) = token.rsplit_once('.').unwrap();
        assert_eq!(refusal(&format!("{signed}.")), TokenError::AlgorithmUnsupported, "{alg}");
    }
}

#[test]
fn a_header_must_be_an_object_with_an_alg_that_is_text() {
    for header in [
        "{}",
        "null",
        "[]",
        r#"["RS256"]"#,
        r#"["RS256","rsa","JWT"]"#,
        "7",
        "",
        r#"{"alg":null}"#,
        r#"{"alg":["RS256"]}"#,
        r#"{"alg":{}}"#,
        r#"{"kid":"rsa"}"#,
        r#"{"alg":"RS256","kid":7}"#,
        r#"{"alg":"RS256","kid":["rsa"]}"#,
        r#"{"alg":"RS256","typ":7}"#,
        r#"{"alg":"RS256"} x"#,
        r#"{"alg":"RS256",}"#,
        "\u{feff}{\"alg\":\"RS256\"}",
    ] {
        assert!(matches!(refusal(&with_header(header)), TokenError::TokenMalformed(_)), "{header}");
    }
}

#[test]
fn repeated_header_members_are_refused() {
    for header in [
        r#"{"alg":"RS256","alg":"none"}"#,
        r#"{"alg":"none","alg":"RS256"}"#,
        r#"{"alg":"RS256","\u0061lg":"RS256"}"#,
        r#"{"alg":"RS256","kid":"a","kid":"rsa"}"#,
        r#"{"alg":"RS256","typ":"JWT","typ":"JWT"}"#,
    ] {
        assert!(matches!(refusal(&with_header(header)), TokenError::TokenMalformed(_)), "{header}");
    }
}

#[test]
fn critical_parameters_are_refused_whatever_they_are() {
    for members in [
        json!({ "crit": ["exp"] }),
        json!({ "crit": [] }),
        json!({ "crit": "b64" }),
        json!({ "crit": ["b64"], "b64": false }),
        json!({ "b64": false }),
        json!({ "b64": true }),
    ] {
        let mut header = header(crate::config::Algorithm::RS256);
        header.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        assert_eq!(refusal(&with_header(&header.to_string())), TokenError::CriticalHeader, "{members}");
    }
    assert_eq!(refusal(&with_header(r#"{"alg":"RS256","crit":null}"#)), TokenError::CriticalHeader);
}

#[test]
fn encryption_and_compression_are_refused() {
    for header in [
        r#"{"alg":"RS256","zip":"DEF"}"#,
        r#"{"alg":"RS256","enc":"A256GCM"}"#,
        r#"{"alg":"RS256","enc":null}"#,
        r#"{"alg":"dir","enc":"A256GCM"}"#,
    ] {
        assert!(matches!(refusal(&with_header(header)), TokenError::TokenMalformed(_)), "{header}");
    }
}

#[test]
fn types_of_other_kinds_of_jwt_are_refused() {
    for typ in ["logout+jwt", "dpop+jwt", "secevent+jwt", "JOSE", "", "at+jwt2", "application/", "x/at+jwt"] {
        let token = with_header(&json!({ "alg": "RS256", "typ": typ }).to_string());
        assert!(matches!(refusal(&token), TokenError::TypeMismatch(_)), "{typ}");
    }
    for typ in
        ["JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt", "Application/AT+jwt", "application/jwt"]
    {
        assert!(parse(&with_header(&json!({ "alg": "RS256", "typ": typ }).to_string())).is_ok(), "{typ}");
    }
}

#[test]
fn an_unknown_type_is_not_repeated_in_the_error() {
    let token = with_header(&json!({ "alg": "RS256", "typ": "a\nlevel=error" }).to_string());
    assert_eq!(refusal(&token), TokenError::TypeMismatch("unknown".to_owned()));
}

#[test]
fn a_kid_as_long_as_a_book_is_refused() {
    let token = with_header(&json!({ "alg": "RS256", "kid": "k".repeat(257) }).to_string());
    assert!(matches!(refusal(&token), TokenError::TokenMalformed(_)));
}

#[test]
fn a_jws_without_an_issuer_is_no_opaque_token() {
    let token = token(json!({ "iss": null }));
    assert_eq!(refusal(&token), TokenError::ClaimMissing("iss".to_owned()));
}

#[test]
fn debug_output_holds_no_part_of_the_token() {
    let token = token(json!({}));
    let shown = format!("{:?}", parse(&token).unwrap());
    for part in token.split('.') {
        assert!(!shown.contains(part));
    }
    assert!(!shown.contains("alice"));
}
