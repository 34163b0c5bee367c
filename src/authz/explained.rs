//! Why a requirement comes out as it does for a caller, condition by condition.
//!
//! Nothing is asked and nothing is remembered: where Keycloak would have to be asked, that is the answer.

mod need;
mod oracle;

use http::Method;

pub use self::need::Need;
pub(in crate::authz) use self::oracle::Known;
use super::{Identity, PushedClaims, Refusal, Trace};
use crate::config::EvaluationMode;
use crate::token::Principal;

/// A caller, and a request, as they are supposed.
#[derive(Clone, Copy, Debug)]
pub struct Supposition<'a> {
    /// The caller.
    pub principal: &'a Principal,
    /// The caller as Keycloak's policies see it, if that is known.
    pub identity: Option<&'a Identity>,
    /// Who decides on permissions.
    pub evaluation: EvaluationMode,
    /// The HTTP method.
    pub method: &'a Method,
    /// The canonical path.
    pub path: &'a str,
    /// Claims that come with the request.
    pub pushed: &'a PushedClaims,
    /// Seconds since 1970.
    pub now: i64,
    /// Only roles, scopes and groups are told: what depends on the user, the client, the time or other claims is
    /// [`Standing::Depends`].
    pub open_ended: bool,
}

/// How a requirement comes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The outcome.
    pub standing: Standing,
    /// The conditions; `None`: there are none.
    pub rule: Option<ExplainedRule>,
    /// Why not, if it is refused.
    pub refusal: Option<Refusal>,
    /// Why Keycloak would be asked, if it would be.
    pub remote_reason: Option<String>,
    /// What decides.
    pub basis: Basis,
    /// What would have to change, if it is not met.
    pub need: Option<Need>,
}

/// The outcome of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is not met.
    NotMet,
    /// It cannot be judged, which is no yes: a claim is not there at all, a resource is not found.
    Unclear,
    /// Keycloak would be asked.
    AsksKeycloak,
    /// It depends on what is not supposed.
    Depends,
    /// It is met.
    Met,
}

/// What decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// The claims of the token.
    Claims,
    /// Permissions inside the token.
    Rpt,
    /// The loaded authorization settings.
    Settings,
    /// Keycloak.
    Keycloak,
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedRule {
    /// Its outcome.
    pub standing: Standing,
    /// What it is.
    pub kind: ExplainedKind,
}

/// What a condition is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExplainedKind {
    /// All of these; of none: a good token is enough.
    All(Vec<ExplainedRule>),
    /// At least one of these.
    Any(Vec<ExplainedRule>),
    /// Not this.
    Not(Box<ExplainedRule>),
    /// One by claims, in words: `realm role `manager``.
    Claims(String),
    /// A permission of Keycloak's.
    Permission(Box<ExplainedPermission>),
}

/// A permission of Keycloak's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedPermission {
    /// `RESOURCE#SCOPE,SCOPE`; or why there is nothing to ask for.
    pub question: Result<String, String>,
    /// Who answers.
    pub basis: Basis,
    /// What there is to say beside the trace: why Keycloak would be asked, why there is no resource...
    pub note: Option<String>,
    /// The permissions and policies of the settings.
    pub trace: Option<Trace>,
    /// What would have to change for a yes.
    pub need: Option<Need>,
}

impl Standing {
    /// In a word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotMet => "not_met",
            Self::Unclear => "unclear",
            Self::AsksKeycloak => "asks_keycloak",
            Self::Depends => "depends",
            Self::Met => "met",
        }
    }
}

impl Basis {
    /// In a word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Claims => "claims",
            Self::Rpt => "rpt",
            Self::Settings => "settings",
            Self::Keycloak => "keycloak",
        }
    }
}

impl ExplainedRule {
    /// All permissions in it.
    pub fn permissions(&self) -> Vec<&ExplainedPermission> {
        match &self.kind {
            ExplainedKind::All(rules) | ExplainedKind::Any(rules) => {
                rules.iter().flat_map(Self::permissions).collect()
            }
            ExplainedKind::Not(rule) => rule.permissions(),
            ExplainedKind::Claims(_) => Vec::new(),
            ExplainedKind::Permission(permission) => vec![permission],
        }
    }
}

#[cfg(test)]
mod tests;
