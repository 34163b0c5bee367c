//! A value that is fetched once and kept.

use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::OnceCell;

use super::OidcError;

/// A failure stands this long, so that callers who waited for one attempt do not each make their own in turn.
const COOL_DOWN: Duration = Duration::from_secs(1);

/// A value that is fetched once, by one of those who wait for it; a failed fetch is repeated later.
#[derive(Debug)]
pub(super) struct Remembered<T> {
    value: OnceCell<T>,
    failure: Mutex<Option<(Instant, OidcError)>>,
}

impl<T> Remembered<T> {
    pub(super) fn new() -> Self {
        Self { value: OnceCell::new(), failure: Mutex::new(None) }
    }

    /// The value; fetches it if it is not there.
    pub(super) async fn get(
        &self,
        fetch: impl Future<Output = Result<T, OidcError>>,
    ) -> Result<&T, OidcError> {
        let attempt = || async {
            if let Some(error) = self.recent_failure() {
                return Err(error);
            }
            let result = fetch.await;
            if let Err(error) = &result {
                *self.failure.lock() = Some((Instant::now(), error.clone()));
            }
            result
        };
        self.value.get_or_try_init(attempt).await
    }

    /// The value, if it is there.
    pub(super) fn peek(&self) -> Option<&T> {
        self.value.get()
    }

    fn recent_failure(&self) -> Option<OidcError> {
        let failure = self.failure.lock();
        failure.as_ref().filter(|(at, _)| at.elapsed() < COOL_DOWN).map(|(_, error)| error.clone())
    }
}
