//! Authorization settings of a client.

use gatecloak::admin::ClientAuthorization;
use gatecloak::connection::Query;
use serde_json::{Value, json};

use super::Scene;

/// Every sign that a path or a query must encode.
const NAME: &str = "orders/ä; 50%#?+&";

/// A realm with a role, a user, and a client with authorization services; the id of the client.
fn scene() -> Option<(Scene, String, ClientAuthorization)> {
    let scene = Scene::with(&json!({
        "roles": {"realm": [{"name": "boss"}]},
        "users": [{"username": "alice", "enabled": true, "realmRoles": ["boss"]}],
    }))?;
    let clients = scene.realm.clients();
    let client = json!({"clientId": "shop", "authorizationServicesEnabled": true});
    let id = scene.run(clients.create(&client)).expect("a client");
    let authorization = clients.authorization(&id);
    if scene.is_before([26, 5, 0]) {
        // It brings a resource, with its permission, and a policy.
        let (resources, policies) = (authorization.resources(), authorization.policies());
        let own = scene.run(resources.find("Default Resource")).expect("an answer").expect("the resource");
        scene.run(resources.delete(self::id(&own))).expect("it goes");
        let own = scene.run(policies.find("Default Policy")).expect("an answer");
        if let Some(own) = own {
            scene.run(policies.delete(self::id(&own))).expect("it goes");
        }
    }
    Some((scene, id, authorization))
}

fn id(value: &Value) -> &str {
    value.get("_id").or(value.get("id")).and_then(Value::as_str).expect("an id")
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().filter_map(|item| item["name"].as_str()).collect()
}

/// Covers `get_client_authz_settings`, `import_client_authz_config`.
#[test]
fn a_configuration_is_taken_and_given_back() {
    let Some((scene, _, authorization)) = scene() else { return };
    let configuration = json!({
        "policyEnforcementMode": "ENFORCING", "decisionStrategy": "AFFIRMATIVE",
        "resources": [{"name": NAME, "uris": ["/orders/*"], "scopes": [{"name": "view"}]}],
        "scopes": [{"name": "view"}],
        "policies": [
            {"name": "bosses", "type": "role", "config": {"roles": "[{\"id\":\"boss\",\"required\":true}]"}},
            {"name": "see", "type": "scope", "config": {"scopes": "[\"view\"]", "applyPolicies": "[\"bosses\"]"}},
        ],
    });
    scene.run(authorization.import(&configuration)).expect("it is taken");
    let export = scene.run(authorization.export()).expect("a configuration");
    assert_eq!(export["resources"][0]["uris"], json!(["/orders/*"]));
    assert_eq!(export["decisionStrategy"], "AFFIRMATIVE");
    assert_eq!(names(&export["policies"]), ["bosses", "see"]);
    scene.run(authorization.import(&export)).expect("what it gives, it takes");
    assert_eq!(scene.run(authorization.export()).expect("a configuration")["policies"], export["policies"]);
}

#[test]
fn settings_that_are_not_named_stay() {
    let Some((scene, client, authorization)) = scene() else { return };
    scene.run(authorization.update(&json!({"policyEnforcementMode": "PERMISSIVE"}))).expect("a change");
    scene.run(authorization.update(&json!({"allowRemoteResourceManagement": false}))).expect("a change");
    let settings = scene.run(authorization.get()).expect("the settings");
    assert_eq!(settings["policyEnforcementMode"], "PERMISSIVE");
    assert_eq!(settings["allowRemoteResourceManagement"], false);
    assert_eq!(settings["clientId"], client.as_str());

    let clients = scene.realm.clients();
    let other = scene.run(clients.create(&json!({"clientId": "other"}))).expect("a client");
    let error = scene.run(clients.authorization(&other).get()).expect_err("it has none");
    assert!(error.is_not_found(), "{error}");
}

/// Covers `create_client_authz_resource`, `get_client_authz_resources`, `get_client_authz_resource`,
/// `update_client_authz_resource`, `delete_client_authz_resource`.
#[test]
fn a_resource_of_any_name_is_made_found_changed_and_removed() {
    let Some((scene, _, authorization)) = scene() else { return };
    let resources = authorization.resources();
    let resource = json!({
        "name": NAME, "uris": ["/orders"], "scopes": [{"name": "view"}], "attributes": {"colour": ["red"]},
    });
    let made = scene.run(resources.create(&resource)).expect("a resource");
    let id = id(&made);
    assert!(scene.run(resources.create(&resource)).expect_err("it is there").is_conflict());
    assert_eq!(scene.run(resources.create_if_absent(&resource)).expect("the resource")["_id"], id);
    assert_eq!(scene.run(resources.find(NAME)).expect("an answer").expect("the resource")["_id"], id);
    assert!(scene.run(resources.find("orders")).expect("an answer").is_none());
    assert_eq!(names(&scene.run(resources.scopes(id)).expect("scopes")), ["view"]);
    assert_eq!(scene.run(resources.attributes(id)).expect("attributes"), json!({"colour": ["red"]}));
    let permission = json!({"name": "all", "resources": [id]});
    scene.run(authorization.permissions_of("resource").create(&permission)).expect("a permission");
    assert_eq!(names(&scene.run(resources.permissions(id)).expect("permissions")), ["all"]);

    scene.run(resources.update(id, &json!({"name": NAME, "displayName": "Orders"}))).expect("a change");
    let found = scene.run(resources.get(id)).expect("the resource");
    assert_eq!((&found["displayName"], &found["uris"]), (&json!("Orders"), &json!([])));
    let listed = scene.run(resources.list(Query::new().with("name", NAME)).all()).expect("resources");
    assert_eq!((listed.len(), listed[0]["_id"].as_str()), (1, Some(id)));

    scene.run(resources.delete(id)).expect("it goes");
    assert!(scene.run(resources.get(id)).expect_err("it is gone").is_not_found());
    let left = scene.run(authorization.permissions().find("all")).expect("an answer");
    assert!(left.is_none(), "a permission on nothing else stayed");
}

/// Covers `create_client_authz_scopes`, `get_client_authz_scopes`.
#[test]
fn a_scope_of_any_name_is_made_found_changed_and_removed() {
    let Some((scene, _, authorization)) = scene() else { return };
    let scopes = authorization.scopes();
    let made = scene.run(scopes.create(&json!({"name": NAME}))).expect("a scope");
    let id = id(&made);
    assert_eq!(scene.run(scopes.create(&json!({"name": NAME}))).expect("the same scope")["id"], id);
    assert_eq!(scene.run(scopes.find(NAME)).expect("an answer").expect("the scope")["id"], id);
    assert!(scene.run(scopes.find("orders")).expect("an answer").is_none());

    scene.run(scopes.update(id, &json!({"name": "view", "displayName": "View"}))).expect("a change");
    assert_eq!(scene.run(scopes.get(id)).expect("the scope")["displayName"], "View");
    let resource = json!({"name": "orders", "scopes": [{"name": "view"}]});
    let resource = scene.run(authorization.resources().create(&resource)).expect("a resource");
    let permission = json!({"name": "see", "scopes": [id]});
    scene.run(authorization.permissions_of("scope").create(&permission)).expect("a permission");
    assert_eq!(names(&scene.run(scopes.resources(id)).expect("resources")), ["orders"]);
    assert_eq!(names(&scene.run(scopes.permissions(id)).expect("permissions")), ["see"]);

    assert_eq!(scene.run(scopes.delete(id)).expect_err("a resource has it").status(), Some(400));
    scene.run(authorization.resources().delete(self::id(&resource))).expect("the resource goes");
    scene.run(scopes.delete(id)).expect("it goes");
    assert!(scene.run(scopes.get(id)).expect_err("it is gone").is_not_found());
    let left = scene.run(authorization.permissions().find("see")).expect("an answer");
    assert!(left.is_none(), "a permission of nothing else stayed");
}

#[test]
fn resources_scopes_and_policies_are_listed_over_more_than_two_pages() {
    let Some((scene, _, authorization)) = scene() else { return };
    let many = |more: &Value| -> Vec<Value> {
        let item = |number: usize| {
            let mut item = more.clone();
            item["name"] = json!(format!("{}-{number:03}", more["name"].as_str().expect("a name")));
            item
        };
        (0..205).map(item).collect()
    };
    let regex = json!({"name": "p", "type": "regex", "config": {"targetClaim": "sub", "pattern": "a"}});
    let configuration = json!({
        "resources": many(&json!({"name": "r"})),
        "scopes": many(&json!({"name": "s"})),
        "policies": many(&regex),
    });
    scene.run(authorization.import(&configuration)).expect("it is taken");
    let lists = [
        authorization.resources().list(Query::new()),
        authorization.scopes().list(Query::new()),
        authorization.policies().list(Query::new()),
        authorization.policies_of("regex").list(Query::new()),
        authorization.scopes().list(Query::new().with("max", -1)),
    ];
    for list in lists {
        let items = scene.run(list.clone().all()).expect("items");
        let mut names: Vec<&str> = items.iter().filter_map(|item| item["name"].as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!((items.len(), names.len()), (205, 205), "{list:?}");
    }
}

/// Covers `create_client_authz_role_based_policy`, `create_client_authz_client_policy`,
/// `get_client_authz_client_policies`, `create_client_authz_policy`, `get_client_authz_policies`,
/// `get_client_authz_policy`, `delete_client_authz_policy`.
#[test]
fn policies_of_every_kind_are_made_found_changed_and_removed() {
    let Some((scene, client, authorization)) = scene() else { return };
    let user = scene.run(scene.realm.clients().service_account_user(&client)).expect("a user");
    let roles = authorization.policies_of("role");
    let bosses = json!({"name": NAME, "roles": [{"id": "boss", "required": true}]});
    let made = scene.run(roles.create(&bosses)).expect("a policy");
    assert!(scene.run(roles.create(&bosses)).expect_err("it is there").is_conflict());
    assert_eq!(scene.run(roles.create_if_absent(&bosses)).expect("the policy")["id"], made["id"]);
    let kinds = [
        ("client", json!({"clients": [client]})),
        ("user", json!({"users": [user["id"]]})),
        ("group", json!({"groups": []})),
        ("client-scope", json!({"clientScopes": []})),
        ("time", json!({"hour": "9", "hourEnd": "17"})),
        ("regex", json!({"targetClaim": "sub", "pattern": "a.*"})),
        ("aggregate", json!({"policies": [made["id"]]})),
    ];
    for (kind, members) in &kinds {
        let mut policy = members.clone();
        policy["name"] = json!(kind);
        let made = scene.run(authorization.policies_of(kind).create(&policy)).expect("a policy");
        assert_eq!(made["type"], *kind);
        let typed = scene.run(authorization.policies_of(kind).get(id(&made))).expect("the policy");
        assert_eq!(typed["name"], *kind);
    }
    let clients = scene.run(authorization.policies_of("client").list(Query::new()).all()).expect("policies");
    assert_eq!((clients.len(), &clients[0]["clients"]), (1, &json!([client])));
    let hours = json!({"name": NAME, "hour": "9", "hourEnd": "17"});
    let taken = scene.run(authorization.policies_of("time").create_if_absent(&hours));
    assert!(taken.expect_err("one of another kind has the name").is_conflict());

    let policies = authorization.policies();
    let generic = json!({"name": "generic", "type": "role", "config": {"roles": "[{\"id\":\"boss\"}]"}});
    scene.run(policies.create(&generic)).expect("a policy");
    assert_eq!(scene.run(policies.list(Query::new()).all()).expect("policies").len(), kinds.len() + 2);
    let found = scene.run(policies.find(NAME)).expect("an answer").expect("the policy");
    assert_eq!(found["id"], made["id"]);
    let dependent = scene.run(policies.dependent(id(&made))).expect("policies");
    assert_eq!(names(&dependent), ["aggregate"]);

    let mut change = scene.run(roles.get(id(&made))).expect("the policy");
    change["logic"] = json!("NEGATIVE");
    scene.run(roles.update(id(&made), &change)).expect("a change");
    let found = scene.run(roles.get(id(&made))).expect("the policy");
    assert_eq!((&found["logic"], &found["roles"]), (&json!("NEGATIVE"), &change["roles"]));
    assert_eq!(scene.run(policies.get(id(&made))).expect("the policy")["type"], "role");
    scene.run(policies.delete(id(&made))).expect("it goes");
    assert!(scene.run(policies.find(NAME)).expect("an answer").is_none());
    let providers = scene.run(authorization.policy_providers()).expect("kinds");
    let providers: Vec<&Value> =
        providers.as_array().expect("a list").iter().map(|kind| &kind["type"]).collect();
    assert!(kinds.iter().all(|(kind, _)| providers.contains(&&json!(kind))), "{providers:?}");
}

/// Covers `create_client_authz_resource_based_permission`, `update_client_authz_resource_permission`,
/// `create_client_authz_scope_permission`, `get_client_authz_scope_permission`,
/// `update_client_authz_scope_permission`, `get_client_authz_permissions`,
/// `get_client_authz_permission_associated_policies`, `get_client_authz_policy_scopes`,
/// `get_client_authz_policy_resources`.
#[test]
fn permissions_on_resources_and_scopes_are_made_and_changed_and_decide() {
    let Some((scene, _, authorization)) = scene() else { return };
    let resource = json!({"name": "orders", "scopes": [{"name": "view"}]});
    let resource = scene.run(authorization.resources().create(&resource)).expect("a resource");
    let scope = &resource["scopes"][0];
    let bosses = json!({"name": "bosses", "roles": [{"id": "boss"}]});
    let policy = scene.run(authorization.policies_of("role").create(&bosses)).expect("a policy");
    let nobody = json!({"name": "nobody", "logic": "NEGATIVE", "roles": [{"id": "boss"}]});
    let nobody = scene.run(authorization.policies_of("role").create(&nobody)).expect("a policy");

    let whole = json!({"name": NAME, "resources": [resource["_id"]], "policies": [policy["id"]]});
    let on_resources = authorization.permissions_of("resource");
    let whole = scene.run(on_resources.create(&whole)).expect("a permission");
    let see = json!({"name": "see", "scopes": [scope["id"]], "policies": [policy["id"]]});
    let on_scopes = authorization.permissions_of("scope");
    let see = scene.run(on_scopes.create(&see)).expect("a permission");
    assert!(scene.run(on_scopes.create(&json!({"name": NAME}))).expect_err("it is there").is_conflict());
    assert_eq!(scene.run(on_scopes.get(id(&see))).expect("the permission")["name"], "see");
    assert!(scene.run(on_scopes.find(NAME)).expect("an answer").is_none(), "it is one on resources");
    assert!(scene.run(authorization.policies().find(NAME)).expect("an answer").is_none(), "it is no policy");
    let found = scene.run(authorization.permissions().find(NAME)).expect("an answer");
    assert_eq!(found.expect("the permission")["id"], whole["id"]);
    assert_eq!(
        scene.run(authorization.permissions().list(Query::new()).all()).expect("permissions").len(),
        2
    );

    let policies = authorization.policies();
    assert_eq!(names(&scene.run(policies.resources(id(&whole))).expect("resources")), ["orders"]);
    assert_eq!(names(&scene.run(policies.scopes(id(&see))).expect("scopes")), ["view"]);
    assert_eq!(names(&scene.run(policies.associated(id(&see))).expect("policies")), ["bosses"]);
    assert_eq!(decision(&scene, &authorization, &resource), "PERMIT");

    let change = |permission: &Value| {
        let mut change = permission.clone();
        change["policies"] = json!([nobody["id"]]);
        change
    };
    scene.run(on_scopes.update(id(&see), &change(&see))).expect("a change");
    assert_eq!(names(&scene.run(policies.associated(id(&see))).expect("policies")), ["nobody"]);
    scene.run(on_resources.update(id(&whole), &change(&whole))).expect("a change");
    assert_eq!(names(&scene.run(policies.associated(id(&whole))).expect("policies")), ["nobody"]);
    assert_eq!(decision(&scene, &authorization, &resource), "DENY");
}

/// What the server would say to the user with the role.
fn decision(scene: &Scene, authorization: &ClientAuthorization, resource: &Value) -> String {
    let keycloak = crate::keycloak::keycloak().expect("the server");
    let users = keycloak.admin.get(&format!("/{}/users?username=alice", scene.name));
    let question = json!({
        "userId": users[0]["id"], "resources": [{"_id": resource["_id"], "scopes": resource["scopes"]}],
    });
    let answer = scene.run(authorization.evaluate(&question)).expect("a decision");
    answer["status"].as_str().expect("a status").to_owned()
}
