//! Asking Keycloak: once for equal questions that wait together, on the control runtime.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::asker::{Asker, AskerRef};
use super::cache::{DecisionCache, Verdict};
use super::pushed::Pusher;
use super::requirement::{Question, ResourceKey};
use super::rpt;
use super::spelling;
use crate::oidc::{GrantedPermission, OidcClient, OidcError, PermissionAnswer, PermissionRequest};

const OPERATION: &str = "uma";

/// A realm that is down is told about this often.
const WARN_EVERY: Duration = Duration::from_secs(60);

/// Keycloak's answers, one for each question.
pub(super) type Verdicts = Result<Arc<[(Question, Verdict)]>, OidcError>;

/// What one caller wants to know.
#[derive(Clone, Debug)]
pub(super) struct Inquiry {
    /// Who asks.
    pub(super) asker: Arc<Asker>,
    /// The settings in use, by their number: answers are remembered under it.
    pub(super) version: u64,
    /// Not empty.
    pub(super) questions: Vec<Question>,
    /// Seconds since 1970.
    pub(super) now: i64,
    /// Until when an answer may be used: that is a matter of the token, seconds since 1970.
    pub(super) usable_until: i64,
}

/// Equal inquiries: the same asker, settings and questions.
type FlightKey = (Arc<Asker>, u64, Vec<Question>);

/// Asks for one resource server.
pub(super) struct Remote {
    oidc: Arc<OidcClient>,
    resource_server: Arc<str>,
    cache: Arc<DecisionCache>,
    control: Handle,
    flights: Mutex<HashMap<FlightKey, Shared<BoxFuture<'static, Verdicts>>>>,
    warned: Mutex<Option<Instant>>,
}

impl Remote {
    pub(super) fn new(
        oidc: Arc<OidcClient>,
        resource_server: Arc<str>,
        cache: Arc<DecisionCache>,
        control: Handle,
    ) -> Self {
        let (flights, warned) = (Mutex::new(HashMap::new()), Mutex::new(None));
        Self { oidc, resource_server, cache, control, flights, warned }
    }

    pub(super) fn oidc(&self) -> &Arc<OidcClient> {
        &self.oidc
    }

    pub(super) fn resource_server(&self) -> &Arc<str> {
        &self.resource_server
    }

    /// In whose name claims are pushed.
    pub(super) fn pusher(&self) -> Pusher {
        if self.oidc.can_prove_itself() { Pusher::Gateway } else { Pusher::Caller }
    }

    pub(super) fn cache(&self) -> &Arc<DecisionCache> {
        &self.cache
    }

    pub(super) fn control(&self) -> &Handle {
        &self.control
    }

    /// Keycloak's answers to all of the questions. A call that has begun goes on when the caller goes away.
    pub(super) async fn ask(self: &Arc<Self>, inquiry: Inquiry) -> Verdicts {
        let flight = match self.join(&inquiry) {
            Joined::Known(verdicts) => return Ok(verdicts),
            Joined::UnderWay(flight) => flight,
            Joined::First(flight, landing, send) => {
                // Not under the lock: a runtime that shuts down drops the task here and now, which takes the lock.
                let task = async move {
                    let verdicts = landing.remote.settle(&inquiry).await;
                    drop(landing);
                    // Nobody may be waiting any more.
                    let _ = send.send(verdicts);
                };
                self.control.spawn(task);
                flight
            }
        };
        flight.await
    }

    fn join(self: &Arc<Self>, inquiry: &Inquiry) -> Joined {
        let key: FlightKey = (Arc::clone(&inquiry.asker), inquiry.version, inquiry.questions.clone());
        let mut flights = self.flights.lock();
        if let Some(flight) = flights.get(&key) {
            return Joined::UnderWay(flight.clone());
        }
        // A flight may have landed since the caller looked.
        if let Some(verdicts) = self.remembered(inquiry) {
            return Joined::Known(verdicts);
        }
        let (send, receive) = oneshot::channel();
        let flight = receive
            .map(|received| received.unwrap_or_else(|_| Err(OidcError::cut_off(OPERATION))))
            .boxed()
            .shared();
        flights.insert(key.clone(), flight.clone());
        Joined::First(flight, Landing { remote: Arc::clone(self), key }, send)
    }

    fn remembered(&self, inquiry: &Inquiry) -> Option<Arc<[(Question, Verdict)]>> {
        let asker = inquiry.asker.borrowed();
        let known = |question: &Question| {
            let verdict = self.cache.get(asker, question, inquiry.version, inquiry.now)?;
            Some((question.clone(), verdict))
        };
        inquiry.questions.iter().map(known).collect()
    }

    async fn settle(&self, inquiry: &Inquiry) -> Verdicts {
        let started = Instant::now();
        let verdicts = match self.inquire(inquiry).await {
            Ok(verdicts) => verdicts,
            Err(error) => {
                self.warn(&error);
                return Err(error);
            }
        };
        // The end of a second that has begun does not count.
        let passed = i64::try_from(started.elapsed().as_secs()).unwrap_or(i64::MAX).saturating_add(1);
        let times = (inquiry.now.saturating_add(passed), inquiry.usable_until);
        for (question, verdict) in &verdicts {
            self.cache.insert(&inquiry.asker, question, inquiry.version, *verdict, times);
        }
        Ok(verdicts.into())
    }

    /// The same, whatever is remembered, and without remembering it.
    pub(super) async fn inquire(&self, inquiry: &Inquiry) -> Result<Vec<(Question, Verdict)>, OidcError> {
        let mut verdicts = Vec::with_capacity(inquiry.questions.len());
        for batch in batches(&inquiry.questions) {
            match self.permissions(inquiry, &batch).await? {
                PermissionAnswer::Unknown(reason) if batch.len() > 1 => {
                    tracing::debug!(
                        reason,
                        "keycloak does not know one of several permissions; asking for each alone"
                    );
                    for question in batch {
                        let answer = self.permissions(inquiry, &[question]).await?;
                        verdicts.push((question.clone(), verdict(&answer, question)));
                    }
                }
                answer => verdicts.extend(batch.into_iter().map(|one| (one.clone(), verdict(&answer, one)))),
            }
        }
        Ok(verdicts)
    }

    async fn permissions(
        &self,
        inquiry: &Inquiry,
        batch: &[&Question],
    ) -> Result<PermissionAnswer, OidcError> {
        let permissions: Vec<String> = batch.iter().map(|question| spelling::permission(question)).collect();
        let AskerRef { token, pushed } = inquiry.asker.borrowed();
        let request = PermissionRequest {
            token,
            audience: &self.resource_server,
            permissions: &permissions,
            claims: Some(pushed.as_map()).filter(|claims| !claims.is_empty()),
        };
        self.oidc.permissions(request).await
    }

    fn warn(&self, error: &OidcError) {
        let mut warned = self.warned.lock();
        if warned.is_none_or(|at| at.elapsed() >= WARN_EVERY) {
            *warned = Some(Instant::now());
            tracing::warn!(%error, "keycloak could not be asked for permissions; requests that need them are refused");
        }
    }
}

impl std::fmt::Debug for Remote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remote").field("resource_server", &self.resource_server).finish_non_exhaustive()
    }
}

enum Joined {
    Known(Arc<[(Question, Verdict)]>),
    UnderWay(Shared<BoxFuture<'static, Verdicts>>),
    First(Shared<BoxFuture<'static, Verdicts>>, Landing, oneshot::Sender<Verdicts>),
}

/// Ends a flight however its task ends, also by a panic or with its runtime.
struct Landing {
    remote: Arc<Remote>,
    key: FlightKey,
}

impl Drop for Landing {
    fn drop(&mut self) {
        self.remote.flights.lock().remove(&self.key);
    }
}

/// Keycloak merges permissions of one resource, and with scopes beside it a question without scopes is not asked: such
/// questions go into a second call. And of a resource that is asked for by its name and by its id, only the first is looked
/// at: the two kinds go into calls of their own.
fn batches(questions: &[Question]) -> Vec<Vec<&Question>> {
    let is_swallowed = |question: &Question| {
        question.scopes.is_empty()
            && questions.iter().any(|other| other.resource == question.resource && !other.scopes.is_empty())
    };
    let batch = |by, swallowed| -> Vec<&Question> {
        questions.iter().filter(|one| one.by == by && is_swallowed(one) == swallowed).collect()
    };
    let kinds = [ResourceKey::Name, ResourceKey::Id];
    let batches = kinds.into_iter().flat_map(|by| [batch(by, false), batch(by, true)]);
    batches.filter(|batch| !batch.is_empty()).collect()
}

fn verdict(answer: &PermissionAnswer, question: &Question) -> Verdict {
    match answer {
        PermissionAnswer::Granted(granted) if is_granted(granted, question) => Verdict::Granted,
        PermissionAnswer::Granted(_) => Verdict::Denied,
        PermissionAnswer::Denied(reason) => {
            tracing::debug!(reason, resource = question.resource, "keycloak denies a permission");
            Verdict::Denied
        }
        PermissionAnswer::Unknown(reason) => {
            tracing::debug!(reason, resource = question.resource, "keycloak does not know a permission");
            Verdict::Unknown
        }
        PermissionAnswer::TokenRefused(reason) => {
            tracing::debug!(reason, "keycloak does not take a token");
            Verdict::TokenRefused
        }
    }
}

/// Keycloak answers 200 if it grants anything of what was asked, so every resource and scope is looked for.
fn is_granted(granted: &[GrantedPermission], question: &Question) -> bool {
    rpt::grants(granted, question)
}

#[cfg(test)]
mod tests;
