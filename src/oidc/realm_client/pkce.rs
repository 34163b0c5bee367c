//! Proof Key for Code Exchange (RFC 7636).

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};

use crate::connection::{CallError, ErrorClass};

/// A verifier's characters; 64 of them, so that six random bits are one.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// RFC 7636 section 4.1.
const LENGTHS: std::ops::RangeInclusive<usize> = 43..=128;

/// A verifier, which the program keeps, and the challenge that goes to the browser.
#[derive(Clone)]
pub struct Pkce {
    verifier: SecretString,
    method: ChallengeMethod,
}

/// How a challenge is made of the verifier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChallengeMethod {
    /// By SHA-256.
    #[default]
    S256,
    /// It is the verifier, which protects from less.
    Plain,
}

impl Pkce {
    /// A random verifier of the longest length, for S256.
    pub fn generate() -> Result<Self, CallError> {
        Self::generate_with(*LENGTHS.end())
    }

    /// The same with a length from 43 to 128.
    ///
    /// `no call`; python-keycloak `KeycloakOpenID.generate_code_verifier`
    pub fn generate_with(length: usize) -> Result<Self, CallError> {
        let wrong = |fact: &str| CallError::local(ErrorClass::Operation, fact);
        if !LENGTHS.contains(&length) {
            return Err(wrong("a code verifier has 43 to 128 characters"));
        }
        let mut bytes = vec![0; length];
        aws_lc_rs::rand::fill(&mut bytes).map_err(|_| wrong("the system gives no random bytes"))?;
        let verifier = bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 64)));
        Ok(Self::of(&verifier.copied().map(char::from).collect::<String>(), ChallengeMethod::S256))
    }

    /// Of a verifier that is there.
    pub fn of(verifier: &str, method: ChallengeMethod) -> Self {
        Self { verifier: SecretString::from(verifier), method }
    }

    /// For [`TokenRequest::code_verifier`](super::TokenRequest::code_verifier).
    pub fn verifier(&self) -> &str {
        self.verifier.expose_secret()
    }

    /// The value of `code_challenge`.
    ///
    /// `no call`; python-keycloak `KeycloakOpenID.generate_code_challenge`
    pub fn challenge(&self) -> String {
        match self.method {
            ChallengeMethod::S256 => {
                URL_SAFE_NO_PAD.encode(digest(&SHA256, self.verifier().as_bytes()).as_ref())
            }
            ChallengeMethod::Plain => self.verifier().to_owned(),
        }
    }

    /// How the challenge is made.
    pub const fn method(&self) -> ChallengeMethod {
        self.method
    }
}

impl ChallengeMethod {
    /// The value of `code_challenge_method`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::S256 => "S256",
            Self::Plain => "plain",
        }
    }

    /// By its name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::S256, Self::Plain].into_iter().find(|method| method.name() == name)
    }
}

/// Without the verifier.
impl fmt::Debug for Pkce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pkce").field("method", &self.method).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
