//! Local decisions that Keycloak is asked about afterwards.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::sync::Arc;

use gatecloak::testing::EchoUpstream;
use parking_lot::Mutex;
use reqwest::blocking::{Client, Response};
use serde_json::{Value, json};

use super::admin::Realm;
use super::counters::{metric, wait_until};
use super::keycloak;
use super::local::{PATHS, ROUTES};
use crate::faults::child::{Child, Streams};

/// A gateway in a process of its own, whose counters and log are its alone.
struct Verified {
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
    _upstream: EchoUpstream,
    _folder: tempfile::TempDir,
}

impl Verified {
    /// Every decision of these settings is verified.
    fn start(realm: &Realm, settings: &Value) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            let file = folder.path().join(name);
            std::fs::write(&file, text).expect("written");
            file.display().to_string()
        };
        let upstream = EchoUpstream::start().expect("an upstream");
        let toml = format!(
            "[telemetry.access_log]\nenabled = false\n[upstreams.echo]\nendpoints = [\"http://{}\"]\n\
             [providers.kc]\nissuer = \"{}\"\nclient_id = \"gateway\"\nclient_secret = \"file:{}\"\n\
             authorization.settings = \"{}\"\nauthorization.verify_share = 1.0\n{}",
            upstream.address(),
            realm.issuer(),
            write("secret", "gateway-secret"),
            write("authorization.json", &settings.to_string()),
            ROUTES.replace("MODE", "local"),
        );
        let streams = Streams { output: Stdio::null(), error: Stdio::piped() };
        let mut child = Child::start_with(&toml, streams, "");
        let log = Arc::<Mutex<Vec<String>>>::default();
        let (kept, error) = (Arc::clone(&log), child.take_error());
        std::thread::spawn(move || {
            BufReader::new(error).lines().map_while(Result::ok).for_each(|line| kept.lock().push(line));
        });
        Self { child, log, _upstream: upstream, _folder: folder }
    }

    fn get(&self, path: &str, token: &str) -> Response {
        let url = format!("http://{}/local/{path}", self.child.address);
        Client::new().get(url).bearer_auth(token).send().expect("an answer")
    }

    fn counted(&self, result: &str) -> u64 {
        metric(self.child.ops, &format!("gatecloak_decision_verifications_total{{result=\"{result}\"}}"))
    }
}

#[test]
fn every_local_decision_is_verified_and_none_differs() {
    let Some(server) = keycloak() else { return };
    let realm = Realm::create(server, |_| ());
    let gateway = Verified::start(&realm, &realm.authorization_settings());
    let mut decided = 0;
    for user in ["alice", "bob", "carol"] {
        let token = realm.access_token(user);
        for path in PATHS {
            gateway.get(path, &token);
            decided += 1;
            // One at a time: what comes while too many are under way is not verified.
            wait_until("it is verified", || gateway.counted("same") >= decided);
        }
    }
    assert_eq!((gateway.counted("different"), gateway.counted("failed")), (0, 0));
    assert!(!gateway.log.lock().iter().any(|line| line.contains("keycloak decides otherwise")));
}

#[test]
fn settings_that_are_not_the_servers_are_found_counted_and_logged() {
    let Some(server) = keycloak() else { return };
    let realm = Realm::create(server, |_| ());
    // The file lets readers see reports, and the server does not.
    let mut planted = realm.authorization_settings();
    for policy in planted["policies"].as_array_mut().expect("policies") {
        if policy["name"] == "managers view reports" {
            policy["config"]["applyPolicies"] = json!("[\"readers\"]");
        }
    }
    let gateway = Verified::start(&realm, &planted);
    let bob = realm.access_token("bob");
    assert_eq!(gateway.get("orders", &bob).status(), 200);
    wait_until("one is the same", || gateway.counted("same") == 1);
    assert_eq!(gateway.counted("different"), 0);
    let answer = gateway.get("whole", &bob);
    assert_eq!(answer.status(), 200);
    wait_until("the other is not", || gateway.counted("different") == 1);
    assert_eq!(gateway.counted("same"), 1);
    let said = |line: &&String| line.contains("keycloak decides otherwise");
    wait_until("it is logged", || gateway.log.lock().iter().any(|line| said(&line)));
    let line = gateway.log.lock().iter().find(said).expect("a line").clone();
    // The decision is called by the request's id, which the upstream has got.
    let echo: Value = answer.json().expect("the echo");
    let mut headers = echo["headers"].as_array().expect("headers").iter();
    let id = headers.find(|pair| pair[0] == "x-request-id").expect("an id")[1].as_str().expect("text");
    for part in [id, "Reports", "granted", "denied"] {
        assert!(line.contains(part), "{part} in {line}");
    }
}
