//! The device flow (RFC 8628): for a thing without a browser.

use serde::Deserialize;
use serde_json::Value;

use super::{RealmClient, TokenRequest};
use crate::connection::{CallError, Method};

/// What a device hears that asks for its token.
#[derive(Clone, Debug, PartialEq)]
pub enum DevicePoll {
    /// The user has not answered yet: ask again after `interval`.
    Pending,
    /// The same, and it was asked too soon: five seconds are added to `interval` (RFC 8628 section 3.5).
    SlowDown,
    /// The token answer.
    Granted(Value),
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
}

impl RealmClient {
    /// Begins: an object with `device_code`, `user_code`, `verification_uri`, `interval`, `expires_in`. The client needs
    /// the attribute `oauth2.device.authorization.grant.enabled`.
    ///
    /// `POST /realms/{realm}/protocol/openid-connect/auth/device`; python-keycloak `KeycloakOpenID.device`
    pub async fn device(&self, scope: &str) -> Result<Value, CallError> {
        let form = match scope {
            "" => Vec::new(),
            scope => vec![("scope".to_owned(), scope.to_owned())],
        };
        let response = self.post("/protocol/openid-connect/auth/device", form).await?;
        Ok(response.expect(Method::Post, &[200])?.value())
    }

    /// Asks once whether the user has answered. No, and too late, are errors.
    pub async fn poll_device(&self, device_code: &str) -> Result<DevicePoll, CallError> {
        match self.token(TokenRequest::device_code(device_code)).await {
            Ok(answer) => Ok(DevicePoll::Granted(answer)),
            Err(error) => match serde_json::from_slice::<Refusal>(error.body()) {
                Ok(refusal) if refusal.error == "authorization_pending" => Ok(DevicePoll::Pending),
                Ok(refusal) if refusal.error == "slow_down" => Ok(DevicePoll::SlowDown),
                _ => Err(error),
            },
        }
    }
}
