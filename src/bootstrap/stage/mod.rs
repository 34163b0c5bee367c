//! The kinds of things that wanted state is made of, in the order in which they are brought about: each needs those before it.

mod client;
mod client_role;
mod client_scope;
mod composite;
mod group;
mod group_roles;
mod mapping;
mod policies;
mod realm_role;
mod role;
mod service_account;

use futures_util::future::BoxFuture;

use super::desired::Desired;
use super::error::BootstrapError;
use super::item::{Item, Kind};
use crate::admin::Realm;

/// Every kind, in order.
pub(super) const STAGES: [Kind; 9] = [
    Kind::RealmRole,
    Kind::ClientScope,
    Kind::Group,
    Kind::Client,
    Kind::ClientRole,
    Kind::Composites,
    // They name everything before them: Keycloak leaves out of a policy what is not there.
    Kind::Policies,
    Kind::GroupRoles,
    Kind::ServiceAccount,
];

/// What brings one thing about.
pub(super) type Work = Box<dyn FnOnce(Realm) -> BoxFuture<'static, Result<(), BootstrapError>> + Send>;

/// One thing, and how it is brought about.
pub(super) struct Step {
    pub(super) item: Item,
    pub(super) work: Work,
}

impl Step {
    pub(super) fn new<F>(item: Item, work: impl FnOnce(Realm) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Result<(), BootstrapError>> + Send + 'static,
    {
        Self { item, work: Box::new(move |realm| Box::pin(work(realm))) }
    }

    /// One that is as it shall be.
    pub(super) fn keep(kind: Kind, name: &str) -> Self {
        Self::new(Item::keep(kind, name), |_| async { Ok(()) })
    }
}

/// The steps of one kind, by what is there now. Only reads.
pub(super) async fn steps(kind: Kind, realm: &Realm, desired: &Desired) -> Result<Vec<Step>, BootstrapError> {
    match kind {
        Kind::RealmRole => realm_role::steps(realm, desired).await,
        Kind::ClientScope => client_scope::steps(realm, desired).await,
        Kind::Client => client::steps(realm, desired).await,
        Kind::ClientRole => client_role::steps(realm, desired).await,
        Kind::Composites => composite::steps(realm, desired).await,
        Kind::Policies => policies::steps(realm, desired).await,
        Kind::Group => group::steps(realm, desired).await,
        Kind::GroupRoles => group_roles::steps(realm, desired).await,
        Kind::ServiceAccount => service_account::steps(realm, desired).await,
    }
}
