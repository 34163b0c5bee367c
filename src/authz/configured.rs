//! What the configuration knows beside the settings.

use jiff::tz::TimeZone;

use super::surroundings::{ClientFacts, KeycloakVersion, Promises, ResourceId, ResourceServer, Surroundings};
use crate::config::{AuthorizationConfig, Problem};
use crate::oidc::AuthorizationExport;

impl Surroundings {
    /// From `[providers.NAME.authorization]`, whose path is `key`.
    pub(super) fn configured(
        key: &str,
        config: &AuthorizationConfig,
        resource_server: &str,
    ) -> Result<Self, Problem> {
        let time_zone = config.server_timezone.as_deref().map(|name| {
            TimeZone::get(name).map_err(|_| {
                Problem::new(format!("{key}.server_timezone"), format!("there is no time zone `{name}`"))
                    .hint("a name of the IANA time zone database: `Europe/Berlin`, `UTC`")
            })
        });
        let resource_ids = config.resource_ids.iter().map(|(name, id)| ResourceId {
            id: id.clone(),
            name: name.clone(),
            owner: resource_server.to_owned(),
        });
        let clients = config.public_clients.iter();
        Ok(Self {
            resource_server: Some(ResourceServer {
                client_id: resource_server.to_owned(),
                id: String::new(),
            }),
            resource_ids: resource_ids.collect(),
            user_ids: config.user_ids.clone(),
            clients: clients
                .map(|(id, public)| (id.clone(), ClientFacts { public: Some(*public) }))
                .collect(),
            time_zone: time_zone.transpose()?,
            promises: Promises { groups_claim_complete: config.promises.groups_claim_complete },
            version: config
                .keycloak_version
                .as_deref()
                .map_or(KeycloakVersion::Other, KeycloakVersion::parse),
        })
    }

    /// With what an export brings.
    pub(super) fn with_export(&self, export: &AuthorizationExport) -> Self {
        let mut all = self.clone();
        if let Some(resource_server) = &mut all.resource_server {
            resource_server.id.clone_from(&export.client);
        }
        let ids = export.resources.iter().map(|resource| ResourceId {
            id: resource.id.clone(),
            name: resource.name.clone(),
            owner: resource.owner.name.clone(),
        });
        all.resource_ids = ids.collect();
        all
    }
}
