//! `[enforcers.NAME]`.

use super::unknown;
use crate::config::{Config, Problem};

pub(super) fn check(config: &Config, problems: &mut Vec<Problem>) {
    for (name, enforcer) in &config.enforcers {
        let key = |member: &str| format!("enforcers.{name}.{member}");
        if let Some(provider) = &enforcer.provider {
            problems.extend(unknown(&key("provider"), "provider", provider, &config.providers));
        }
        if enforcer.fetch && enforcer.settings.is_some() {
            let problem = Problem::new(key("fetch"), "`fetch` contradicts `settings`");
            problems.push(problem.hint("keep one of the two"));
        }
        if let Some(upstream) = &enforcer.upstream {
            problems.extend(unknown(&key("upstream"), "upstream", upstream, &config.upstreams));
        }
    }
}
