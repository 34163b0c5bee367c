use serde_json::json;

use super::{closed, merged};

#[test]
fn a_client_that_does_not_say_is_confidential() {
    let client = closed(&json!({"clientId": "shop", "protocol": "openid-connect"}));
    assert_eq!(client["publicClient"], json!(false));
    assert_eq!(client["directAccessGrantsEnabled"], json!(false));
    assert_eq!(closed(&json!({"publicClient": null}))["publicClient"], json!(false));
}

#[test]
fn a_client_that_says_is_what_it_says() {
    let public = json!({"clientId": "app", "publicClient": true});
    assert_eq!(closed(&public), public);
    let granted = closed(&json!({"directAccessGrantsEnabled": true}));
    assert_eq!(granted, json!({"publicClient": false, "directAccessGrantsEnabled": true}));
}

#[test]
fn authorization_services_bring_the_service_account_that_they_need() {
    let on = json!({"publicClient": false, "authorizationServicesEnabled": true});
    assert_eq!(closed(&on)["serviceAccountsEnabled"], json!(true));
    assert_eq!(merged(json!({"serviceAccountsEnabled": false}), &on)["serviceAccountsEnabled"], json!(true));
    let current = json!({"serviceAccountsEnabled": false, "authorizationServicesEnabled": true});
    assert_eq!(merged(current.clone(), &json!({"name": "n"}))["serviceAccountsEnabled"], json!(false));
    let said = json!({"authorizationServicesEnabled": true, "serviceAccountsEnabled": false});
    assert_eq!(merged(current, &said)["serviceAccountsEnabled"], json!(false));
}

#[test]
fn an_update_keeps_what_it_does_not_name() {
    let current = json!({
        "authorizationServicesEnabled": true,
        "redirectUris": ["https://a/*"],
        "attributes": {"one": "1", "two": "2"},
    });
    let changes = json!({
        "authorizationServicesEnabled": null,
        "redirectUris": ["https://b/*"],
        "attributes": {"two": null, "three": "3"},
    });
    let expected = json!({
        "authorizationServicesEnabled": true,
        "redirectUris": ["https://b/*"],
        "attributes": {"one": "1", "two": null, "three": "3"},
    });
    assert_eq!(merged(current, &changes), expected);
}

#[test]
fn an_update_does_not_send_back_what_has_a_place_of_its_own() {
    let current = json!({"clientId": "c", "secret": "s", "protocolMappers": [], "access": {}, "defaultClientScopes": []});
    assert_eq!(merged(current.clone(), &json!({})), json!({"clientId": "c"}));
    let written = merged(current, &json!({"secret": "t", "protocolMappers": [1]}));
    assert_eq!(written, json!({"clientId": "c", "secret": "t", "protocolMappers": [1]}));
}
