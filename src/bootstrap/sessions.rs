//! The sessions of many tasks: one login for all that name the same one.

use secrecy::{ExposeSecret, SecretString};

use super::access::{Access, AccessError};
use crate::admin::AdminClient;

/// Sessions by their access. A login costs the server far more than the calls of a task.
#[derive(Debug, Default)]
pub struct Sessions(Vec<(Access, AdminClient)>);

impl Sessions {
    /// The session of this access; a new one if there is none yet. Makes no call.
    pub(super) fn of(&mut self, access: &Access) -> Result<AdminClient, AccessError> {
        if let Some((_, client)) = self.0.iter().find(|(own, _)| is_same(own, access)) {
            return Ok(client.clone());
        }
        let client = AdminClient::new(access.open()?);
        self.0.push((access.clone(), client.clone()));
        Ok(client)
    }
}

/// Whether two are the same login at the same server.
pub(super) fn is_same(one: &Access, other: &Access) -> bool {
    let plain = |access: &Access| {
        (
            access.url.clone(),
            access.realm.clone(),
            access.client_id.clone(),
            access.username.clone(),
            access.verify,
            access.timeout,
            access.agent.clone(),
        )
    };
    plain(one) == plain(other)
        && is_same_secret(&one.client_secret, &other.client_secret)
        && is_same_secret(&one.password, &other.password)
        && is_same_secret(&one.token, &other.token)
        && is_same_secret(&one.refresh_token, &other.refresh_token)
}

fn is_same_secret(one: &Option<SecretString>, other: &Option<SecretString>) -> bool {
    one.as_ref().map(ExposeSecret::expose_secret) == other.as_ref().map(ExposeSecret::expose_secret)
}
