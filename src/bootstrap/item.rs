//! One thing in Keycloak that a plan is about.

use std::fmt;

use super::change::Change;

/// What kind of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A realm role.
    RealmRole,
    /// A client scope.
    ClientScope,
    /// A client.
    Client,
    /// A role of a client.
    ClientRole,
    /// The roles that a role brings along.
    Composites,
    /// Who may have what of a client's resources.
    Policies,
    /// A group.
    Group,
    /// The roles of a group's members.
    GroupRoles,
    /// The roles of a client's own account.
    ServiceAccount,
}

impl Kind {
    /// The words for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RealmRole => "realm role",
            Self::ClientScope => "client scope",
            Self::Client => "client",
            Self::ClientRole => "client role",
            Self::Composites => "composites of role",
            Self::Policies => "policies of client",
            Self::Group => "group",
            Self::GroupRoles => "roles of group",
            Self::ServiceAccount => "service account of",
        }
    }
}

/// What has to be done about a thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Action {
    /// Nothing.
    #[default]
    Keep,
    /// It is not there, and shall be.
    Create,
    /// It is there, and not as it shall be.
    Update,
    /// It is there, and shall not be.
    Delete,
}

impl Action {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// One thing, and what has to be done about it.
#[derive(Clone, Debug)]
pub struct Item {
    /// What it is.
    pub kind: Kind,
    /// What it is called.
    pub name: String,
    /// What has to be done.
    pub action: Action,
    /// Member by member.
    pub changes: Vec<Change>,
    /// What was asked for and does nothing, for people.
    pub notes: Vec<String>,
}

impl Item {
    /// One that is as it shall be.
    pub fn keep(kind: Kind, name: &str) -> Self {
        Self { kind, name: name.to_owned(), action: Action::Keep, changes: Vec::new(), notes: Vec::new() }
    }

    /// One that is not.
    pub fn act(kind: Kind, name: &str, action: Action, changes: Vec<Change>) -> Self {
        Self { kind, name: name.to_owned(), action, changes, notes: Vec::new() }
    }

    /// Whether something has to be done.
    pub fn is_due(&self) -> bool {
        self.action != Action::Keep
    }
}

/// `+ client shop`, with a line for each difference.
impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.action {
            Action::Keep => ' ',
            Action::Create => '+',
            Action::Update => '~',
            Action::Delete => '-',
        };
        write!(f, "{sign} {} `{}`", self.kind.name(), self.name)?;
        self.changes.iter().try_for_each(|change| write!(f, "\n    {change}"))
    }
}
