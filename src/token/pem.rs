//! A public key from a PEM file, in place of the realm's key set.

use std::path::Path;

use rustls::pki_types::SubjectPublicKeyInfoDer;
use rustls::pki_types::pem::PemObject as _;

use super::jwk::KeySet;
use super::signature::VerifyingKey;
use crate::config::{Algorithm, JwksConfig, Problem, file_error};

/// Reads the key that `pem` names; a relative path starts at `folder`. `key` is the path of `jwks` in the
/// configuration.
pub(super) fn load(key: &str, config: &JwksConfig, pem: &Path, folder: &Path) -> Result<KeySet, Problem> {
    let file = folder.join(pem);
    let text = std::fs::read(&file).map_err(|error| {
        Problem::new(
            format!("{key}.pem"),
            format!("cannot read `{}`: {}", file.display(), file_error(&error)),
        )
    })?;
    let der = SubjectPublicKeyInfoDer::from_pem_slice(&text).map_err(|_| {
        Problem::new(format!("{key}.pem"), format!("`{}` holds no public key", file.display())).hint(
            "it must have a block `BEGIN PUBLIC KEY`; `openssl x509 -pubkey -noout` makes one from a certificate",
        )
    })?;
    single(key, config.pem_algorithm, &der)
}

fn single(key: &str, algorithm: Option<Algorithm>, der: &[u8]) -> Result<KeySet, Problem> {
    // The curve of every other kind of key says which algorithm it is for.
    const SELF_EVIDENT: [Algorithm; 4] =
        [Algorithm::ES256, Algorithm::ES384, Algorithm::ES512, Algorithm::EdDSA];
    if let Some(algorithm) = algorithm {
        return VerifyingKey::spki(algorithm, der).map(KeySet::Single).ok_or_else(|| {
            let message = format!("the public key is not one for `{}`", algorithm.name());
            Problem::new(format!("{key}.pem_algorithm"), message).hint("RSA keys must have 2048 bits or more")
        });
    }
    if let Some(found) = SELF_EVIDENT.iter().find_map(|&algorithm| VerifyingKey::spki(algorithm, der)) {
        return Ok(KeySet::Single(found));
    }
    Err(if VerifyingKey::spki(Algorithm::RS256, der).is_some() {
        Problem::new(format!("{key}.pem"), "an RSA key suits several algorithms")
            .hint("say which one with `pem_algorithm`, for instance `RS256`")
    } else {
        Problem::new(format!("{key}.pem"), "the public key is of a kind that is not supported, or too short")
            .hint("RSA with 2048 bits or more, P-256, P-384, P-521 and Ed25519 are supported")
    })
}

#[cfg(test)]
mod tests;
