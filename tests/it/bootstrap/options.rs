//! Options of a task as Ansible takes them: names, kinds, logins, and what is never shown.

use gatecloak::bootstrap::{ModuleTask, Outcome, Sessions};
use serde_json::{Value, json};

use super::module::{Bench, done};

#[test]
fn every_option_is_read_by_its_name_and_by_that_of_the_server() {
    let pairs = [
        ("client_id", "clientId", json!("a")),
        ("root_url", "rootUrl", json!("https://a.example.com")),
        ("admin_url", "adminUrl", json!("https://a.example.com")),
        ("base_url", "baseUrl", json!("/a")),
        ("client_authenticator_type", "clientAuthenticatorType", json!("client-jwt")),
        ("registration_access_token", "registrationAccessToken", json!("t")),
        ("default_roles", "defaultRoles", json!(["a"])),
        ("redirect_uris", "redirectUris", json!(["https://a.example.com"])),
        ("web_origins", "webOrigins", json!(["+"])),
        ("not_before", "notBefore", json!(1)),
        ("bearer_only", "bearerOnly", json!(true)),
        ("consent_required", "consentRequired", json!(true)),
        ("standard_flow_enabled", "standardFlowEnabled", json!(true)),
        ("implicit_flow_enabled", "implicitFlowEnabled", json!(true)),
        ("direct_access_grants_enabled", "directAccessGrantsEnabled", json!(true)),
        ("service_accounts_enabled", "serviceAccountsEnabled", json!(true)),
        ("authorization_services_enabled", "authorizationServicesEnabled", json!(true)),
        ("public_client", "publicClient", json!(true)),
        ("frontchannel_logout", "frontchannelLogout", json!(true)),
        ("full_scope_allowed", "fullScopeAllowed", json!(true)),
        ("node_re_registration_timeout", "nodeReRegistrationTimeout", json!(1)),
        ("registered_nodes", "registeredNodes", json!({"a": 1})),
        ("client_template", "clientTemplate", json!("a")),
        ("use_template_config", "useTemplateConfig", json!(true)),
        ("use_template_scope", "useTemplateScope", json!(true)),
        ("use_template_mappers", "useTemplateMappers", json!(true)),
        ("surrogate_auth_required", "surrogateAuthRequired", json!(true)),
        ("authorization_settings", "authorizationSettings", json!({})),
        ("protocol_mappers", "protocolMappers", json!([])),
        ("always_display_in_console", "alwaysDisplayInConsole", json!(true)),
        ("authentication_flow_binding_overrides", "authenticationFlowBindingOverrides", json!({})),
        ("default_client_scopes", "defaultClientScopes", json!(["a"])),
        ("optional_client_scopes", "optionalClientScopes", json!(["a"])),
    ];
    for (name, alias, value) in pairs {
        let read = |name: &str| {
            let mut options = json!({"id": "i"});
            options[name] = value.clone();
            ModuleTask::read(options.as_object().expect("an object")).expect("a task").wanted.fields
        };
        assert_eq!(read(name), read(alias));
        assert_eq!(read(name).get(alias), Some(&value), "{name}");
        let both = json!({"id": "i", name: value, alias: value});
        let error = ModuleTask::read(both.as_object().expect("an object")).expect_err("both").to_string();
        assert!(error.contains("is given twice"), "{error}");
    }
}

#[test]
fn values_are_taken_as_ansible_takes_them() {
    let cases = [
        ("enabled", json!("yes"), json!(true)),
        ("enabled", json!("No"), json!(false)),
        ("enabled", json!("on"), json!(true)),
        ("enabled", json!(0), json!(false)),
        ("enabled", json!(1.0), json!(true)),
        ("enabled", json!("1"), json!(true)),
        ("not_before", json!("1507825725"), json!(1_507_825_725)),
        ("not_before", json!(" 7 "), json!(7)),
        ("redirect_uris", json!("/a, /b"), json!(["/a", "/b"])),
        ("redirect_uris", json!([1, true]), json!(["1", "true"])),
        ("name", json!(7), json!("7")),
        ("attributes", json!("{\"a\": 1}"), json!({"a": 1})),
        ("protocol_mappers", json!({"name": "a"}), json!([{"name": "a"}])),
    ];
    for (name, given, taken) in cases {
        let options = json!({"client_id": "a", name: given});
        let task = ModuleTask::read(options.as_object().expect("an object"));
        let task = task.unwrap_or_else(|error| panic!("{name} = {given}: {error}"));
        assert!(task.wanted.fields.values().any(|value| *value == taken), "{name} = {given}");
    }
    let refused = [
        ("enabled", json!("perhaps")),
        ("enabled", json!([])),
        ("not_before", json!("soon")),
        ("not_before", json!(1.5)),
        ("attributes", json!("a")),
        ("protocol", json!("ldap")),
        ("client_authenticator_type", json!("none")),
        ("state", json!("gone")),
        ("client_scopes_behavior", json!("replace")),
        ("protocol_mappers", json!(["a"])),
        ("url", json!("keycloak.example.com")),
    ];
    for (name, given) in refused {
        let options = json!({"client_id": "a", name: given});
        let error = ModuleTask::read(options.as_object().expect("an object")).expect_err(name).to_string();
        assert!(error.contains(if name == "url" { "auth_keycloak_url" } else { name }), "{error}");
    }
}

/// A task with this login and no other.
fn login(bench: &Bench, options: &Value) -> Outcome {
    let mut all = json!({"url": bench.scene.url, "realm": bench.scene.name, "client_id": "entered"});
    all.as_object_mut().expect("an object").extend(options.as_object().expect("an object").clone());
    let task = ModuleTask::read(all.as_object().expect("an object")).expect("a task");
    bench.scene.run(task.apply(&mut Sessions::default()))
}

fn admin() -> (String, String) {
    let variable = |name: &str| std::env::var(name).unwrap_or_else(|_| "admin".to_owned());
    (variable("KEYCLOAK_ADMIN"), variable("KEYCLOAK_ADMIN_PASSWORD"))
}

#[test]
fn every_way_to_log_in_is_taken() {
    let Some(bench) = Bench::new() else { return };
    let (username, password) = admin();
    let by_name =
        json!({"auth_realm": "master", "username": username, "password": password, "validate_certs": "no"});
    assert!(done(login(&bench, &by_name)).changed);
    // As a client of the realm with a secret of its own.
    done(bench.apply(&json!({
        "client_id": "worker", "secret": "a-secret-for-work", "service_accounts_enabled": true, "direct_access_grants_enabled": true,
    })));
    let (scene, realm) = (&bench.scene, &bench.scene.realm);
    let (worker, manager) = (bench.id("worker"), bench.id("realm-management"));
    scene
        .run(async {
            let account = realm.clients().service_account_user(&worker).await?;
            let role = realm.client_roles(&manager).get("manage-clients").await?;
            let account = account["id"].as_str().expect("an id");
            realm.user_roles(account).add_client(&manager, &json!([role])).await
        })
        .expect("a right");
    let by_client = json!({
        "auth_realm": scene.name, "auth_client_id": "worker", "auth_client_secret": "a-secret-for-work",
    });
    assert!(!done(login(&bench, &by_client)).changed);
    let form =
        [("grant_type", "password"), ("client_id", "admin-cli"), ("username", "boss"), ("password", "boss")];
    scene.run(realm.users().create(&crate::admin::person("boss"))).expect("a user");
    let boss = scene.run(realm.users().id("boss")).expect("an answer").expect("a user");
    scene
        .run(async {
            let role = realm.client_roles(&manager).get("manage-clients").await?;
            realm.user_roles(&boss).add_client(&manager, &json!([role])).await
        })
        .expect("a right");
    let (status, tokens) = scene.token_endpoint(&form);
    assert_eq!(status, 200, "{tokens}");
    assert!(!done(login(&bench, &json!({"token": tokens["access_token"]}))).changed);
    let by_refresh = json!({"auth_realm": scene.name, "refresh_token": tokens["refresh_token"]});
    assert!(!done(login(&bench, &by_refresh)).changed);
}

#[test]
fn a_login_that_is_refused_fails_with_the_words_of_the_server_and_shows_no_secret() {
    let Some(bench) = Bench::new() else { return };
    let (username, password) = admin();
    let cases = [
        (
            json!({"auth_realm": "master", "username": username, "password": "NOTTHEPASSWORD"}),
            "Invalid user credentials",
        ),
        (
            json!({"auth_realm": "no-such-realm", "username": username, "password": password}),
            "Realm does not exist",
        ),
        (
            json!({"auth_realm": "master", "auth_client_id": "nobody", "auth_client_secret": "NOTTHEPASSWORD"}),
            "Invalid client",
        ),
        (json!({"auth_realm": "master", "refresh_token": "NOTTHEPASSWORD"}), "Invalid refresh token"),
        (json!({"token": "NOTTHEPASSWORD"}), "401"),
        (json!({"auth_realm": "master", "username": username}), "auth_password"),
        (json!({"username": username, "password": password}), "auth_realm"),
        (
            json!({"auth_realm": "master", "username": username, "password": password, "realm": "no-such-realm"}),
            "Realm not found",
        ),
        (
            json!({"auth_realm": "master", "username": username, "password": password, "redirect_uris": ["https://a.example.com/*#f"]}),
            "redirect",
        ),
    ];
    for (options, words) in cases {
        let outcome = login(&bench, &options);
        let said = outcome.to_json().to_string();
        assert!(outcome.failed && !outcome.changed, "{options}");
        assert!(outcome.msg.to_lowercase().contains(&words.to_lowercase()), "{words}: {}", outcome.msg);
        assert!(!said.contains("NOTTHEPASSWORD"), "{said}");
    }
}

#[test]
fn secrets_are_shown_neither_before_nor_after_nor_in_between() {
    let Some(bench) = Bench::new() else { return };
    let options = |number: u32| {
        json!({
            "client_id": "quiet",
            "secret": format!("SESAMESECRET{number}"),
            "registration_access_token": format!("SESAMETOKEN{number}"),
            "attributes": {
                "saml.signing.private.key": format!("SESAMEKEY{number}"),
                "saml.encryption.private.key": format!("SESAMEKEY{number}"),
                "jwt.credential.certificate": format!("SESAMECERTIFICATE{number}"),
            },
        })
    };
    for number in [1, 1, 2] {
        for outcome in [bench.plan(&options(number)), bench.apply(&options(number))] {
            let outcome = done(outcome);
            let said = format!("{} {outcome:?}", outcome.to_json());
            assert!(!said.contains("SESAME"), "{said}");
        }
    }
    assert_eq!(bench.client("quiet").expect("a client")["secret"], "SESAMESECRET2");
}

#[test]
fn what_a_task_does_not_name_stays_as_it_is() {
    let Some(bench) = Bench::new() else { return };
    done(
        bench.apply(
            &json!({"client_id": "kept", "public_client": true, "web_origins": ["+"], "secret": null}),
        ),
    );
    let before = bench.client("kept").expect("a client");
    // Not made confidential by omission, nor public; nothing is taken away.
    assert!(!done(bench.apply(&json!({"client_id": "kept"}))).changed);
    assert!(done(bench.apply(&json!({"client_id": "kept", "name": "Kept"}))).changed);
    let mut after = bench.client("kept").expect("a client");
    assert_eq!(after.remove("name"), Some(json!("Kept")));
    assert_eq!(after, before);
}

#[test]
fn a_new_client_with_authorization_and_nothing_else_is_confidential() {
    let Some(bench) = Bench::new() else { return };
    let options =
        json!({"client_id": "rs", "authorization_services_enabled": true, "service_accounts_enabled": true});
    assert!(done(bench.apply(&options)).changed);
    assert_eq!(bench.client("rs").expect("a client")["publicClient"], false);
    assert!(!done(bench.apply(&options)).changed);
}
