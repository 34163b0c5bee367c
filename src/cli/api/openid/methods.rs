//! The methods of `KeycloakOpenID`.

use std::io::ErrorKind;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::{OpenId, decode, tokens};
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;
use crate::cli::api::permissions::{auth_status, permissions};
use crate::oidc::authorization::Authorization;
use crate::oidc::{AuthorizationUrl, ChallengeMethod, Pkce};

/// The hint that stands for an RPT; no other is sent.
const RPT: &str = "requesting_party_token";

pub(super) async fn call(openid: &mut OpenId, method: &str, args: Args<'_>) -> Result<Value, Failure> {
    let client = openid.client();
    Ok(match method {
        "well_known" => client.well_known().await?,
        "auth_url" => json!(client.authorization_url(&wanted(args)?).await?),
        "token" => tokens::token(&client, args).await?,
        "refresh_token" => tokens::refresh(&client, args).await?,
        "exchange_token" => tokens::exchange(openid, args).await?,
        "userinfo" => client.userinfo(args.text("token")?).await?,
        "logout" => {
            client.logout(args.text("refresh_token")?).await.map_err(tokens::posted)?;
            json!({})
        }
        "certs" => client.certs().await?,
        "public_key" => json!(client.public_key().await?),
        "entitlement" => client.entitlement(args.text("token")?, args.text("resource_server_id")?).await?,
        "introspect" => match args.optional_text("token_type_hint")? {
            Some(RPT) => client.introspect_rpt(args.optional_text("rpt")?).await?,
            _ => client.introspect(args.text("token")?, None).await?,
        },
        "decode_token" => decode::decode(&client, args).await?,
        "load_authorization_config" => {
            openid.authorization = load(args.text("path")?)?;
            Value::Null
        }
        "get_policies" => json!(match is_introspected(args)? {
            true => client.policies(args.text("token")?, &openid.authorization).await?,
            false => {
                let claims = decoded(openid, args).await?;
                let policies = openid.authorization.policies_of(&openid.client_id, &claims)?;
                policies.map(|policies| policies.into_iter().cloned().collect())
            }
        }),
        "get_permissions" => json!(match is_introspected(args)? {
            true => client.policy_permissions(args.text("token")?, &openid.authorization).await?,
            false => {
                let claims = decoded(openid, args).await?;
                let permissions = openid.authorization.permissions_of(&openid.client_id, &claims)?;
                permissions.map(|permissions| permissions.into_iter().cloned().collect())
            }
        }),
        "uma_permissions" => {
            let more = args.query("extra_payload")?;
            let wanted = permissions(args.optional("permissions"))?;
            client.permissions(args.text("token")?, &wanted, more.pairs()).await?
        }
        "has_uma_access" => {
            let wanted = permissions(args.optional("permissions"))?;
            auth_status(&client.access(args.text("token")?, &wanted).await?)
        }
        "register_client" => {
            client.register_client(args.optional_text("token")?, args.value("payload")?).await?
        }
        "update_client" => {
            let (token, id) = (args.text("token")?, args.text("client_id")?);
            client.update_registered_client(token, id, args.value("payload")?).await?
        }
        "device" => client.device(args.optional_text("scope")?.unwrap_or_default()).await?,
        "generate_code_verifier" => {
            let length = args.number("length")?.map_or(Ok(128), usize::try_from).unwrap_or_default();
            json!(Pkce::generate_with(length)?.verifier())
        }
        "generate_code_challenge" => challenge(args)?,
        _ => {
            let text = format!("`KeycloakOpenID` has no method `{method}`");
            return Err(Failure::UnknownMethod(text));
        }
    })
}

fn wanted(args: Args<'_>) -> Result<AuthorizationUrl<'_>, Failure> {
    let wanted = AuthorizationUrl::new(args.text("redirect_uri")?)
        .scope(args.optional_text("scope")?.unwrap_or("email"))
        .state(args.optional_text("state")?.unwrap_or_default());
    ["nonce", "code_challenge", "code_challenge_method"].into_iter().try_fold(wanted, |wanted, name| {
        Ok(match args.optional_text(name)? {
            Some(value) if !value.is_empty() => wanted.with(name, value),
            _ => wanted,
        })
    })
}

fn challenge(args: Args<'_>) -> Result<Value, Failure> {
    let name = args.optional_text("method")?.unwrap_or(ChallengeMethod::S256.name());
    let method = ChallengeMethod::parse(name).ok_or_else(|| {
        Failure::Other("ValueError", format!("`{name}` is not a method of a code challenge"))
    })?;
    Ok(json!([Pkce::of(args.text("code_verifier")?, method).challenge(), method.name()]))
}

/// The errors are those that Python has for a file.
fn load(path: &str) -> Result<Authorization, Failure> {
    Authorization::load(Path::new(path)).map_err(|error| {
        let class = match error.kind() {
            ErrorKind::NotFound => "FileNotFoundError",
            ErrorKind::InvalidData => "ValueError",
            _ => "OSError",
        };
        Failure::Other(class, format!("`{path}` cannot be read: {error}"))
    })
}

fn is_introspected(args: Args<'_>) -> Result<bool, Failure> {
    Ok(args.optional_text("method_token_info")?.is_none_or(|method| method == "introspect"))
}

/// The claims of the token, once there are settings to look them up in.
async fn decoded(openid: &OpenId, args: Args<'_>) -> Result<Value, Failure> {
    openid.authorization.policies_of(&openid.client_id, &Value::Object(Map::new()))?;
    decode::decode(&openid.client(), args).await
}
