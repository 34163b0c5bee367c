//! `[providers.NAME]`.

use std::collections::BTreeMap;

use super::url;
use crate::config::{Config, IntrospectionMode, Period, Problem, ProviderConfig};

/// More than this is no difference of clocks.
const MOST_LEEWAY: Period = Period::secs(60);

pub(super) fn check(config: &Config, problems: &mut Vec<Problem>) {
    let mut issuers: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, provider) in &config.providers {
        check_one(&format!("providers.{name}"), provider, problems);
        if let Some(other) = issuers.insert(&provider.issuer, name) {
            problems.push(Problem::new(
                format!("providers.{name}.issuer"),
                format!("`providers.{other}` has the same issuer"),
            ));
        }
    }
}

fn check_one(key: &str, provider: &ProviderConfig, problems: &mut Vec<Problem>) {
    let mut refuse = |name: &str, message: &str, hint: &str| {
        let problem = Problem::new(format!("{key}.{name}"), message);
        problems.push(if hint.is_empty() { problem } else { problem.hint(hint) });
    };
    if provider.client_id.is_empty() {
        refuse("client_id", "`client_id` is empty", "");
    }
    if provider.concurrency == 0 {
        refuse("concurrency", "`concurrency` must be more than 0", "");
    }
    if provider.timeout.get().is_zero() {
        refuse("timeout", "`timeout` must be more than 0", "");
    }
    for (name, period) in [
        ("jwks.refetch_after", provider.jwks.refetch_after),
        ("jwks.cool_down", provider.jwks.cool_down),
        ("jwks.max_stale", provider.jwks.max_stale),
    ] {
        if period.get().is_zero() {
            refuse(name, "this time must be more than 0", "");
        }
    }
    match (&provider.jwks.pem, provider.jwks.pem_algorithm) {
        (None, Some(_)) => {
            refuse("jwks.pem_algorithm", "`pem_algorithm` without `pem`", "name the key's file in `pem`")
        }
        (Some(_), Some(algorithm)) if !provider.token.algorithms.contains(&algorithm) => {
            refuse("jwks.pem_algorithm", "this algorithm is not among `token.algorithms`", "");
        }
        _ => {}
    }
    let token = &provider.token;
    if token.leeway > MOST_LEEWAY {
        refuse(
            "token.leeway",
            "`leeway` is at most 60 s",
            "set the clocks right; a large leeway keeps expired tokens alive",
        );
    }
    if token.algorithms.is_empty() {
        refuse(
            "token.algorithms",
            "no algorithm is accepted",
            "leave the key out to accept all that are safe",
        );
    }
    if token.any_audience && !token.audience.is_empty() {
        refuse("token.any_audience", "`any_audience` contradicts `audience`", "keep one of the two");
    }
    if token.max_bytes.get() == 0 {
        refuse("token.max_bytes", "`max_bytes` must be more than 0", "");
    }
    if provider.introspection.mode == IntrospectionMode::Always && provider.client_secret.is_none() {
        refuse("introspection.mode", "introspection needs `client_secret`", "");
    }
    authorization(key, provider, problems);
    problems.extend(url::check(&format!("{key}.issuer"), &provider.issuer, true));
    if let Some(internal) = &provider.internal_url {
        problems.extend(url::check(&format!("{key}.internal_url"), internal, true));
    }
    if provider.issuer.ends_with("/.well-known/openid-configuration") {
        problems.push(
            Problem::new(
                format!("{key}.issuer"),
                "this is the address of the discovery document, not the issuer",
            )
            .hint("the issuer ends with `/realms/NAME`"),
        );
    }
}

fn authorization(key: &str, provider: &ProviderConfig, problems: &mut Vec<Problem>) {
    let authorization = &provider.authorization;
    let mut refuse = |name: &str, message: &str, hint: &str| {
        problems.push(Problem::new(format!("{key}.authorization.{name}"), message).hint(hint));
    };
    if authorization.fetch && authorization.settings.is_some() {
        refuse("fetch", "`fetch` contradicts `settings`", "keep one of the two");
    }
    if authorization.fetch && provider.client_secret.is_none() {
        refuse("fetch", "fetching settings needs `client_secret`", "set `client_secret` of the provider");
    }
    for (name, period) in [("refresh", authorization.refresh), ("max_age", authorization.max_age)] {
        if period.get().is_zero() {
            refuse(name, "this time must be more than 0", "leave the key out for the default");
        }
    }
    if authorization.fetch && authorization.max_age <= authorization.refresh {
        refuse("max_age", "settings would be too old before they are fetched again", "more than `refresh`");
    }
    if !authorization.admin_events.get().is_zero() && !authorization.fetch {
        refuse(
            "admin_events",
            "only settings that are fetched are fetched again",
            "set `fetch`, or leave `admin_events` out",
        );
    }
    if !(0.0..=1.0).contains(&authorization.verify_share) {
        refuse("verify_share", "a share is from 0 to 1", "0.01 is one decision in a hundred");
    }
}
