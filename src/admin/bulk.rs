//! Many items with a few calls at a time: thousands of users, or memberships of a group.

mod journal;

use std::fmt;
use std::io;

use futures_util::stream::{self, StreamExt as _};

use crate::connection::{CallError, ErrorClass};

pub use journal::Journal;

/// So many failures in a row that have nothing to do with the item end a run: the server is gone, or the login.
const HOPELESS: usize = 20;

/// How a run goes: how many calls at a time, and what is remembered of it.
///
/// ```
/// # use gatecloak::admin::{Bulk, Outcome};
/// # use gatecloak::connection::CallError;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let names = ["ann", "bob"];
/// let report = Bulk::new(16)
///     .run(names, |name| (*name).to_owned(), async |_name| Ok::<_, CallError>(Outcome::Done))
///     .await?;
/// assert_eq!((report.done, report.failed.len()), (2, 0));
/// # Ok::<(), std::io::Error>(()) })?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Bulk<'a> {
    concurrency: usize,
    journal: Option<Journal>,
    progress: Box<dyn FnMut(Progress) + 'a>,
}

/// What came of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// There was nothing to do.
    Skipped,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Items that were done.
    pub done: usize,
    /// Items that had nothing to do, or are in the journal.
    pub skipped: usize,
    /// Items that failed.
    pub failed: usize,
}

/// What came of a run.
#[derive(Debug, Default)]
pub struct Report {
    /// How many were done.
    pub done: usize,
    /// How many had nothing to do, or were in the journal.
    pub skipped: usize,
    /// The keys of those that failed, with their errors, in the order in which they failed.
    pub failed: Vec<(String, CallError)>,
    /// Whether the run was given up, as the server or the login was gone: items are left that nobody tried.
    pub given_up: bool,
}

impl<'a> Bulk<'a> {
    /// At most so many calls at a time; 0 is as good as 1.
    pub fn new(concurrency: usize) -> Self {
        Self { concurrency: concurrency.max(1), journal: None, progress: Box::new(|_| {}) }
    }

    /// Leaves out what the journal holds, and adds what is done.
    #[must_use]
    pub fn journal(mut self, journal: Journal) -> Self {
        self.journal = Some(journal);
        self
    }

    /// Is told after each item how far it is.
    #[must_use]
    pub fn progress(mut self, progress: impl FnMut(Progress) + 'a) -> Self {
        self.progress = Box::new(progress);
        self
    }

    /// Does `work` for each item. One that fails does not keep the others from being done; `key` is what it is called in
    /// report and journal. Items are taken as they are needed. An error is one of the journal, which ends the run: what was
    /// done after that would be done again.
    pub async fn run<T, W>(
        mut self,
        items: impl IntoIterator<Item = T>,
        key: impl Fn(&T) -> String,
        work: impl Fn(T) -> W,
    ) -> io::Result<Report>
    where
        W: Future<Output = Result<Outcome, CallError>>,
    {
        let mut report = Report::default();
        let known = self.journal.as_mut().map(Journal::take_known).unwrap_or_default();
        let calls = items.into_iter().map(|item| {
            let key = key(&item);
            let call = (!known.contains(&key)).then(|| work(item));
            async move {
                match call {
                    Some(call) => (key, Some(call.await)),
                    None => (key, None),
                }
            }
        });
        let mut ended = stream::iter(calls).buffer_unordered(self.concurrency);
        let mut hopeless = 0;
        while let Some((key, result)) = ended.next().await {
            hopeless = if is_hopeless(result.as_ref()) { hopeless + 1 } else { 0 };
            match result {
                None => report.skipped += 1,
                Some(Ok(outcome)) => {
                    if let Some(journal) = &mut self.journal {
                        journal.add(&key)?;
                    }
                    match outcome {
                        Outcome::Done => report.done += 1,
                        Outcome::Skipped => report.skipped += 1,
                    }
                }
                Some(Err(error)) => report.failed.push((key, error)),
            }
            (self.progress)(report.progress());
            if hopeless >= HOPELESS {
                report.given_up = true;
                break;
            }
        }
        Ok(report)
    }
}

impl Report {
    /// The numbers.
    pub fn progress(&self) -> Progress {
        Progress { done: self.done, skipped: self.skipped, failed: self.failed.len() }
    }

    /// Whether every item was done, or had nothing to do.
    pub fn is_good(&self) -> bool {
        self.failed.is_empty() && !self.given_up
    }
}

impl fmt::Debug for Bulk<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bulk").field("concurrency", &self.concurrency).finish_non_exhaustive()
    }
}

/// An error that the next item would meet as well.
fn is_hopeless(result: Option<&Result<Outcome, CallError>>) -> bool {
    let class = result.and_then(|result| result.as_ref().err()).map(CallError::class);
    matches!(class, Some(ErrorClass::Connection | ErrorClass::Authentication))
}

#[cfg(test)]
mod tests;
