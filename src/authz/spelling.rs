//! How a question is written for Keycloak, and which cannot be written.

use super::decision::{Refusal, RefusalCode};
use super::requirement::Question;

/// Keycloak drops the values of `permission` when they are together longer than 4000 UTF-16 units, and then answers for
/// everything. Half of that is far from it, and more than any honest question.
const UNITS: usize = 2000;

/// `RESOURCE#SCOPE,SCOPE`.
///
/// A text with a `-` in it is looked up as an id first, by Keycloak, whether it is one or a name; so the answer is compared by
/// that which was asked for.
pub(super) fn permission(question: &Question) -> String {
    if question.scopes.is_empty() {
        question.resource.clone()
    } else {
        format!("{}#{}", question.resource, question.scopes.join(","))
    }
}

/// Refuses questions that Keycloak would read as other ones than they are.
pub(super) fn check(questions: &[Question]) -> Result<(), Refusal> {
    let mut units = 0_usize;
    for question in questions {
        if let Some(fact) = misread(question) {
            return Err(refusal(fact.to_owned()));
        }
        units = units.saturating_add(permission(question).encode_utf16().count());
    }
    if units > UNITS {
        return Err(refusal(format!(
            "the permissions to ask for have {units} characters, more than {UNITS}"
        )));
    }
    Ok(())
}

fn refusal(detail: String) -> Refusal {
    Refusal::by_claims(RefusalCode::PermissionTooLong, detail)
}

/// What Keycloak would do to the text.
fn misread(question: &Question) -> Option<&'static str> {
    if question.resource.trim().is_empty() {
        // Keycloak would look for the scopes on any resource.
        return Some("the resource to ask for has no name");
    }
    if question.resource.contains('#') || question.scopes.iter().any(|scope| scope.contains(['#', ','])) {
        return Some("a `#` in a resource or scope, or a `,` in a scope, would be read as a separator");
    }
    if question.scopes.iter().any(|scope| scope.trim().is_empty()) {
        return Some("an empty scope would be left out");
    }
    let mut texts = std::iter::once(&question.resource).chain(&question.scopes);
    texts.any(|text| is_edited(text)).then_some("a resource or scope has characters that Keycloak removes")
}

/// Keycloak removes control characters, the text of percent-escapes of them, and what is left of terminal colours.
fn is_edited(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_control())
        || text.split('%').skip(1).any(is_control_escape)
        || text.split('[').skip(1).any(is_colour)
}

/// `00` to `1F` and `7F`, after the `%`.
fn is_control_escape(rest: &str) -> bool {
    let mut digits = rest.chars();
    let mut digit = || digits.next().and_then(|c| c.to_digit(16));
    matches!((digit(), digit()), (Some(0 | 1), Some(_)) | (Some(7), Some(15)))
}

/// Digits and semicolons up to an `m`, after the `[`.
fn is_colour(rest: &str) -> bool {
    rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').starts_with('m')
}

#[cfg(test)]
mod tests;
