//! Forms of the token endpoint, as python-keycloak fills them.

use serde_json::Value;

use super::OpenId;
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;
use crate::oidc::TokenRequest;

/// `token`: every field is sent, empty or not, and those of `extra`.
pub(super) fn token(args: Args<'_>) -> Result<TokenRequest, Failure> {
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

/// `refresh_token`.
pub(super) fn refresh(args: Args<'_>) -> Result<TokenRequest, Failure> {
    Ok(grants(args, "refresh_token")?.with("refresh_token", args.text("refresh_token")?))
}

/// `exchange_token`, as standard token exchange wants it. The parameters are those of python-keycloak 2.8.0, whose own call
/// no Keycloak since 26.2 takes, and of 7.1.1.
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
        if let Some(value) = given(name)? {
            request = request.with(field, value);
        }
    }
    let scope = args.optional_text("scope")?.unwrap_or("openid");
    Ok(client.token(request.scope(scope)).await?)
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
