//! Plan and apply: all stages against one realm.

use futures_util::StreamExt;
use futures_util::stream;

use super::desired::Desired;
use super::error::BootstrapError;
use super::hidden::Hidden;
use super::item::{Item, Kind};
use super::stage::{STAGES, steps};
use crate::admin::Realm;

/// Things that are brought about at a time.
pub(super) const AT_A_TIME: usize = 8;
/// How often a kind is begun, while somebody else is faster or the server fails.
const TURNS: u32 = 3;

/// What would be done, or was.
#[derive(Debug, Default)]
pub struct Plan {
    /// Every thing that is wanted, in the order in which they are brought about.
    pub items: Vec<Item>,
    /// What went wrong, by the thing.
    pub failures: Vec<(Item, BootstrapError)>,
    hidden: Hidden,
}

impl Plan {
    /// What would be done. Only reads.
    pub async fn make(realm: &Realm, desired: &Desired) -> Result<Self, BootstrapError> {
        let mut plan = Self::default();
        for kind in STAGES {
            plan.items.extend(steps(kind, realm, desired).await?.into_iter().map(|step| step.item));
        }
        Ok(plan.hiding(desired))
    }

    /// Does it, kind by kind, and looks afterwards whether it is done. What is as it shall be is not written, so an apply
    /// that was interrupted is taken up by the next. One thing's failure does not keep the others of its kind, but no kind
    /// after it is begun.
    pub async fn apply(
        realm: &Realm,
        desired: &Desired,
        mut done: impl FnMut(&Item, Option<&BootstrapError>),
    ) -> Result<Self, BootstrapError> {
        let mut plan = Self::default();
        plan.all(realm, desired, &mut done).await?;
        // Two who do the same at the same time can leave what neither wanted: Keycloak writes some things twice.
        for turn in 1..=TURNS {
            if !plan.failures.is_empty() || !plan.is_changed() {
                break;
            }
            let after = Self::make(realm, desired).await?;
            let left: Vec<Item> = after.items.into_iter().filter(Item::is_due).collect();
            if left.is_empty() {
                break;
            }
            if turn == TURNS {
                plan.failures.extend(left.into_iter().map(|item| (item, BootstrapError::NotKept)));
                break;
            }
            let mut again = Self::default();
            again.all(realm, desired, &mut done).await?;
            plan.failures = again.failures;
        }
        Ok(plan.hiding(desired))
    }

    /// Every kind in its turn, up to one of which something failed.
    async fn all(
        &mut self,
        realm: &Realm,
        desired: &Desired,
        done: &mut impl FnMut(&Item, Option<&BootstrapError>),
    ) -> Result<(), BootstrapError> {
        for kind in STAGES {
            self.bring_about(kind, realm, desired, done).await?;
            if !self.failures.is_empty() {
                break;
            }
        }
        Ok(())
    }

    /// One kind. Who does the same at the same time may be faster, or the server fail for a moment: then what is there now
    /// counts.
    async fn bring_about(
        &mut self,
        kind: Kind,
        realm: &Realm,
        desired: &Desired,
        done: &mut impl FnMut(&Item, Option<&BootstrapError>),
    ) -> Result<(), BootstrapError> {
        let mut open: Option<Vec<String>> = None;
        for turn in 1..=TURNS {
            let before = open.take();
            let is_open = |item: &Item| before.as_ref().is_none_or(|names| names.contains(&item.name));
            let steps = steps(kind, realm, desired).await?.into_iter().filter(|step| is_open(&step.item));
            let (due, kept): (Vec<_>, Vec<_>) = steps.partition(|step| step.item.is_due());
            self.items.extend(kept.into_iter().map(|step| step.item));
            let work = due.into_iter().map(|step| {
                let running = (step.work)(realm.clone());
                async move { (step.item, running.await) }
            });
            // A group needs the one above it.
            let at_a_time = if kind == Kind::Group { 1 } else { AT_A_TIME };
            let mut running = stream::iter(work).buffer_unordered(at_a_time);
            while let Some((item, result)) = running.next().await {
                if turn < TURNS && result.as_ref().is_err_and(BootstrapError::may_pass) {
                    open.get_or_insert_default().push(item.name);
                    continue;
                }
                done(&item, result.as_ref().err());
                match result {
                    Ok(()) => self.items.push(item),
                    Err(error) => self.failures.push((item, error)),
                }
            }
            if open.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// The text of a failure, without what must not be shown.
    pub fn said(&self, error: &BootstrapError) -> String {
        self.hidden.text(&error.to_string())
    }

    fn hiding(mut self, desired: &Desired) -> Self {
        self.hidden = desired.hidden.clone();
        let failed = self.failures.iter_mut().map(|(item, _)| item);
        self.items.iter_mut().chain(failed).for_each(|item| self.hidden.item(item));
        self
    }

    /// Whether anything is to be done, or was.
    pub fn is_changed(&self) -> bool {
        self.items.iter().any(Item::is_due) || !self.failures.is_empty()
    }
}
