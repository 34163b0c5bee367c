//! `[identity]`.

use http::HeaderName;

use crate::config::{IdentityConfig, Problem, spelling};

/// Words for claims that Keycloak puts in several places.
const WORDS: [&str; 7] =
    ["@username", "@realm_roles", "@client_roles", "@scopes", "@groups", "@client", "@issuer"];

/// Headers with a meaning of their own, which must not be overwritten.
const RESERVED: [&str; 12] = [
    "authorization",
    "connection",
    "content-length",
    "cookie",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

pub(super) fn check(identity: &IdentityConfig, problems: &mut Vec<Problem>) {
    for (header, claim) in &identity.headers {
        let key = format!("identity.headers.{header}");
        header_name(&key, header, problems);
        if claim.is_empty() {
            problems.push(Problem::new(&key, "the claim has no name"));
        } else if claim.starts_with('@') && !WORDS.contains(&claim.as_str()) {
            let mut problem = Problem::new(&key, format!("there is no word `{claim}` for a claim"));
            problem.hint = spelling::hint(claim, WORDS);
            problems.push(problem);
        }
    }
    for (index, header) in identity.remove.iter().enumerate() {
        header_name(&format!("identity.remove.{index}"), header, problems);
    }
}

fn header_name(key: &str, header: &str, problems: &mut Vec<Problem>) {
    if header.parse::<HeaderName>().is_err() {
        problems.push(Problem::new(key, format!("`{header}` is not the name of a header")));
    } else if RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(header)) {
        let problem = Problem::new(key, format!("`{header}` has a meaning of its own"));
        problems.push(if header.eq_ignore_ascii_case("authorization") {
            problem.hint("see `identity.authorization_header`")
        } else {
            problem
        });
    }
}
