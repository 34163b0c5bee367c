//! An explanation as a person reads it.

use super::{Caller, Explained};
use crate::authz::{
    Basis, Effect, ExplainedKind, ExplainedPermission, ExplainedRule, FoundBy, Need, Standing, TracedEntry,
    TracedPermission, TracedPolicy,
};
use crate::gateway::{ExplainedRoute, ProbeAnswer};

impl Explained {
    pub(super) fn as_text(&self) -> String {
        let mut page = Page::default();
        page.line(0, &self.request);
        page.line(0, "");
        self.route(&mut page);
        self.caller(&mut page);
        self.requirement(&mut page);
        self.conclusion(&mut page);
        page.text
    }

    fn route(&self, page: &mut Page) {
        let Some(ExplainedRoute { name, pattern, host, methods, passed_over }) = &self.explanation.route
        else {
            return;
        };
        let host = host.as_ref().map_or("any host".to_owned(), |host| format!("host `{host}`"));
        let methods = if methods.is_empty() { "any method".to_owned() } else { methods.join(", ") };
        page.line(0, &format!("route `{name}`: path `{pattern}`, {host}, {methods}"));
        for (name, pattern) in passed_over {
            page.line(1, &format!("`{name}` covers it too, less exactly: `{pattern}`"));
        }
    }

    fn caller(&self, page: &mut Page) {
        match &self.caller {
            Caller::Nobody => page.line(0, "caller: no token"),
            Caller::Claims(_) => {
                page.line(0, "caller: the claims, as of a token that has passed every check")
            }
            Caller::Token(judgement) => {
                page.line(0, &format!("caller: {}", judgement.conclusion()));
                judgement.marks().lines().for_each(|mark| page.line(1, mark));
            }
        }
    }

    fn requirement(&self, page: &mut Page) {
        let Some(explained) = &self.explanation.requirement else { return };
        page.line(0, "require");
        if let Some(explained) = &explained.rule {
            rule(page, 1, explained);
        }
    }

    fn conclusion(&self, page: &mut Page) {
        let explanation = &self.explanation;
        page.line(0, "");
        let verdict = match explanation.answer {
            ProbeAnswer::Allowed => "allowed".to_owned(),
            ProbeAnswer::AsksKeycloak | ProbeAnswer::Depends => "not decided here".to_owned(),
            answer => match answer.status() {
                Some(status) => format!("refused, {status} {}", explanation.code),
                None => "refused".to_owned(),
            },
        };
        page.line(0, &format!("{verdict}: {}", explanation.reason));
        if let Some(requirement) = &explanation.requirement {
            page.line(0, &format!("decided by {}", who(requirement.basis)));
        }
        explanation.notes.iter().for_each(|note| page.line(0, &format!("note: {note}")));
        let wants_need = matches!(
            explanation.answer,
            ProbeAnswer::Refused | ProbeAnswer::Unavailable | ProbeAnswer::AsksKeycloak
        );
        if let Some(need) = explanation.requirement.as_ref().and_then(|explained| explained.need.as_ref())
            && wants_need
        {
            page.line(0, "");
            page.line(0, "for a yes it takes");
            self::need(page, 1, need);
        }
    }
}

fn who(basis: Basis) -> &'static str {
    match basis {
        Basis::Claims => "the claims of the token",
        Basis::Rpt => "the permissions in the token",
        Basis::Settings => "the authorization settings, as keycloak would",
        Basis::Keycloak => "keycloak",
    }
}

fn rule(page: &mut Page, depth: usize, rule: &ExplainedRule) {
    let mark = mark(rule.standing);
    match &rule.kind {
        ExplainedKind::All(rules) if rules.is_empty() => page.line(depth, &format!("{mark} a good token")),
        ExplainedKind::All(rules) | ExplainedKind::Any(rules) => {
            let many = if matches!(rule.kind, ExplainedKind::All(_)) { "all of" } else { "any of" };
            page.line(depth, &format!("{mark} {many}"));
            rules.iter().for_each(|rule| self::rule(page, depth + 1, rule));
        }
        ExplainedKind::Not(inner) => {
            page.line(depth, &format!("{mark} not"));
            self::rule(page, depth + 1, inner);
        }
        ExplainedKind::Claims(text) => {
            let stuck = if rule.standing == Standing::Unclear { ": the token does not tell" } else { "" };
            page.line(depth, &format!("{mark} {text}{stuck}"));
        }
        ExplainedKind::Permission(permission) => self::permission(page, depth, mark, permission),
    }
}

fn permission(page: &mut Page, depth: usize, mark: char, permission: &ExplainedPermission) {
    match &permission.question {
        Ok(question) => {
            page.line(depth, &format!("{mark} permission `{question}`, by {}", who(permission.basis)));
        }
        Err(fact) => page.line(depth, &format!("{mark} a permission: {fact}")),
    }
    if let Some(note) = &permission.note {
        page.line(depth + 1, note);
    }
    let entries = permission.trace.iter().flat_map(|trace| &trace.entries);
    entries.for_each(|entry| self::entry(page, depth + 1, entry));
}

fn entry(page: &mut Page, depth: usize, entry: &TracedEntry) {
    if let Some(resource) = &entry.resource {
        let scopes = if entry.scopes.is_empty() { "none".to_owned() } else { entry.scopes.join(", ") };
        page.line(depth, &format!("resource `{resource}`, scopes: {scopes}"));
    }
    for permission in &entry.permissions {
        let TracedPermission { name, for_scopes, found_by, effect, policies, .. } = permission;
        let kind = if *for_scopes { "scope permission" } else { "resource permission" };
        if !permission.has_say && !entry.is_in_the_way(permission) {
            page.line(depth, &format!("- {kind} `{name}` has no say: it is for other scopes"));
            continue;
        }
        let found = match found_by {
            FoundBy::Resource => "it lists the resource",
            FoundBy::Type => "it is for the resource's type",
            FoundBy::Parent => "it lists a resource of the same type",
            FoundBy::Scope => "it is for the scope",
        };
        let says = effect.map_or("has no policies and says nothing", Effect::verb);
        page.line(depth, &format!("{} {kind} `{name}` {says} ({found})", effect.map_or('-', self::effect)));
        policies.iter().for_each(|policy| self::policy(page, depth + 1, policy));
    }
}

fn policy(page: &mut Page, depth: usize, policy: &TracedPolicy) {
    let TracedPolicy { name, kind, negative, effect, policies, .. } = policy;
    let kind = if *negative { format!("{kind}, negative") } else { kind.clone() };
    let wants = policy.condition().map(|condition| format!(": it wants {condition}")).unwrap_or_default();
    page.line(depth, &format!("{} policy `{name}` ({kind}) {}{wants}", self::effect(*effect), effect.verb()));
    policies.iter().for_each(|policy| self::policy(page, depth + 1, policy));
}

fn need(page: &mut Page, depth: usize, need: &Need) {
    let (head, needs) = match need {
        Need::This(text) => return page.line(depth, &format!("- {text}")),
        Need::All(needs) => ("- all of", needs),
        Need::Any(needs) => ("- one of", needs),
        Need::Most(needs) => ("- most of", needs),
    };
    page.line(depth, head);
    needs.iter().for_each(|need| self::need(page, depth + 1, need));
}

const fn mark(standing: Standing) -> char {
    match standing {
        Standing::Met => '\u{2713}',
        Standing::NotMet | Standing::Unclear => '\u{2717}',
        Standing::AsksKeycloak | Standing::Depends => '?',
    }
}

const fn effect(effect: Effect) -> char {
    match effect {
        Effect::Grant => '\u{2713}',
        Effect::Deny | Effect::Fails => '\u{2717}',
        Effect::Unknown => '?',
    }
}

/// Lines, indented.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    /// Names come from settings and claims: what a terminal might act on is not printed.
    fn line(&mut self, depth: usize, line: &str) {
        if !line.is_empty() {
            self.text.push_str(&"  ".repeat(depth));
        }
        let is_printed = |character: &char| !character.is_control();
        self.text.extend(line.chars().filter(is_printed));
        self.text.push('\n');
    }
}
