//! Files of wanted state, as `gatecloak bootstrap plan|apply FILE` reads them.

use serde_json::Value;

use super::bench::Bench;

fn yaml(realm: &str) -> String {
    format!(
        "realm: {realm}\n\
         realm_roles: [{{name: reader}}]\n\
         groups: [{{path: /staff/sales, attributes: {{floor: ['3']}}}}]\n\
         clients:\n\
         - client_id: api\n\
         \x20 secret: ${{env:API_SECRET}}\n\
         \x20 description: opens with ${{file:word}}\n\
         \x20 service_accounts_enabled: true\n"
    )
}

#[test]
fn a_file_is_planned_applied_and_kept_and_what_it_refers_to_is_never_shown() {
    let Some(bench) = Bench::new() else { return };
    bench.write("state.yaml", &yaml(&bench.scene.name));
    bench.write("word", "SESAMESESAME\n");
    let say = |words: &[&str]| {
        let output = bench.command(words).env("API_SECRET", "REALLYWELLKEPTSECRET").output().expect("an end");
        let text =
            [output.stdout, output.stderr].map(|text| String::from_utf8(text).expect("UTF-8")).concat();
        assert!(!text.contains("REALLYWELL") && !text.contains("SESAME"), "{text}");
        (output.status.code(), text)
    };
    let (code, text) = say(&["bootstrap", "plan", "state.yaml"]);
    assert!(
        code == Some(2) && text.contains("+ client `api`") && text.contains("+ group `/staff/sales`"),
        "{text}"
    );
    assert_eq!(say(&["bootstrap", "apply", "state.yaml"]).0, Some(0));
    let (code, text) = say(&["bootstrap", "plan", "--json", "state.yaml"]);
    assert_eq!(code, Some(0), "{text}");
    let answer: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!((&answer["changed"], &answer["failed"]), (&Value::Bool(false), &Value::Bool(false)));
    assert!(answer["msg"].as_str().is_some_and(|msg| msg.starts_with("0 to create, ")), "{text}");
    let client =
        bench.scene.run(bench.scene.realm.clients().find("api")).expect("an answer").expect("a client");
    assert_eq!(
        (&client["secret"], &client["description"]),
        (&"REALLYWELLKEPTSECRET".into(), &"opens with SESAMESESAME".into())
    );
    // Another word: neither the old one nor the new one is shown.
    bench.write("word", "SESAME-OPEN\n");
    let (code, text) = say(&["bootstrap", "plan", "state.yaml"]);
    assert!(code == Some(2) && text.contains("description"), "{text}");
}

#[test]
fn a_login_in_the_file_counts_before_that_of_the_environment() {
    let Some(bench) = Bench::new() else { return };
    let realm = &bench.scene.name;
    bench.write(
        "state.toml",
        &format!("realm = \"{realm}\"\nauth_username = \"admin\"\nauth_password = \"wrong\"\nauth_realm = \"master\"\n[[clients]]\nclient_id = \"a\"\n"),
    );
    let said = bench.say(&["bootstrap", "apply", "state.toml"]).ended(4);
    assert!(said.talk.contains("Invalid user credentials"), "{said:?}");
}

#[test]
fn of_many_tasks_the_one_that_failed_is_named() {
    let Some(bench) = Bench::new() else { return };
    let (url, realm) = (&bench.scene.url, &bench.scene.name);
    let task = |name: &str, more: &str| {
        format!(
            "- keycloak_client: {{url: '{url}', auth_realm: master, username: admin, password: '{}', realm: {realm}, client_id: {name}{more}}}\n",
            std::env::var("KEYCLOAK_ADMIN_PASSWORD").unwrap_or_else(|_| "admin".to_owned()),
        )
    };
    bench.write(
        "tasks.yaml",
        &[task("good", ""), task("bad", ", base_url: basepath"), task("fine", "")].concat(),
    );
    let said = bench.say(&["bootstrap", "apply", "tasks.yaml"]).ended(1);
    assert!(said.talk.contains("error: client `bad`: ") && said.talk.contains("Base URL"), "{said:?}");
    let done: Vec<&str> = said.data.lines().filter(|line| line.starts_with("Client")).collect();
    assert_eq!(done, ["Client good has been created.", "Client fine has been created."]);
}

#[test]
fn what_is_wrong_with_a_file_has_its_place() {
    let Some(bench) = Bench::new() else { return };
    let cases = [
        ("a.yaml", "realm: r\nclients: [\n", "line "),
        ("a.toml", "realm = \"r\"\nclients = 1 1\n", "line 2, column "),
        ("a.json", "{\"realm\": \"r\",\n \"clients\" []}", "line 2, column "),
        ("b.yaml", "realm: r\n", "is neither wanted state"),
        ("c.yaml", "realm: r\nclients: [{client_id: a, name: '${env:NO_SUCH_ONE}'}]\n", "`clients.0.name`"),
        ("d.yaml", "realm: r\nclients: [{client_id: a, enabeld: true}]\n", "did you mean `enabled`?"),
    ];
    for (name, text, part) in cases {
        bench.write(name, text);
        let said = bench.say(&["bootstrap", "plan", name]).ended(1);
        assert!(said.talk.contains(part) && said.talk.contains(name), "{said:?}");
    }
    bench.say(&["bootstrap", "plan", "none.yaml"]).ended(1);
}
