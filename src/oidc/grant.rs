//! The gateway's own token (RFC 6749 section 4.4), kept until shortly before it expires, and what is read with it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use super::answer::Answer;
use super::client_auth::bearer;
use super::http::{Call, Payload};
use super::remembered::Remembered;
use super::{OidcClient, OidcError};

const OPERATION: &str = "token";

/// Renewed this long before it expires, so that it does not expire on its way.
const MARGIN: Duration = Duration::from_secs(30);

/// The longest answer of the Admin API that is read.
const LOOK_BYTES: u64 = 32 * 1024 * 1024;

/// Where the realm does not say (`expires_in` is only recommended).
const DEFAULT_LIFETIME: u64 = 60;

/// A token answer (RFC 6749 section 5.1).
#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    token_type: String,
    #[serde(default)]
    expires_in: Option<u64>,
}

/// A token and how long it may be used.
#[derive(Debug)]
struct Held {
    token: SecretString,
    until: Instant,
}

/// The gateway's own token, fetched when it is needed, by one caller for all who wait.
#[derive(Debug)]
pub(super) struct OwnToken {
    current: Mutex<Arc<Remembered<Held>>>,
}

impl OwnToken {
    pub(super) fn new() -> Self {
        Self { current: Mutex::new(Arc::new(Remembered::new())) }
    }

    /// Another one is fetched next time, if this is the current one.
    pub(super) fn forget(&self, token: &SecretString) {
        self.replace_if(|held| held.token.expose_secret() == token.expose_secret());
    }

    fn slot(&self) -> Arc<Remembered<Held>> {
        self.replace_if(|held| held.until <= Instant::now())
    }

    fn replace_if(&self, is_spent: impl FnOnce(&Held) -> bool) -> Arc<Remembered<Held>> {
        let mut current = self.current.lock();
        if current.peek().is_some_and(is_spent) {
            *current = Arc::new(Remembered::new());
        }
        Arc::clone(&current)
    }
}

impl OidcClient {
    /// The gateway's own token.
    pub(super) async fn own_token(&self) -> Result<SecretString, OidcError> {
        let slot = self.own.slot();
        let held = slot.get(self.client_credentials()).await?;
        Ok(held.token.clone())
    }

    /// Another token is fetched next time, if the realm does not take this one: it is revoked, or the realm's keys are new.
    pub(super) fn forget_own_if_refused<T>(&self, token: &SecretString, result: &Result<T, OidcError>) {
        if matches!(result, Err(OidcError::Refused { status: 401, .. })) {
            self.own.forget(token);
        }
    }

    /// Reads something of the Admin API with the gateway's own token.
    pub(super) async fn look<T>(
        &self,
        operation: &'static str,
        token: &SecretString,
        url: &Url,
        read: impl FnOnce(Answer) -> Result<T, OidcError>,
    ) -> Result<T, OidcError> {
        let authorization = Some(bearer(operation, token.expose_secret())?);
        let (payload, max_bytes) = (Payload::Nothing, LOOK_BYTES);
        self.http.call(Call { operation, url, authorization, payload, max_bytes }, read).await
    }

    async fn client_credentials(&self) -> Result<Held, OidcError> {
        let mut form = vec![("grant_type", "client_credentials")];
        let authorization = self.auth.prove(OPERATION, &mut form)?;
        let url = self.endpoints().await?.token(&self.realm)?;
        let call = Call::form(OPERATION, &url, authorization, &form);
        let asked = Instant::now();
        self.http
            .call(call, |answer| {
                let answer: TokenAnswer = answer.object(200)?;
                if !answer.token_type.eq_ignore_ascii_case("Bearer") {
                    return Err(OidcError::Unusable {
                        operation: OPERATION,
                        reason: "the token is not a bearer token".to_owned(),
                    });
                }
                // A day is enough; an absurd lifetime must not overflow the clock.
                let lifetime = Duration::from_secs(answer.expires_in.unwrap_or(DEFAULT_LIFETIME).min(86_400));
                Ok(Held {
                    token: SecretString::from(answer.access_token),
                    until: asked + lifetime.saturating_sub(MARGIN.min(lifetime / 5)),
                })
            })
            .await
            .map_err(OidcError::or_wrong_secret)
    }
}
