//! The only place where a signature is verified: aws-lc's parsed public keys, one algorithm to each.

use std::fmt;

use aws_lc_rs::rsa::PublicEncryptingKey;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ED25519, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters,
    RsaPublicKeyComponents, VerificationAlgorithm,
};

use crate::config::Algorithm;

/// RFC 7518 section 3.3: RSA keys have 2048 bits or more.
const MIN_RSA_BITS: usize = 2048;

/// A public key with the one algorithm it is used with, whatever a token's header says.
#[derive(Clone)]
pub(super) struct VerifyingKey {
    algorithm: Algorithm,
    key: ParsedPublicKey,
}

impl VerifyingKey {
    /// From modulus and exponent, big-endian. `None`: not an RSA algorithm, or not a good key.
    pub(super) fn rsa(algorithm: Algorithm, modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        let Parameters::Rsa(parameters) = parameters(algorithm) else { return None };
        let components = RsaPublicKeyComponents { n: without_zeros(modulus), e: without_zeros(exponent) };
        // With the exponent 1 every padded digest is its own signature, and aws-lc takes such a key.
        if bits(components.n) < MIN_RSA_BITS || bits(components.e) < 2 {
            return None;
        }
        let key = components.to_parsed_public_key(parameters).ok()?;
        Some(Self { algorithm, key })
    }

    /// From the coordinates, each as long as the curve says (RFC 7518 section 6.2.1). `None`: not an ECDSA algorithm,
    /// or not a point of its curve.
    pub(super) fn ec(algorithm: Algorithm, x: &[u8], y: &[u8]) -> Option<Self> {
        let size = match algorithm {
            Algorithm::ES256 => 32,
            Algorithm::ES384 => 48,
            Algorithm::ES512 => 66,
            _ => return None,
        };
        if x.len() != size || y.len() != size {
            return None;
        }
        // SEC 1 section 2.3.3: an uncompressed point.
        Self::parse(algorithm, &[&[4], x, y].concat())
    }

    /// From the public key's 32 bytes (RFC 8037).
    pub(super) fn ed25519(x: &[u8]) -> Option<Self> {
        if x.len() != 32 {
            return None;
        }
        Self::parse(Algorithm::EdDSA, x)
    }

    /// From a `SubjectPublicKeyInfo` (DER). `None`: a key of another kind than the algorithm's, or an RSA key that is
    /// too short.
    pub(super) fn spki(algorithm: Algorithm, der: &[u8]) -> Option<Self> {
        if let Parameters::Rsa(_) = parameters(algorithm) {
            let bits = PublicEncryptingKey::from_der(der).ok()?.key_size_bits();
            if bits < MIN_RSA_BITS {
                return None;
            }
        }
        Self::parse(algorithm, der)
    }

    fn parse(algorithm: Algorithm, bytes: &[u8]) -> Option<Self> {
        let key = match parameters(algorithm) {
            Parameters::Rsa(parameters) => ParsedPublicKey::new(parameters, bytes),
            Parameters::Curve(parameters) => ParsedPublicKey::new(parameters, bytes),
        };
        let key = key.ok()?;
        Some(Self { algorithm, key })
    }

    /// The one algorithm of this key.
    pub(super) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Whether this is a signature of the message. ECDSA signatures are `r || s` (RFC 7518 section 3.4).
    pub(super) fn is_signature(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify_sig(message, signature).is_ok()
    }
}

impl PartialEq for VerifyingKey {
    fn eq(&self, other: &Self) -> bool {
        self.algorithm == other.algorithm && self.key.as_ref() == other.key.as_ref()
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

/// What the library calls an algorithm.
enum Parameters {
    Rsa(&'static RsaParameters),
    Curve(&'static dyn VerificationAlgorithm),
}

fn parameters(algorithm: Algorithm) -> Parameters {
    match algorithm {
        Algorithm::RS256 => Parameters::Rsa(&RSA_PKCS1_2048_8192_SHA256),
        Algorithm::RS384 => Parameters::Rsa(&RSA_PKCS1_2048_8192_SHA384),
        Algorithm::RS512 => Parameters::Rsa(&RSA_PKCS1_2048_8192_SHA512),
        Algorithm::PS256 => Parameters::Rsa(&RSA_PSS_2048_8192_SHA256),
        Algorithm::PS384 => Parameters::Rsa(&RSA_PSS_2048_8192_SHA384),
        Algorithm::PS512 => Parameters::Rsa(&RSA_PSS_2048_8192_SHA512),
        Algorithm::ES256 => Parameters::Curve(&ECDSA_P256_SHA256_FIXED),
        Algorithm::ES384 => Parameters::Curve(&ECDSA_P384_SHA384_FIXED),
        Algorithm::ES512 => Parameters::Curve(&ECDSA_P521_SHA512_FIXED),
        Algorithm::EdDSA => Parameters::Curve(&ED25519),
    }
}

fn without_zeros(mut number: &[u8]) -> &[u8] {
    while let [0, rest @ ..] = number {
        number = rest;
    }
    number
}

/// The length of a number without leading zeros.
fn bits(number: &[u8]) -> usize {
    number.first().map_or(0, |first| number.len() * 8 - first.leading_zeros() as usize)
}

#[cfg(test)]
mod tests;
