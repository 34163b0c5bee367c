use serde_json::{Value, json};

use super::{Subject, UmaRequest};
use crate::authz::surroundings::{ClientFacts, ResourceId, ResourceServer};
use crate::authz::{Answer, Identity, KeycloakVersion, Model, Settings, Surroundings};

/// Resources of the resource server and of users, one of everything; a client may have it all.
fn settings() -> Value {
    json!({
        "scopes": [{"name": "v"}, {"name": "e"}, {"name": "lonely"}],
        "resources": [
            {"name": "doc", "type": "t", "uris": ["/doc", "/docs/{id}"], "scopes": [{"name": "v"}, {"name": "e"}]},
            {"name": "img", "type": "t", "uris": ["/img", "/Same"], "scopes": [{"name": "v"}]},
            {"name": "bare", "uris": ["/bare/*"]},
            {"name": "mine", "type": "t", "owner": {"name": "ann"}, "uris": ["/same"], "scopes": [{"name": "v"}]},
            {"name": "img", "owner": {"name": "ben"}, "scopes": [{"name": "e"}]},
        ],
        "policies": [
            {"name": "app", "type": "client", "config": {"clients": "[\"app\",\"rs\"]"}},
            {"name": "v", "type": "scope", "config": {"scopes": "[\"v\",\"lonely\"]", "applyPolicies": "[\"app\"]"}},
            {"name": "bare", "type": "resource", "config": {"resources": "[\"bare\"]", "applyPolicies": "[\"app\"]"}},
        ],
    })
}

fn surroundings() -> Surroundings {
    let id = |id: &str, name: &str, owner: &str| ResourceId {
        id: id.to_owned(),
        name: name.to_owned(),
        owner: owner.to_owned(),
    };
    let client = |name: &str, public: bool| (name.to_owned(), ClientFacts { public: Some(public) });
    Surroundings {
        resource_server: Some(ResourceServer { client_id: "rs".to_owned(), id: String::new() }),
        resource_ids: vec![
            id("i-doc", "doc", "rs"),
            id("i-img", "img", "rs"),
            id("i-bare", "bare", "rs"),
            id("i-mine", "mine", "ann"),
            id("i-bens", "img", "ben"),
        ],
        clients: [client("app", false), client("web", true)].into(),
        ..Surroundings::default()
    }
}

fn model_of(settings: &Value, surroundings: Surroundings) -> Model {
    Model::compile(Settings::parse(settings.to_string().as_bytes()).unwrap(), surroundings).unwrap()
}

fn model() -> Model {
    model_of(&settings(), surroundings())
}

fn ann() -> Value {
    json!({"azp": "app", "preferred_username": "ann"})
}

fn ask_as(model: &Model, claims: &Value, form: &[(&str, &str)]) -> String {
    let identity = Identity::from_claims(claims.to_string().as_bytes()).unwrap();
    ask_subject(model, Subject::Bearer(&identity), form)
}

/// The answer in a line: `200 NAME:SCOPES ...`, `STATUS error: text`, or `keycloak: why`.
fn ask_subject(model: &Model, subject: Subject<'_>, form: &[(&str, &str)]) -> String {
    let form: Vec<(String, String)> =
        form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let answer = model.answer(&UmaRequest { subject, now: 0, form: &form });
    let response = match answer {
        Answer::Remote(reason) => return format!("keycloak: {reason}"),
        Answer::Local(response) => response.to_json(),
    };
    if let Some(error) = response["error"].as_str() {
        return format!(
            "{} {error}: {}",
            response["status"],
            response["error_description"].as_str().unwrap()
        );
    }
    if response["result"] == true {
        return "200 true".to_owned();
    }
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let permissions = list(&response["permissions"]).into_iter().chain(list(&response["rpt"]["permissions"]));
    let mut entries: Vec<String> = permissions
        .map(|entry| {
            let scopes: Vec<String> =
                list(&entry["scopes"]).iter().map(|scope| scope.as_str().unwrap().to_owned()).collect();
            let name = entry["rsid"].as_str().unwrap_or("none");
            let claims = entry.get("claims").map(|claims| format!(" with {claims}")).unwrap_or_default();
            format!("{name}:{}{claims}", scopes.join(","))
        })
        .collect();
    entries.sort();
    format!("200 {}", entries.join(" "))
}

/// As ann, with an audience and `response_mode=permissions`.
fn ask(form: &[(&str, &str)]) -> String {
    ask_as(&model(), &ann(), &with_mode(form))
}

fn with_mode<'a>(form: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [&[("audience", "rs"), ("response_mode", "permissions")], form].concat()
}

fn permissions(values: &[&str]) -> String {
    ask(&values.iter().map(|value| ("permission", *value)).collect::<Vec<_>>())
}

const DENIED: &str = "403 access_denied: not_authorized";

#[test]
fn everything_is_what_the_resource_server_owns_and_ones_own() {
    assert_eq!(permissions(&[]), "200 i-bare: i-doc:v i-img:v i-mine:v");
    let as_one = |claims: Value| ask_as(&model(), &claims, &with_mode(&[]));
    assert_eq!(as_one(json!({"azp": "app", "preferred_username": "ben"})), "200 i-bare: i-doc:v i-img:v");
    let account = json!({"azp": "rs", "preferred_username": "service-account-rs"});
    assert_eq!(as_one(account), "200 i-bare: i-doc:v i-img:v");
    assert_eq!(as_one(json!({"azp": "web", "preferred_username": "ann"})), DENIED);
    assert!(as_one(json!({"azp": "app"})).contains("does not name its user"));
}

#[test]
fn names_ids_and_types_find_resources() {
    for (asked, answer) in [
        (&["doc"][..], "200 i-doc:v"),
        (&["doc#v"], "200 i-doc:v"),
        (&["doc#e"], DENIED),
        (&["i-doc#v"], "200 i-doc:v"),
        (&["i-mine"], "200 i-mine:v"),
        // By id also what is of others; by name only one's own and the resource server's.
        (&["i-bens"], DENIED),
        (&["img"], "200 i-img:v"),
        (&["mine"], "200 i-mine:v"),
        (&["resource-type:t"], "200 i-doc:v i-img:v"),
        (&["resource-type-any:t#v"], "200 i-doc:v i-img:v i-mine:v"),
        (&["resource-type-instance:t"], "200 i-mine:v"),
        (&["resource-type-owner:t"], "200 i-mine:v"),
        (&["resource-type:nosuch"], DENIED),
        (&["nosuch"], "400 invalid_resource: Resource with id [nosuch] does not exist."),
        (&["no-such"], "400 invalid_resource: Resource with id [no-such] does not exist."),
        (&["Doc"], "400 invalid_resource: Resource with id [Doc] does not exist."),
        // Scopes that the resource does not have leave nothing to decide.
        (&["bare#v"], "400 invalid_resource: Resource with id [bare] does not exist."),
        (&["i-bare#v"], DENIED),
        // Once there is an entry, unknown names are no error.
        (&["doc", "nosuch"], "200 i-doc:v"),
        (&["nosuch", "doc"], "400 invalid_resource: Resource with id [nosuch] does not exist."),
        (
            &["resource-type:nosuch", "nosuch"],
            "400 invalid_resource: Resource with id [nosuch] does not exist.",
        ),
    ] {
        assert_eq!(permissions(asked), answer, "{asked:?}");
    }
}

#[test]
fn the_resource_servers_own_token_is_told_of_no_unknown_resource() {
    let account = json!({"azp": "rs", "preferred_username": "service-account-rs"});
    let asked = |value: &str| ask_as(&model(), &account, &with_mode(&[("permission", value)]));
    assert_eq!(asked("nosuch"), DENIED);
    assert_eq!(asked("doc"), "200 i-doc:v");
    assert_eq!(asked("resource-type-owner:t"), "200 i-doc:v i-img:v");
    assert_eq!(asked("mine"), DENIED);
    let unknown = ask_as(&model(), &json!({"azp": "rs"}), &with_mode(&[("permission", "nosuch")]));
    assert!(unknown.starts_with("keycloak"), "{unknown}");
}

#[test]
fn scopes_alone_find_whatever_has_them() {
    for (asked, answer) in [
        (&["#v"][..], "200 i-doc:v i-img:v i-mine:v"),
        (&["#lonely"], "200 none:lonely"),
        (&["#lonely", "#lonely"], "200 none:lonely"),
        (&["#lonely,v"], "200 i-doc:v i-img:v i-mine:v"),
        (&["#nosuch"], "400 invalid_scope: One of the given scopes [nosuch] is invalid"),
        (&["#nosuch,v"], "200 i-doc:v i-img:v i-mine:v"),
        (&["doc# v"], "400 invalid_scope: One of the given scopes [ v] is invalid"),
        (&[" "], DENIED),
        (&[""], DENIED),
        // A later one adds to what is there, a later name does not.
        (&["doc#e", "#v"], "200 i-doc:v i-img:v i-mine:v"),
        (&["#e", "doc#v"], DENIED),
        // The same name twice is one wish.
        (&["doc", "doc#e"], DENIED),
    ] {
        assert_eq!(permissions(asked), answer, "{asked:?}");
    }
}

#[test]
fn words_of_scope_are_added_to_every_permission() {
    let asked = |scope: &str, values: &[&str]| {
        let mut form: Vec<(&str, &str)> = values.iter().map(|value| ("permission", *value)).collect();
        form.push(("scope", scope));
        ask(&form)
    };
    assert_eq!(asked("v", &["doc#e"]), "200 i-doc:v");
    assert_eq!(asked("e", &["doc"]), DENIED);
    assert_eq!(asked("v", &[]), "200 i-bare: i-doc:v i-img:v i-mine:v");
    // 'b' is before 'a' nowhere: the order is that of Java's hash set.
    assert_eq!(asked("b a", &["doc"]), "400 invalid_scope: One of the given scopes [a, b] is invalid");
    assert!(asked("", &["doc"]).starts_with("keycloak"));
}

#[test]
fn uris_find_resources_of_any_owner_and_paths_those_of_the_resource_server() {
    let asked = |value: &str, more: &[(&str, &str)]| {
        ask(&[&[("permission_resource_format", "uri"), ("permission", value)], more].concat())
    };
    let matching = &[("permission_resource_matching_uri", "TRUE")][..];
    for (value, more, answer) in [
        ("/doc", &[][..], "200 i-doc:v"),
        ("/DOC", &[], "200 i-doc:v"),
        ("/SAME#v", &[], "200 i-img:v i-mine:v"),
        ("/docs/5", &[], "400 invalid_resource: Resource with uri [/docs/5] does not exist."),
        ("/docs/5", matching, "200 i-doc:v"),
        ("/docs/5#e", matching, DENIED),
        ("/bare/x/y", matching, "200 i-bare:"),
        ("/none", matching, "400 invalid_resource: Resource with uri [/none] does not exist."),
        ("doc", &[], "400 invalid_resource: Resource with uri [doc] does not exist."),
        ("", &[], "400 invalid_request: You must provide the uri"),
        ("#v", &[], "200 i-doc:v i-img:v i-mine:v"),
        ("/doc#nosuch", &[], "400 invalid_scope: One of the given scopes [nosuch] is invalid"),
        // An empty uri ends it: what comes after is not looked at.
        ("#lonely", &[("permission", "/nosuch")], "200 none:lonely"),
        (
            "/doc",
            &[("permission", "/nosuch")],
            "400 invalid_resource: Resource with uri [/nosuch] does not exist.",
        ),
        ("/doc#e", &[("permission", "/DOC#v")], "200 i-doc:v"),
        (
            "/docs/5",
            &[("permission_resource_matching_uri", "yes")],
            "400 invalid_resource: Resource with uri [/docs/5] does not exist.",
        ),
    ] {
        assert_eq!(asked(value, more), answer, "{value} {more:?}");
    }
    let nobody = ask_as(&model(), &ann(), &[("permission_resource_format", "uri"), ("permission", "/doc")]);
    assert!(nobody.starts_with("keycloak"), "{nobody}");
}

#[test]
fn uri_of_several_resources_is_keycloaks_where_the_matcher_finds_it() {
    let settings = json!({"resources": [{"name": "a", "uris": ["/x/*"]}, {"name": "b", "uris": ["/x/*"]}]});
    let model = model_of(&settings, surroundings());
    let form = with_mode(&[
        ("permission_resource_format", "uri"),
        ("permission", "/x/1"),
        ("permission_resource_matching_uri", "true"),
    ]);
    assert!(ask_as(&model, &ann(), &form).contains("more than one resource"));
}

#[test]
fn unknown_format_asks_for_everything() {
    let answer = ask(&[("permission_resource_format", "xml"), ("permission", "nosuch")]);
    assert_eq!(answer, "200 i-bare: i-doc:v i-img:v i-mine:v");
    assert_eq!(ask(&[("permission_resource_format", "id"), ("permission", "doc")]), "200 i-doc:v");
}

#[test]
fn what_is_too_long_is_dropped_and_tokens_are_an_error() {
    let (fits, long) = ("x".repeat(4000), "x".repeat(4001));
    let everything = "200 i-bare: i-doc:v i-img:v i-mine:v";
    assert_eq!(
        ask(&[("permission", &fits)]),
        format!("400 invalid_resource: Resource with id [{fits}] does not exist.")
    );
    assert_eq!(ask(&[("permission", &long)]), everything);
    // Together, and in UTF-16.
    assert_eq!(ask(&[("permission", &fits), ("permission", "y")]), everything);
    assert_eq!(ask(&[("permission", &"😀".repeat(2001))]), everything);
    // Control characters do not count.
    assert!(ask(&[("permission", &format!("{fits}\n"))]).starts_with("400"));
    let late = ask_as(&model(), &ann(), &[("audience", &long)]);
    assert_eq!(late, "400 invalid_request: You must provide the issuedFor");
    for name in ["claim_token", "subject_token"] {
        assert_eq!(
            ask(&[(name, &"x".repeat(20_001))]),
            format!("400 invalid_request: The size of OIDC parameter '{name}' is longer than allowed.")
        );
    }
    assert_eq!(ask(&[("subject_token", &"x".repeat(20_000)), ("permission", "doc")]), "200 i-doc:v");
    assert_eq!(ask(&[("ticket", &long), ("permission", "doc")]), "200 i-doc:v");
}

#[test]
fn other_versions_read_forms_differently() {
    let with = |version: KeycloakVersion, value: &str| {
        let model = model_of(&settings(), Surroundings { version, ..surroundings() });
        ask_as(&model, &ann(), &with_mode(&[("permission", value)]))
    };
    assert_eq!(with(KeycloakVersion::Current, "do%0Ac"), "200 i-doc:v");
    assert!(with(KeycloakVersion::V26_4, "do%0Ac").starts_with("400 invalid_resource"));
    assert!(with(KeycloakVersion::Other, "do%0Ac").starts_with("keycloak"));
    assert!(with(KeycloakVersion::V26_4, &"x".repeat(4001)).starts_with("400 invalid_resource"));
    assert!(with(KeycloakVersion::Other, &"x".repeat(4001)).starts_with("keycloak"));
    assert_eq!(with(KeycloakVersion::Other, "doc"), "200 i-doc:v");
}

#[test]
fn answers_have_the_mode_that_is_asked_for() {
    let model = model();
    let asked = |form: &[(&str, &str)]| ask_as(&model, &ann(), &[&[("audience", "rs")], form].concat());
    assert_eq!(asked(&[("response_mode", "decision"), ("permission", "doc#v,e")]), "200 true");
    assert_eq!(asked(&[("response_mode", "decision"), ("permission", "doc#e")]), DENIED);
    // An unknown mode is an error once there is something to answer.
    assert_eq!(
        asked(&[("response_mode", "x"), ("permission", "doc")]),
        "400 invalid_request: Invalid response_mode"
    );
    assert_eq!(asked(&[("response_mode", "x"), ("permission", "doc#e")]), DENIED);
    assert_eq!(asked(&[("permission", "doc")]), "200 i-doc:v");
    // The first value counts.
    assert_eq!(
        asked(&[("response_mode", "decision"), ("response_mode", "x"), ("audience", "y")]),
        "200 true"
    );
}

#[test]
fn names_are_in_the_answer_unless_they_are_not_wanted() {
    let model = model();
    let identity = Identity::from_claims(ann().to_string().as_bytes()).unwrap();
    let asked = |include: &str| {
        let form = [("audience", "rs"), ("permission", "doc"), ("response_include_resource_name", include)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        match model.answer(&UmaRequest { subject: Subject::Bearer(&identity), now: 0, form: &form }) {
            Answer::Local(response) => response.to_json()["rpt"].clone(),
            Answer::Remote(reason) => json!(reason.to_string()),
        }
    };
    let rpt = |permission: Value| json!({"permissions": [permission], "aud": "rs", "azp": "app", "upgraded": false});
    assert_eq!(asked("true"), rpt(json!({"rsid": "i-doc", "rsname": "doc", "scopes": ["v"]})));
    assert_eq!(asked("false"), rpt(json!({"rsid": "i-doc", "scopes": ["v"]})));
    assert_eq!(asked(""), rpt(json!({"rsid": "i-doc", "scopes": ["v"]})));
    assert!(asked("TRUE").as_str().is_some());
}

#[test]
fn pushed_claims_come_back_and_only_confidential_clients_push() {
    let format = ("claim_token_format", "urn:ietf:params:oauth:token-type:jwt");
    // {"org": ["acme"], "kc.client.id": ["x"]}
    let token = ("claim_token", "eyJvcmciOiBbImFjbWUiXSwgImtjLmNsaWVudC5pZCI6IFsieCJdfQ");
    let with = |claims: &Value, form: &[(&str, &str)]| {
        ask_as(&model(), claims, &with_mode(&[form, &[("permission", "doc")]].concat()))
    };
    assert_eq!(with(&ann(), &[token, format]), r#"200 i-doc:v with {"org":["acme"]}"#);
    assert_eq!(with(&ann(), &[format]), "200 i-doc:v");
    let public = json!({"azp": "web", "preferred_username": "ann"});
    let refused = "403 invalid_grant: Public clients are not allowed to send claims";
    assert_eq!(with(&public, &[token, format]), refused);
    assert!(with(&json!({"azp": "unknown"}), &[token, format]).contains("whether the client is public"));
    assert_eq!(
        with(&ann(), &[token, ("claim_token_format", "x")]),
        "400 invalid_request: Claim token format [x] not supported"
    );
    assert!(with(&ann(), &[token]).contains("id token"));
    // {"org": "acme"}, {"org": [1]}, {"org": ["a", "a"]}, [], no base64
    for odd in ["eyJvcmciOiAiYWNtZSJ9", "eyJvcmciOiBbMV19", "eyJvcmciOiBbImEiLCAiYSJdfQ", "W10", "!!"] {
        assert!(with(&ann(), &[("claim_token", odd), format]).starts_with("keycloak"), "{odd}");
    }
    let older = model_of(&settings(), Surroundings { version: KeycloakVersion::V26_4, ..surroundings() });
    let form = with_mode(&[token, format, ("permission", "doc")]);
    assert!(ask_as(&older, &ann(), &form).contains("may override"));
}

#[test]
fn what_is_keycloaks_business_is_handed_on() {
    for form in [
        &[("ticket", "x")][..],
        &[("rpt", "x")],
        &[("response_permissions_limit", "1")],
        &[("permission", "#")],
    ] {
        assert!(ask(form).starts_with("keycloak"), "{form:?}");
    }
    let model = model();
    assert!(ask_as(&model, &ann(), &[("audience", "other")]).contains("audience"));
    assert_eq!(
        ask_as(&model, &ann(), &[("permission", "nosuch")]),
        "400 invalid_request: You must provide the issuedFor"
    );
    assert_eq!(
        ask_subject(&model, Subject::BadToken, &[("audience", "rs")]),
        "400 invalid_grant: Invalid bearer token"
    );
    assert_eq!(ask_subject(&model, Subject::Unknown("why"), &[]), "keycloak: why");
    assert_eq!(
        ask(&[("response_permissions_limit", "x")]),
        "500 unknown_error: For more on this error consult the server log."
    );
    assert_eq!(ask(&[("submit_request", "true"), ("pct", "x"), ("permission", "doc")]), "200 i-doc:v");
}

#[test]
fn without_ids_what_needs_them_is_keycloaks() {
    let model = model_of(&settings(), Surroundings { resource_ids: Vec::new(), ..surroundings() });
    let asked = |value: &str, mode: &str| {
        ask_as(&model, &ann(), &[("audience", "rs"), ("response_mode", mode), ("permission", value)])
    };
    assert!(asked("a-b", "decision").contains("may be an id"));
    assert_eq!(asked("doc", "decision"), "200 true");
    assert!(asked("doc", "permissions").contains("id of a granted resource"));
    assert_eq!(asked("doc#e", "permissions"), DENIED);
}

#[test]
fn one_policy_that_fails_spoils_the_whole_request() {
    let mut with = settings();
    let more = [
        json!({"name": "broken", "type": "time", "config": {"hour": ""}}),
        json!({"name": "script", "type": "js", "config": {}}),
        json!({"name": "B", "type": "resource", "config": {"resources": "[\"bare\"]", "applyPolicies": "[\"app\",\"broken\"]"}}),
        json!({"name": "S", "type": "scope", "config": {"resources": "[\"doc\"]", "scopes": "[\"e\"]", "applyPolicies": "[\"script\"]"}}),
    ];
    with["policies"].as_array_mut().unwrap().extend(more);
    let utc = Surroundings { time_zone: Some(jiff::tz::TimeZone::UTC), ..surroundings() };
    let model = model_of(&with, utc);
    let asked = |values: &[&str]| {
        let form: Vec<(&str, &str)> = values.iter().map(|value| ("permission", *value)).collect();
        ask_as(&model, &ann(), &with_mode(&form))
    };
    let failed = "500 server_error: Unexpected error while evaluating permissions";
    assert_eq!(asked(&["img", "bare"]), failed);
    // Whatever else is not known.
    assert_eq!(asked(&["doc", "bare"]), failed);
    assert_eq!(asked(&[]), failed);
    assert!(asked(&["doc#v"]).starts_with("keycloak: policy `script`"));
    assert_eq!(asked(&["img"]), "200 i-img:v");
}

#[test]
fn resources_that_owners_manage_are_keycloaks() {
    let mut with = settings();
    with["resources"].as_array_mut().unwrap().push(
        json!({"name": "shared", "ownerManagedAccess": true, "owner": {"name": "ben"}, "type": "s", "scopes": [{"name": "e"}]}),
    );
    let model = model_of(&with, surroundings());
    let asked = |values: &[&str]| {
        let form: Vec<(&str, &str)> = values.iter().map(|value| ("permission", *value)).collect();
        ask_as(&model, &ann(), &with_mode(&form))
    };
    assert!(asked(&[]).contains("everything is asked for"));
    assert!(asked(&["shared"]).contains("managed by its owner"));
    assert!(asked(&["shared", "nosuch"]).contains("managed by its owner"));
    assert!(asked(&["resource-type-any:s"]).contains("managed by its owner"));
    assert!(asked(&["#e"]).contains("managed by its owner"));
    assert_eq!(asked(&["#v"]), "200 i-doc:v i-img:v i-mine:v");
    assert_eq!(asked(&["doc"]), "200 i-doc:v");
    // An error is an error, whatever tickets there are.
    assert!(asked(&["doc", "shared", "#nosuch"]).starts_with("400 invalid_scope"));
    // The resource server has no tickets of others' resources.
    let account = json!({"azp": "rs", "preferred_username": "service-account-rs"});
    assert_eq!(ask_as(&model, &account, &with_mode(&[])), "200 i-bare: i-doc:v i-img:v");
}

#[test]
fn under_disabled_everything_that_exists_is_granted() {
    let mut with = settings();
    with["policyEnforcementMode"] = json!("DISABLED");
    let model = model_of(&with, surroundings());
    let asked = |value: &str| {
        ask_as(
            &model,
            &json!({"azp": "web", "preferred_username": "cat"}),
            &with_mode(&[("permission", value)]),
        )
    };
    assert_eq!(asked("doc"), "200 i-doc:e,v");
    assert_eq!(asked("#lonely"), "200 none:lonely");
    assert!(asked("nosuch").starts_with("400 invalid_resource"));
    assert!(asked("doc#nosuch").starts_with("400 invalid_scope"));
}
