//! What a policy or a permission says: yes, no, or that it cannot be told here.

use std::fmt;

/// The place of a policy among those of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct PolicyId(pub(super) usize);

/// What is said, as far as it can be known without Keycloak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Permit,
    Deny,
    /// One of the two; evaluating it does not fail.
    Unknown(Doubt),
    /// Evaluating it may fail in Keycloak, and then everything is refused.
    Risky(Doubt),
    /// Evaluating it fails in Keycloak.
    Fails,
}

/// Which policy cannot be evaluated here, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Doubt {
    pub(super) policy: PolicyId,
    pub(super) cause: Cause,
}

/// Why something cannot be known without Keycloak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// `fetchRoles`: the user's roles of now, from Keycloak's database.
    RolesFetched,
    /// The token has no groups, so Keycloak looks into its database; or the policy names no claim.
    GroupsNotInToken,
    /// The name of a group holds a `/`.
    GroupNameWithSlash,
    /// Whether a group's children count differs between versions of Keycloak.
    VersionUnknown,
    /// The token does not say whose it is.
    UserUnknown,
    /// A type of policy that is evaluated by Keycloak only: scripts, extensions.
    TypeUnknown,
    /// The configuration of the policy is not what it should be.
    ConfigUnreadable,
    /// It names a policy that is not in the settings.
    PolicyMissing,
    /// It is made of permissions, or of itself.
    PolicyMisplaced,
    /// The pattern uses what Java's regular expressions alone understand.
    PatternNotPortable,
    /// The value has line breaks, or an order of Java's, or is too deep or too long.
    ValueUnsure,
    /// A date that Keycloak may or may not understand.
    DateUnreadable,
    /// Keycloak's time zone is not known.
    TimeZoneUnknown,
}

impl Cause {
    /// The reason, in words.
    pub fn reason(self) -> &'static str {
        match self {
            Self::RolesFetched => "it looks up the user's roles (`fetchRoles`)",
            Self::GroupsNotInToken => {
                "the token has no groups for it, so that the user's groups are looked up"
            }
            Self::GroupNameWithSlash => "the name of a group has a `/`",
            Self::VersionUnknown => "versions of keycloak differ here",
            Self::UserUnknown => "the token does not name its user",
            Self::TypeUnknown => "its type is evaluated by keycloak only",
            Self::ConfigUnreadable => "its configuration cannot be read",
            Self::PolicyMissing => "it applies a policy that is not in the settings",
            Self::PolicyMisplaced => "it applies a permission, or itself",
            Self::PatternNotPortable => {
                "its pattern is outside the portable part of java's regular expressions"
            }
            Self::ValueUnsure => "the text that java would compare is not certain",
            Self::DateUnreadable => "it has a date that is not `yyyy-MM-dd HH:mm:ss`",
            Self::TimeZoneUnknown => "keycloak's time zone is not known",
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason())
    }
}

impl Verdict {
    /// As `logic = NEGATIVE` turns it.
    pub(super) fn negated(self) -> Self {
        match self {
            Self::Permit => Self::Deny,
            Self::Deny => Self::Permit,
            other => other,
        }
    }
}
