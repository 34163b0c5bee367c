//! What a user logs in with, and what comes of it: credentials, consents, other identities, sessions, mails.

use serde_json::{Value, json};

use super::Users;
use crate::connection::{Body, CallError, Query};

impl Users {
    /// Sets the password of a user. A temporary one must be changed at the next login.
    ///
    /// `PUT /admin/realms/{realm}/users/{id}/reset-password`; python-keycloak `set_user_password`
    pub async fn reset_password(&self, id: &str, password: &str, temporary: bool) -> Result<(), CallError> {
        let body = json!({"type": "password", "temporary": temporary, "value": password});
        self.location.child(id).fixed("reset-password").put(&body).await.map(drop)
    }

    /// The credentials of a user, without what is secret in them.
    ///
    /// `GET /admin/realms/{realm}/users/{id}/credentials`; python-keycloak `get_credentials`
    pub async fn credentials(&self, id: &str) -> Result<Value, CallError> {
        self.location.child(id).fixed("credentials").get().await
    }

    /// Removes a credential of a user.
    ///
    /// `DELETE /admin/realms/{realm}/users/{id}/credentials/{credential}`; python-keycloak `delete_credential`
    pub async fn delete_credential(&self, id: &str, credential: &str) -> Result<(), CallError> {
        self.location.child(id).fixed("credentials").child(credential).delete().await
    }

    /// The clients that a user has given consent to, or an offline token.
    ///
    /// `GET /admin/realms/{realm}/users/{id}/consents`; python-keycloak `user_consents`
    pub async fn consents(&self, id: &str) -> Result<Value, CallError> {
        self.location.child(id).fixed("consents").get().await
    }

    /// Takes back consent and offline tokens for a client, which is meant by its `clientId`. Where there is nothing to take
    /// back it is a 404.
    ///
    /// `DELETE /admin/realms/{realm}/users/{id}/consents/{clientId}`; python-keycloak `revoke_consent`
    pub async fn revoke_consent(&self, id: &str, client_id: &str) -> Result<(), CallError> {
        self.location.child(id).fixed("consents").child(client_id).delete().await
    }

    /// The identities of other providers that a user is linked to.
    ///
    /// `GET /admin/realms/{realm}/users/{id}/federated-identity`; python-keycloak `get_user_social_logins`
    pub async fn social_logins(&self, id: &str) -> Result<Value, CallError> {
        self.location.child(id).fixed("federated-identity").get().await
    }

    /// Links a user to an identity of another provider, which is meant by its alias; `their_id` and `their_name` are the
    /// user's there.
    ///
    /// `POST /admin/realms/{realm}/users/{id}/federated-identity/{provider}`; python-keycloak `add_user_social_login`
    pub async fn add_social_login(
        &self,
        id: &str,
        provider: &str,
        their_id: &str,
        their_name: &str,
    ) -> Result<(), CallError> {
        let body = json!({"identityProvider": provider, "userId": their_id, "userName": their_name});
        self.location.child(id).fixed("federated-identity").child(provider).post(&body).await.map(drop)
    }

    /// Ends the link of a user to another provider.
    ///
    /// `DELETE /admin/realms/{realm}/users/{id}/federated-identity/{provider}`; python-keycloak `delete_user_social_login`
    pub async fn delete_social_login(&self, id: &str, provider: &str) -> Result<(), CallError> {
        self.location.child(id).fixed("federated-identity").child(provider).delete().await
    }

    /// Sends a user a mail with a link to required actions, a list of their names. The query may have `client_id`,
    /// `redirect_uri` (with a client only) and `lifespan` in seconds.
    ///
    /// `PUT /admin/realms/{realm}/users/{id}/execute-actions-email`; python-keycloak `send_update_account`
    pub async fn send_update_account(
        &self,
        id: &str,
        actions: &Value,
        query: Query,
    ) -> Result<(), CallError> {
        let mail = self.location.child(id).fixed("execute-actions-email");
        mail.put_with(Body::Json(actions.clone()), query).await.map(drop)
    }

    /// Sends a user a mail with a link that verifies the address. The query may have `client_id` and `redirect_uri`.
    ///
    /// `PUT /admin/realms/{realm}/users/{id}/send-verify-email`; python-keycloak `send_verify_email`
    pub async fn send_verify_email(&self, id: &str, query: Query) -> Result<(), CallError> {
        let mail = self.location.child(id).fixed("send-verify-email");
        mail.put_with(Body::Empty, query).await.map(drop)
    }

    /// The sessions of a user. Their ids need not be UUIDs.
    ///
    /// `GET /admin/realms/{realm}/users/{id}/sessions`; python-keycloak `get_sessions`
    pub async fn sessions(&self, id: &str) -> Result<Value, CallError> {
        self.location.child(id).fixed("sessions").get().await
    }

    /// Ends all sessions of a user, and makes its tokens of before void.
    ///
    /// `POST /admin/realms/{realm}/users/{id}/logout`; python-keycloak `user_logout`
    pub async fn logout(&self, id: &str) -> Result<(), CallError> {
        self.location.child(id).fixed("logout").post_as(Body::Empty).await.map(drop)
    }
}
