//! Identity Providers.

use gatecloak::connection::Query;
use serde_json::{Value, json};

use super::Scene;

/// An OpenID provider. Keycloak takes no blank and no `/` in an alias.
fn provider(alias: &str) -> Value {
    json!({
        "alias": alias, "providerId": "oidc", "enabled": true, "displayName": "first",
        "config": {
            "clientId": "broker", "clientSecret": "broker-secret",
            "tokenUrl": "https://issuer.example/token", "authorizationUrl": "https://issuer.example/authorize",
        },
    })
}

/// Covers `create_idp`, `get_idps`, `get_idp`, `update_idp`, `delete_idp`.
#[test]
fn a_provider_of_any_alias_is_made_changed_and_removed() {
    let Some(scene) = Scene::new() else { return };
    let providers = scene.realm.identity_providers();
    let alias = "ü%2F~50%";
    assert_eq!(scene.run(providers.create(&provider(alias))).expect("a provider"), alias);
    let error = scene.run(providers.create(&provider(alias))).expect_err("it is there");
    assert!(error.is_conflict(), "{error}");
    let all = scene.run(providers.list(Query::new())).expect("providers");
    assert_eq!(all[0]["alias"], alias);
    assert_eq!(all[0]["config"]["clientSecret"], "**********");

    let mut change = scene.run(providers.get(alias)).expect("the provider");
    change["displayName"] = json!("second");
    scene.run(providers.update(alias, &change)).expect("a change");
    let found = scene.run(providers.get(alias)).expect("the provider");
    assert_eq!((&found["displayName"], &found["config"]["clientId"]), (&json!("second"), &json!("broker")));

    scene.run(providers.delete(alias)).expect("it goes");
    let error = scene.run(providers.delete(alias)).expect_err("it is gone");
    assert!(error.is_not_found(), "{error}");
}

/// Keycloak itself takes the alias away, and the provider is not found again.
#[test]
fn a_provider_that_is_changed_without_its_alias_keeps_it() {
    let Some(scene) = Scene::new() else { return };
    let providers = scene.realm.identity_providers();
    scene.run(providers.create(&provider("corporate"))).expect("a provider");
    let mut change = scene.run(providers.get("corporate")).expect("the provider");
    change.as_object_mut().expect("an object").remove("alias");
    change["displayName"] = json!("second");
    scene.run(providers.update("corporate", &change)).expect("a change");
    assert_eq!(scene.run(providers.get("corporate")).expect("the provider")["displayName"], "second");

    let mut renamed = scene.run(providers.get("corporate")).expect("the provider");
    renamed["alias"] = json!("other");
    let result = scene.run(providers.update("corporate", &renamed));
    if scene.is_before([26, 7, 0]) {
        result.expect("it is renamed");
        assert_eq!(scene.run(providers.get("other")).expect("the provider")["displayName"], "second");
    } else {
        assert_eq!(result.expect_err("an alias stays").status(), Some(400));
    }
}

/// Covers `add_mapper_to_idp`, `get_idp_mappers`, `update_mapper_in_idp`.
#[test]
fn a_provider_is_given_a_mapper() {
    let Some(scene) = Scene::new() else { return };
    let providers = scene.realm.identity_providers();
    let alias = "ä%3B";
    scene.run(providers.create(&provider(alias))).expect("a provider");
    let types = scene.run(providers.mapper_types(alias)).expect("kinds of mappers");
    assert!(types["oidc-user-attribute-idp-mapper"].is_object());
    let mapper = json!({
        "name": "a/b;c %", "identityProviderAlias": alias, "identityProviderMapper": "oidc-user-attribute-idp-mapper",
        "config": {"syncMode": "INHERIT", "claim": "given_name", "user.attribute": "firstName"},
    });
    let id = scene.run(providers.add_mapper(alias, &mapper)).expect("a mapper");
    let all = scene.run(providers.mappers(alias)).expect("mappers");
    assert_eq!((&all[0]["id"], &all[0]["name"]), (&json!(id), &json!("a/b;c %")));

    let mut change = all[0].clone();
    change["config"]["claim"] = json!("family_name");
    scene.run(providers.update_mapper(alias, &id, &change)).expect("a change");
    assert_eq!(scene.run(providers.mapper(alias, &id)).expect("the mapper"), change);
    scene.run(providers.delete_mapper(alias, &id)).expect("it goes");
    assert_eq!(scene.run(providers.mappers(alias)).expect("mappers"), json!([]));
    let error = scene.run(providers.mappers("no;such")).expect_err("no such provider");
    assert!(error.is_not_found(), "{error}");
}

#[test]
fn settings_are_read_from_a_discovery_document() {
    let Some(scene) = Scene::new() else { return };
    let document = format!("{}/realms/{}/.well-known/openid-configuration", scene.url, scene.name);
    let source = json!({"providerId": "oidc", "fromUrl": document});
    let config = scene.run(scene.realm.identity_providers().read_config(&source)).expect("settings");
    let issuer = config["issuer"].as_str().expect("an issuer");
    assert!(issuer.ends_with(&format!("/realms/{}", scene.name)), "{issuer}");
}
