//! The configuration in force, as one worker holds it.

use std::ops::Deref;
use std::sync::Arc;

use arc_swap::{ArcSwap, Cache};
use parking_lot::Mutex;

use super::Gateway;

/// The [`Gateway`] that a request is judged by.
///
/// The outer count is the worker's own: holding a configuration for a request writes to no memory that another worker
/// writes to.
#[expect(clippy::redundant_allocation, reason = "the outer count is there to be counted apart")]
#[derive(Clone)]
pub(super) struct Held(Arc<Arc<Gateway>>);

impl Held {
    pub(super) fn new(gateway: Arc<Gateway>) -> Self {
        Self(Arc::new(gateway))
    }
}

impl Deref for Held {
    type Target = Gateway;

    fn deref(&self) -> &Gateway {
        &self.0
    }
}

/// Where a worker looks up the configuration in force, once per request.
pub(super) struct Current(Mutex<Looked>);

struct Looked {
    /// Looks at one pointer as long as nothing has changed.
    newest: Cache<Arc<ArcSwap<Gateway>>, Arc<Gateway>>,
    held: Held,
}

impl Current {
    pub(super) fn new(shared: Arc<ArcSwap<Gateway>>) -> Self {
        let held = Held::new(shared.load_full());
        Self(Mutex::new(Looked { newest: Cache::new(shared), held }))
    }

    pub(super) fn load(&self) -> Held {
        let mut looked = self.0.lock();
        let Looked { newest, held } = &mut *looked;
        let newest = newest.load();
        if !Arc::ptr_eq(newest, &held.0) {
            *held = Held::new(Arc::clone(newest));
        }
        held.clone()
    }
}
