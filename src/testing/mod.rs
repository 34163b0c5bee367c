//! The demo and the tests share one cast: a development issuer, tokens with one thing wrong, upstreams that misbehave by
//! name, a proxy that cuts connections, a gateway from a TOML string.
