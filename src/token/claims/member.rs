//! The members of the claims object: slots for those that are judged, and their types.

mod others;
mod unique;
mod value;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

pub(crate) use self::others::Glance;
use self::others::{Others, Place};
use self::unique::{Name, Seen, Unique, UniqueText};
pub(super) use self::value::{Access, Audience, ClientRoles, Seconds};
use self::value::{OptionalText, Present, Text};
use super::{NOT_JSON, NOT_UNIQUE};
use crate::oidc::GrantedPermission;
use crate::token::TokenError;

/// The claims that are judged or asked for on nearly every request. A slot that is filled was there.
#[derive(Default)]
pub(super) struct Known {
    pub(super) issuer: Option<Box<str>>,
    pub(super) subject: Option<Box<str>>,
    pub(super) audience: Option<Audience>,
    /// Rounded down: a token ends early rather than late.
    pub(super) expires_at: Option<Seconds<false>>,
    /// Rounded up.
    pub(super) not_before: Option<Seconds<true>>,
    pub(super) issued_at: Option<Seconds<false>>,
    pub(super) authorized_party: Option<Box<str>>,
    pub(super) client_id: Option<OptionalText>,
    pub(super) kind: Option<Box<str>>,
    pub(super) username: Option<OptionalText>,
    pub(super) scope: Option<Box<str>>,
    pub(super) realm_access: Option<Access>,
    pub(super) resource_access: Option<ClientRoles>,
    /// One string or several, as the mapper says.
    pub(super) groups: Option<Audience>,
    pub(super) authorization: Option<Authorization>,
    pub(super) confirmation: Option<Present>,
    jwt_id: Option<Text>,
    session_id: Option<Text>,
    /// All that have no slot.
    pub(super) others: Others,
}

impl Known {
    pub(super) fn read(json: &str) -> Result<Self, TokenError> {
        let mut fault = None;
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let known = Reader { json, fault: &mut fault }
            .deserialize(&mut deserializer)
            .and_then(|known| deserializer.end().map(|()| known));
        known.map_err(|error| if error.is_data() { fault.unwrap_or(NOT_UNIQUE) } else { NOT_JSON })
    }
}

/// Whether every member of every object in this JSON stands once.
pub(in crate::token) fn members_are_unique(json: &[u8]) -> Result<(), TokenError> {
    match serde_json::from_slice::<Unique>(json) {
        Ok(Unique) => Ok(()),
        Err(error) => Err(if error.is_data() { NOT_UNIQUE } else { NOT_JSON }),
    }
}

/// The permissions of an RPT.
#[derive(Deserialize)]
pub(super) struct Authorization {
    #[serde(default)]
    pub(super) permissions: Vec<GrantedPermission>,
}

/// Fills the slots in one pass. What was wrong is told through `fault`, since the parser's own error knows only text.
struct Reader<'f, 'j> {
    json: &'j str,
    fault: &'f mut Option<TokenError>,
}

impl Reader<'_, '_> {
    fn fill<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
        &mut self,
        slot: &mut Option<T>,
        map: &mut A,
        name: &'static str,
    ) -> Result<(), A::Error> {
        if slot.is_some() {
            return Err(A::Error::duplicate_field(name));
        }
        let value = map.next_value().inspect_err(|_| *self.fault = Some(TokenError::ClaimInvalid(name)))?;
        *slot = Some(value);
        Ok(())
    }

    /// `authorization` is rare: read twice, first for members that stand twice.
    fn fill_authorization<'de, A: MapAccess<'de>>(
        &mut self,
        slot: &mut Option<Authorization>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let mut raw: Option<&'de RawValue> = slot.is_some().then_some(RawValue::NULL);
        self.fill(&mut raw, map, "authorization")?;
        let raw = raw.map_or("", RawValue::get);
        serde_json::from_str::<Unique>(raw).map_err(A::Error::custom)?;
        // A struct would be read from an array as well.
        let authorization = raw.starts_with('{').then(|| serde_json::from_str(raw).ok()).flatten();
        let Some(authorization) = authorization else {
            *self.fault = Some(TokenError::ClaimInvalid("authorization"));
            return Err(A::Error::custom("not an object of permissions"));
        };
        *slot = Some(authorization);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_, '_> {
    type Value = Known;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Known, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_, '_> {
    type Value = Known;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object of claims")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Known, A::Error> {
        let mut known = Known::default();
        let mut others = Seen::default();
        while let Some(Name(name)) = map.next_key()? {
            match &*name {
                "iss" => self.fill(&mut known.issuer, &mut map, "iss")?,
                "sub" => self.fill(&mut known.subject, &mut map, "sub")?,
                "aud" => self.fill(&mut known.audience, &mut map, "aud")?,
                "exp" => self.fill(&mut known.expires_at, &mut map, "exp")?,
                "nbf" => self.fill(&mut known.not_before, &mut map, "nbf")?,
                "iat" => self.fill(&mut known.issued_at, &mut map, "iat")?,
                "azp" => self.fill(&mut known.authorized_party, &mut map, "azp")?,
                "client_id" => self.fill(&mut known.client_id, &mut map, "client_id")?,
                "typ" => self.fill(&mut known.kind, &mut map, "typ")?,
                "preferred_username" => self.fill(&mut known.username, &mut map, "preferred_username")?,
                "scope" => self.fill(&mut known.scope, &mut map, "scope")?,
                "realm_access" => self.fill(&mut known.realm_access, &mut map, "realm_access")?,
                "resource_access" => self.fill(&mut known.resource_access, &mut map, "resource_access")?,
                "groups" => self.fill(&mut known.groups, &mut map, "groups")?,
                "authorization" => self.fill_authorization(&mut known.authorization, &mut map)?,
                "cnf" => self.fill(&mut known.confirmation, &mut map, "cnf")?,
                "jti" => self.fill(&mut known.jwt_id, &mut map, "jti")?,
                "sid" => self.fill(&mut known.session_id, &mut map, "sid")?,
                _ => {
                    let place = Place::of(&name, self.json);
                    others.add(name)?;
                    let UniqueText(text) = map.next_value()?;
                    known.others.note(place, text.and_then(|text| Place::of(text, self.json)));
                }
            }
        }
        Ok(known)
    }
}
