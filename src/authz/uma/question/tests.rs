use serde_json::json;

use super::*;
use crate::authz::pushed::PushedClaims;
use crate::authz::{Identity, Surroundings};
use crate::config::ScopesMode;

fn model(surroundings: Surroundings) -> Model {
    let settings = json!({
        "scopes": [{ "name": "view" }, { "name": "edit" }],
        "resources": [
            { "name": "doc", "scopes": [{ "name": "view" }, { "name": "edit" }] },
            { "name": "doc-1", "scopes": [{ "name": "view" }] },
            { "name": "shared", "scopes": [{ "name": "view" }], "ownerManagedAccess": true },
            { "name": "resource-type:x", "scopes": [{ "name": "view" }] },
        ],
        "policies": [
            { "name": "readers", "type": "role", "config": { "roles": "[{\"id\":\"reader\"}]" } },
            { "name": "all", "type": "scope", "config": { "scopes": "[\"view\"]", "applyPolicies": "[\"readers\"]" } },
        ],
    });
    let settings = crate::authz::Settings::parse(settings.to_string().as_bytes()).unwrap();
    Model::compile(settings, surroundings).unwrap()
}

fn said(model: &Model, resource: &str, scopes: &[&str], pushed: &PushedClaims) -> Said {
    said_by(ResourceKey::Name, model, resource, scopes, pushed)
}

fn said_by(by: ResourceKey, model: &Model, resource: &str, scopes: &[&str], pushed: &PushedClaims) -> Said {
    let claims = json!({ "azp": "web", "preferred_username": "u", "realm_access": { "roles": ["reader"] } });
    let identity = Identity::from_claims(claims.to_string().as_bytes()).unwrap();
    let question = Question {
        resource: resource.to_owned(),
        by,
        scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
        mode: ScopesMode::All,
    };
    let of = Circumstances { identity: &identity, pushed, pusher: Pusher::Caller, now: 0 };
    model.say(&question, of).said
}

#[test]
fn every_kind_of_answer() {
    let model = model(Surroundings::default());
    let said = |resource: &str, scopes: &[&str]| said(&model, resource, scopes, &PushedClaims::default());
    assert_eq!(said("doc", &["view"]), Said::Granted);
    assert_eq!(said("doc", &[]), Said::Granted);
    assert_eq!(said("doc", &["view", "edit"]), Said::Denied);
    assert_eq!(said("doc", &["view", "no such"]), Said::Denied, "keycloak leaves an unknown scope out");
    assert_eq!(
        said("doc-1", &["edit"]),
        Said::NeedsKeycloak(RemoteReason::Request(
            "a name with a `-` may be an id, and the ids of resources are not known"
        ))
    );
    assert!(matches!(said("shared", &["view"]), Said::NeedsKeycloak(_)));
}

#[test]
fn what_is_not_there_is_unknown() {
    let model = model(Surroundings {
        resource_server: Some(crate::authz::ResourceServer {
            client_id: "api".to_owned(),
            id: String::new(),
        }),
        ..Surroundings::default()
    });
    let said = |resource: &str, scopes: &[&str]| said(&model, resource, scopes, &PushedClaims::default());
    let text = |said| match said {
        Said::Unknown(error) => error.description,
        other => panic!("{other:?}"),
    };
    assert_eq!(text(said("nothing", &["view"])), "Resource with id [nothing] does not exist.");
    assert_eq!(text(said("doc", &["no such"])), "One of the given scopes [no such] is invalid");
    // A `-` may be that of an id.
    assert!(matches!(said("resource-type:x", &["view"]), Said::NeedsKeycloak(_)));
}

#[test]
fn an_id_leads_to_its_resource_and_a_name_that_is_one_to_none() {
    let id = |id: &str, name: &str| crate::authz::ResourceId {
        id: id.to_owned(),
        name: name.to_owned(),
        owner: "api".to_owned(),
    };
    let client = crate::authz::ResourceServer { client_id: "api".to_owned(), id: String::new() };
    let model = model(Surroundings {
        resource_server: Some(client),
        // The id of one is the other's name.
        resource_ids: vec![id("doc-1", "doc"), id("id-2", "doc-1"), id("id-3", "elsewhere")],
        ..Surroundings::default()
    });
    let said = |by: ResourceKey, text: &str| said_by(by, &model, text, &["view"], &PushedClaims::default());
    assert_eq!(said(ResourceKey::Id, "doc-1"), Said::Granted);
    assert_eq!(said(ResourceKey::Name, "doc-1"), Said::Denied, "keycloak answers for the other one");
    assert_eq!(said(ResourceKey::Id, "id-2"), Said::Granted);
    assert_eq!(said(ResourceKey::Id, "doc"), Said::Denied, "a name is no id");
    assert!(matches!(said(ResourceKey::Id, "id-9"), Said::Unknown(_)));
    assert!(matches!(said(ResourceKey::Id, "id-3"), Said::NeedsKeycloak(_)));
}

#[test]
fn the_gateways_client_pushes_claims_for_tokens_of_any_client() {
    let identity = Identity::from_claims(br#"{"azp":"web","realm_access":{"roles":["reader"]}}"#).unwrap();
    let pushed = PushedClaims::new([("a".to_owned(), vec!["b".to_owned()])]);
    let question = Question {
        resource: "doc".to_owned(),
        by: ResourceKey::Name,
        scopes: Vec::new(),
        mode: ScopesMode::All,
    };
    let said = |public, pusher| {
        let clients = [("web".to_owned(), crate::authz::ClientFacts { public })].into();
        let model = model(Surroundings { clients, ..Surroundings::default() });
        model.say(&question, Circumstances { identity: &identity, pushed: &pushed, pusher, now: 0 }).said
    };
    for public in [None, Some(true), Some(false)] {
        assert_eq!(said(public, Pusher::Gateway), Said::Granted, "{public:?}");
    }
    assert!(matches!(said(Some(true), Pusher::Caller), Said::Unknown(_)));
}

#[test]
fn only_clients_known_to_be_confidential_push_claims() {
    use crate::authz::ClientFacts;
    let pushed = PushedClaims::new([("a".to_owned(), vec!["b".to_owned()])]);
    let with = |public: Option<bool>| {
        let clients = [("web".to_owned(), ClientFacts { public })].into();
        said(&model(Surroundings { clients, ..Surroundings::default() }), "doc", &["view"], &pushed)
    };
    assert_eq!(with(Some(false)), Said::Granted);
    assert!(matches!(with(Some(true)), Said::Unknown(_)));
    assert!(matches!(with(None), Said::NeedsKeycloak(_)));
}
