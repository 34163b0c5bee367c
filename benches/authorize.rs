//! What it costs to decide as Keycloak would, without asking it.

#![expect(clippy::expect_used, reason = "a broken bench has to stop")]

#[path = "support/cpu_clock.rs"]
mod cpu_clock;

use std::hint::black_box;

use criterion::Criterion;
use gatecloak::authz::{
    Answer, Evaluated, Identity, Inquiry, Model, PushedClaims, ResourceId, ResourceServer, Settings,
    Surroundings, UmaRequest, UmaSubject,
};
use serde_json::{Value, json};

use self::cpu_clock::CpuClock;

/// 2026-11-25, noon.
const NOW: i64 = 1_795_608_000;

fn main() {
    let mut criterion = CpuClock::criterion();
    decision(&mut criterion);
    identity(&mut criterion);
    load(&mut criterion);
    criterion.final_summary();
}

/// Nothing is remembered between two decisions.
fn decision(c: &mut Criterion<CpuClock>) {
    let identity = Identity::from_claims(&claims()).expect("claims");
    let pushed = PushedClaims::default();
    let mut group = c.benchmark_group("decision");
    for size in [10, 100, 1000] {
        let model = model(&settings(size), size);
        let name = format!("resource-{}", size / 2);
        let resource = model.named(&name).expect("the resource");
        let scopes = ["view".to_owned(), "edit".to_owned()];
        let inquiry = Inquiry { identity: &identity, resource, scopes: &scopes, now: NOW, pushed: &pushed };
        assert_eq!(model.evaluate(&inquiry), Evaluated::Granted(vec!["view", "edit"]));
        group.bench_function(format!("one resource of {size}"), |b| {
            b.iter(|| model.evaluate(black_box(&inquiry)));
        });
        let path = format!("/resource-{}/1234", size / 2);
        group.bench_function(format!("one path of {size}"), |b| {
            b.iter(|| {
                let resource = model.lookup(black_box(&path)).expect("the resource");
                model.evaluate(&Inquiry { resource, ..inquiry })
            });
        });
        let form = [("audience", "rs"), ("permission", &format!("{name}#view,edit"))]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let request = UmaRequest { subject: UmaSubject::Bearer(&identity), now: NOW, form: &form };
        assert!(matches!(model.answer(&request), Answer::Local(_)));
        group.bench_function(format!("one request of {size}"), |b| {
            b.iter(|| model.answer(black_box(&request)));
        });
    }
    group.finish();
}

fn identity(c: &mut Criterion<CpuClock>) {
    let claims = claims();
    c.bench_function("identity of a token", |b| b.iter(|| Identity::from_claims(black_box(&claims))));
}

fn load(c: &mut Criterion<CpuClock>) {
    let mut group = c.benchmark_group("load");
    group.sample_size(10);
    for size in [100, 1000] {
        let settings = settings(size).to_string();
        group.bench_function(format!("{size} resources"), |b| {
            b.iter(|| {
                let settings = Settings::parse(black_box(settings.as_bytes())).expect("settings");
                Model::compile(settings, Surroundings::default()).expect("a model")
            });
        });
    }
    group.finish();
}

fn model(settings: &Value, size: usize) -> Model {
    let surroundings = Surroundings {
        resource_server: Some(ResourceServer { client_id: "rs".to_owned(), id: "1".to_owned() }),
        resource_ids: (0..size)
            .map(|n| ResourceId {
                id: format!("id-{n}"),
                name: format!("resource-{n}"),
                owner: "rs".to_owned(),
            })
            .collect(),
        time_zone: Some(jiff::tz::TimeZone::UTC),
        ..Surroundings::default()
    };
    let settings = Settings::parse(settings.to_string().as_bytes()).expect("settings");
    Model::compile(settings, surroundings).expect("a model")
}

/// Each resource has a permission by itself, by its type, and by scope, over one policy of each type.
fn settings(size: usize) -> Value {
    let mut policies = vec![
        json!({"name": "role", "type": "role", "config": {"roles": r#"[{"id":"manager"},{"id":"rs/clerk"}]"#}}),
        json!({"name": "group", "type": "group", "config":
            {"groupsClaim": "groups", "groups": r#"[{"path":"/eng","extendChildren":true}]"#}}),
        json!({"name": "user", "type": "user", "logic": "NEGATIVE", "config": {"users": r#"["mallory"]"#}}),
        json!({"name": "client", "type": "client", "config": {"clients": r#"["web"]"#}}),
        json!({"name": "scope", "type": "client-scope", "config": {"clientScopes": r#"[{"id":"orders"}]"#}}),
        json!({"name": "time", "type": "time", "config": {"nbf": "2020-01-01", "hour": "8", "hourEnd": "18"}}),
        json!({"name": "mail", "type": "regex", "config":
            {"targetClaim": "email", "pattern": r".*@example\.(com|org)"}}),
        json!({"name": "all", "type": "aggregate", "config":
            {"applyPolicies": r#"["role","group","user","client","scope","time","mail"]"#}}),
        json!({"name": "by type", "type": "resource", "config":
            {"defaultResourceType": "urn:orders", "applyPolicies": r#"["user","client"]"#}}),
        json!({"name": "by scope", "type": "scope", "config":
            {"scopes": r#"["view"]"#, "applyPolicies": r#"["role"]"#}}),
    ];
    let resources: Vec<Value> = (0..size)
        .map(|n| {
            json!({"name": format!("resource-{n}"), "type": "urn:orders", "uris": [format!("/resource-{n}/*")],
                "scopes": [{"name": "view"}, {"name": "edit"}, {"name": "delete"}]})
        })
        .collect();
    policies.extend((0..size).map(|n| {
        json!({"name": format!("permission-{n}"), "type": "resource", "config":
            {"resources": json!([format!("resource-{n}")]).to_string(), "applyPolicies": r#"["all"]"#}})
    }));
    json!({
        "resources": resources,
        "policies": policies,
        "scopes": [{"name": "view"}, {"name": "edit"}, {"name": "delete"}],
    })
}

/// As Keycloak writes them.
fn claims() -> Vec<u8> {
    json!({
        "exp": NOW + 300, "iat": NOW, "jti": "onrtro:f4f2787c-9c41-91e4-a36e-327b1dfb129b",
        "iss": "https://sso.example.com/realms/shop", "aud": ["rs", "account"],
        "sub": "e49dcfe2-221b-4350-bb70-550036c6e1ff", "typ": "Bearer", "azp": "web", "sid": "EE6Lcg1IY09mYEERDdnn0kMj",
        "acr": "1", "allowed-origins": ["https://shop.example.com"],
        "realm_access": {"roles": ["offline_access", "uma_authorization", "default-roles-shop", "manager"]},
        "resource_access": {"account": {"roles": ["manage-account", "view-profile"]}, "rs": {"roles": ["clerk"]}},
        "scope": "openid email profile orders", "email_verified": true, "name": "Alice Example",
        "groups": ["/sales", "/eng/core"], "preferred_username": "alice", "email": "alice@example.com",
    })
    .to_string()
    .into_bytes()
}
