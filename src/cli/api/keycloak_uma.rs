//! `KeycloakUMA`: the protection API of a resource server.

use secrecy::SecretString;
use serde_json::{Value, json};

use super::args::Args;
use super::failure::Failure;
use super::permissions::permissions;
use super::settings::settings;
use crate::connection::{CallError, ClientProof, Login, LoginGrant, Query};
use crate::oidc::authorization::UmaClient;

/// A resource server by today's python-keycloak's names.
pub(super) struct KeycloakUma {
    client: UmaClient,
}

impl KeycloakUma {
    /// By the arguments of a connection with a login, which may stand in `connection`: `server_url`, `realm_name`,
    /// `client_id`, `client_secret_key`, and `username` and `password` where it is not the client's own account. Makes no
    /// call.
    pub(super) fn new(args: Args<'_>) -> Result<Self, Failure> {
        let args = match args.optional("connection") {
            Some(Value::Object(members)) => Args::new(members),
            _ => args,
        };
        let secret = |name: &str| args.optional_text(name).map(|text| text.map(SecretString::from));
        let proof = secret("client_secret_key")?.map_or(ClientProof::Public, ClientProof::SecretPost);
        let token =
            args.optional("token").and_then(|token| token.get("access_token").unwrap_or(token).as_str());
        let grant = match (token, args.optional_text("username")?) {
            (Some(token), _) => LoginGrant::Token(token.into()),
            (None, Some(username)) => LoginGrant::Password {
                username: username.to_owned(),
                password: secret("password")?.unwrap_or_default(),
                totp: args.optional_text("totp")?.map(str::to_owned),
            },
            (None, None) => LoginGrant::ClientCredentials,
        };
        let login = Login {
            realm: args.text("realm_name")?.to_owned(),
            client_id: args.text("client_id")?.to_owned(),
            proof,
            grant,
            scope: String::new(),
        };
        let settings = settings(args, args.text("server_url")?, "custom_headers")?;
        Ok(Self { client: UmaClient::connect(settings, login)? })
    }

    /// A property: `uma_well_known`, which is asked for anew, or `connection`.
    pub(super) async fn get(&self, property: &str) -> Result<Value, Failure> {
        match property {
            "uma_well_known" => Ok(self.client.well_known().await?),
            "connection" => Ok(json!("<ConnectionManager>")),
            _ => {
                Err(Failure::Other("UnknownProperty", format!("`KeycloakUMA` has no property `{property}`")))
            }
        }
    }

    /// Calls a method.
    pub(super) async fn call(&self, method: &str, args: Args<'_>) -> Result<Value, Failure> {
        let client = &self.client;
        Ok(match method {
            "resource_set_create" => client.create_resource(args.value("payload")?).await?,
            "resource_set_update" => {
                done(client.update_resource(args.text("resource_id")?, args.value("payload")?).await)?
            }
            "resource_set_read" => client.resource(args.text("resource_id")?).await?,
            "resource_set_delete" => done(client.delete_resource(args.text("resource_id")?).await)?,
            "resource_set_list_ids" => json!(client.resource_ids(resources(args)?).await?),
            "resource_set_list" => json!(client.resources(Query::new()).await?),
            "permission_ticket_create" => {
                client.create_ticket(&permissions(args.optional("permissions"))?).await?
            }
            "permissions_check" => {
                let wanted = permissions(args.optional("permissions"))?;
                json!(client.check(args.text("token")?, &wanted).await?)
            }
            "policy_resource_create" => {
                client.create_policy(args.text("resource_id")?, args.value("payload")?).await?
            }
            "policy_update" => {
                client.update_policy(args.text("policy_id")?, args.value("payload")?).await?;
                // The answer is a 201 without a body.
                json!("")
            }
            "policy_delete" => done(client.delete_policy(args.text("policy_id")?).await)?,
            "policy_query" => {
                let names = [("resource", "resource"), ("name", "name"), ("scope", "scope")];
                json!(client.policies(query(args, &names)?).await?)
            }
            _ => {
                let text = format!("`KeycloakUMA` has no method `{method}`");
                return Err(Failure::UnknownMethod(text));
            }
        })
    }
}

fn resources(args: Args<'_>) -> Result<Query, Failure> {
    let names =
        [("name", "name"), ("uri", "uri"), ("owner", "owner"), ("resource_type", "type"), ("scope", "scope")];
    let flags = [("exact_name", "exactName"), ("matchingUri", "matchingUri")];
    flags.into_iter().try_fold(query(args, &names)?, |query, (name, parameter)| {
        Ok(if args.flag(name, false)? { query.with(parameter, true) } else { query })
    })
}

/// The texts that are there and not empty, and the page.
fn query(args: Args<'_>, names: &[(&str, &str)]) -> Result<Query, Failure> {
    let mut query = Query::new();
    for (name, parameter) in names {
        if let Some(text) = args.optional_text(name)?.filter(|text| !text.is_empty()) {
            query = query.with(parameter, text);
        }
    }
    if let Some(first) = args.number("first")?.filter(|first| *first > 0) {
        query = query.with("first", first);
    }
    if let Some(maximum) = args.number("maximum")?.filter(|maximum| *maximum >= 0) {
        query = query.with("max", maximum);
    }
    Ok(query)
}

/// What python-keycloak gives back for an answer without a body.
fn done(result: Result<(), CallError>) -> Result<Value, Failure> {
    result.map(|()| json!({})).map_err(Failure::from)
}
