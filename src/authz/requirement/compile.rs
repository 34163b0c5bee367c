//! From the configuration to a rule, with everything that is wrong with it.

use super::rule::Rule;
use crate::authz::condition::Condition;
use crate::authz::permission::Permission;
use crate::config::{Problem, RequireConditions, RequireConfig, RequireKeyword};

/// The rule of a `require`; none for `public`.
pub(super) fn rule(key: &str, config: &RequireConfig) -> Result<Option<Rule>, Vec<Problem>> {
    match config {
        RequireConfig::Keyword(RequireKeyword::Public) => Ok(None),
        RequireConfig::Keyword(RequireKeyword::Authenticated) => Ok(Some(Rule::all(Vec::new()))),
        RequireConfig::Conditions(conditions) => {
            let mut compiler = Compiler::default();
            let rule = compiler.conditions(key, conditions);
            if compiler.problems.is_empty() { Ok(Some(rule)) } else { Err(compiler.problems) }
        }
    }
}

#[derive(Default)]
struct Compiler {
    problems: Vec<Problem>,
}

impl Compiler {
    fn conditions(&mut self, key: &str, config: &RequireConditions) -> Rule {
        let at = |member: &str| format!("{key}.{member}");
        let mut rules = Vec::new();
        for name in config.realm_role.as_slice() {
            let condition = Condition::named(&at("realm_role"), name, Condition::RealmRole);
            rules.extend(self.ok(condition).map(Rule::Claims));
        }
        for name in config.client_role.as_slice() {
            let condition = Condition::client_role(&at("client_role"), name);
            rules.extend(self.ok(condition).map(Rule::Claims));
        }
        for name in config.scope.as_slice() {
            let condition = Condition::named(&at("scope"), name, Condition::Scope);
            rules.extend(self.ok(condition).map(Rule::Claims));
        }
        for name in config.group.as_slice() {
            let condition = Condition::named(&at("group"), name, Condition::Group);
            rules.extend(self.ok(condition).map(Rule::Claims));
        }
        if let Some(claim) = &config.claim {
            let condition = Condition::claim(&at("claim"), claim);
            rules.extend(self.ok(condition).map(Rule::Claims));
        }
        if let Some(permission) = &config.permission {
            match Permission::compile(&at("permission"), permission) {
                Ok(permission) => rules.push(Rule::Permission(permission)),
                Err(problems) => self.problems.extend(problems),
            }
        }
        rules.extend(self.nested(&at("all"), &config.all));
        if !config.any.is_empty() {
            rules.push(Rule::any(self.nested(&at("any"), &config.any)));
        }
        if let Some(not) = &config.not {
            rules.extend(self.inner(&at("not"), not).map(|rule| Rule::Not(Box::new(rule))));
        }
        if rules.is_empty() && self.problems.is_empty() {
            self.problems.push(
                Problem::new(key, "there is no condition in it")
                    .hint("for any caller with a good token write \"authenticated\""),
            );
        }
        Rule::all(rules)
    }

    fn nested(&mut self, key: &str, configs: &[RequireConfig]) -> Vec<Rule> {
        let rules = configs.iter().enumerate().map(|(at, config)| self.inner(&format!("{key}.{at}"), config));
        rules.collect::<Vec<_>>().into_iter().flatten().collect()
    }

    /// One word inside a table would make the conditions around it pointless, or could never be met.
    fn inner(&mut self, key: &str, config: &RequireConfig) -> Option<Rule> {
        match config {
            RequireConfig::Conditions(conditions) => Some(self.conditions(key, conditions)),
            RequireConfig::Keyword(keyword) => {
                let word = match keyword {
                    RequireKeyword::Authenticated => "authenticated",
                    RequireKeyword::Public => "public",
                };
                self.problems.push(
                    Problem::new(key, format!("`{word}` is no condition"))
                        .hint(format!("`{word}` stands alone: `require = \"{word}\"`")),
                );
                None
            }
        }
    }

    fn ok<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.problems.push(problem)).ok()
    }
}
