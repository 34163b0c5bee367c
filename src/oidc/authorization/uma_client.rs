//! Keycloak's protection API (UMA 2.0 Federated Authorization): resources, tickets, and the policies of owners.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::PermissionSet;
use crate::connection::{
    Body, CallError, Connection, ConnectionSettings, ErrorClass, Login, Method, Query, Request, Response,
    Session, encode_segment,
};
use crate::oidc::RealmClient;

/// The length of a page, which is also what Keycloak gives where nothing is said.
const PAGE_SIZE: usize = 100;

/// The protection API of one resource server, with its login: that of the client's own account, as a rule.
#[derive(Clone, Debug)]
pub struct UmaClient {
    session: Session,
    realm: RealmClient,
}

impl UmaClient {
    /// Makes no call; the first one logs in.
    pub fn new(session: Session) -> Self {
        let login = session.login();
        let (realm, client_id, proof) = (login.realm.clone(), login.client_id.clone(), login.proof.clone());
        let realm = RealmClient::new(session.connection().clone(), realm, client_id, proof);
        Self { session, realm }
    }

    /// Opens a connection of its own. Makes no call; an error says which setting is wrong.
    pub fn connect(settings: ConnectionSettings, login: Login) -> Result<Self, CallError> {
        Ok(Self::new(Session::new(Connection::open(settings)?, login)))
    }

    /// The login.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The realm's own description of UMA.
    ///
    /// `GET /realms/{realm}/.well-known/uma2-configuration`; python-keycloak `KeycloakUMA.uma_well_known`
    pub async fn well_known(&self) -> Result<Value, CallError> {
        let response = self.realm.get("/.well-known/uma2-configuration", None).await?;
        Ok(response.expect(Method::Get, &[200])?.value())
    }

    /// Makes a resource (`name`, `resource_scopes`, `uris`, `type`, `owner`, `ownerManagedAccess`...); the answer has its
    /// `_id`.
    ///
    /// `POST /realms/{realm}/authz/protection/resource_set`; python-keycloak `KeycloakUMA.resource_set_create`
    pub async fn create_resource(&self, resource: &Value) -> Result<Value, CallError> {
        Ok(self.call(Method::Post, RESOURCES, None, Some(resource), &[201]).await?.value())
    }

    /// Replaces a resource.
    ///
    /// `PUT /realms/{realm}/authz/protection/resource_set/{id}`; python-keycloak `KeycloakUMA.resource_set_update`
    pub async fn update_resource(&self, id: &str, resource: &Value) -> Result<(), CallError> {
        let mut resource = resource.clone();
        if let Some(members) = resource.as_object_mut() {
            members.entry("_id").or_insert_with(|| json!(id));
        }
        self.call(Method::Put, RESOURCES, Some(id), Some(&resource), &[200, 204]).await.map(drop)
    }

    /// A resource.
    ///
    /// `GET /realms/{realm}/authz/protection/resource_set/{id}`; python-keycloak `KeycloakUMA.resource_set_read`
    pub async fn resource(&self, id: &str) -> Result<Value, CallError> {
        Ok(self.call(Method::Get, RESOURCES, Some(id), None, &[200]).await?.value())
    }

    /// Removes a resource.
    ///
    /// `DELETE /realms/{realm}/authz/protection/resource_set/{id}`; python-keycloak `KeycloakUMA.resource_set_delete`
    pub async fn delete_resource(&self, id: &str) -> Result<(), CallError> {
        self.call(Method::Delete, RESOURCES, Some(id), None, &[204]).await.map(drop)
    }

    /// The ids of resources: all, or those that `name` (with `exactName`), `uri` (with `matchingUri`, as a request's path),
    /// `owner`, `type`, `scope` leave. With `first` or `max` it is one page; `matchingUri` then looks at that page only.
    ///
    /// `GET /realms/{realm}/authz/protection/resource_set`; python-keycloak `KeycloakUMA.resource_set_list_ids`
    pub async fn resource_ids(&self, query: Query) -> Result<Vec<Value>, CallError> {
        self.list(RESOURCES, query).await
    }

    /// The resources themselves, without a call for each.
    ///
    /// `GET /realms/{realm}/authz/protection/resource_set`; python-keycloak `KeycloakUMA.resource_set_list`
    pub async fn resources(&self, query: Query) -> Result<Vec<Value>, CallError> {
        self.list(RESOURCES, query.replacing("deep", true)).await
    }

    /// A ticket for these permissions; resources by name or id. What Keycloak does not know is an error.
    ///
    /// `POST /realms/{realm}/authz/protection/permission`; python-keycloak `KeycloakUMA.permission_ticket_create`
    pub async fn create_ticket(&self, wanted: &PermissionSet) -> Result<Value, CallError> {
        let mut resources: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for permission in wanted.iter() {
            let (resource, scopes) = permission.split_once('#').unwrap_or((permission, ""));
            let of_it = resources.entry(resource).or_default();
            of_it.extend(scopes.split(',').filter(|scope| !scope.is_empty()));
        }
        let body: Value = resources
            .into_iter()
            .map(|(resource, scopes)| json!({"resource_id": resource, "resource_scopes": scopes}))
            .collect();
        Ok(self.call(Method::Post, "permission", None, Some(&body), &[201]).await?.value())
    }

    /// Whether the bearer of a token may do all of this; a token that is not taken, and a resource or scope that is not
    /// known, is a no. Nothing asked is a yes, without a call.
    ///
    /// Each permission is looked for in the answer: `response_mode=decision` would say yes for any one of them.
    ///
    /// `POST /realms/{realm}/protocol/openid-connect/token`; python-keycloak `KeycloakUMA.permissions_check`
    pub async fn check(&self, token: &str, wanted: &PermissionSet) -> Result<bool, CallError> {
        if wanted.is_empty() {
            return Ok(true);
        }
        match self.realm.access(token, wanted).await {
            Ok(status) => Ok(status.is_authorized),
            Err(error) if error.class() == ErrorClass::Post && error.status() == Some(400) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Lets others at a resource of a user (`name`, `scopes`, `roles`, `groups`, `users`, `clients`...). The resource must
    /// have `ownerManagedAccess`, and the login be its owner's.
    ///
    /// `POST /realms/{realm}/authz/protection/uma-policy/{resource}`; python-keycloak `KeycloakUMA.policy_resource_create`
    pub async fn create_policy(&self, resource: &str, policy: &Value) -> Result<Value, CallError> {
        Ok(self.call(Method::Post, POLICIES, Some(resource), Some(policy), &[200, 201]).await?.value())
    }

    /// Replaces such a policy; `id` is its own.
    ///
    /// `PUT /realms/{realm}/authz/protection/uma-policy/{id}`; python-keycloak `KeycloakUMA.policy_update`
    pub async fn update_policy(&self, id: &str, policy: &Value) -> Result<(), CallError> {
        self.call(Method::Put, POLICIES, Some(id), Some(policy), &[200, 201, 204]).await.map(drop)
    }

    /// Removes such a policy.
    ///
    /// `DELETE /realms/{realm}/authz/protection/uma-policy/{id}`; python-keycloak `KeycloakUMA.policy_delete`
    pub async fn delete_policy(&self, id: &str) -> Result<(), CallError> {
        self.call(Method::Delete, POLICIES, Some(id), None, &[204]).await.map(drop)
    }

    /// Such policies: all, or those that `resource` (its id), `name`, `scope` leave. With `first` or `max` it is one page.
    ///
    /// `GET /realms/{realm}/authz/protection/uma-policy`; python-keycloak `KeycloakUMA.policy_query`
    pub async fn policies(&self, query: Query) -> Result<Vec<Value>, CallError> {
        self.list(POLICIES, query).await
    }

    async fn list(&self, place: &str, query: Query) -> Result<Vec<Value>, CallError> {
        if query.has("first") || query.has("max") {
            return self.page(place, query).await;
        }
        if query.has("matchingUri") {
            // The page is that of the resources which are compared: all of them must be in it.
            return self.page(place, query.with("max", i32::MAX)).await;
        }
        let mut all = Vec::new();
        loop {
            let page = query.clone().with("first", all.len()).with("max", PAGE_SIZE);
            let page = self.page(place, page).await?;
            let is_last = page.len() < PAGE_SIZE;
            all.extend(page);
            if is_last {
                return Ok(all);
            }
        }
    }

    async fn page(&self, place: &str, query: Query) -> Result<Vec<Value>, CallError> {
        let request = Request::new(Method::Get, self.place(place, None)).query(query);
        let answer = self.session.send(&request).await?.expect(Method::Get, &[200, 204])?.value();
        // An empty list is a 204 here and there.
        Ok(if let Value::Array(items) = answer { items } else { Vec::new() })
    }

    async fn call(
        &self,
        method: Method,
        place: &str,
        id: Option<&str>,
        body: Option<&Value>,
        expected: &[u16],
    ) -> Result<Response, CallError> {
        let body = body.map_or(Body::Empty, |body| Body::Json(body.clone()));
        let request = Request::new(method, self.place(place, id)).body(body);
        self.session.send(&request).await?.expect(method, expected)
    }

    fn place(&self, place: &str, id: Option<&str>) -> String {
        let path = self.realm.path(&format!("/authz/protection/{place}"));
        match id {
            Some(id) => format!("{path}/{}", encode_segment(id)),
            None => path,
        }
    }
}

const RESOURCES: &str = "resource_set";
const POLICIES: &str = "uma-policy";
