//! Permits that stand for a while, beside the caller they were given to.

use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwapOption;
use http::Method;

use crate::authz::Permit;

/// Places; two requests that fall on the same one make room for each other.
const PLACES: usize = 8;

/// A longer path is not remembered.
const LONGEST_PATH: usize = 128;

/// A caller's permits of late. Read without a lock.
#[derive(Debug, Default)]
pub(super) struct Remembered {
    /// Made for the first permit: most callers meet only routes that need none, and to drop a place costs more than a place
    /// that was never made.
    places: OnceLock<Box<Places>>,
}

type Places = [ArcSwapOption<Entry>; PLACES];

/// What a permit was given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Occasion<'a> {
    /// The route, by its place among all.
    pub(super) route: usize,
    pub(super) method: &'a Method,
    /// Empty where the requirement does not depend on it.
    pub(super) path: &'a str,
}

#[derive(Debug)]
struct Entry {
    route: usize,
    method: Method,
    path: Box<str>,
    permit: Permit,
}

impl Remembered {
    /// Memory held when all places are taken, in bytes.
    pub(super) const WEIGHT: usize = PLACES * (size_of::<Entry>() + LONGEST_PATH + 2 * size_of::<usize>());

    /// The permit, if it stands: `version` is the number of the settings now.
    pub(super) fn get(&self, occasion: Occasion<'_>, version: u64, now: i64) -> Option<Permit> {
        let entry = self.places.get()?.get(place(occasion))?.load();
        let entry = entry.as_deref().filter(|entry| entry.is_for(occasion))?;
        let keep = entry.permit.keep()?;
        (keep.version == version && now < keep.until).then(|| entry.permit.once())
    }

    /// Remembers a permit, if it stands for more than one request.
    pub(super) fn set(&self, occasion: Occasion<'_>, permit: Permit) {
        if permit.keep().is_none() || occasion.path.len() > LONGEST_PATH {
            return;
        }
        if let Some(place) = self.places.get_or_init(Box::default).get(place(occasion)) {
            let Occasion { route, method, path } = occasion;
            place.store(Some(Arc::new(Entry { route, method: method.clone(), path: path.into(), permit })));
        }
    }
}

/// Which place an occasion has.
fn place(Occasion { route, method, path }: Occasion<'_>) -> usize {
    let texts = method.as_str().bytes().chain(path.bytes());
    // FNV-1a. Whoever makes requests fall on one place makes only the own ones slower.
    let hash = texts.fold(0xcbf2_9ce4_8422_2325 ^ route as u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    // Paths that differ in their end alone differ in the lower bits alone: this brings all of them to the upper ones.
    let spread = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (spread >> 56) as usize % PLACES
}

impl Entry {
    fn is_for(&self, occasion: Occasion<'_>) -> bool {
        self.route == occasion.route && self.method == *occasion.method && *self.path == *occasion.path
    }
}

#[cfg(test)]
mod tests;
