//! The order of the layers: the composition root of one worker.

use std::sync::Arc;

use tower::{Layer, layer::util::Stack as Then};

use super::gate::{Gate, GateLayer};
use super::{Authenticate, Authorize, FindRoute, Forward};
use crate::proxy::Client;

/// The way of a request, from its arrival to its answer.
pub(super) type Stack = Gate<FindRoute, Gate<Authenticate, Gate<Authorize, Forward>>>;

/// Builds it for one worker, whose connections to the upstreams `client` keeps.
pub(super) fn stack(client: Arc<Client>) -> Stack {
    // First the route: which rule guards the request decides all that follows, and what can be read in two ways must not
    // come to be decided on.
    let route = GateLayer::new(FindRoute);
    // Then the caller. Before the decision, and before the upstream is so much as chosen: a refusal costs it nothing.
    let authenticate = GateLayer::new(Authenticate);
    // Then the decision, which alone makes the permit that `Forward` asks for.
    let authorize = GateLayer::new(Authorize);
    // A `Then` applies its first argument innermost.
    Then::new(authorize, Then::new(authenticate, route)).layer(Forward::new(client))
}
