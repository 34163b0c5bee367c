use serde_json::{Value, json};

use super::{decide, load_authorization, match_path};

/// A recorded model of a real Keycloak, with tokens.
fn recorded() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/authz/e17-parameters.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn args(case: &Value) -> Value {
    let mut args = json!({});
    for member in
        ["settings", "resource_server", "resource_ids", "user_ids", "clients", "jwks", "server_timezone"]
    {
        args[member] = case[member].clone();
    }
    args
}

fn ask(args: &Value, token: &Value, now: i64) -> Value {
    let (decisions, _) = load_authorization(args).unwrap();
    let form = json!([["audience", "rs"], ["permission", "doc"], ["response_mode", "permissions"]]);
    decide(&decisions, &json!({"token": token, "now": now, "form": form})).unwrap()
}

fn bad_token() -> Value {
    let response =
        json!({"status": 400, "error": "invalid_grant", "error_description": "Invalid bearer token"});
    json!({"source": "local", "response": response})
}

#[test]
fn loading_says_how_much_there_is_and_what_is_keycloaks() {
    let settings = json!({"resources": [{"name": "r"}], "scopes": [], "policies": [
        {"name": "script", "type": "js", "config": {}},
        {"name": "fine", "type": "client", "config": {}},
        {"name": "P", "type": "resource", "config": {"resources": "[\"r\"]"}}]});
    let (_, loaded) = load_authorization(&json!({"settings": settings})).unwrap();
    let reason = "its type is evaluated by keycloak only";
    assert_eq!(
        loaded,
        json!({"resources": 1, "policies": 2, "permissions": 1,
            "remote_only": [{"policy": "script", "reason": reason}]})
    );
}

#[test]
fn what_cannot_be_loaded_says_why() {
    for (args, class) in [
        (json!({}), "Other:WrongArgument"),
        (json!({"settings": 1}), "Other:InvalidSettings"),
        (json!({"settings": {}}), "Other:InvalidSettings"),
        (json!({"settings": {"resources": [{"name": "a"}, {"name": "a"}]}}), "Other:InvalidSettings"),
        (json!({"settings": {"resources": []}, "server_timezone": "Nowhere"}), "Other:WrongArgument"),
    ] {
        let error = load_authorization(&args).map(|_| ()).unwrap_err();
        assert_eq!(error.class, class, "{args}");
        assert_eq!(error.to_json()["class"], class);
        assert_eq!(error.to_json()["response_code"], Value::Null);
    }
    let (decisions, _) = load_authorization(&json!({"settings": {"resources": []}, "jwks": null})).unwrap();
    assert!(decide(&decisions, &json!({"form": [["a", "b", "c"]], "now": 0})).is_err());
    assert!(decide(&decisions, &json!({"form": []})).is_err());
}

#[test]
fn tokens_are_judged_by_signature_times_and_issuer() {
    let case = recorded();
    let args = args(&case);
    let token = &case["tokens"][0];
    let (raw, claims) = (&token["raw"], &token["claims"]);
    let (issued, expires) = (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
    assert_eq!(ask(&args, raw, issued)["response"]["status"], 200);
    assert_eq!(ask(&args, raw, expires - 1)["response"]["status"], 200);
    assert_eq!(ask(&args, raw, expires)["source"], "remote");
    assert_eq!(ask(&args, raw, expires + 1), bad_token());
    // The last character holds bits that do not count, so one before it is changed.
    let text = raw.as_str().unwrap();
    let (head, tail) = text.split_at(text.len() - 10);
    let (first, rest) = tail.split_at(1);
    let changed = if first == "A" { "B" } else { "A" };
    assert_eq!(ask(&args, &json!(format!("{head}{changed}{rest}")), issued), bad_token());
    assert_eq!(ask(&args, &json!("garbage"), issued), bad_token());
    assert_eq!(ask(&args, &Value::Null, issued)["source"], "remote");
    let with = |member: &str, value: Value| {
        let mut args = args.clone();
        args[member] = value;
        ask(&args, raw, issued)
    };
    assert_eq!(with("issuer", claims["iss"].clone())["response"]["status"], 200);
    assert_eq!(with("issuer", json!("https://other")), bad_token());
    assert_eq!(with("jwks", Value::Null)["source"], "remote");
    assert_eq!(with("resource_server", Value::Null)["source"], "remote");
}

#[test]
fn trace_says_what_each_permission_and_policy_said() {
    let case = recorded();
    let (decisions, _) = load_authorization(&args(&case)).unwrap();
    let token = &case["tokens"][0];
    let form = json!([["audience", "rs"], ["permission", "shut"]]);
    let answer = decide(
        &decisions,
        &json!({"token": token["raw"], "now": token["claims"]["iat"], "form": form, "trace": true}),
    )
    .unwrap();
    let entry = &answer["trace"][0];
    assert_eq!((&entry["resource"], &entry["outcome"]), (&json!("shut"), &json!("refused")));
    let shut = entry["permissions"].as_array().unwrap().iter().find(|one| one["name"] == "shut").unwrap();
    assert_eq!(
        *shut,
        json!({"name": "shut", "type": "resource", "found_by": "resource", "effect": "deny", "policies": [
            {"name": "no", "type": "regex", "logic": "POSITIVE", "effect": "deny", "policies": [],
                "wanted": {"match": {"target": "iss", "pattern": "never", "pushed": false}}}]})
    );
}

#[test]
fn paths_are_matched_in_both_variants() {
    let matched = |patterns: Value, path: &str, variant: &str| {
        match_path(&json!({"patterns": patterns, "path": path, "variant": variant}))
    };
    assert_eq!(matched(json!(["/api/users"]), "//api//users", "server"), Ok(json!({"match": "/api/users"})));
    assert_eq!(matched(json!(["/api/users"]), "//api//users", "enforcer"), Ok(json!({"match": null})));
    assert_eq!(matched(json!([]), "/", "server"), Ok(json!({"match": null})));
    let error = matched(json!(["/a/{id"]), "/a/1", "enforcer").unwrap_err();
    assert_eq!(error.class, "Other:InvalidPattern");
    assert_eq!(matched(json!(["/a"]), "/a", "other").unwrap_err().class, "Other:WrongArgument");
}
