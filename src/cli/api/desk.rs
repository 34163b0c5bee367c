//! Who answers: what has been made so far, by handle.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::args::Args;
use super::connection::ConnectionManager;
use super::decisions::{self, Decisions};
use super::failure::Failure;
use super::keycloak_admin::KeycloakAdmin;
use super::keycloak_uma::KeycloakUma;
use super::openid::OpenId;
use super::pure;
use super::request::Request;

/// What has been made, by handle.
#[derive(Default)]
pub(super) struct Desk {
    instances: BTreeMap<String, Instance>,
}

/// Something that was made with `new`.
enum Instance {
    Admin(Box<KeycloakAdmin>),
    Connection(ConnectionManager),
    OpenId(OpenId),
    Uma(KeycloakUma),
    Decisions(Box<Decisions>),
}

impl Desk {
    /// Does what a line asks for. Every line has one answer.
    pub(super) async fn answer(&mut self, line: &[u8]) -> Value {
        match self.perform(line).await {
            Ok(value) => json!({ "ok": value }),
            Err(failure) => json!({ "error": failure.answer() }),
        }
    }

    async fn perform(&mut self, line: &[u8]) -> Result<Value, Failure> {
        let request = Request::read(line)?;
        match request.op.as_str() {
            "new" => {
                let instance = Instance::new(request.text("class")?, &request.args()?).await?;
                self.instances.insert(request.text("handle")?.to_owned(), instance);
                Ok(Value::Null)
            }
            "call" => self.instance(&request)?.call(request.text("method")?, &request.args()?).await,
            "get" => self.instance(&request)?.get(request.text("property")?).await,
            "set" => {
                self.instance(&request)?.set(request.text("property")?, request.value())?;
                Ok(Value::Null)
            }
            "pure" => pure::call(request.text("function")?, Args::new(&request.args()?)),
            "load_authorization" => {
                let (decisions, loaded) = decisions::load_authorization(&request.whole())?;
                let decisions = Instance::Decisions(Box::new(decisions));
                self.instances.insert(request.text("handle")?.to_owned(), decisions);
                Ok(loaded)
            }
            "decide" => self.instance(&request)?.decide(&request.whole()),
            "match_path" => Ok(decisions::match_path(&request.whole())?),
            "break_token" => {
                self.instance(&request)?.break_token()?;
                Ok(Value::Null)
            }
            other => Err(Failure::UnknownMethod(format!("there is no operation `{other}`"))),
        }
    }

    fn instance(&mut self, request: &Request) -> Result<&mut Instance, Failure> {
        let handle = request.text("handle")?;
        self.instances
            .get_mut(handle)
            .ok_or_else(|| Failure::Other("UnknownHandle", format!("nothing was made as `{handle}`")))
    }
}

impl Instance {
    async fn new(class: &str, args: &Map<String, Value>) -> Result<Self, Failure> {
        let args = Args::new(args);
        match class {
            "KeycloakAdmin" => Ok(Self::Admin(Box::new(KeycloakAdmin::new(args).await?))),
            "ConnectionManager" => ConnectionManager::new(args).map(Self::Connection),
            "KeycloakOpenID" => OpenId::new(args).map(Self::OpenId),
            "KeycloakUMA" => KeycloakUma::new(args).map(Self::Uma),
            other => Err(Failure::UnknownMethod(format!("there is no class `{other}`"))),
        }
    }

    async fn call(&mut self, method: &str, args: &Map<String, Value>) -> Result<Value, Failure> {
        let args = Args::new(args);
        match self {
            Self::Admin(admin) => admin.call(method, args).await,
            Self::Connection(connection) => connection.call(method, args).await,
            Self::OpenId(openid) => openid.call(method, args).await,
            Self::Uma(uma) => uma.call(method, args).await,
            Self::Decisions(_) => Err(only_decides()),
        }
    }

    async fn get(&self, property: &str) -> Result<Value, Failure> {
        match self {
            Self::Admin(admin) => admin.get(property),
            Self::Connection(connection) => connection.get(property),
            Self::OpenId(openid) => openid.get(property),
            Self::Uma(uma) => uma.get(property).await,
            Self::Decisions(_) => Err(only_decides()),
        }
    }

    fn set(&mut self, property: &str, value: Value) -> Result<(), Failure> {
        match self {
            Self::Admin(admin) => admin.set(property, &value),
            Self::Connection(connection) => connection.set(property, &value),
            Self::OpenId(openid) => openid.set(property, &value),
            Self::Uma(_) => Err(Failure::Other("UnknownProperty", format!("`{property}` cannot be set"))),
            Self::Decisions(_) => Err(only_decides()),
        }
    }

    fn decide(&self, question: &Value) -> Result<Value, Failure> {
        match self {
            Self::Decisions(decisions) => Ok(decisions::decide(decisions, question)?),
            _ => Err(Failure::UnknownMethod(
                "authorization settings were not loaded as this handle".to_owned(),
            )),
        }
    }

    fn break_token(&mut self) -> Result<(), Failure> {
        match self {
            Self::Admin(admin) => admin.break_token(),
            _ => Err(Failure::UnknownMethod("only a `KeycloakAdmin` holds a token to break".to_owned())),
        }
    }
}

fn only_decides() -> Failure {
    Failure::UnknownMethod("what was loaded with `load_authorization` answers to `decide` only".to_owned())
}

#[cfg(test)]
mod tests;
