//! The types of the claims that are judged.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};

use super::unique::{Name, Seen, Unique};

/// A `NumericDate` (RFC 7519 section 2), whole or with a fraction, in seconds since 1970; `UP` says how a fraction is
/// rounded. What no clock can show is of the wrong type, so nothing ever wraps.
#[derive(Clone, Copy)]
pub(in crate::token::claims) struct Seconds<const UP: bool>(pub(in crate::token::claims) i64);

/// The year 140 000 000, and still far from where sums of two overflow or a float loses its units.
const MAX_SECONDS: i64 = 1 << 52;

impl<'de, const UP: bool> Deserialize<'de> for Seconds<UP> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SecondsVisitor<const UP: bool>;
        impl<const UP: bool> Visitor<'_> for SecondsVisitor<UP> {
            type Value = Seconds<UP>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("seconds since 1970")
            }

            fn visit_i64<E: Error>(self, seconds: i64) -> Result<Seconds<UP>, E> {
                if (-MAX_SECONDS..=MAX_SECONDS).contains(&seconds) {
                    Ok(Seconds(seconds))
                } else {
                    Err(E::invalid_value(Unexpected::Signed(seconds), &self))
                }
            }

            fn visit_u64<E: Error>(self, seconds: u64) -> Result<Seconds<UP>, E> {
                match i64::try_from(seconds) {
                    Ok(seconds) => self.visit_i64(seconds),
                    Err(_) => Err(E::invalid_value(Unexpected::Unsigned(seconds), &self)),
                }
            }

            fn visit_f64<E: Error>(self, seconds: f64) -> Result<Seconds<UP>, E> {
                let whole = if UP { seconds.ceil() } else { seconds.floor() };
                if whole.abs() <= MAX_SECONDS as f64 {
                    Ok(Seconds(whole as i64))
                } else {
                    Err(E::invalid_value(Unexpected::Float(seconds), &self))
                }
            }
        }
        deserializer.deserialize_any(SecondsVisitor)
    }
}

/// One string or an array of strings: `aud` (RFC 7519 section 4.1.3), `groups`.
pub(in crate::token::claims) struct Audience(pub(in crate::token::claims) Vec<Box<str>>);

impl<'de> Deserialize<'de> for Audience {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AudienceVisitor;
        impl<'de> Visitor<'de> for AudienceVisitor {
            type Value = Audience;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or an array of strings")
            }

            fn visit_str<E>(self, one: &str) -> Result<Audience, E> {
                Ok(Audience(vec![one.into()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Audience, A::Error> {
                let mut several = Vec::new();
                while let Some(one) = seq.next_element()? {
                    several.push(one);
                }
                Ok(Audience(several))
            }
        }
        deserializer.deserialize_any(AudienceVisitor)
    }
}

/// `realm_access`, and each value in `resource_access`: an object with `roles`.
#[derive(Default)]
pub(in crate::token::claims) struct Access {
    pub(in crate::token::claims) roles: Vec<Box<str>>,
}

impl<'de> Deserialize<'de> for Access {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AccessVisitor;
        impl<'de> Visitor<'de> for AccessVisitor {
            type Value = Access;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with `roles`")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Access, A::Error> {
                let mut access = Access::default();
                let mut seen = Seen::default();
                while let Some(Name(name)) = map.next_key()? {
                    let is_roles = name == "roles";
                    seen.add(name)?;
                    if is_roles {
                        access.roles = map.next_value()?;
                    } else {
                        map.next_value::<Unique>()?;
                    }
                }
                Ok(access)
            }
        }
        deserializer.deserialize_map(AccessVisitor)
    }
}

/// `resource_access`: roles by client.
pub(in crate::token::claims) struct ClientRoles(pub(in crate::token::claims) Vec<(Box<str>, Access)>);

impl<'de> Deserialize<'de> for ClientRoles {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ClientRolesVisitor;
        impl<'de> Visitor<'de> for ClientRolesVisitor {
            type Value = ClientRoles;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of clients")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ClientRoles, A::Error> {
                let mut clients = Vec::new();
                let mut seen = Seen::default();
                while let Some(Name(name)) = map.next_key()? {
                    let client = Box::from(&*name);
                    seen.add(name)?;
                    clients.push((client, map.next_value()?));
                }
                Ok(ClientRoles(clients))
            }
        }
        deserializer.deserialize_map(ClientRolesVisitor)
    }
}

/// A string that is of interest to nobody yet, only its type is checked.
pub(super) struct Text;

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl Visitor<'_> for TextVisitor {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E>(self, _: &str) -> Result<Text, E> {
                Ok(Text)
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}

/// A string or `null`, which Keycloak's introspection answers have where the token has nothing.
#[derive(Deserialize)]
#[serde(transparent)]
pub(in crate::token::claims) struct OptionalText(pub(in crate::token::claims) Option<Box<str>>);

/// Any value, also `null`.
pub(in crate::token::claims) struct Present;

impl<'de> Deserialize<'de> for Present {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Unique::deserialize(deserializer).map(|_| Self)
    }
}
