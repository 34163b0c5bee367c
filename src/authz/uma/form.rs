//! The form, as Keycloak reads it.

use super::edit::edited;
use super::error::RequestError;
use super::resolution::Stop;
use crate::authz::reason::RemoteReason;
use crate::authz::surroundings::KeycloakVersion;

/// UTF-16 units that the values of one parameter may have together; longer ones are dropped.
const UNITS: usize = 4000;

/// The same for those that hold tokens; longer ones are an error.
const TOKEN_UNITS: usize = 20_000;

const TOKENS: [&str; 2] = ["claim_token", "subject_token"];

/// Parameters and their values, in order.
#[derive(Debug)]
pub(super) struct Form {
    fields: Vec<(String, String)>,
}

impl Form {
    /// Edits values, drops what is too long.
    pub(super) fn read(fields: &[(String, String)], version: KeycloakVersion) -> Result<Self, Stop> {
        let mut read = Vec::with_capacity(fields.len());
        for (name, value) in fields {
            let edited = edited(value).ok_or(Stop::request("how keycloak reads a value is not certain"))?;
            let value = match version {
                KeycloakVersion::Current => edited,
                _ if edited == *value => edited,
                KeycloakVersion::V26_4 => value.clone(),
                KeycloakVersion::Other => {
                    return Err(Stop::request("versions of keycloak differ in what they remove"));
                }
            };
            read.push((name.clone(), value));
        }
        let mut form = Self { fields: read };
        for name in TOKENS {
            if form.units(name) > TOKEN_UNITS {
                form.is_limited(version)?;
                if version == KeycloakVersion::Current {
                    return Err(Stop::Error(RequestError::too_long(name)));
                }
            }
        }
        let too_long: Vec<String> = form
            .fields
            .iter()
            .map(|(name, _)| name)
            .filter(|name| !TOKENS.contains(&name.as_str()) && form.units(name) > UNITS)
            .cloned()
            .collect();
        if !too_long.is_empty() {
            form.is_limited(version)?;
            if version == KeycloakVersion::Current {
                form.fields.retain(|(name, _)| !too_long.contains(name));
            }
        }
        Ok(form)
    }

    /// The first value.
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    fn units(&self, name: &str) -> usize {
        self.all(name).map(|value| value.encode_utf16().count()).sum()
    }

    fn is_limited(&self, version: KeycloakVersion) -> Result<(), Stop> {
        match version {
            KeycloakVersion::Other => Err(Stop::Remote(RemoteReason::Request(
                "versions of keycloak differ in how long a parameter may be",
            ))),
            _ => Ok(()),
        }
    }
}
