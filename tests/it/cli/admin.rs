//! `gatecloak admin` as a person calls it, against the real server.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::admin::Scene;

/// A person with a home of their own.
struct Person<'a> {
    scene: &'a Scene,
    home: tempfile::TempDir,
}

/// What a command said, and how it ended.
struct Said {
    code: i32,
    data: String,
    talk: String,
}

impl Said {
    fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{}", self.talk);
        serde_json::from_str(&self.data).unwrap_or_else(|_| panic!("not JSON: `{}`", self.data))
    }
}

impl<'a> Person<'a> {
    fn new(scene: &'a Scene) -> Self {
        Self { scene, home: tempfile::tempdir().expect("a folder") }
    }

    /// The words after `gatecloak admin`, with this as standard input.
    fn say(&self, words: &[&str], input: &str) -> Said {
        let mut process = Command::new(env!("CARGO_BIN_EXE_gatecloak"))
            .arg("admin")
            .args(words)
            .env_clear()
            .env("XDG_CONFIG_HOME", self.home.path())
            .env(
                "GATECLOAK_ADMIN_PASSWORD",
                std::env::var("KEYCLOAK_ADMIN_PASSWORD").unwrap_or("admin".to_owned()),
            )
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a process");
        // A command that does not read is no failure.
        let _ = process.stdin.take().expect("a pipe").write_all(input.as_bytes());
        let output = process.wait_with_output().expect("an end");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Said {
            code: output.status.code().expect("no signal"),
            data: text(output.stdout),
            talk: text(output.stderr),
        }
    }

    fn log_in(&self) -> Said {
        let user = std::env::var("KEYCLOAK_ADMIN").unwrap_or_else(|_| "admin".to_owned());
        self.say(
            &["login", "--server", &self.scene.url, "--username", &user, "--realm", &self.scene.name],
            "",
        )
    }

    fn ok(&self, words: &[&str], input: &str) -> Said {
        let said = self.say(words, input);
        assert_eq!(said.code, 0, "{words:?}: {}", said.talk);
        said
    }

    fn stored(&self) -> PathBuf {
        self.home.path().join("gatecloak/admin.json")
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.home.path().join(name);
        fs::write(&path, text).expect("written");
        path.display().to_string()
    }
}

#[test]
fn a_login_is_stored_for_its_owner_alone_and_without_the_password() {
    let Some(scene) = Scene::new() else { return };
    let person = Person::new(&scene);
    let said = person.say(&["users", "list"], "");
    assert_eq!((said.code, said.data.as_str()), (2, ""));
    assert!(said.talk.contains("no login is stored"), "{}", said.talk);
    assert_eq!(person.log_in().code, 0);
    let mode = fs::metadata(person.stored()).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let stored: Value = serde_json::from_slice(&fs::read(person.stored()).expect("read")).expect("JSON");
    let members: Vec<&String> = stored.as_object().expect("an object").keys().collect();
    assert_eq!(members, ["client_id", "login_realm", "realm", "refresh_token", "server"]);
    assert_eq!(person.ok(&["users", "count"], "").data, "0\n");
    // The next one renews by what the one before left.
    assert_eq!(person.ok(&["users", "count", "--realm", "master", "--json"], "").code, 0);
    fs::set_permissions(person.stored(), fs::Permissions::from_mode(0o644)).expect("a mode");
    let said = person.say(&["users", "count"], "");
    assert!(said.code == 2 && said.talk.contains("chmod 600"), "{}", said.talk);
    person.ok(&["logout"], "");
    assert!(!person.stored().exists());
    person.ok(&["logout"], "");
}

#[test]
fn things_are_made_listed_changed_and_removed() {
    let Some(scene) = Scene::new() else { return };
    let person = Person::new(&scene);
    person.log_in();
    let id = person.ok(&["users", "create"], &json!({"username": "ann", "enabled": true}).to_string()).data;
    let id = id.trim();
    let table = person.ok(&["users", "list", "--query", "search=an", "-q", "exact=false"], "").data;
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 2, "{table}");
    assert!(lines[0].starts_with("ID ") && lines[0].contains("USERNAME"), "{table}");
    assert!(lines[1].starts_with(id) && lines[1].contains("ann"), "{table}");
    assert_eq!(person.ok(&["users", "list", "--query", "search=nobody", "--json"], "").json(), json!([]));
    let body = person.file("change.json", r#"{"firstName": "Ann"}"#);
    person.ok(&["users", "update", id, "--body", &body], "");
    assert_eq!(person.ok(&["users", "get", id, "--json"], "").json()["firstName"], "Ann");
    assert_eq!(person.ok(&["users", "id", "ann"], "").data.trim(), id);
    person.ok(&["users", "delete", id], "");
    let said = person.say(&["users", "get", id], "");
    assert_eq!((said.code, said.data.as_str()), (1, ""));
    assert!(said.talk.contains("404: User not found"), "{}", said.talk);

    person.ok(&["roles", "create"], r#"{"name": "a/b; c"}"#);
    assert_eq!(person.ok(&["roles", "get", "a/b; c", "--json"], "").json()["name"], "a/b; c");
    person.ok(&["roles", "delete", "a/b; c"], "");
    assert!(person.ok(&["clients", "list"], "").data.contains("account-console"));
    let realm = person.ok(&["realms", "get", &scene.name, "--json"], "").json();
    assert_eq!(realm["realm"], json!(scene.name));
}

#[test]
fn every_method_can_be_called_by_its_name() {
    let Some(scene) = Scene::new() else { return };
    let person = Person::new(&scene);
    person.log_in();
    let keys = person.ok(&["call", "get_keys", "--json"], "").json();
    assert!(keys["active"]["RS256"].is_string());
    let query = person.ok(&["call", "get_clients", "--json"], "").json();
    assert!(query.as_array().expect("clients").len() > 3);
    let group = person.ok(&["call", "create_group", "payload:={\"name\": \"staff\"}"], "");
    assert!(group.data.trim().len() > 30);
    let raw =
        person.ok(&["call", "raw_get", &format!("path=admin/realms/{}", scene.name), "--json"], "").json();
    assert_eq!(raw["status_code"], 200);
    for (words, code) in [
        (vec!["call", "get_everything"], 2),
        (vec!["call", "get_user"], 2),
        (vec!["call", "get_user", "user_id"], 2),
        (vec!["call", "get_user", "user_id=none"], 1),
        (vec!["users", "create", "--body", "/no/such/file"], 2),
        (vec!["users", "jump"], 2),
        (vec!["users", "list", "--server", "http://127.0.0.1:9", "--username", "x"], 1),
    ] {
        let said = person.say(&words, "");
        assert_eq!((said.code, said.data.as_str()), (code, ""), "{words:?}: {}", said.talk);
    }
}

#[test]
fn users_and_members_come_from_a_file_and_a_broken_run_goes_on() {
    let Some(scene) = Scene::new() else { return };
    let person = Person::new(&scene);
    person.log_in();
    let users: String = (0..120)
        .map(|number| format!("{}\n", json!({"username": format!("user-{number}"), "enabled": true})))
        .collect();
    let file =
        person.file("users.jsonl", &format!("{users}\n{{\"password\": \"hunter2\"\n{{\"enabled\": true}}\n"));
    let journal = person.home.path().join("journal").display().to_string();
    let import = ["users", "import", &file, "--concurrency", "8", "--journal", &journal];
    let said = person.say(&import, "");
    assert_eq!(said.code, 1, "{}", said.talk);
    assert!(said.talk.contains("120 done, 0 skipped, 2 failed"), "{}", said.talk);
    assert!(!said.talk.contains("hunter2"), "{}", said.talk);
    // By the journal, and without it by what is there.
    assert!(person.say(&import, "").talk.contains("0 done, 120 skipped, 2 failed"));
    assert!(person.ok(&["users", "import", "-"], &users).talk.contains("0 done, 120 skipped, 0 failed"));
    assert_eq!(person.ok(&["users", "count"], "").data, "120\n");
    assert_eq!(person.ok(&["users", "list", "--json"], "").json().as_array().expect("users").len(), 120);

    person.ok(&["groups", "create"], r#"{"name": "staff & more"}"#);
    let names: String = (0..120).map(|number| format!("user-{number}\n")).collect();
    let add = ["groups", "add-members", "-", "--group", "/staff & more"];
    let said = person.say(&add, &format!("{names}nobody\n"));
    assert!(said.code == 1 && said.talk.contains("120 done, 0 skipped, 1 failed"), "{}", said.talk);
    assert!(said.talk.contains("`nobody`: there is no such user"), "{}", said.talk);
    let said = person.say(&["groups", "add-members", "-", "--group", "/none"], &names);
    assert!(said.code == 1 && said.talk.contains("there is no group"), "{}", said.talk);
}

#[test]
fn shells_complete_headings_and_verbs() {
    for shell in ["bash", "zsh", "fish"] {
        let output = Command::new(env!("CARGO_BIN_EXE_gatecloak")).args(["completions", shell]).output();
        let output = output.expect("an end");
        let script = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(
            output.status.success() && script.contains("client-scopes") && script.contains("add-members"),
            "{shell}"
        );
    }
}
