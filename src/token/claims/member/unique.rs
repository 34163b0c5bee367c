//! Members that stand once: JSON leaves open which of two equal names counts, so a token with two is refused.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Up to so many names a list is faster than a set.
const FEW: usize = 16;

/// The names of an object's members so far. Beyond a few a set, so that many members cost no more than their number.
#[derive(Default)]
pub(super) struct Seen<'de> {
    few: Vec<Cow<'de, str>>,
    many: HashSet<Cow<'de, str>, ahash::RandomState>,
}

impl<'de> Seen<'de> {
    /// An error if the name was there before.
    pub(super) fn add<E: Error>(&mut self, name: Cow<'de, str>) -> Result<(), E> {
        let new = if self.few.len() < FEW {
            let new = !self.few.contains(&name);
            self.few.push(name);
            new
        } else {
            !self.few.contains(&name) && self.many.insert(name)
        };
        if new { Ok(()) } else { Err(E::custom("a member stands twice")) }
    }
}

/// A member's name, unescaped; borrowed from the text where it has no escapes.
pub(super) struct Name<'de>(pub(super) Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member's name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }
        deserializer.deserialize_str(NameVisitor)
    }
}

/// Any value, not kept, in which every member of every object stands once. Its depth is bounded by the parser.
pub(super) struct Unique;

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        UniqueText::deserialize(deserializer).map(|_| Self)
    }
}

/// The same; a string without escapes is given back as it stands in the text.
pub(super) struct UniqueText<'de>(pub(super) Option<&'de str>);

impl<'de> Deserialize<'de> for UniqueText<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct UniqueVisitor;
        impl<'de> Visitor<'de> for UniqueVisitor {
            type Value = UniqueText<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON value")
            }

            fn visit_bool<E>(self, _: bool) -> Result<UniqueText<'de>, E> {
                Ok(UniqueText(None))
            }

            fn visit_i64<E>(self, _: i64) -> Result<UniqueText<'de>, E> {
                Ok(UniqueText(None))
            }

            fn visit_u64<E>(self, _: u64) -> Result<UniqueText<'de>, E> {
                Ok(UniqueText(None))
            }

            fn visit_f64<E>(self, _: f64) -> Result<UniqueText<'de>, E> {
                Ok(UniqueText(None))
            }

            fn visit_str<E>(self, _: &str) -> Result<UniqueText<'de>, E> {
                Ok(UniqueText(None))
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<UniqueText<'de>, E> {
                Ok(UniqueText(Some(text)))
            }

            fn visit_unit<E>(self) -> Result<UniqueText<'de>, E> {
                Ok(UniqueText(None))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<UniqueText<'de>, A::Error> {
                while seq.next_element::<Unique>()?.is_some() {}
                Ok(UniqueText(None))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<UniqueText<'de>, A::Error> {
                let mut seen = Seen::default();
                while let Some(Name(name)) = map.next_key()? {
                    seen.add(name)?;
                    map.next_value::<Unique>()?;
                }
                Ok(UniqueText(None))
            }
        }
        deserializer.deserialize_any(UniqueVisitor)
    }
}
