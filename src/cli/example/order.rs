//! The keys of a table in the order of its type. (A schema has them by the alphabet.)

use std::fmt::Display;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

use crate::config::{
    AccessLogConfig, AuthorizationConfig, BootstrapConfig, BootstrapLoginConfig, ClaimPredicate, Config,
    ConfigTest, CorsConfig, DecisionCacheConfig, EnforcerConfig, IdentityConfig, IntrospectionConfig,
    JwksConfig, ListenerConfig, ListenerLimits, ListenerTls, ModedScopes, OpsConfig, PathConfig,
    PermissionConfig, PromisesConfig, ProviderConfig, RequireConditions, RetryConfig, RouteConfig,
    RouteLimits, TelemetryConfig, TokenConfig, UpstreamConfig, UpstreamTimeouts, UpstreamTls,
};

/// The properties of the type of this name.
pub(super) fn keys<'a>(name: &str, properties: &'a Map<String, Value>) -> Vec<(&'a str, &'a Value)> {
    let order = orders().into_iter().find(|order| order.name == name).map_or(&[][..], |order| order.keys);
    let mut keys: Vec<(&str, &Value)> = properties.iter().map(|(key, value)| (key.as_str(), value)).collect();
    keys.sort_by_key(|(key, _)| order.iter().position(|known| known == key));
    keys
}

fn orders() -> [Order; 31] {
    [
        order::<AccessLogConfig>(),
        order::<AuthorizationConfig>(),
        order::<BootstrapConfig>(),
        order::<BootstrapLoginConfig>(),
        order::<ClaimPredicate>(),
        order::<Config>(),
        order::<ConfigTest>(),
        order::<CorsConfig>(),
        order::<DecisionCacheConfig>(),
        order::<EnforcerConfig>(),
        order::<IdentityConfig>(),
        order::<IntrospectionConfig>(),
        order::<JwksConfig>(),
        order::<ListenerConfig>(),
        order::<ListenerLimits>(),
        order::<ListenerTls>(),
        order::<ModedScopes>(),
        order::<OpsConfig>(),
        order::<PathConfig>(),
        order::<PermissionConfig>(),
        order::<PromisesConfig>(),
        order::<ProviderConfig>(),
        order::<RequireConditions>(),
        order::<RetryConfig>(),
        order::<RouteConfig>(),
        order::<RouteLimits>(),
        order::<TelemetryConfig>(),
        order::<TokenConfig>(),
        order::<UpstreamConfig>(),
        order::<UpstreamTimeouts>(),
        order::<UpstreamTls>(),
    ]
}

/// A derived `Deserialize` begins by naming its type and keys; that is all that is wanted here, so it is stopped there.
#[derive(Clone, Copy, Debug, Default)]
struct Order {
    name: &'static str,
    keys: &'static [&'static str],
}

fn order<T: for<'de> Deserialize<'de>>() -> Order {
    match T::deserialize(Ask) {
        Ok(_) => Order::default(),
        Err(Asked(order)) => order,
    }
}

struct Ask;

#[derive(Debug, thiserror::Error)]
#[error("stopped")]
struct Asked(Order);

impl de::Error for Asked {
    fn custom<T: Display>(_: T) -> Self {
        Self(Order::default())
    }
}

impl<'de> Deserializer<'de> for Ask {
    type Error = Asked;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Asked> {
        Err(Asked(Order::default()))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        keys: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Asked> {
        Err(Asked(Order { name, keys }))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests;
