//! `[upstreams.NAME]`.

use super::url;
use crate::config::{Config, Problem};

/// More attempts only make an outage worse.
const MOST_ATTEMPTS: u32 = 10;

pub(super) fn check(config: &Config, problems: &mut Vec<Problem>) {
    for (name, upstream) in &config.upstreams {
        let key = format!("upstreams.{name}");
        if upstream.endpoints.is_empty() {
            problems
                .push(Problem::new(format!("{key}.endpoints"), "an upstream needs at least one endpoint"));
        }
        for (index, endpoint) in upstream.endpoints.iter().enumerate() {
            problems.extend(url::check(&format!("{key}.endpoints.{index}"), endpoint, false));
        }
        for (name, period) in
            [("connect", upstream.timeouts.connect), ("first_byte", upstream.timeouts.first_byte)]
        {
            if period.get().is_zero() {
                problems.push(Problem::new(
                    format!("{key}.timeouts.{name}"),
                    format!("`{name}` must be more than 0"),
                ));
            }
        }
        if upstream.retry.attempts > MOST_ATTEMPTS {
            problems.push(Problem::new(format!("{key}.retry.attempts"), "more than 10 further attempts"));
        }
        match (&upstream.tls.certificate, &upstream.tls.key) {
            (Some(_), None) => {
                problems
                    .push(Problem::new(format!("{key}.tls.certificate"), "`certificate` without its `key`"));
            }
            (None, Some(_)) => {
                problems.push(Problem::new(format!("{key}.tls.key"), "`key` without its `certificate`"));
            }
            _ => {}
        }
    }
}
