//! What passes through: every protocol on both sides, streaming, trailers, upgrades, bounds, endpoints.

mod bounds;
mod endpoints;
mod expectations;
mod grpc;
mod matrix;
mod messages;
mod streaming;
mod upgrade;
