//! Forms of the token endpoint, as python-keycloak fills them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::OpenId;
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;
use crate::connection::{CallError, ErrorClass};
use crate::oidc::{RealmClient, TokenRequest};

/// `token`.
pub(super) async fn token(client: &RealmClient, args: Args<'_>) -> Result<Value, Failure> {
    let result = client.token(form(args)?).await;
    let is_password = args.optional("grant_type").is_none_or(|grant| match grant {
        Value::Array(several) => several.iter().any(|grant| grant == "password"),
        one => one == "password",
    });
    if is_password { Ok(result?) } else { Ok(result.map_err(posted)?) }
}

/// `refresh_token`.
pub(super) async fn refresh(client: &RealmClient, args: Args<'_>) -> Result<Value, Failure> {
    let request = grants(args, "refresh_token")?.with("refresh_token", args.text("refresh_token")?);
    Ok(client.token(request).await.map_err(posted)?)
}

/// A code or a refresh token that is not taken has always been a 400, and so an error of the call; only that of a wrong
/// password, which was a 401 once, is one of the login.
pub(super) fn posted(error: CallError) -> CallError {
    if error.status() == Some(400) { error.class_as(ErrorClass::Post) } else { error }
}

/// Every field is sent, empty or not, and those of `extra`.
fn form(args: Args<'_>) -> Result<TokenRequest, Failure> {
    let text = |name: &str| args.optional_text(name).map(Option::unwrap_or_default);
    let mut request = grants(args, "password")?
        .with("username", text("username")?)
        .with("password", text("password")?)
        .with("code", text("code")?)
        .with("redirect_uri", text("redirect_uri")?)
        .scope(args.optional_text("scope")?.unwrap_or("openid"));
    request = match args.optional("totp") {
        Some(Value::String(code)) => request.totp(code),
        Some(code) => request.totp(&code.to_string()),
        None => request,
    };
    if let Some(verifier) = args.optional_text("code_verifier")? {
        request = request.code_verifier(verifier);
    }
    let extra = args.query("extra")?;
    Ok(extra.pairs().iter().fold(request, |request, (name, value)| request.with(name, value)))
}

/// `exchange_token`, as standard token exchange wants it. The parameters are those of python-keycloak 2.8.0, whose own call
/// no Keycloak since 26.2 takes, and of 7.1.1. A `subject` that is the token's own needs no word; any other would be
/// impersonation, and Keycloak says that it does not do that.
pub(super) async fn exchange(openid: &OpenId, args: Args<'_>) -> Result<Value, Failure> {
    let token = args.text("token")?;
    let client = openid.client_named(args.optional_text("client_id")?.unwrap_or(&openid.client_id));
    let given = |name: &str| Ok::<_, Failure>(args.optional_text(name)?.filter(|text| !text.is_empty()));
    let mut request = match given("subject_token_type")? {
        Some(kind) => TokenRequest::grant("urn:ietf:params:oauth:grant-type:token-exchange")
            .with("subject_token", token)
            .with("subject_token_type", kind),
        None => TokenRequest::exchange(token),
    };
    let fields = [
        ("audience", "audience"),
        ("subject", "requested_subject"),
        ("subject_issuer", "subject_issuer"),
        ("requested_issuer", "requested_issuer"),
        ("requested_token_type", "requested_token_type"),
    ];
    for (name, field) in fields {
        if let Some(value) = given(name)?.filter(|value| name != "subject" || !is_about(token, value)) {
            request = request.with(field, value);
        }
    }
    let scope = args.optional_text("scope")?.unwrap_or("openid");
    Ok(client.token(request.scope(scope)).await?)
}

/// Whether the token, which the server is about to judge, is of this user, by id or name.
fn is_about(token: &str, user: &str) -> bool {
    let payload = token.split('.').nth(1).and_then(|payload| URL_SAFE_NO_PAD.decode(payload).ok());
    let claims: Value = payload.and_then(|payload| serde_json::from_slice(&payload).ok()).unwrap_or_default();
    ["sub", "preferred_username"].iter().any(|name| claims.get(name).is_some_and(|own| own == user))
}

/// `grant_type`: a text or a list of texts, each a field.
fn grants(args: Args<'_>, default: &str) -> Result<TokenRequest, Failure> {
    let wrong =
        || Failure::Argument("the argument `grant_type` is neither a text nor a list of texts".to_owned());
    let Some(value) = args.optional("grant_type") else { return Ok(TokenRequest::grant(default)) };
    let several = match value {
        Value::Array(several) => several.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut names = several.iter().map(|name| name.as_str().ok_or_else(wrong));
    let first = TokenRequest::grant(names.next().ok_or_else(wrong)??);
    names.try_fold(first, |request, name| Ok(request.with("grant_type", name?)))
}
