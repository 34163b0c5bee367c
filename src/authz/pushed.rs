//! Claims that come with a request, not with a token.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::identity::{Attribute, Identity};

/// Pushed claims: names and their texts. Those that Keycloak would drop (`kc.…`) are not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PushedClaims {
    claims: BTreeMap<String, Vec<String>>,
}

/// In whose name claims are pushed: Keycloak takes them from confidential clients only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pusher {
    /// The client that the caller's token was issued to.
    Caller,
    /// The gateway's, which proves itself.
    Gateway,
}

/// Who a question is about, what is pushed with it, and when it is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Circumstances<'a> {
    pub(super) identity: &'a Identity,
    pub(super) pushed: &'a PushedClaims,
    pub(super) pusher: Pusher,
    /// Seconds since 1970.
    pub(super) now: i64,
}

impl PushedClaims {
    /// From names and texts.
    pub fn new(claims: impl IntoIterator<Item = (String, Vec<String>)>) -> Self {
        Self { claims: claims.into_iter().filter(|(name, _)| !name.starts_with("kc.")).collect() }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.claims.is_empty()
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.claims.iter().map(|(name, texts)| (name.as_str(), texts.as_slice()))
    }

    /// Whether Keycloak would take the two for the same: it makes sets of the texts.
    pub(super) fn are_same_as(&self, other: &BTreeMap<String, Vec<String>>) -> bool {
        let is_within = |texts: &[String], others: &[String]| texts.iter().all(|text| others.contains(text));
        self.claims.len() == other.len()
            && self.claims.iter().all(|(name, texts)| {
                other.get(name).is_some_and(|others| is_within(texts, others) && is_within(others, texts))
            })
    }

    /// As they are sent.
    pub(super) fn as_map(&self) -> &BTreeMap<String, Vec<String>> {
        &self.claims
    }

    /// Memory held by the texts, in bytes.
    pub(super) fn weight(&self) -> usize {
        let texts = self.claims.iter().map(|(name, texts)| {
            name.len() + texts.iter().map(|text| size_of::<String>() + text.len()).sum::<usize>()
        });
        texts.sum()
    }

    pub(super) fn attribute(&self, name: &str) -> Attribute<'_> {
        match self.claims.get(name) {
            Some(texts) if !texts.is_empty() => {
                Attribute::Texts(texts.iter().map(|text| Cow::Borrowed(text.as_str())).collect())
            }
            _ => Attribute::Absent,
        }
    }
}
