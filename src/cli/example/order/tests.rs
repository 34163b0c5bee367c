use serde_json::Value;

use super::orders;
use crate::config::Config;

#[test]
fn every_table_of_the_schema_has_an_order() {
    let schema = schemars::schema_for!(Config).to_value();
    let definitions = schema.get("$defs").and_then(Value::as_object).unwrap();
    for (name, definition) in definitions.iter().chain([(&"Config".to_owned(), &schema)]) {
        let Some(properties) = definition.get("properties").and_then(Value::as_object) else { continue };
        let order = orders().into_iter().find(|order| order.name == name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(order.keys.len(), properties.len(), "{name}");
        assert!(order.keys.iter().all(|key| properties.contains_key(*key)), "{name}");
    }
}
