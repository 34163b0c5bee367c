//! The manifests in `deploy/kubernetes` fit together, and the configuration in them is good.
#![cfg(all(feature = "cli", feature = "yaml"))]
#![expect(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const FILES: [&str; 2] = ["init-container.yaml", "serve-bootstrap.yaml"];

/// Members that Kubernetes knows, of those objects that are used, by the member that holds them.
const KNOWN: &[(&str, &[&str])] = &[
    ("Namespace", &["apiVersion", "kind", "metadata"]),
    ("ConfigMap", &["apiVersion", "kind", "metadata", "data"]),
    ("Secret", &["apiVersion", "kind", "metadata", "type", "stringData"]),
    ("Deployment", &["apiVersion", "kind", "metadata", "spec"]),
    ("Service", &["apiVersion", "kind", "metadata", "spec"]),
    ("NetworkPolicy", &["apiVersion", "kind", "metadata", "spec"]),
    ("metadata", &["name", "namespace", "labels", "annotations"]),
    ("Deployment.spec", &["replicas", "selector", "template", "strategy"]),
    ("Service.spec", &["selector", "ports", "type"]),
    ("NetworkPolicy.spec", &["podSelector", "policyTypes", "ingress", "egress"]),
    ("template", &["metadata", "spec"]),
    (
        "template.spec",
        &[
            "automountServiceAccountToken",
            "terminationGracePeriodSeconds",
            "securityContext",
            "initContainers",
            "containers",
            "volumes",
        ],
    ),
    (
        "template.spec.securityContext",
        &["runAsNonRoot", "runAsUser", "runAsGroup", "fsGroup", "seccompProfile"],
    ),
    ("seccompProfile", &["type"]),
    ("initContainers", &["name", "image", "args", "resources", "securityContext", "volumeMounts"]),
    (
        "containers",
        &[
            "name",
            "image",
            "args",
            "ports",
            "resources",
            "securityContext",
            "volumeMounts",
            "startupProbe",
            "readinessProbe",
            "livenessProbe",
            "lifecycle",
        ],
    ),
    ("securityContext", &["allowPrivilegeEscalation", "readOnlyRootFilesystem", "capabilities"]),
    ("capabilities", &["add", "drop"]),
    ("resources", &["requests", "limits"]),
    ("volumeMounts", &["name", "mountPath", "readOnly"]),
    ("containers.ports", &["name", "containerPort", "protocol"]),
    ("startupProbe", &["httpGet", "periodSeconds", "failureThreshold"]),
    ("readinessProbe", &["httpGet", "periodSeconds", "failureThreshold"]),
    ("livenessProbe", &["httpGet", "periodSeconds", "failureThreshold"]),
    ("httpGet", &["path", "port"]),
    ("lifecycle", &["preStop"]),
    ("preStop", &["sleep"]),
    ("sleep", &["seconds"]),
    ("volumes", &["name", "configMap", "secret", "emptyDir"]),
    ("volumes.configMap", &["name"]),
    ("volumes.secret", &["secretName"]),
    ("emptyDir", &["medium", "sizeLimit"]),
    ("Deployment.spec.selector", &["matchLabels"]),
    ("Service.spec.ports", &["name", "port", "targetPort", "protocol"]),
    ("podSelector", &["matchLabels"]),
    ("ingress", &["from", "ports"]),
    ("ingress.ports", &["protocol", "port"]),
    ("from", &["namespaceSelector", "podSelector"]),
    ("namespaceSelector", &["matchLabels"]),
];
/// Members that hold names of the user's own.
const FREE: [&str; 8] = [
    "labels",
    "annotations",
    "matchLabels",
    "data",
    "stringData",
    "requests",
    "limits",
    "Service.spec.selector",
];

#[test]
fn every_manifest_is_what_kubernetes_knows() {
    let groups = [("apps/v1", "Deployment"), ("networking.k8s.io/v1", "NetworkPolicy")];
    for file in FILES {
        let documents = documents(file);
        assert_eq!(documents.len(), 6, "{file}");
        for document in &documents {
            let kind = text(document, "kind");
            let group = groups.iter().find(|(_, own)| *own == kind).map_or("v1", |(group, _)| *group);
            assert_eq!(text(document, "apiVersion"), group, "{file}: {kind}");
            verify_members(file, kind, document);
        }
    }
}

/// The entry with the longest end of the path counts.
fn verify_members(file: &str, path: &str, value: &Value) {
    let ends = |name: &str| path == name || path.ends_with(&format!(".{name}"));
    match value {
        Value::Array(items) => items.iter().for_each(|item| verify_members(file, path, item)),
        Value::Object(_) if FREE.iter().any(|name| ends(name)) => {}
        Value::Object(members) => {
            let known = KNOWN.iter().filter(|(name, _)| ends(name)).max_by_key(|(name, _)| name.len());
            let (_, known) = known.unwrap_or_else(|| panic!("{file}: nothing is known of `{path}`"));
            for (name, value) in members {
                assert!(known.contains(&name.as_str()), "{file}: `{path}` has no `{name}`");
                verify_members(file, &format!("{path}.{name}"), value);
            }
        }
        _ => {}
    }
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
