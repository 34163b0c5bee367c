//! Routed -> Authenticated: whose request is it?

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use zeroize::Zeroizing;

use super::Rejection;
use super::caller::{Caller, Worth};
use super::gate::{Check, Checked};
use super::realm::Realm;
use super::route::Route;
use super::stage::{Authenticated, Context, Routed};
use crate::config::IntrospectionMode;
use crate::telemetry::metrics;
use crate::token::{TokenError, UnverifiedToken, VerifiedToken, bearer};

/// Proves the bearer token, at the first place that can: what this connection proved last, the tokens verified before,
/// the signature; and, where route and token want it, the realm.
///
/// On a route that needs no token, none is looked at. A token that is not good leaves nothing behind.
#[derive(Clone, Copy, Debug, Default)]
pub struct Authenticate;

impl<B: Send + 'static> Check<Routed<B>> for Authenticate {
    type Out = Authenticated<B>;

    fn check(&self, routed: Routed<B>) -> Checked<Authenticated<B>> {
        if routed.route.unguarded().is_some() {
            return Checked::Pass(Authenticated { routed, caller: None, remote_reason: None });
        }
        match prove(&routed) {
            Proof::Now(result) => match settle(routed, result) {
                Ok(authenticated) => Checked::Pass(authenticated),
                Err(refused) => Checked::Refuse(refused),
            },
            Proof::Later(result) => Checked::Wait(Box::pin(async move { settle(routed, result.await) })),
        }
    }
}

type ProofResult = Result<Arc<Caller>, TokenError>;

/// A token proven, or not; or a realm has to be asked.
enum Proof {
    Now(ProofResult),
    Later(BoxFuture<'static, ProofResult>),
}

fn settle<B>(routed: Routed<B>, result: ProofResult) -> Result<Authenticated<B>, super::Refused> {
    match result {
        Ok(caller) => Ok(Authenticated { routed, caller: Some(caller), remote_reason: None }),
        Err(error) => Err(routed.refuse(Rejection::Token(error))),
    }
}

fn prove<B>(routed: &Routed<B>) -> Proof {
    let Routed { request, context, route, .. } = routed;
    let credential = only_credential(request.headers());
    if let Some(caller) = credential.and_then(|credential| recalled(credential, context, route)) {
        return Proof::Now(Ok(caller));
    }
    let token = match bearer(request.headers()) {
        Ok(Some(token)) => token,
        Ok(None) => return Proof::Now(Err(TokenError::TokenMissing)),
        Err(error) => return Proof::Now(Err(error)),
    };
    let Some(proof) = remembered(token, context, route) else { return proven(token, context, route) };
    if let (Some(credential), Proof::Now(Ok(caller))) = (credential, &proof) {
        context.connection.remember(credential, caller);
    }
    proof
}

/// The bytes of the one `Authorization` field, if there is just one.
fn only_credential(headers: &HeaderMap) -> Option<&[u8]> {
    let mut fields = headers.get_all(AUTHORIZATION).iter();
    let field = fields.next()?;
    if fields.next().is_some() { None } else { Some(field.as_bytes()) }
}

/// What this connection proved last.
fn recalled(credential: &[u8], context: &Context, route: &Route) -> Option<Arc<Caller>> {
    let caller = context.connection.recall(credential)?;
    let good =
        caller.is_current(context.gateway.epoch(), context.now) && caller.worth(route) == Worth::Enough;
    good.then(|| {
        metrics().verification("ok", "memo");
        caller
    })
}

/// What was proven before, on whatever connection.
fn remembered(token: &str, context: &Context, route: &Arc<Route>) -> Option<Proof> {
    let (epoch, callers) = (context.gateway.epoch(), context.gateway.callers());
    let is_current = |caller: &Arc<Caller>| caller.is_current(epoch, context.now);
    let by_signature = callers.verified.get(token).filter(is_current);
    let by_realm = || callers.introspected.get(token).filter(is_current);
    let known = by_signature.or_else(|| by_realm().filter(|caller| caller.worth(route) == Worth::Enough));
    metrics().cache("token", known.is_some());
    let proof = sufficient(token, context, route, known?);
    if let Proof::Now(Ok(_)) = &proof {
        metrics().verification("ok", "cache");
    }
    Some(proof)
}

/// Nothing is known of the token yet.
fn proven(token: &str, context: &Context, route: &Arc<Route>) -> Proof {
    let unverified = match UnverifiedToken::parse(token, context.gateway.max_token_bytes()) {
        Ok(unverified) => unverified,
        Err(error) => return Proof::Now(Err(counted(error, "signature"))),
    };
    let Some(issuer) = unverified.issuer.as_deref() else {
        return opaque(token, context, route);
    };
    let Some(realm) = route.realm_of(issuer) else {
        return Proof::Now(Err(counted(TokenError::IssuerUnknown, "signature")));
    };
    match verified(&unverified, realm, context) {
        Err(TokenError::KeyUnknown | TokenError::KeysUnavailable) => {
            let token = Zeroizing::new(token.to_owned());
            let (realm, context, route) = (Arc::clone(realm), context.clone(), Arc::clone(route));
            Proof::Later(Box::pin(async move {
                let fetched = realm.provider.refetch_keys(&token).await;
                fetched.map_err(|error| counted(error, "signature"))?;
                let unverified = UnverifiedToken::parse(&token, context.gateway.max_token_bytes())?;
                let result = verified(&unverified, &realm, &context);
                match completed(&token, &context, &route, &realm, result) {
                    Proof::Now(result) => result,
                    Proof::Later(result) => result.await,
                }
            }))
        }
        result => completed(token, context, route, realm, result),
    }
}

/// With the realm's help, if the token is well signed but says too little: a lightweight token.
fn completed(
    token: &str,
    context: &Context,
    route: &Arc<Route>,
    realm: &Arc<Realm>,
    result: ProofResult,
) -> Proof {
    match result {
        Ok(caller) => sufficient(token, context, route, caller),
        Err(TokenError::ClaimMissing(_)) if route.introspection(realm) != IntrospectionMode::Never => {
            introspected(token, context, route, realm, true)
        }
        Err(error) => Proof::Now(Err(counted(error, "signature"))),
    }
}

/// Verifies signature and claims, and remembers the caller.
fn verified(token: &UnverifiedToken<'_>, realm: &Arc<Realm>, context: &Context) -> ProofResult {
    let key_epoch = realm.provider.key_epoch();
    let verified = Arc::new(realm.provider.verify(token, context.now)?);
    metrics().verification("ok", "signature");
    let caller = new_caller(realm, verified, context, key_epoch);
    context.gateway.callers().verified.insert(token.token, Arc::clone(&caller), lifetime(&caller, context));
    Ok(caller)
}

/// A caller by signature; the realm is asked as well where the route wants it.
fn sufficient(token: &str, context: &Context, route: &Arc<Route>, caller: Arc<Caller>) -> Proof {
    match caller.worth(route) {
        Worth::Enough => Proof::Now(Ok(caller)),
        Worth::NotIntrospected => introspected(token, context, route, &caller.realm, true),
        Worth::Foreign | Worth::NotVerified => Proof::Now(Err(counted(TokenError::IssuerUnknown, "cache"))),
    }
}

/// A token that only the realm can read.
fn opaque(token: &str, context: &Context, route: &Arc<Route>) -> Proof {
    match route.realm_for_opaque() {
        Some(realm) => introspected(token, context, route, realm, false),
        None => Proof::Now(Err(counted(TokenError::IntrospectionDisabled, "introspection"))),
    }
}

/// Asks the realm, unless its last answer still counts. `verified`: the token verifies here.
fn introspected(
    token: &str,
    context: &Context,
    route: &Arc<Route>,
    realm: &Arc<Realm>,
    verified: bool,
) -> Proof {
    let known = context.gateway.callers().introspected.get(token).filter(|caller| {
        caller.is_current(context.gateway.epoch(), context.now) && Arc::ptr_eq(&caller.realm, realm)
    });
    if let Some(caller) = known.filter(|caller| caller.worth(route) == Worth::Enough) {
        return Proof::Now(Ok(caller));
    }
    let token = Zeroizing::new(token.to_owned());
    let (realm, context) = (Arc::clone(realm), context.clone());
    Proof::Later(Box::pin(async move {
        let key_epoch = realm.provider.key_epoch();
        let answer = realm.provider.introspect(&token, verified).await;
        let answer = answer.map_err(|error| counted(error, "introspection"))?;
        metrics().verification("ok", "introspection");
        let caller = new_caller(&realm, answer, &context, key_epoch);
        let lifetime = lifetime(&caller, &context);
        context.gateway.callers().introspected.insert(&token, Arc::clone(&caller), lifetime);
        Ok(caller)
    }))
}

fn new_caller(
    realm: &Arc<Realm>,
    token: Arc<VerifiedToken>,
    context: &Context,
    key_epoch: u64,
) -> Arc<Caller> {
    Arc::new(Caller::new(Arc::clone(realm), token, context.gateway.epoch(), key_epoch))
}

fn lifetime(caller: &Caller, context: &Context) -> Duration {
    let seconds = caller.token.usable_until.saturating_sub(context.now);
    Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
}

fn counted(error: TokenError, source: &'static str) -> TokenError {
    metrics().verification(error.code(), source);
    error
}
