//! May this principal do this?
//!
//! A route's `require` is compiled into a [`Requirement`]. An [`Authorizer`] (one per provider) answers whether a caller
//! meets it: from the token, from remembered decisions, and by asking Keycloak. Only this room can make a [`Permit`].
//!
//! Keycloak's exported [`Settings`] are compiled, with what is known beside them ([`Surroundings`]), into a [`Model`]: it
//! finds the resource of a path, and evaluates Keycloak's policies without asking. [`Model::evaluate`] decides on one
//! resource for an [`Identity`], [`Model::answer`] on a whole request to the token endpoint. Both say just what Keycloak
//! would say, or that it has to be asked; [`Model::explain`] also says why.

mod asker;
mod authorizer;
mod cache;
mod case;
mod claim_points;
mod combination;
mod condition;
mod configured;
mod decision;
mod enforcer_resource;
mod evaluate;
mod evidence;
mod explained;
mod hash_order;
mod identity;
mod java_regex;
mod json;
mod lazy_identity;
mod means;
mod model;
mod model_store;
mod outcomes;
mod permission;
mod policy;
mod pushed;
mod reason;
mod remote;
mod requirement;
mod resource;
mod rpt;
mod settings;
mod spelling;
mod strategy;
mod surroundings;
mod ticket;
mod trace;
mod uma;
mod verdict;
mod verification;

pub use authorizer::{Ask, Authorizer, Decided, Foundation};
pub use claim_points::{ClaimFacts, ClaimPoints};
pub use decision::{Decision, DecisionSource, Keep, Permit, PermitMode, Refusal, RefusalCode, Unguarded};
pub use evaluate::{Evaluated, Inquiry};
pub use explained::{
    Basis, Explained, ExplainedKind, ExplainedPermission, ExplainedRule, Need, Standing, Supposition,
};
pub use identity::Identity;
pub use java_regex::{JavaRegex, NotPortable};
pub use lazy_identity::LazyIdentity;
pub use model::{Model, NamedSubjects, NotOne, RemoteOnly};
pub use pushed::PushedClaims;
pub use reason::RemoteReason;
pub use requirement::{Needs, Requirement};
pub use resource::Resource;
pub use settings::{
    DecisionStrategy, Logic, OwnerSettings, PolicyEnforcementMode, PolicySettings, ResourceSettings,
    ScopeSettings, Settings,
};
pub use surroundings::{ClientFacts, KeycloakVersion, Promises, ResourceId, ResourceServer, Surroundings};
pub use trace::{
    Effect, FoundBy, Trace, TracedEntry, TracedOutcome, TracedPermission, TracedPolicy, UserNames, Wanted,
};
pub use uma::{Answer, GrantedEntry, RequestError, Response, UmaRequest, UmaSubject};
pub use verdict::Cause;
pub use verification::Origin;
