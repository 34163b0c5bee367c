use std::path::Path;

use serde_json::json;

use super::*;

const SHOP: &str = r#"
    [providers.shop]
    issuer = "https://sso.example.com/realms/shop"
    client_id = "gateway"
    [upstreams.app]
    endpoints = ["http://127.0.0.1:3000"]
"#;

fn derived(more: &str) -> Desired {
    let config: Config = toml::from_str(&format!("{SHOP}{more}")).unwrap();
    Desired::derive(&config, Path::new(".")).unwrap()
}

fn own(desired: &Desired) -> &DesiredClient {
    desired.clients.iter().find(|client| client.wanted.client_id.as_deref() == Some("gateway")).unwrap()
}

#[test]
fn a_provider_alone_makes_a_confidential_client_that_is_its_own_audience() {
    let desired = derived("");
    assert_eq!(
        (desired.realm.as_str(), desired.client_scopes[0].name.as_str()),
        ("shop", "gateway-audience")
    );
    let client = own(&desired);
    assert_eq!(client.wanted.fields["publicClient"], json!(false));
    assert_eq!(client.wanted.fields["serviceAccountsEnabled"], json!(true));
    assert!(!client.wanted.fields.contains_key("authorizationSettings"));
    assert_eq!(client.wanted.added_mappers.len(), 1);
}

#[test]
fn routes_make_resources_with_uris_and_scopes() {
    let desired = derived(
        r#"
        [routes.orders]
        path = "/orders/*"
        require = { permission = { resource = "Orders", methods = { GET = ["view"], DELETE = { scopes = ["delete"], mode = "any" } } } }
        [routes.order]
        path = "/orders/{id}"
        require = { all = [{ realm_role = "x" }, { any = [{ permission = { resource = "Orders", scopes = ["view", "edit"] } }, { scope = "s" }] }] }
        [routes.reports]
        path = "/reports/*"
        methods = ["GET", "POST"]
        require = { permission = { method_as_scope = true } }
        [routes.there]
        path = "/there/*"
        require = { permission = { resource_id = "0d0e-6b5c", scopes = ["see"] } }
        [routes.open]
        path = "/open"
        require = "public"
        "#,
    );
    let settings = &own(&desired).wanted.fields["authorizationSettings"];
    let named = |names: &[&str]| names.iter().map(|name| json!({"name": name})).collect::<Vec<_>>();
    let expected = json!([
        {"name": "Orders", "uris": ["/orders/*", "/orders/{id}"], "scopes": named(&["delete", "edit", "view"])},
        {"name": "reports", "uris": ["/reports/*"], "scopes": named(&["GET", "POST"])},
    ]);
    assert_eq!(settings["resources"], expected);
    assert_eq!(settings["scopes"].as_array().unwrap().len(), 5);
    assert_eq!(own(&desired).wanted.fields["authorizationServicesEnabled"], json!(true));
}

#[test]
fn options_of_the_file_go_on_top_and_named_clients_get_the_audience() {
    let desired = derived(
        "[bootstrap]\naudience_for = [\"web\"]\nclient = { name = \"The gateway\", standard_flow_enabled = true }\n",
    );
    assert_eq!(own(&desired).wanted.fields["standardFlowEnabled"], json!(true));
    let web = &desired.clients[0].wanted;
    assert!(web.must_exist && web.scopes == ScopesBehavior::Patch);
    assert_eq!(web.fields["defaultClientScopes"], json!(["gateway-audience"]));
}

#[test]
fn which_provider_is_meant_has_to_be_clear() {
    let refused = |text: &str| {
        let config: Config = toml::from_str(text).unwrap();
        Desired::derive(&config, Path::new(".")).unwrap_err().to_string()
    };
    assert!(refused("").contains("no `[providers.NAME]`"));
    let two = format!(
        "{SHOP}[providers.other]\nissuer = \"https://sso.example.com/realms/other\"\nclient_id = \"x\"\n"
    );
    assert!(refused(&two).contains("several providers"));
    assert!(refused(&SHOP.replace("/realms/shop", "")).contains("does not end with"));
}
