//! An explanation for scripts.

use serde_json::{Value, json};

use super::{Caller, Explained};
use crate::authz::{self, ExplainedKind, ExplainedPermission, ExplainedRule, Need, Trace, UserNames};
use crate::gateway::ExplainedRoute;

impl Explained {
    pub(super) fn as_json(&self) -> String {
        let explanation = &self.explanation;
        let requirement = explanation.requirement.as_ref();
        let value = json!({
            "request": self.request,
            "answer": explanation.answer.name(),
            "status": explanation.answer.status(),
            "code": Some(explanation.code).filter(|code| !code.is_empty()),
            "reason": explanation.reason,
            "source": requirement.map_or("route", |explained| explained.basis.name()),
            "path": explanation.path,
            "route": explanation.route.as_ref().map(route),
            "token": token(&self.caller),
            "require": requirement.and_then(|explained| explained.rule.as_ref()).map(rule),
            "explanation": explanation_of(requirement),
            "needs": requirement.and_then(|explained: &authz::Explained| explained.need.as_ref()).map(need),
            "notes": explanation.notes,
        });
        // A JSON value always has a text.
        serde_json::to_string_pretty(&value).unwrap_or_default()
    }
}

/// As `decision.explanation` in the access log.
fn explanation_of(requirement: Option<&authz::Explained>) -> Option<String> {
    let trace = requirement?.refusal.as_ref()?.trace.as_ref()?;
    Some(trace.summary(UserNames::Included))
}

fn route(route: &ExplainedRoute) -> Value {
    let ExplainedRoute { name, pattern, host, methods, passed_over } = route;
    let passed_over: Vec<Value> =
        passed_over.iter().map(|(name, pattern)| json!({ "name": name, "path": pattern })).collect();
    json!({ "name": name, "path": pattern, "host": host, "methods": methods, "passed_over": passed_over })
}

fn token(caller: &Caller) -> Value {
    match caller {
        Caller::Nobody => Value::Null,
        Caller::Claims(_) => json!({ "good": true, "supposed": true }),
        Caller::Token(judgement) => {
            json!({ "good": judgement.code().is_none(), "supposed": false, "code": judgement.code() })
        }
    }
}

fn rule(explained: &ExplainedRule) -> Value {
    let mut value = match &explained.kind {
        ExplainedKind::All(rules) => json!({ "all": rules.iter().map(rule).collect::<Vec<_>>() }),
        ExplainedKind::Any(rules) => json!({ "any": rules.iter().map(rule).collect::<Vec<_>>() }),
        ExplainedKind::Not(inner) => json!({ "not": rule(inner) }),
        ExplainedKind::Claims(text) => json!({ "claims": text }),
        ExplainedKind::Permission(permission) => json!({ "permission": self::permission(permission) }),
    };
    if let Some(members) = value.as_object_mut() {
        members.insert("standing".to_owned(), explained.standing.name().into());
    }
    value
}

fn permission(permission: &ExplainedPermission) -> Value {
    json!({
        "question": permission.question.as_ref().ok(),
        "error": permission.question.as_ref().err(),
        "source": permission.basis.name(),
        "note": permission.note,
        "trace": permission.trace.as_ref().map(Trace::to_json),
    })
}

fn need(wanted: &Need) -> Value {
    let many = |needs: &[Need]| needs.iter().map(need).collect::<Vec<_>>();
    match wanted {
        Need::This(text) => json!(text),
        Need::All(needs) => json!({ "all": many(needs) }),
        Need::Any(needs) => json!({ "any": many(needs) }),
        Need::Most(needs) => json!({ "most": many(needs) }),
    }
}
