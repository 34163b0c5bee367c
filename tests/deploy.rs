//! The manifests in `deploy/kubernetes` fit together, and the configuration in them is good.
#![cfg(all(feature = "cli", feature = "yaml"))]
#![expect(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Secret, Service};
use k8s_openapi::api::networking::v1::NetworkPolicy;

const FILES: [&str; 2] = ["init-container.yaml", "serve-bootstrap.yaml"];

#[test]
fn every_manifest_is_what_kubernetes_knows() {
    for file in FILES {
        let documents = documents(file);
        assert_eq!(documents.len(), 6, "{file}");
        for document in &documents {
            match text(document, "kind") {
                "Namespace" => is_known::<Namespace>(document),
                "ConfigMap" => is_known::<ConfigMap>(document),
                "Secret" => is_known::<Secret>(document),
                "Deployment" => is_known::<Deployment>(document),
                "Service" => is_known::<Service>(document),
                "NetworkPolicy" => is_known::<NetworkPolicy>(document),
                kind => panic!("{file}: `{kind}`"),
            }
        }
    }
}

/// It can be read as that kind, and nothing of it is lost on the way: a member that is not known would be.
fn is_known<T: DeserializeOwned + Serialize>(document: &Value) {
    let read: T =
        serde_json::from_value(document.clone()).unwrap_or_else(|error| panic!("{error}: {document}"));
    assert_eq!(serde_json::to_value(read).expect("JSON"), *document);
}

#[test]
fn what_manifests_refer_to_is_there() {
    for file in FILES {
        let documents = documents(file);
        let of = |kind: &str| documents.iter().find(|own| own["kind"] == kind).expect(kind);
        let pod = &of("Deployment")["spec"]["template"];
        let labels = &pod["metadata"]["labels"];
        for selector in [
            &of("Deployment")["spec"]["selector"]["matchLabels"],
            &of("Service")["spec"]["selector"],
            &of("NetworkPolicy")["spec"]["podSelector"]["matchLabels"],
        ] {
            assert_eq!(selector, labels, "{file}");
        }
        let spec = &pod["spec"];
        let volumes: BTreeSet<&str> = list(&spec["volumes"]).map(|volume| text(volume, "name")).collect();
        let mut mounted = BTreeSet::new();
        for container in list(&spec["initContainers"]).chain(list(&spec["containers"])) {
            mounted.extend(list(&container["volumeMounts"]).map(|mount| text(mount, "name")));
            let ports: BTreeSet<&str> = list(&container["ports"]).map(|port| text(port, "name")).collect();
            for probe in ["startupProbe", "readinessProbe", "livenessProbe"] {
                if let Some(port) = container[probe]["httpGet"]["port"].as_str() {
                    assert!(port == "ops" && ports.contains(port), "{file}: {probe}");
                }
            }
            let context = &container["securityContext"];
            assert!(
                context["readOnlyRootFilesystem"] == true && context["allowPrivilegeEscalation"] == false
            );
            assert!(context["capabilities"]["drop"][0] == "ALL", "{file}");
        }
        assert_eq!(mounted, volumes, "{file}: every volume is mounted, and every mount is one");
        for volume in list(&spec["volumes"]) {
            if let Some(name) = volume["configMap"]["name"].as_str() {
                assert_eq!(name, text(&of("ConfigMap")["metadata"], "name"));
            }
            if let Some(name) = volume["secret"]["secretName"].as_str() {
                assert_eq!(name, text(&of("Secret")["metadata"], "name"));
            }
        }
        assert_eq!(spec["securityContext"]["runAsNonRoot"], true, "{file}");
        assert_eq!(spec["automountServiceAccountToken"], false, "{file}");
        let gateway = list(&spec["containers"]).find(|own| own["name"] == "gatecloak").expect("a gateway");
        let named = |name: &str| list(&gateway["ports"]).any(|port| port["name"] == name);
        assert!(list(&of("Service")["spec"]["ports"]).all(|port| named(text(port, "targetPort"))), "{file}");
        let admitted = list(&of("NetworkPolicy")["spec"]["ingress"]).flat_map(|rule| list(&rule["ports"]));
        assert_eq!(admitted.map(|port| text(port, "port")).collect::<Vec<_>>(), ["http", "ops"], "{file}");
        // One namespace for all.
        let namespace = text(&of("Namespace")["metadata"], "name");
        let others = documents.iter().filter(|own| own["kind"] != "Namespace");
        assert!(others.into_iter().all(|own| own["metadata"]["namespace"] == namespace), "{file}");
    }
}

/// The configuration, its ports, and its files: each secret is in a mounted folder, and the one that is written in one that
/// can be written to.
#[test]
fn the_configuration_is_good_and_fits_the_pod() {
    for file in FILES {
        let documents = documents(file);
        let of = |kind: &str| documents.iter().find(|own| own["kind"] == kind).expect(kind);
        let content = text(&of("ConfigMap")["data"], "gateway.toml");
        let config: Value = toml::from_str(content).expect("TOML");
        let spec = &of("Deployment")["spec"]["template"]["spec"];
        let gateway = list(&spec["containers"]).find(|own| own["name"] == "gatecloak").expect("a gateway");
        let port = |name: &str| {
            let port = list(&gateway["ports"]).find(|port| port["name"] == name).expect(name);
            format!("0.0.0.0:{}", port["containerPort"])
        };
        assert_eq!(
            (text(&config["listener"], "address"), text(&config["ops"], "address")),
            (&*port("http"), &*port("ops"))
        );
        let secret = text(&config["bootstrap"], "secret_file");
        assert_eq!(text(&config["providers"]["main"], "client_secret"), format!("file:{secret}"));
        assert!(is_mounted(gateway, secret, false), "{file}: {secret}");
        let maker = list(&spec["initContainers"]).next().unwrap_or(gateway);
        assert!(is_mounted(maker, secret, true), "{file}: {secret} cannot be written");
        let own = text(&config["bootstrap"]["login"], "client_secret");
        assert!(is_mounted(maker, own.strip_prefix("file:").expect("a file"), false), "{file}: {own}");
        let key = own.rsplit('/').next().expect("a name");
        assert!(of("Secret")["stringData"][key].is_string(), "{file}: {key}");
        is_checked(file, content, secret);
    }
}

/// Passes `gatecloak check`, with the file of the secret where a test can have one.
fn is_checked(file: &str, content: &str, secret: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path().join("client-secret");
    std::fs::write(&here, "secret").expect("a file");
    let path = folder.path().join("gateway.toml");
    std::fs::write(&path, content.replace(secret, &here.display().to_string())).expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_gatecloak"))
        .args(["check", "--config"])
        .arg(&path)
        .output()
        .expect("an end");
    assert!(output.status.success(), "{file}: {}", String::from_utf8_lossy(&output.stderr));
}

fn is_mounted(container: &Value, file: &str, write: bool) -> bool {
    let folder = Path::new(file).parent().expect("a folder").display().to_string();
    list(&container["volumeMounts"])
        .any(|mount| mount["mountPath"] == folder && !(write && mount["readOnly"] == true))
}

fn documents(file: &str) -> Vec<Value> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("deploy/kubernetes").join(file);
    let text = std::fs::read_to_string(&path).expect("a file");
    let parts = text.split("\n---\n");
    parts.map(|part| serde_saphyr::from_str(part).unwrap_or_else(|error| panic!("{file}: {error}"))).collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_else(|| panic!("`{member}` of {value}"))
}
