//! What all outbound HTTP has in common: no redirects, no proxy of the environment, whose certificates are trusted, and
//! answers that are read up to a bound.

use std::error::Error;
use std::time::Duration;

use bytes::{Bytes, BytesMut};

/// Shorter than what servers and load balancers keep an idle connection for, so that it rarely ends under a call.
const IDLE: Duration = Duration::from_secs(20);

/// Whose certificates are trusted.
#[derive(Debug)]
pub(crate) enum Trust {
    /// The system's authorities.
    System,
    /// The authorities of a PEM file, and no others.
    Only(Vec<u8>),
    /// Nobody's: the server is reached over plain HTTP, and nothing else is ever called. A system without any authority
    /// must not keep anyone from it.
    Nobody,
    /// Everybody's: whoever is between can read and change everything.
    Everybody,
}

/// A client to be completed. The error is a text for the operator, about the certificates.
pub(crate) fn client(trust: &Trust) -> Result<reqwest::ClientBuilder, String> {
    let builder = reqwest::Client::builder()
        .user_agent(concat!("gatecloak/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        // The environment of the process must not decide where tokens and secrets are sent.
        .no_proxy()
        .referer(false)
        .pool_idle_timeout(IDLE);
    Ok(match trust {
        Trust::System => builder,
        Trust::Nobody => builder.tls_certs_only([]),
        Trust::Everybody => builder.tls_danger_accept_invalid_certs(true),
        Trust::Only(pem) => {
            let authorities = reqwest::Certificate::from_pem_bundle(pem).map_err(|error| reason(&error))?;
            if authorities.is_empty() {
                return Err("it holds no certificate in PEM".to_owned());
            }
            builder.tls_certs_only(authorities)
        }
    })
}

/// Why an answer's body is not there.
pub(crate) enum Unread {
    /// It is longer than the bound. What came of it is gone.
    TooLong,
    /// It broke off.
    Broken(reqwest::Error),
}

/// The body, if it is no longer than `most` bytes; one that says so itself is not begun.
pub(crate) async fn body(mut response: reqwest::Response, most: u64) -> Result<Bytes, Unread> {
    if response.content_length().is_some_and(|length| length > most) {
        return Err(Unread::TooLong);
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(Unread::Broken)? {
        if (body.len() as u64).saturating_add(chunk.len() as u64) > most {
            return Err(Unread::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// The innermost cause: the outer ones say no more than that sending failed.
pub(crate) fn reason(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut cause: &dyn Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
