//! What was decided, by whom, and why. The only place where a [`Permit`] is made.

use super::Trace;

/// The proof that a request may be forwarded. Only this room makes one, so a pipeline without it does not compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit {
    mode: PermitMode,
    source: DecisionSource,
    keep: Option<Keep>,
}

/// How long a permit stands for equal requests: of the same token, by the same method, to the same route, and to the same
/// path where the requirement depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// The number of the settings it was decided by; see [`super::Authorizer::settings_version`].
    pub version: u64,
    /// Seconds since 1970; not at that second any more.
    pub until: i64,
}

impl Permit {
    /// Why it was given.
    pub const fn mode(self) -> PermitMode {
        self.mode
    }

    /// Who decided.
    pub const fn source(self) -> DecisionSource {
        self.source
    }

    /// How long it stands; `None`: for this one request.
    pub const fn keep(self) -> Option<Keep> {
        self.keep
    }

    /// The same, for this one request.
    pub const fn once(self) -> Self {
        Self { keep: None, ..self }
    }

    /// The same, standing for a while: for tests of who remembers it.
    #[cfg(test)]
    pub(crate) const fn standing(self, keep: Keep) -> Self {
        self.kept(Some(keep))
    }

    pub(in crate::authz) const fn grant(mode: PermitMode, source: DecisionSource) -> Self {
        Self { mode, source, keep: None }
    }

    pub(in crate::authz) const fn kept(self, keep: Option<Keep>) -> Self {
        Self { keep, ..self }
    }

    /// For a route that is `public`, or whose enforcement is `disabled`: nothing was checked.
    pub const fn unguarded(mode: Unguarded) -> Self {
        let mode = match mode {
            Unguarded::Public => PermitMode::Public,
            Unguarded::Disabled => PermitMode::Disabled,
        };
        Self { mode, source: DecisionSource::Route, keep: None }
    }
}

/// Why nothing had to be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unguarded {
    /// `require = "public"`.
    Public,
    /// `enforcement = "disabled"`.
    Disabled,
}

/// Why a permit was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PermitMode {
    /// The requirement is met.
    Granted,
    /// The requirement is not met, and the route is `permissive`.
    Permissive,
    /// The route is `public`.
    Public,
    /// The route's enforcement is `disabled`.
    Disabled,
}

impl PermitMode {
    /// The word in logs and metric labels.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Permissive => "permissive",
            Self::Public => "public",
            Self::Disabled => "disabled",
        }
    }
}

/// Who decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecisionSource {
    /// The route needs nothing.
    Route,
    /// The claims of the token.
    Claims,
    /// The permissions inside the token.
    Rpt,
    /// The authorization settings, evaluated here.
    Local,
    /// A remembered answer of Keycloak.
    Cache,
    /// Keycloak, just now.
    Keycloak,
}

impl DecisionSource {
    /// The word in logs and metric labels.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Route => "route",
            Self::Claims => "claims",
            Self::Rpt => "rpt",
            Self::Local => "local",
            Self::Cache => "cache",
            Self::Keycloak => "keycloak",
        }
    }
}

/// The answer to an [`super::Ask`]. There is no default, and `Granted` holds what only this room can make.
#[derive(Clone, Debug)]
pub enum Decision {
    /// Not allowed.
    Refused(Refusal),
    /// Allowed.
    Granted(Permit),
}

/// Why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The stable code.
    pub code: RefusalCode,
    /// Who decided.
    pub source: DecisionSource,
    /// For the operator: what is missing (`realm role `manager``), never a token.
    pub detail: String,
    /// OAuth scopes that would help, for `insufficient_scope` (RFC 6750); empty if a scope is not the cause.
    pub scopes: Vec<String>,
    /// What a permission ticket has to ask for, resource and scopes each; empty if a permission is not the cause.
    pub permissions: Vec<(String, Vec<String>)>,
    /// How the settings came to it, where they had a part in it: what `gatecloak explain` shows.
    pub trace: Option<Box<Trace>>,
}

impl Refusal {
    /// With nothing that a scope or a permission would help.
    pub(in crate::authz) const fn new(code: RefusalCode, source: DecisionSource, detail: String) -> Self {
        Self { code, source, detail, scopes: Vec::new(), permissions: Vec::new(), trace: None }
    }

    /// The same, by the claims.
    pub(in crate::authz) const fn by_claims(code: RefusalCode, detail: String) -> Self {
        Self::new(code, DecisionSource::Claims, detail)
    }
}

/// The stable code of a refusal: in answers, logs and metric labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalCode {
    /// A realm or client role is missing.
    RoleMissing,
    /// An OAuth scope is missing.
    ScopeMissing,
    /// A group is missing.
    GroupMissing,
    /// A claim is not as it must be.
    ClaimMismatch,
    /// Keycloak does not grant the permission.
    PermissionDenied,
    /// No resource of the loaded settings has a URI for this path.
    ResourceUnknown,
    /// The question would be longer than Keycloak reads (it would silently answer another question).
    PermissionTooLong,
    /// A `not` condition, or several conditions, none of them alone.
    RequirementNotMet,
    /// Keycloak does not take the token any more.
    TokenRefused,
    /// Keycloak is needed, and could not or must not be asked; 503.
    DecisionUnavailable,
}

impl RefusalCode {
    /// The word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RoleMissing => "role_missing",
            Self::ScopeMissing => "scope_missing",
            Self::GroupMissing => "group_missing",
            Self::ClaimMismatch => "claim_mismatch",
            Self::PermissionDenied => "permission_denied",
            Self::ResourceUnknown => "resource_unknown",
            Self::PermissionTooLong => "permission_too_long",
            Self::RequirementNotMet => "requirement_not_met",
            Self::TokenRefused => "token_refused",
            Self::DecisionUnavailable => "decision_unavailable",
        }
    }
}
