//! How far a request's body has come, seen from the exchange that waits for the answer.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::time::Instant;

use super::body::BodyError;

/// Shared by a request's [`Body`](super::Body), which hyper owns meanwhile, and the one who waits for the answer.
#[derive(Debug, Default)]
pub(super) struct Upload {
    /// Parts that passed.
    parts: AtomicU64,
    /// Whether the next part is the client's turn.
    waiting: AtomicBool,
    failure: OnceLock<UploadFailure>,
    ended_at: OnceLock<Instant>,
}

/// Why a request's body broke off on the client's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UploadFailure {
    /// The connection.
    Broken,
    /// One of the bounds on time.
    Slow,
    /// The limit on its length.
    TooLarge,
}

impl UploadFailure {
    pub(super) fn of(error: &BodyError) -> Self {
        match error {
            BodyError::TooLarge(_) => Self::TooLarge,
            BodyError::Idle(_) | BodyError::Deadline(_) => Self::Slow,
            BodyError::Connection(_) => Self::Broken,
        }
    }
}

impl Upload {
    /// A part passed.
    pub(super) fn moved(&self) {
        self.parts.fetch_add(1, Ordering::Relaxed);
        self.waiting.store(false, Ordering::Relaxed);
    }

    /// The next part is waited for.
    pub(super) fn waits(&self) {
        self.waiting.store(true, Ordering::Relaxed);
    }

    /// The client's side broke off; [`Upload::ended`] follows.
    pub(super) fn failed(&self, failure: UploadFailure) {
        let _ = self.failure.set(failure);
    }

    /// Nothing more comes, for whatever reason.
    pub(super) fn ended(&self) {
        let _ = self.ended_at.set(Instant::now());
    }

    /// How many parts passed.
    pub(super) fn parts(&self) -> u64 {
        self.parts.load(Ordering::Relaxed)
    }

    /// Whether the client owes the next part: then the upstream can't be blamed for its silence.
    pub(super) fn is_waiting(&self) -> bool {
        self.ended_at.get().is_none() && self.waiting.load(Ordering::Relaxed)
    }

    /// When the body ended.
    pub(super) fn ended_at(&self) -> Option<Instant> {
        self.ended_at.get().copied()
    }

    /// Why it broke off, if the fault was on the client's side. A body that is dropped because the upstream's connection
    /// is gone has not failed.
    pub(super) fn failure(&self) -> Option<UploadFailure> {
        self.failure.get().copied()
    }
}
