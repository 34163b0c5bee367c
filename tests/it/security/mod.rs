//! Every root cause of the field's known bypasses, tried on this gateway. Raw sockets, since libraries tidy requests up.

mod caches;
mod credentials;
mod exhaustion;
mod fail_closed;
mod hop_by_hop;
mod http2;
mod identity;
mod paths;
mod smuggling;
mod trust;
