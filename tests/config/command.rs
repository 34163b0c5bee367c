//! The command itself: exit codes, standard output, standard error.

use std::process::Command;

use gatecloak::cli;

fn gatecloak(arguments: &[&str], environment: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_gatecloak"))
        .args(arguments)
        .env_clear()
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_command_reads_the_file_that_the_environment_names() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrong.toml");
    std::fs::write(&file, "[ops]\nenabeld = true\n").unwrap();
    let environment = [("GATECLOAK_CONFIG", file.to_str().unwrap()), ("GATECLOAK_OPS__ADDRESS", "nowhere")];
    let (code, stdout, stderr) = gatecloak(&["check"], &environment);
    assert_eq!(code, Some(1), "{stderr}");
    assert_eq!(stdout, "");
    assert!(stderr.contains("did you mean `enabled`?"), "{stderr}");
    assert!(stderr.contains("environment variable `GATECLOAK_OPS__ADDRESS`"), "{stderr}");
    assert!(stderr.ends_with(&format!("2 problems in {}\n", file.display())), "{stderr}");
}

/// Whichever room finds it: the reader of the file, the sections beside each other, the routes as compiled.
#[test]
fn all_that_is_wrong_is_told_at_once_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrong.toml");
    let text = r#"
[listner]
address = "127.0.0.1:8080"
[providers.demo]
issuer = "http://127.0.0.1:1/realms/demo"
client_id = "gateway"
client_secret = "file:nowhere"
[upstreams.echo]
endpoints = ["http://127.0.0.1:1", "ftp://x"]
[routes.a]
path = "/a/*"
upstream = "nope"
[routes.b]
path = "/a/*"
upstream = "echo"
# Without its methods this one ties with `b`, but that is not what was meant.
[routes.c]
path = "/a/*"
methds = ["PUT"]
"#;
    std::fs::write(&file, text).unwrap();
    let (code, stdout, stderr) = gatecloak(&["check", "--json", "--config", file.to_str().unwrap()], &[]);
    assert_eq!((code, stderr.as_str()), (Some(1), ""));
    let report: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    let found: Vec<_> =
        report["problems"].as_array().unwrap().iter().map(|problem| &problem["key"]).collect();
    let keys = [
        "listner",
        "providers.demo.client_secret",
        "upstreams.echo.endpoints.1",
        "routes.a.upstream",
        "routes.b.path",
        "routes.c.methds",
    ];
    assert_eq!(found, keys, "{stdout}");
    assert!(report["problems"][4]["message"].as_str().unwrap().contains("ties with `a`"), "{stdout}");
}

#[test]
fn check_prints_json_for_machines() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrong.toml");
    std::fs::write(&file, "[ops]\n  enabeld = true\n").unwrap();
    let (code, stdout, stderr) = gatecloak(&["check", "--json", "--config", file.to_str().unwrap()], &[]);
    assert_eq!((code, stderr.as_str()), (Some(1), ""));
    let report: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(report["ok"], false);
    assert_eq!(report["problems"][0]["key"], "ops.enabeld");
    assert_eq!((&report["problems"][0]["line"], &report["problems"][0]["column"]), (&2.into(), &3.into()));
}

#[test]
fn a_wrong_call_exits_with_2() {
    let (code, _, stderr) = gatecloak(&["check", "--set", "hunter2"], &[]);
    assert_eq!(code, Some(2), "{stderr}");
    let (code, ..) = gatecloak(&["frobnicate"], &[]);
    assert_eq!(code, Some(2));
}

#[test]
fn schema_goes_to_standard_output() {
    let (code, stdout, stderr) = gatecloak(&["schema"], &[]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert_eq!(stdout, cli::schema());
}

#[test]
fn check_asks_the_tests_of_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gatecloak.toml");
    let text = r#"
[providers.main]
issuer = "https://sso.example.com/realms/main"
client_id = "gateway"
[upstreams.app]
endpoints = ["http://127.0.0.1:3000"]
[routes.orders]
path = "/orders/*"
require = { realm_role = "reader" }

[[tests]]
request = "GET /orders/1"
claims = { sub = "alice", realm_access = { roles = ["reader"] } }
expect = "allow"
route = "orders"

[[tests]]
request = "GET /orders/1"
expect = "unauthenticated"
"#;
    std::fs::write(&file, text).unwrap();
    let path = file.to_str().unwrap();
    let (code, stdout, stderr) = gatecloak(&["check", "-c", path], &[]);
    assert_eq!(code, Some(0), "{stdout}{stderr}");
    assert!(stdout.starts_with("ok      GET /orders/1: allow by route `orders`\n"), "{stdout}");
    assert!(stdout.ends_with("the configuration is valid, 2 of 2 tests ok\n"), "{stdout}");

    std::fs::write(
        &file,
        format!("{text}\n[[tests]]\nrequest = \"GET /orders/1\"\nclaims = {{}}\nexpect = \"allow\"\n"),
    )
    .unwrap();
    let (code, stdout, _) = gatecloak(&["check", "-c", path], &[]);
    assert_eq!(code, Some(1), "{stdout}");
    assert!(stdout.contains("FAILED  GET /orders/1: expected allow, got deny by route `orders`"), "{stdout}");
    assert!(stdout.ends_with("1 of 3 tests failed\n"), "{stdout}");
}
