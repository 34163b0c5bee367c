//! Every root cause of the field's known bypasses, tried on this gateway. Raw sockets, since libraries tidy requests up.

mod caches;
mod credentials;
mod fail_closed;
mod hop_by_hop;
mod identity;
mod paths;
mod smuggling;
mod trust;
