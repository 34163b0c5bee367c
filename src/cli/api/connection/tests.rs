use serde_json::{Map, Value, json};

use super::ConnectionManager;
use crate::cli::api::args::Args;
use crate::cli::api::failure::Failure;

fn manager(args: &Value) -> ConnectionManager {
    ConnectionManager::new(Args::new(args.as_object().expect("an object")))
        .unwrap_or_else(|_| panic!("refused"))
}

fn call(manager: &mut ConnectionManager, method: &str, args: &Value) -> Result<Value, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(manager.call(method, Args::new(args.as_object().expect("an object"))))
}

#[test]
fn header_fields_are_kept_looked_up_and_removed() {
    let mut manager = manager(&json!({"base_url": "http://a", "headers": {"X-One": "1"}}));
    let mut ask = |method: &str, args: Value| call(&mut manager, method, &args).expect("an answer");
    assert_eq!(ask("param_headers", json!({"key": "X-One"})), json!("1"));
    assert_eq!(ask("param_headers", json!({"key": "x-one"})), json!(null));
    assert_eq!(ask("add_param_headers", json!({"key": "X-Two", "value": "2"})), json!(null));
    assert_eq!(ask("add_param_headers", json!({"key": "X-Two", "value": "3"})), json!(null));
    assert_eq!(ask("exist_param_headers", json!({"key": "X-Two"})), json!(true));
    assert_eq!(ask("del_param_headers", json!({"key": "X-One"})), json!(null));
    assert_eq!(ask("del_param_headers", json!({"key": "X-One"})), json!(null));
    assert_eq!(ask("exist_param_headers", json!({"key": "X-One"})), json!(false));
    assert_eq!(manager.get("headers").expect("a property"), json!({"X-Two": "3"}));
    call(&mut manager, "clean_headers", &json!({})).expect("an answer");
    assert_eq!(manager.get("headers").expect("a property"), json!({}));
}

#[test]
fn properties_are_read_as_they_were_set() {
    let mut manager = manager(&json!({"base_url": "http://a"}));
    assert_eq!(manager.get("timeout").expect("a property"), json!(60));
    assert_eq!(manager.get("verify").expect("a property"), json!(true));
    for (property, value) in [
        ("base_url", json!("http://b/")),
        ("timeout", json!(7)),
        ("timeout", json!(0.5)),
        ("verify", json!(false)),
        ("verify", json!("/ca.pem")),
        ("headers", json!({"a": "b"})),
    ] {
        manager.set(property, &value).expect("it is set");
        assert_eq!(manager.get(property).expect("a property"), value);
    }
    for (property, value) in
        [("timeout", json!(-1)), ("timeout", json!("7")), ("verify", json!(1)), ("headers", json!([]))]
    {
        assert!(matches!(manager.set(property, &value), Err(Failure::Argument(_))), "{property} {value}");
    }
    assert!(manager.set("colour", &json!(1)).is_err());
}

#[test]
fn an_address_that_is_none_is_a_connection_error_of_the_call() {
    let mut manager = manager(&json!({"base_url": "nonsense"}));
    let failure = call(&mut manager, "raw_get", &json!({"path": "realms/master"})).expect_err("no address");
    assert_eq!(failure.answer()["class"], "KeycloakConnectionError");
    let empty = Map::new();
    assert!(ConnectionManager::new(Args::new(&empty)).is_err());
}
