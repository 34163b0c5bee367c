//! Who asks Keycloak, and with which facts.

use std::hash::{Hash, Hasher};

use zeroize::Zeroizing;

use super::pushed::PushedClaims;

/// A caller's token, as it came, and the claims that are pushed with its questions. Wiped when dropped, never printed.
#[derive(PartialEq, Eq)]
pub(super) struct Asker {
    token: Zeroizing<String>,
    pushed: PushedClaims,
}

/// The same, borrowed.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct AskerRef<'a> {
    pub(super) token: &'a str,
    pub(super) pushed: &'a PushedClaims,
}

impl Asker {
    pub(super) fn new(asker: AskerRef<'_>) -> Self {
        Self { token: Zeroizing::new(asker.token.to_owned()), pushed: asker.pushed.clone() }
    }

    pub(super) fn borrowed(&self) -> AskerRef<'_> {
        AskerRef { token: &self.token, pushed: &self.pushed }
    }

    /// Memory held, in bytes.
    pub(super) fn weight(&self) -> usize {
        self.token.len() + self.pushed.weight()
    }
}

impl Hash for Asker {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.borrowed().hash(state);
    }
}

impl std::fmt::Debug for Asker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Asker(..)")
    }
}

impl std::fmt::Debug for AskerRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AskerRef(..)")
    }
}
