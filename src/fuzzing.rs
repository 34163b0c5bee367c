//! What strangers send, thrown at what reads it. `fuzz/` calls these functions with a fuzzer's inputs, `tests/fuzz.rs` with
//! a corpus and its mutations.
//!
//! Each panics if its property does not hold, and says whether the input was taken.

use std::path::Path;

use http::header::{AUTHORIZATION, CONNECTION, TE, TRANSFER_ENCODING, UPGRADE};
use http::{HeaderMap, HeaderName, HeaderValue, Uri};
use serde_json::{Map, Value, json};

use crate::authz::{
    Answer, ClientFacts, Evaluated, Identity, Inquiry, JavaRegex, Model, PushedClaims, ResourceId,
    ResourceServer, Settings, Surroundings, UmaRequest, UmaSubject,
};
use crate::config::load_text;
use crate::proxy::headers::{Spellings, strip_hop_by_hop};
use crate::route::{CanonicalPath, EnforcerMatcher, PathMatcher, PathRules, Pattern};
use crate::token::{Check, DecodeKeys, DecodeRules, UnverifiedToken, bearer};

/// Seconds since 1970.
const NOW: i64 = 1_795_608_000;

/// The key of RFC 7515, A.2.
const MODULUS: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";

/// A file of the configuration: what is wrong is said, and can be printed.
pub fn config(data: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(data) else { return false };
    match load_text(Path::new("gateway.toml"), text.to_owned(), [], &[]) {
        Ok(_) => true,
        Err(error) => {
            assert!(!error.problems.is_empty(), "refused, and no reason is given");
            assert!(!error.to_string().is_empty());
            false
        }
    }
}

/// A request for permissions: the trace changes no answer, and nothing is granted that does not exist.
pub fn form(data: &[u8]) -> bool {
    let form: Vec<(String, String)> = url::form_urlencoded::parse(data).into_owned().collect();
    let settings = json!({
        "scopes": [{"name": "view"}, {"name": "edit"}],
        "resources": [{"name": "Orders", "uris": ["/orders/*"], "scopes": [{"name": "view"}, {"name": "edit"}]}],
        "policies": [
            {"name": "clerks", "type": "role", "config": {"roles": "[{\"id\": \"clerk\"}]"}},
            {"name": "may", "type": "scope", "config": {
                "resources": "[\"Orders\"]", "scopes": "[\"view\"]", "applyPolicies": "[\"clerks\"]"}},
        ],
    });
    let surroundings = Surroundings {
        resource_server: Some(ResourceServer { client_id: "shop".to_owned(), id: String::new() }),
        resource_ids: vec![ResourceId {
            id: "1".to_owned(),
            name: "Orders".to_owned(),
            owner: "shop".to_owned(),
        }],
        clients: [("web".to_owned(), ClientFacts { public: Some(false) })].into(),
        ..Surroundings::default()
    };
    let model = Settings::parse(settings.to_string().as_bytes())
        .and_then(|settings| Model::compile(settings, surroundings));
    let claims = br#"{"azp": "web", "realm_access": {"roles": ["clerk"]}}"#;
    let (Ok(model), Some(identity)) = (model, Identity::from_claims(claims)) else { return false };
    let request = UmaRequest { subject: UmaSubject::Bearer(&identity), now: NOW, form: &form };
    let answer = model.answer(&request);
    assert_eq!(answer, model.answer_traced(&request).0);
    let Answer::Local(response) = answer else { return false };
    let told = response.to_json().to_string();
    assert!(!told.contains("\"edit\""), "granted, though no policy says so: {told}");
    true
}

/// Header fields: what is for one hop is gone afterwards, an identity in every spelling, and nothing upgrades to HTTP/2.
pub fn headers(data: &[u8]) -> bool {
    let mut headers = HeaderMap::new();
    for line in data.split(|byte| *byte == b'\n') {
        let mut parts = line.splitn(2, |byte| *byte == b':');
        let (Some(name), Some(value)) = (parts.next(), parts.next()) else { continue };
        let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name), HeaderValue::from_bytes(value.trim_ascii()))
        else {
            continue;
        };
        headers.append(name, value);
    }
    if let Ok(Some(token)) = bearer(&headers) {
        assert_eq!(headers.get_all(AUTHORIZATION).iter().count(), 1, "one of two credentials was chosen");
        assert!(!token.is_empty() && !token.contains(' '));
    }
    let spellings = Spellings::new(["x-auth-user"]);
    spellings.remove(&mut headers);
    assert!(!headers.keys().any(|name| name.as_str().replace('_', "-") == "x-auth-user"));
    let upgrade = strip_hop_by_hop(&mut headers);
    let protocols = upgrade.map(|list| String::from_utf8_lossy(list.as_bytes()).to_lowercase());
    let mut protocols = protocols.iter().flat_map(|list| list.split(','));
    assert!(!protocols.any(|protocol| protocol.trim() == "h2c"), "a way past the gateway");
    for name in [CONNECTION, UPGRADE, HeaderName::from_static("keep-alive")] {
        assert!(!headers.contains_key(&name), "{name} is for one hop");
    }
    assert!(headers.get(TE).is_none_or(|te| te == "trailers"));
    let once = headers.clone();
    assert_eq!(strip_hop_by_hop(&mut headers), None);
    assert_eq!(once, headers, "stripped again, something else is left");
    !headers.is_empty() && !headers.contains_key(TRANSFER_ENCODING)
}

/// A pattern and, in the next line, a text: in a group it says the same.
pub fn java_regex(data: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(data) else { return false };
    let (pattern, text) = text.split_once('\n').unwrap_or((text, ""));
    let Ok(regex) = JavaRegex::compile(pattern) else { return false };
    if regex.can_judge(text)
        && let Ok(grouped) = JavaRegex::compile(&format!("(?:{pattern})"))
    {
        assert_eq!(regex.matches(text), grouped.matches(text), "`{pattern}` on `{text}`");
    }
    true
}

/// A token: what is proven here is proven to jsonwebtoken too, with the same claims.
pub fn jws(data: &[u8]) -> bool {
    let Ok(token) = str::from_utf8(data) else { return false };
    let unverified = UnverifiedToken::parse(token, 16_384);
    assert!(!unverified.is_ok_and(|token| token.issuer.is_some() && token.token.split('.').count() != 3));
    let key = json!({"kty": "RSA", "alg": "RS256", "use": "sig", "n": MODULUS, "e": "AQAB"});
    let Some(keys) = DecodeKeys::from_jwks(&json!({"keys": [key]})) else { return false };
    let rules = DecodeRules {
        without: vec![Check::Audience, Check::Expiry, Check::NotBefore, Check::IssuedAt, Check::TokenId],
        audience: None,
        ..DecodeRules::new("any")
    };
    let Ok(claims) = rules.decode(token, &keys) else { return false };
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
    validation.required_spec_claims.clear();
    (validation.validate_exp, validation.validate_aud) = (false, false);
    let key = jsonwebtoken::DecodingKey::from_rsa_components(MODULUS, "AQAB");
    let theirs = key.and_then(|key| jsonwebtoken::decode::<Map<String, Value>>(token, &key, &validation));
    assert!(theirs.is_ok_and(|theirs| Value::Object(theirs.claims) == claims), "jsonwebtoken does not agree");
    true
}

/// Keycloak's patterns, a line each, and in the last line a path: what is found in any order is found in these two.
pub fn matcher(data: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(data) else { return false };
    let (patterns, path) = text.rsplit_once('\n').unwrap_or(("", text));
    let patterns: Vec<&str> = patterns.lines().take(12).collect();
    let found = |patterns: &[&str]| {
        let matcher = PathMatcher::new(patterns.iter().map(|&pattern| pattern.to_owned()));
        let owner = |index: usize| patterns.get(index).map(|&pattern| pattern.to_owned());
        (matcher.find(path).map(owner), matcher.find_in_any_order(path, owner))
    };
    let (first, in_any_order) = found(&patterns);
    let reversed: Vec<&str> = patterns.iter().rev().copied().collect();
    let (last, also) = found(&reversed);
    assert_eq!(in_any_order, also, "the order is said not to matter, and does: {patterns:?} {path:?}");
    if let Ok(found) = in_any_order {
        assert_eq!((&first, &last), (&found, &found), "{patterns:?} {path:?}");
    }
    let enforcer = EnforcerMatcher::new(patterns.iter().map(|&pattern| pattern.to_owned()));
    if let Ok(Some(index)) = enforcer.find(path) {
        assert!(index < patterns.len(), "none of them");
        enforcer.parent_path(index, path);
    }
    first.is_some()
}

/// A request target: what was read is read the same again, and leads nowhere else.
pub fn path(data: &[u8]) -> bool {
    let Ok(uri) = Uri::try_from(data) else { return false };
    let mut taken = false;
    for (normalize, semicolons) in [(false, false), (true, false), (false, true), (true, true)] {
        let Ok(path) = CanonicalPath::parse(&uri, PathRules { normalize, semicolons }) else { continue };
        let text = path.as_str();
        assert!(text.starts_with('/') && !text.contains("//"), "{text}");
        assert!(!text.split('/').any(|segment| matches!(segment, "." | "..")), "{text}");
        assert!(semicolons || !text.contains(';'), "{text}");
        let again = Uri::try_from(path.path_and_query().as_str());
        let again = again.map(|uri| CanonicalPath::parse(&uri, PathRules { normalize: false, semicolons }));
        let same = |again: CanonicalPath| again.path_and_query().as_str() == path.path_and_query().as_str();
        assert!(again.is_ok_and(|again| again.is_ok_and(same)), "{text} is read in two ways");
        taken = true;
    }
    taken
}

/// A pattern and, in the next line, a path: a table of this one route finds it where the pattern matches.
pub fn pattern(data: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(data) else { return false };
    let (pattern, path) = text.split_once('\n').unwrap_or((text, "/"));
    let Ok(pattern) = Pattern::parse(pattern) else { return false };
    let again = Pattern::parse(pattern.as_str());
    assert!(again.is_ok_and(|again| again == pattern && again.matches(path) == pattern.matches(path)));
    if let Some(differing) = pattern.differs_from_keycloak() {
        assert!(differing.starts_with('/'), "`{differing}` is no path");
    }
    true
}

/// An export of authorization settings: nothing is granted to nobody but what the enforcement mode opens, or a policy.
pub fn settings(data: &[u8]) -> bool {
    let Ok(settings) = Settings::parse(data) else { return false };
    let Ok(model) = Model::compile(settings, Surroundings::default()) else { return false };
    let Some(identity) = Identity::from_claims(b"{}") else { return false };
    let pushed = PushedClaims::default();
    for resource in model.resources() {
        let scopes = &["view".to_owned()];
        let inquiry = Inquiry { identity: &identity, resource, scopes, now: NOW, pushed: &pushed };
        let decision = model.evaluate(&inquiry);
        if let Evaluated::Granted(granted) = &decision {
            assert!(granted.iter().all(|scope| *scope == "view"), "more is granted than was asked for");
        }
        assert_eq!(decision, model.evaluate(&inquiry));
    }
    true
}
