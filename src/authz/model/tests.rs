use super::{Model, NotOne};

fn model(json: &str) -> Model {
    Model::parse(json.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

fn found<'a>(model: &'a Model, path: &str) -> Result<&'a str, NotOne> {
    model.lookup(path).map(super::Resource::name)
}

#[test]
fn resource_is_found_by_keycloaks_rules() {
    let model = model(
        r#"{"resources": [
            {"name": "Orders", "uris": ["/orders", "/orders/*"], "scopes": [{"name": "view"}]},
            {"name": "Order", "uris": ["/orders/{id}"]},
            {"name": "Pages", "uris": ["/docs/*.html"]},
            {"name": "No uris"}
        ]}"#,
    );
    assert_eq!(found(&model, "/orders"), Ok("Orders"));
    assert_eq!(found(&model, "/orders/"), Ok("Orders"));
    assert_eq!(found(&model, "/orders/5"), Ok("Order"));
    assert_eq!(found(&model, "/orders/5/x"), Ok("Orders"));
    assert_eq!(found(&model, "/elsewhere.html"), Ok("Pages"));
    assert_eq!(found(&model, "/Orders"), Err(NotOne::None));
    assert_eq!(found(&model, "/"), Err(NotOne::None));
    assert_eq!(model.find("/orders").unwrap().scopes(), ["view"]);
    assert!(model.find("/").is_none());
}

#[test]
fn uri_of_two_resources_finds_neither() {
    let model =
        model(r#"{"resources": [{"name": "A", "uris": ["/x", "/a"]}, {"name": "B", "uris": ["/x"]}]}"#);
    assert_eq!(found(&model, "/x"), Err(NotOne::Several));
    assert_eq!(found(&model, "/a"), Ok("A"));
}

#[test]
fn uri_named_twice_by_one_resource_is_no_matter() {
    let model = model(r#"{"resources": [{"name": "A", "uris": ["/x", "/x"]}]}"#);
    assert_eq!(found(&model, "/x"), Ok("A"));
}

#[test]
fn what_depends_on_keycloaks_order_finds_nothing() {
    let model = model(
        r#"{"resources": [{"name": "A", "uris": ["/a/*.html"]}, {"name": "B", "uris": ["/b/*.html"]}]}"#,
    );
    assert_eq!(found(&model, "/a/x.html"), Err(NotOne::Several));
}

#[test]
fn resources_of_users_are_not_found_and_spoil_the_name() {
    let model = model(
        r#"{"resources": [
            {"name": "Photo", "uris": ["/photo"]},
            {"name": "Photo", "uris": ["/mine"], "owner": {"name": "alice"}}
        ]}"#,
    );
    assert_eq!(found(&model, "/mine"), Err(NotOne::None));
    assert_eq!(found(&model, "/photo"), Err(NotOne::Several));
    assert_eq!(model.resources().len(), 2);
    assert!(model.named("Photo").is_none());
}

#[test]
fn impossible_settings_are_an_error() {
    for json in [r#"{"resources": [{"name": "A"}, {"name": "A"}]}"#, r#"{"resources": [{}]}"#] {
        assert!(Model::parse(json.as_bytes()).is_err(), "{json}");
    }
}

#[test]
fn policies_that_only_keycloak_can_evaluate_are_listed() {
    let model =
        model(r#"{"policies": [{"name": "p", "type": "js", "config": {"code": "$evaluation.grant()"}}]}"#);
    let remote = model.remote_only();
    assert_eq!((remote.len(), model.policy_count(), model.permission_count()), (1, 1, 0));
    assert_eq!((remote[0].policy.as_str(), remote[0].reason), ("p", super::Cause::TypeUnknown));
}
