//! The realm of the demo in a real Keycloak: made as `gatecloak bootstrap` makes things, and removed at the end.

use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

use crate::admin::{AdminClient, Realm};
use crate::bootstrap::{Access, Desired, Plan};
use crate::connection::{Body, Connection, Method, Request};

const REALM: &str = include_str!("../../../config/demo-realm.json");

/// A realm that is there as long as this.
pub(super) struct KeycloakRealm {
    connection: Connection,
    realm: Realm,
    name: String,
    issuer: String,
    keep: bool,
    runtime: Runtime,
}

impl KeycloakRealm {
    /// Makes realm, roles, groups, clients with their authorization settings, and users. The login is an administrator's, who
    /// may make realms. The error is for people; then there is no realm.
    pub(super) fn make(access: &Access, keep: bool) -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| format!("no runtime: {error}"))?;
        let admin = AdminClient::new(access.open().map_err(|error| error.to_string())?);
        let name = format!("gatecloak-demo-{}", std::process::id());
        let content: Value = serde_json::from_str(REALM).map_err(|error| error.to_string())?;
        let realm = admin.realm(&name);
        runtime.block_on(make_realm(&admin, &name, &content))?;
        let connection = admin.session().connection().clone();
        let mut made = Self { connection, realm, name, issuer: String::new(), keep, runtime };
        match made.runtime.block_on(made.fill(&content)) {
            Ok(issuer) => made.issuer = issuer,
            Err(error) => {
                made.keep = false;
                return Err(made.remove().err().unwrap_or(error));
            }
        }
        Ok(made)
    }

    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    pub(super) fn url(&self) -> String {
        format!("{}/realms/{}", self.connection.settings().base_url.trim_end_matches('/'), self.name)
    }

    pub(super) fn grant(&self, parameters: &[(&str, &str)]) -> Result<String, String> {
        let form = parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let path = format!("realms/{}/protocol/openid-connect/token", self.name);
        let request = Request::new(Method::Post, path).body(Body::Form(form));
        let answer =
            self.runtime.block_on(self.connection.send(&request)).map_err(|error| error.to_string())?;
        let body = answer.value();
        let token = body.get("access_token").and_then(Value::as_str).map(str::to_owned);
        token.ok_or_else(|| format!("{} {body}", answer.status))
    }

    /// Removes the realm, unless it is to be kept; gives what became of it.
    pub(super) fn remove(self) -> Result<String, String> {
        if self.keep {
            return Ok(format!("the realm `{}` stays", self.name));
        }
        match self.runtime.block_on(self.realm.delete()) {
            Ok(()) => Ok(format!("the realm `{}` is removed", self.name)),
            Err(error) => Err(format!("the realm `{}` stays: {error}", self.name)),
        }
    }

    /// Everything in the realm; gives `iss` of its tokens.
    async fn fill(&self, content: &Value) -> Result<String, String> {
        // A policy can only name a group and a role that are there.
        self.bring_about(&json!({"realm": self.name, "realm_roles": content.pointer("/roles/realm"), "groups": groups(content)})).await?;
        self.bring_about(&json!({"realm": self.name, "clients": content.get("clients")})).await?;
        let users = content.get("users").and_then(Value::as_array).into_iter().flatten();
        for user in users.filter(|user| user.get("serviceAccountClientId").is_none()) {
            self.user(user).await.map_err(|error| error.to_string())?;
        }
        let request =
            Request::new(Method::Get, format!("realms/{}/.well-known/openid-configuration", self.name));
        let answer = self.connection.send(&request).await.map_err(|error| error.to_string())?.value();
        let issuer = answer.get("issuer").and_then(Value::as_str).map(str::to_owned);
        issuer.ok_or_else(|| "the realm does not say its issuer".to_owned())
    }

    async fn bring_about(&self, content: &Value) -> Result<(), String> {
        let desired = Desired::read(content).map_err(|error| error.to_string())?;
        let plan = Plan::apply(&self.realm, &desired, |_, _| {}).await.map_err(|error| error.to_string())?;
        match plan.failures.first() {
            Some((item, error)) => Err(format!("{} `{}`: {error}", item.kind.name(), item.name)),
            None => Ok(()),
        }
    }

    async fn user(&self, user: &Value) -> Result<(), crate::connection::CallError> {
        let mut members: Map<String, Value> = user.as_object().cloned().unwrap_or_default();
        let roles = members.remove("realmRoles").unwrap_or_default();
        // Groups are taken with the user, roles are not.
        let id = self.realm.users().create(&Value::Object(members)).await?;
        let mut found = Vec::new();
        let names = roles.as_array().into_iter().flatten().filter_map(Value::as_str);
        for name in names.filter(|name| !name.starts_with("default-roles-")) {
            found.push(self.realm.roles().get(name).await?);
        }
        if !found.is_empty() {
            self.realm.user_roles(&id).add_realm(&Value::Array(found)).await?;
        }
        Ok(())
    }
}

/// The realm itself, with its settings.
async fn make_realm(admin: &AdminClient, name: &str, content: &Value) -> Result<(), String> {
    let mut members: Map<String, Value> = content.as_object().cloned().unwrap_or_default();
    members.retain(|name, _| !["roles", "groups", "users", "clients"].contains(&name.as_str()));
    members.insert("realm".to_owned(), Value::from(name));
    admin.realms().create(&Value::Object(members)).await.map(drop).map_err(|error| error.to_string())
}

fn groups(content: &Value) -> Vec<Value> {
    let groups = content.get("groups").and_then(Value::as_array).into_iter().flatten();
    groups.filter_map(|group| Some(json!({"path": group.get("path")?}))).collect()
}
