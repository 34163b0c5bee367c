//! The one outbound HTTP client: bounded in time, in bytes and in calls under way. See [`outbound`] for the rest.

use std::time::{Duration, Instant};

use ::http::HeaderValue;
use ::http::header::{ACCEPT, AUTHORIZATION};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;
use url::Url;

use super::OidcError;
use super::answer::Answer;
use crate::connection::outbound::{self, Trust, Unread, reason};
use crate::telemetry::metrics;

/// Finds a dead HTTP/2 connection, which would otherwise fail every call until TCP gives up.
const PING_EVERY: Duration = Duration::from_secs(10);

/// The longest answer of any operation that does not say otherwise.
pub(super) const ANSWER_BYTES: u64 = 64 * 1024;

/// One request to the realm.
#[derive(Debug)]
pub(super) struct Call<'a> {
    /// For errors and metrics.
    pub(super) operation: &'static str,
    /// Where.
    pub(super) url: &'a Url,
    /// The `Authorization` field.
    pub(super) authorization: Option<HeaderValue>,
    /// What is sent.
    pub(super) payload: Payload<'a>,
    /// The longest answer that is read.
    pub(super) max_bytes: u64,
}

impl<'a> Call<'a> {
    /// A form, with an answer of the usual length.
    pub(super) fn form(
        operation: &'static str,
        url: &'a Url,
        authorization: Option<HeaderValue>,
        form: &'a [(&'a str, &'a str)],
    ) -> Self {
        Self { operation, url, authorization, payload: Payload::Form(form), max_bytes: ANSWER_BYTES }
    }
}

/// What is sent, and by which method.
pub(super) enum Payload<'a> {
    /// GET.
    Nothing,
    /// POST, `application/x-www-form-urlencoded`; a name may be repeated.
    Form(&'a [(&'a str, &'a str)]),
    /// POST, JSON.
    Json(&'a serde_json::Value),
}

/// A form holds tokens and secrets.
impl std::fmt::Debug for Payload<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Form(_) => "Form(..)",
            Self::Json(_) => "Json(..)",
        })
    }
}

/// The client, with its pool of connections.
#[derive(Debug)]
pub(super) struct Http {
    client: reqwest::Client,
    under_way: Semaphore,
    timeout: Duration,
}

impl Http {
    /// The error is a text for the operator, about the certificates.
    pub(super) fn build(trust: &Trust, timeout: Duration, concurrency: usize) -> Result<Self, String> {
        let builder = outbound::client(trust)?
            .connect_timeout(timeout)
            .http2_keep_alive_interval(PING_EVERY)
            .http2_keep_alive_timeout(timeout);
        let client = builder.build().map_err(|error| reason(&error))?;
        Ok(Self { client, under_way: Semaphore::new(concurrency.min(Semaphore::MAX_PERMITS)), timeout })
    }

    /// Sends and has the answer read. Waits for a turn up to the timeout, and then for the answer up to the timeout.
    ///
    /// What is fetched with GET, the realm's documents and keys, needs no turn: callers see to it that each is fetched
    /// once at a time, and a crowd of questions about tokens must not keep the keys away.
    pub(super) async fn call<T>(
        &self,
        call: Call<'_>,
        read: impl FnOnce(Answer) -> Result<T, OidcError>,
    ) -> Result<T, OidcError> {
        let operation = call.operation;
        let _turn = match call.payload {
            Payload::Nothing => None,
            Payload::Form(_) | Payload::Json(_) => Some(self.turn(operation).await?),
        };
        let started = Instant::now();
        let result = match timeout(self.timeout, self.exchange(&call)).await {
            Ok(answer) => answer.and_then(read),
            Err(_) => Err(OidcError::Unreachable {
                operation,
                reason: format!("no answer within {}", humantime::format_duration(self.timeout)),
            }),
        };
        metrics().idp_request(operation, result.is_ok(), started.elapsed());
        result
    }

    async fn turn(&self, operation: &'static str) -> Result<SemaphorePermit<'_>, OidcError> {
        match timeout(self.timeout, self.under_way.acquire()).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(OidcError::Busy { operation }),
        }
    }

    async fn exchange(&self, call: &Call<'_>) -> Result<Answer, OidcError> {
        let operation = call.operation;
        let sent = match self.request(call).send().await {
            // A pooled connection that has just ended, or a replica that went away. A POST is not repeated.
            Err(error) if matches!(call.payload, Payload::Nothing) && may_pass(&error) => {
                self.request(call).send().await
            }
            sent => sent,
        };
        let response =
            sent.map_err(|error| OidcError::Unreachable { operation, reason: reason(&error.without_url()) })?;
        let status = response.status().as_u16();
        let body = outbound::body(response, call.max_bytes).await.map_err(|unread| match unread {
            Unread::TooLong => OidcError::Unusable {
                operation,
                reason: format!("it is longer than {} bytes", call.max_bytes),
            },
            Unread::Broken(error) => {
                OidcError::Unreachable { operation, reason: reason(&error.without_url()) }
            }
        })?;
        Ok(Answer { operation, status, body })
    }

    fn request(&self, call: &Call<'_>) -> reqwest::RequestBuilder {
        let url = call.url.clone();
        let request = match call.payload {
            Payload::Nothing => self.client.get(url),
            Payload::Form(fields) => self.client.post(url).form(fields),
            Payload::Json(value) => self.client.post(url).json(value),
        };
        let request = request.header(ACCEPT, "application/json");
        match &call.authorization {
            Some(value) => request.header(AUTHORIZATION, value.clone()),
            None => request,
        }
    }
}

/// Whether a repetition may get through.
fn may_pass(error: &reqwest::Error) -> bool {
    error.is_connect() || (error.is_request() && !error.is_timeout())
}
