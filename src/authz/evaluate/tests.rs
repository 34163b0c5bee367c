use serde_json::{Value, json};

use super::{Evaluated, Inquiry};
use crate::authz::surroundings::ResourceServer;
use crate::authz::{
    Identity, KeycloakVersion, Model, Promises, PushedClaims, RemoteReason, Settings, Surroundings,
};

fn surroundings() -> Surroundings {
    Surroundings {
        resource_server: Some(ResourceServer { client_id: "rs".to_owned(), id: String::new() }),
        ..Surroundings::default()
    }
}

fn compiled(settings: &Value, surroundings: Surroundings) -> Model {
    Model::compile(Settings::parse(settings.to_string().as_bytes()).unwrap(), surroundings).unwrap()
}

/// What is said of resource `r`, in words.
fn ask(model: &Model, claims: &Value, scopes: &[&str]) -> String {
    let identity = Identity::from_claims(claims.to_string().as_bytes()).unwrap();
    let resource = model.resources().iter().find(|resource| resource.name() == "r").unwrap();
    let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let pushed = PushedClaims::default();
    let inquiry = Inquiry { identity: &identity, resource, scopes: &scopes, now: 0, pushed: &pushed };
    let answer = match model.evaluate(&inquiry) {
        Evaluated::Granted(scopes) => format!("granted {}", scopes.join(" ")).trim_end().to_owned(),
        Evaluated::Refused => "refused".to_owned(),
        Evaluated::UnknownScopes => "unknown scopes".to_owned(),
        Evaluated::Fails => "fails".to_owned(),
        Evaluated::NeedsKeycloak { reason, .. } => format!("keycloak: {reason}"),
    };
    assert_eq!(model.evaluate(&inquiry), model.explain(&inquiry).0);
    answer
}

/// A resource `r`, whose one permission applies these policies, the first of which counts.
fn guarded(policies: &Value) -> Value {
    let mut all = policies.as_array().unwrap().clone();
    let first = all[0]["name"].clone();
    all.push(json!({"name": "P", "type": "resource", "config": {
        "resources": "[\"r\"]", "applyPolicies": json!([first]).to_string(),
    }}));
    json!({"resources": [{"name": "r"}], "policies": all})
}

fn policy(kind: &str, config: Value) -> Value {
    json!({"name": kind, "type": kind, "config": config})
}

/// What one policy says of a token: yes, no, or what is said else.
fn says_in(surroundings: Surroundings, kind: &str, config: Value, claims: Value) -> String {
    let model = compiled(&guarded(&json!([policy(kind, config)])), surroundings);
    match ask(&model, &claims, &[]).as_str() {
        "granted" => "yes".to_owned(),
        "refused" => "no".to_owned(),
        other => other.to_owned(),
    }
}

fn says(kind: &str, config: Value, claims: Value) -> String {
    says_in(surroundings(), kind, config, claims)
}

#[test]
fn roles_are_those_of_the_token() {
    let claims = json!({"realm_access": {"roles": ["a"]}, "resource_access": {"c": {"roles": ["b/x"]}}});
    for (roles, expected) in [
        (json!([{"id": "a"}]), "yes"),
        (json!([{"id": "z"}]), "no"),
        (json!([]), "no"),
        (json!([{"id": "a"}, {"id": "z", "required": true}]), "no"),
        (json!([{"id": "z"}, {"id": "a", "required": true}]), "yes"),
        (json!([{"id": "z"}, {"id": "a"}]), "yes"),
        // Split at the first slash.
        (json!([{"id": "c/b/x", "required": false}]), "yes"),
        (json!([{"id": "c/a"}]), "no"),
        (json!([{"id": "A"}]), "no"),
    ] {
        assert_eq!(says("role", json!({"roles": roles.to_string()}), claims.clone()), expected, "{roles}");
    }
    let fetched = json!({"roles": "[{\"id\":\"a\"}]", "fetchRoles": "true"});
    assert!(says("role", fetched, claims.clone()).starts_with("keycloak: policy `role`: it looks up"));
    let not = json!({"roles": "[{\"id\":\"a\"}]", "fetchRoles": "false"});
    assert_eq!(says("role", not, claims.clone()), "yes");
    assert_eq!(says("role", json!({}), claims), "no");
}

#[test]
fn groups_are_paths_or_bare_names() {
    let config = |groups: Value| json!({"groupsClaim": "groups", "groups": groups.to_string()});
    for (group, values, expected) in [
        (json!([{"path": "/eng", "extendChildren": false}]), json!(["/eng"]), "yes"),
        (json!([{"path": "/eng", "extendChildren": false}]), json!(["/eng/core"]), "no"),
        (json!([{"path": "/eng", "extendChildren": true}]), json!(["/eng/core"]), "yes"),
        (json!([{"path": "/eng", "extendChildren": true}]), json!(["/engineering"]), "no"),
        (json!([{"path": "/eng", "extendChildren": true}]), json!(["/sales", "/eng/a/b"]), "yes"),
        (json!([{"path": "/eng/core"}]), json!(["core"]), "yes"),
        (json!([{"path": "/other/core"}]), json!("core"), "yes"),
        (json!([{"path": "/eng", "extendChildren": true}]), json!(["core"]), "no"),
        (json!([{"path": "/eng"}]), json!(["/Eng"]), "no"),
        (json!([{"path": "/eng"}, {"path": "/x"}]), json!(["/x"]), "yes"),
        (json!([]), json!(["/x"]), "no"),
    ] {
        assert_eq!(
            says("group", config(group.clone()), json!({"groups": values})),
            expected,
            "{group} {values}"
        );
    }
}

#[test]
fn without_groups_in_the_token_keycloak_looks_them_up() {
    let config = json!({"groupsClaim": "groups", "groups": "[{\"path\":\"/eng\"}]"});
    let remote = "keycloak: policy `group`: the token has no groups for it";
    let complete = || Surroundings { promises: Promises { groups_claim_complete: true }, ..surroundings() };
    for claims in [json!({}), json!({"groups": []}), json!({"groups": null}), json!({"groups": ""})] {
        assert!(says("group", config.clone(), claims.clone()).starts_with(remote), "{claims}");
        assert_eq!(says_in(complete(), "group", config.clone(), claims), "no");
    }
    // Nobody promised anything about a policy that names no claim.
    let nameless = json!({"groups": "[{\"path\":\"/eng\"}]"});
    assert!(says_in(complete(), "group", nameless, json!({"groups": ["/eng"]})).starts_with(remote));
}

#[test]
fn group_names_with_a_slash_are_keycloaks_business() {
    let config = json!({"groupsClaim": "groups", "groups": "[{\"path\":\"/a~/b\"},{\"path\":\"/c\"}]"});
    assert!(says("group", config.clone(), json!({"groups": ["/x"]})).contains("has a `/`"));
    assert_eq!(says("group", config, json!({"groups": ["/c"]})), "yes");
}

#[test]
fn children_of_groups_are_counted_as_the_version_does() {
    let config = json!({"groupsClaim": "groups", "groups": "[{\"path\":\"/eng\",\"extendChildren\":true}]"});
    let with = |version: KeycloakVersion, group: &str| {
        says_in(
            Surroundings { version, ..surroundings() },
            "group",
            config.clone(),
            json!({"groups": [group]}),
        )
    };
    assert_eq!(with(KeycloakVersion::Current, "/engineering"), "no");
    assert_eq!(with(KeycloakVersion::V26_4, "/engineering"), "yes");
    assert!(with(KeycloakVersion::Other, "/engineering").contains("versions of keycloak differ"));
    assert_eq!(with(KeycloakVersion::Other, "/eng/core"), "yes");
    assert_eq!(with(KeycloakVersion::Other, "/sales"), "no");
}

#[test]
fn users_are_named_and_service_accounts_are_none() {
    let config = || json!({"users": "[\"ann\",\"service-account-app\"]"});
    assert_eq!(says("user", config(), json!({"preferred_username": "ann"})), "yes");
    assert_eq!(says("user", config(), json!({"preferred_username": "ben"})), "no");
    let account = json!({"preferred_username": "service-account-app", "azp": "app"});
    assert_eq!(says("user", config(), account), "no");
    assert!(says("user", config(), json!({"sub": "1"})).contains("does not name its user"));
    let known = Surroundings { user_ids: [("ann".to_owned(), "1".to_owned())].into(), ..surroundings() };
    assert_eq!(says_in(known, "user", config(), json!({"sub": "1"})), "yes");
}

#[test]
fn clients_are_those_the_token_was_issued_to() {
    let config = || json!({"clients": "[\"app\"]"});
    assert_eq!(says("client", config(), json!({"azp": "app"})), "yes");
    assert_eq!(says("client", config(), json!({"azp": "App"})), "no");
    assert_eq!(says("client", config(), json!({"aud": "app"})), "no");
}

#[test]
fn client_scopes_are_words_of_the_claim_and_without_it_keycloak_fails() {
    let config = |scopes: Value| json!({"clientScopes": scopes.to_string()});
    let one = || config(json!([{"id": "profile"}]));
    assert_eq!(says("client-scope", one(), json!({"scope": "email profile"})), "yes");
    assert_eq!(says("client-scope", one(), json!({"scope": "email"})), "no");
    assert_eq!(says("client-scope", one(), json!({"scope": ["x profile", "profile"]})), "yes");
    assert_eq!(says("client-scope", one(), json!({"scope": ["x", "profile"]})), "no");
    let required = config(json!([{"id": "email"}, {"id": "profile", "required": true}]));
    assert_eq!(says("client-scope", required.clone(), json!({"scope": "email"})), "no");
    assert_eq!(says("client-scope", required, json!({"scope": "profile"})), "yes");
    for claims in [json!({}), json!({"scope": ""}), json!({"scope": null})] {
        assert_eq!(says("client-scope", one(), claims.clone()), "fails", "{claims}");
        assert_eq!(says("client-scope", config(json!([])), claims), "no");
    }
}

#[test]
fn what_is_not_understood_is_keycloaks_and_absorbed_by_nothing() {
    let yes = json!({"name": "yes", "type": "client", "config": {"clients": "[\"app\"]"}});
    for (policy, reason) in [
        (policy("js", json!({"code": "$evaluation.grant()"})), "evaluated by keycloak only"),
        (policy("script-mine.js", json!({})), "evaluated by keycloak only"),
        (policy("role", json!({"roles": "oops"})), "cannot be read"),
        (policy("role", json!({"roles": "[{\"id\": 1}]"})), "cannot be read"),
        (policy("regex", json!({"pattern": "a"})), "cannot be read"),
        (policy("regex", json!({"pattern": "\\Qa\\E", "targetClaim": "azp"})), "portable"),
        (policy("regex", json!({"pattern": "(", "targetClaim": "azp"})), "portable"),
        (policy("time", json!({"nbf": "tomorrow"})), "date"),
    ] {
        let name = policy["name"].as_str().unwrap().to_owned();
        let settings = json!({"decisionStrategy": "AFFIRMATIVE", "resources": [{"name": "r"}], "policies": [yes, policy,
            {"name": "P", "type": "resource", "decisionStrategy": "AFFIRMATIVE", "config": {"resources": "[\"r\"]",
                "applyPolicies": json!(["yes", name]).to_string()}},
            {"name": "Q", "type": "resource", "config": {"resources": "[\"r\"]", "applyPolicies": "[\"yes\"]"}},
        ]});
        let model = compiled(&settings, surroundings());
        let answer = ask(&model, &json!({"azp": "app"}), &[]);
        assert!(
            answer.starts_with(&format!("keycloak: policy `{name}`")) && answer.contains(reason),
            "{answer}"
        );
        assert_eq!(model.remote_only().len(), 1);
        assert_eq!(model.remote_only()[0].policy, name);
    }
    // The pattern is not looked at without a value.
    assert_eq!(says("regex", json!({"pattern": "(", "targetClaim": "none"}), json!({})), "no");
}

#[test]
fn pushed_claims_are_seen_only_by_patterns_for_the_context() {
    let regex =
        |context: &str| json!({"pattern": "acme", "targetClaim": "org", "targetContextAttributes": context});
    assert_eq!(says("regex", regex("false"), json!({"org": "acme"})), "yes");
    assert_eq!(says("regex", regex("true"), json!({"org": "acme"})), "no");
    let dotted = json!({"pattern": ".*", "targetClaim": "kc.client.id", "targetContextAttributes": "true"});
    assert_eq!(says("regex", dotted, json!({"azp": "app"})), "no");
    // Keycloak's own attribute is reached, and is no JSON.
    let path =
        json!({"pattern": ".*", "targetClaim": "kc\\.client\\.id.x", "targetContextAttributes": "true"});
    assert!(says("regex", path, json!({"azp": "app"})).starts_with("keycloak"));
}

#[test]
fn values_with_line_breaks_are_not_matched_here() {
    for text in ["a\nb", "a\r", "a\u{85}", "\u{2028}", "\u{2029}"] {
        let answer = says("regex", json!({"pattern": ".*", "targetClaim": "c"}), json!({"c": text}));
        assert!(answer.contains("not certain"), "{text:?}: {answer}");
    }
}

#[test]
fn negative_logic_turns_policies_and_not_what_fails() {
    let negative = |kind: &str, config: Value, claims: Value| {
        let mut policy = policy(kind, config);
        policy["logic"] = json!("NEGATIVE");
        ask(&compiled(&guarded(&json!([policy])), surroundings()), &claims, &[])
    };
    assert_eq!(negative("client", json!({"clients": "[\"app\"]"}), json!({"azp": "app"})), "refused");
    assert_eq!(negative("client", json!({"clients": "[\"app\"]"}), json!({})), "granted");
    assert_eq!(negative("client-scope", json!({"clientScopes": "[{\"id\":\"a\"}]"}), json!({})), "fails");
    assert_eq!(negative("role", json!({}), json!({})), "granted");
    assert_eq!(negative("aggregate", json!({}), json!({})), "granted");
}

#[test]
fn logic_of_a_permission_is_ignored() {
    let mut settings = guarded(&json!([policy("client", json!({"clients": "[\"app\"]"}))]));
    settings["policies"][1]["logic"] = json!("NEGATIVE");
    assert_eq!(ask(&compiled(&settings, surroundings()), &json!({"azp": "app"}), &[]), "granted");
}

#[test]
fn aggregates_of_what_is_not_there_or_of_themselves_are_keycloaks() {
    let aggregate = |name: &str, parts: Value| json!({"name": name, "type": "aggregate", "config": {"applyPolicies": parts.to_string()}});
    for (policies, reason) in [
        (json!([aggregate("a", json!(["none"]))]), "not in the settings"),
        (json!([aggregate("a", json!(["a"]))]), "or itself"),
        (json!([aggregate("a", json!(["b"])), aggregate("b", json!(["a"]))]), "or itself"),
        (json!([aggregate("a", json!(["P"]))]), "applies a permission"),
        (json!([aggregate("a", json!("oops"))]), "cannot be read"),
    ] {
        let answer = ask(&compiled(&guarded(&policies), surroundings()), &json!({}), &[]);
        assert!(answer.contains(reason), "{policies}: {answer}");
    }
    // A tower of a few storeys is evaluated, one of a hundred is not.
    let tower = |storeys: usize| {
        let mut policies: Vec<Value> =
            (0..storeys).map(|at| aggregate(&format!("a{at}"), json!([format!("a{}", at + 1)]))).collect();
        policies.push(
            json!({"name": format!("a{storeys}"), "type": "client", "config": {"clients": "[\"app\"]"}}),
        );
        ask(&compiled(&guarded(&Value::Array(policies)), surroundings()), &json!({"azp": "app"}), &[])
    };
    assert_eq!(tower(20), "granted");
    assert!(tower(100).starts_with("keycloak"));
}

#[test]
fn enforcement_modes() {
    let settings = |mode: &str, protected: bool| {
        json!({"policyEnforcementMode": mode, "resources": [{"name": "r", "scopes": [{"name": "v"}, {"name": "e"}]}],
            "scopes": [{"name": "v"}, {"name": "e"}, {"name": "w"}],
            "policies": if protected {
                json!([{"name": "P", "type": "scope", "config": {"resources": "[\"r\"]", "scopes": "[\"v\"]"}}])
            } else { json!([]) }})
    };
    let asked = |mode: &str, protected: bool| {
        ask(&compiled(&settings(mode, protected), surroundings()), &json!({}), &[])
    };
    assert_eq!(asked("ENFORCING", false), "refused");
    assert_eq!(asked("PERMISSIVE", false), "granted v e");
    assert_eq!(asked("DISABLED", true), "granted v e");
    // A permission without policies says nothing, but it is there.
    assert_eq!(asked("PERMISSIVE", true), "refused");
    let model = compiled(&settings("DISABLED", true), surroundings());
    assert_eq!(ask(&model, &json!({}), &["e", "nosuch"]), "granted e");
    assert_eq!(ask(&model, &json!({}), &["w"]), "unknown scopes");
    assert_eq!(ask(&model, &json!({}), &["nosuch"]), "unknown scopes");
}

#[test]
fn type_permissions_are_found_as_sql_finds_them() {
    let settings = |resource: &str, permission: &str, policies: Value| {
        json!({"policyEnforcementMode": "PERMISSIVE", "resources": [{"name": "r", "type": resource}], "policies": [
            {"name": "no", "type": "client", "config": {}},
            {"name": "P", "type": "resource", "config":
                {"defaultResourceType": permission, "applyPolicies": policies.to_string()}}]})
    };
    let is_found = |resource: &str, permission: &str| {
        let model = compiled(&settings(resource, permission, json!(["no"])), surroundings());
        ask(&model, &json!({}), &[]) == "refused"
    };
    for (resource, permission, found) in [
        ("urn:doc", "urn:doc", true),
        ("urn:doc", "urn:Doc", false),
        ("urn_doc", "urn:doc", true),
        ("urn:doc", "urn_doc", false),
        ("urn:%", "urn:doc", true),
        ("%doc", "urn:doc", true),
        ("u%d_c", "urn:doc", true),
        ("u%d_", "urn:doc", false),
        ("%", "", true),
        ("a\\%", "a%", false),
        ("a\\%", "a\\b", true),
        ("_", "é", true),
    ] {
        assert_eq!(is_found(resource, permission), found, "{resource} {permission}");
    }
    // Without policies it is not found by type at all, so that the resource counts as unprotected.
    let bare = compiled(&settings("t", "t", json!([])), surroundings());
    assert_eq!(ask(&bare, &json!({}), &[]), "granted");
}

#[test]
fn users_resources_have_the_scopes_and_permissions_of_their_parents() {
    let settings = json!({"scopes": [{"name": "v"}, {"name": "e"}], "resources": [
            {"name": "parent", "type": "t", "scopes": [{"name": "e"}]},
            {"name": "other", "type": "u", "scopes": [{"name": "x"}]},
            {"name": "r", "type": "t", "owner": {"name": "ann"}, "scopes": [{"name": "v"}]}],
        "policies": [
            {"name": "yes", "type": "client", "config": {"clients": "[\"app\"]"}},
            {"name": "P", "type": "scope", "config":
                {"resources": "[\"parent\"]", "scopes": "[\"e\"]", "applyPolicies": "[\"yes\"]"}}]});
    let model = compiled(&settings, surroundings());
    assert_eq!(ask(&model, &json!({"azp": "app"}), &[]), "granted e");
    assert_eq!(ask(&model, &json!({"azp": "app"}), &["e"]), "granted e");
    assert_eq!(ask(&model, &json!({"azp": "app"}), &["v"]), "refused");
    assert_eq!(ask(&model, &json!({}), &["e"]), "refused");
    assert_eq!(ask(&model, &json!({}), &["x"]), "unknown scopes");
}

#[test]
fn what_owners_manage_and_what_shares_its_name_is_keycloaks() {
    let managed = json!({"resources": [{"name": "r", "ownerManagedAccess": true}]});
    assert!(ask(&compiled(&managed, surroundings()), &json!({}), &[]).contains("managed by its owner"));
    let disabled = json!({"policyEnforcementMode": "DISABLED", "resources": [{"name": "r", "ownerManagedAccess": true}]});
    assert_eq!(ask(&compiled(&disabled, surroundings()), &json!({}), &[]), "granted");
    let shared = |listed: &str| {
        json!({"resources": [{"name": "r"}, {"name": "r", "owner": {"name": "ann"}}], "policies": [
            {"name": "P", "type": "resource", "config": {"resources": json!([listed]).to_string()}}]})
    };
    assert!(
        ask(&compiled(&shared("r"), surroundings()), &json!({}), &[])
            .contains("several resources have that name")
    );
    assert_eq!(ask(&compiled(&shared("x"), surroundings()), &json!({}), &[]), "refused");
    // A child of a parent whose name is ambiguous inherits the doubt.
    let parents = json!({"resources": [{"name": "p", "type": "t"}, {"name": "p", "owner": {"name": "ann"}},
            {"name": "r", "type": "t", "owner": {"name": "ben"}}],
        "policies": [{"name": "P", "type": "resource", "config": {"resources": "[\"p\"]"}}]});
    assert!(ask(&compiled(&parents, surroundings()), &json!({}), &[]).starts_with("keycloak"));
}

#[test]
fn permissions_that_cannot_be_read_may_be_for_anything() {
    for config in [
        json!({"resources": "oops"}),
        json!({"scopes": "oops"}),
        json!({"applyPolicies": "oops", "resources": "[\"r\"]"}),
    ] {
        let settings = json!({"policyEnforcementMode": "PERMISSIVE", "resources": [{"name": "r"}],
            "policies": [{"name": "P", "type": "scope", "config": config}]});
        let answer = ask(&compiled(&settings, surroundings()), &json!({}), &[]);
        assert!(answer.contains("policy `P`: its configuration cannot be read"), "{config}: {answer}");
    }
}

#[test]
fn what_is_unknown_leaves_what_is_sure() {
    let settings = json!({"scopes": [{"name": "v"}, {"name": "e"}],
        "resources": [{"name": "r", "scopes": [{"name": "v"}, {"name": "e"}]}],
        "policies": [
            {"name": "yes", "type": "client", "config": {"clients": "[\"app\"]"}},
            {"name": "fetched", "type": "role", "config": {"roles": "[{\"id\":\"a\"}]", "fetchRoles": "true"}},
            {"name": "P", "type": "scope", "config": {"resources": "[\"r\"]", "scopes": "[\"v\"]", "applyPolicies": "[\"yes\"]"}},
            {"name": "Q", "type": "scope", "config": {"resources": "[\"r\"]", "scopes": "[\"e\"]", "applyPolicies": "[\"yes\",\"fetched\"]"}}]});
    let model = compiled(&settings, surroundings());
    let identity = Identity::from_claims(br#"{"azp": "app"}"#).unwrap();
    let pushed = PushedClaims::default();
    let resource = model.named("r").unwrap();
    let inquiry = Inquiry { identity: &identity, resource, scopes: &[], now: 0, pushed: &pushed };
    let Evaluated::NeedsKeycloak { at_least, at_most, reason } = model.evaluate(&inquiry) else { panic!() };
    assert_eq!((at_least, at_most), (Some(vec!["v"]), Some(vec!["v", "e"])));
    assert!(matches!(reason, RemoteReason::Policy { policy, .. } if policy == "fetched"));
    // A denial decides, whatever the other says.
    assert_eq!(ask(&model, &json!({"azp": "other"}), &["e"]), "refused");
    assert_eq!(ask(&model, &json!({"azp": "app"}), &["v"]), "granted v");
}
