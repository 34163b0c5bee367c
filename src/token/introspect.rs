//! Asking the realm about a token: cached by the whole token, one call in flight for each.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use moka::Expiry;
use moka::future::Cache;
use parking_lot::Mutex;
use tokio::runtime::Handle;

use super::cache::{TokenKey, token_weight};
use super::claims::Claims;
use super::verify::Rules;
use super::{TokenError, VerifiedToken};
use crate::config::IntrospectionConfig;
use crate::oidc::{Introspected, OidcError};

/// Asks the realm about a token.
pub(super) type Ask = dyn Fn(TokenText) -> BoxFuture<'static, Result<Introspected, OidcError>> + Send + Sync;

/// A token on its way to the realm, wiped from memory when dropped.
pub(super) type TokenText = zeroize::Zeroizing<String>;

/// What a warning about the audience says at most once in.
const WARNING_EVERY: Duration = Duration::from_secs(60);

/// The realm's answers so far. The key is the whole token; one provider, with one set of rules, has one of these.
pub(super) struct Answers {
    cache: Cache<TokenKey, Answer, ahash::RandomState>,
    warned_at: Mutex<Option<Instant>>,
}

impl Answers {
    pub(super) fn new(config: &IntrospectionConfig) -> Arc<Self> {
        let cache = Cache::builder()
            .max_capacity(config.cache_bytes.get())
            .weigher(|token: &TokenKey, answer: &Answer| {
                let value = match &answer.verdict {
                    Ok(token) => token.principal.weight(),
                    Err(_) => 0,
                };
                token_weight(token.as_str(), value)
            })
            .expire_after(EndsWithItsAnswer)
            .build_with_hasher(ahash::RandomState::new());
        Arc::new(Self { cache, warned_at: Mutex::new(None) })
    }

    /// The answer about a token, if it is still good, and then nobody is asked.
    pub(super) async fn get(&self, token: &str, now: i64) -> Option<Result<Arc<VerifiedToken>, TokenError>> {
        let verdict = self.cache.get(token).await?.verdict;
        // The cache's clock does not jump, the wall clock may.
        if verdict.as_ref().is_ok_and(|verified| now >= verified.usable_until) {
            self.cache.invalidate(token).await;
            return None;
        }
        Some(verdict)
    }

    /// Whether a warning is due: at most one a minute.
    pub(super) fn warning_is_due(&self) -> bool {
        let mut warned_at = self.warned_at.lock();
        let due = warned_at.is_none_or(|at| at.elapsed() >= WARNING_EVERY);
        if due {
            *warned_at = Some(Instant::now());
        }
        due
    }
}

impl std::fmt::Debug for Answers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answers").field("entries", &self.cache.entry_count()).finish_non_exhaustive()
    }
}

/// Asks the realm, and judges and remembers its answers.
pub(super) struct Introspector {
    pub(super) answers: Arc<Answers>,
    rules: Arc<Rules>,
    provider: Arc<str>,
    active_ttl: Duration,
    inactive_ttl: Duration,
    ask: Box<Ask>,
    now: fn() -> i64,
}

impl Introspector {
    pub(super) fn new(
        answers: Arc<Answers>,
        rules: Arc<Rules>,
        provider: Arc<str>,
        config: &IntrospectionConfig,
        ask: Box<Ask>,
        now: fn() -> i64,
    ) -> Self {
        let (active_ttl, inactive_ttl) = (config.active_ttl.get(), config.inactive_ttl.get());
        Self { answers, rules, provider, active_ttl, inactive_ttl, ask, now }
    }

    /// Asks on the control runtime, or waits for whoever asks already. What could not be asked is not remembered.
    pub(super) async fn ask(
        self: &Arc<Self>,
        token: &str,
        control: &Handle,
    ) -> Result<Arc<VerifiedToken>, TokenError> {
        let key = TokenKey::new(token);
        let text = TokenText::new(token.to_owned());
        let this = Arc::clone(self);
        let task = control.spawn(async move {
            let asked = this.ask_now(text);
            this.answers.cache.try_get_with(key, asked).await
        });
        match task.await {
            Ok(Ok(answer)) => answer.verdict,
            Ok(Err(error)) => Err(TokenError::IntrospectionUnavailable(error.to_string())),
            Err(_) => Err(TokenError::IntrospectionUnavailable("the call was cut short".to_owned())),
        }
    }

    async fn ask_now(&self, token: TokenText) -> Result<Answer, OidcError> {
        let introspected = (self.ask)(token).await?;
        let now = (self.now)();
        let verdict = self.judge(&introspected, now);
        let (verdict, good_for) = match verdict {
            Ok(mut verified) => {
                let left = u64::try_from(verified.usable_until.saturating_sub(now)).unwrap_or(0);
                let good_for = self.active_ttl.min(Duration::from_secs(left));
                // A part of a second counts as a whole one; the cache still ends the entry in time.
                let seconds = good_for.as_secs() + u64::from(good_for.subsec_nanos() > 0);
                let until = now.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX));
                verified.usable_until = verified.usable_until.min(until);
                (Ok(Arc::new(verified)), good_for)
            }
            Err(refusal) => (Err(refusal), self.inactive_ttl),
        };
        Ok(Answer { verdict, good_for })
    }

    fn judge(&self, introspected: &Introspected, now: i64) -> Result<VerifiedToken, TokenError> {
        if !introspected.active {
            return Err(TokenError::TokenInactive);
        }
        let claims = Claims::parse(introspected.body.to_vec())?;
        self.rules.accept_answer(&self.provider, claims, now)
    }
}

#[derive(Clone)]
struct Answer {
    verdict: Result<Arc<VerifiedToken>, TokenError>,
    good_for: Duration,
}

struct EndsWithItsAnswer;

impl Expiry<TokenKey, Answer> for EndsWithItsAnswer {
    fn expire_after_create(&self, _: &TokenKey, answer: &Answer, _: Instant) -> Option<Duration> {
        Some(answer.good_for)
    }

    fn expire_after_update(
        &self,
        _: &TokenKey,
        answer: &Answer,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(answer.good_for)
    }
}

#[cfg(test)]
mod tests;
