//! `[[tests]]`.

use super::{is_method, unknown};
use crate::config::{Config, Problem};

pub(super) fn check(config: &Config, problems: &mut Vec<Problem>) {
    for (index, test) in config.tests.iter().enumerate() {
        let key = format!("tests.{index}");
        if !is_request(&test.request) {
            problems.push(
                Problem::new(format!("{key}.request"), format!("`{}` is not a request", test.request))
                    .hint("a request is `GET /orders/1` or `GET http://shop.example.com/orders/1`"),
            );
        }
        if let Some(name) = &test.provider {
            problems.extend(unknown(&format!("{key}.provider"), "provider", name, &config.providers));
        } else if test.claims.is_some() && config.providers.len() > 1 {
            problems.push(
                Problem::new(format!("{key}.claims"), "there are several providers, and the test names none")
                    .hint("add `provider`"),
            );
        }
        if let Some(name) = &test.route {
            problems.extend(unknown(&format!("{key}.route"), "route", name, &config.routes));
        }
        match &test.claims {
            Some(claims) if !claims.is_object() => {
                problems.push(Problem::new(format!("{key}.claims"), "expected a table of claims"));
            }
            None if !test.permissions.is_empty() => {
                problems.push(
                    Problem::new(format!("{key}.permissions"), "permissions without a token")
                        .hint("add `claims`, if only `claims = {}`"),
                );
            }
            _ => {}
        }
    }
}

fn is_request(text: &str) -> bool {
    text.split_once(' ').is_some_and(|(method, rest)| {
        is_method(method)
            && (rest.starts_with('/') || rest.starts_with("http://") || rest.starts_with("https://"))
    })
}
