use std::collections::BTreeSet;

use clap::{Command, Subcommand as _};
use serde_json::{Map, Value, json};

use super::{Takes, VERBS, commands};
use crate::admin::AdminClient;
use crate::cli::api::{Failure, KeycloakAdmin};
use crate::connection::{ClientProof, ConnectionSettings, ErrorClass, Login, LoginGrant};

#[test]
fn every_verb_reaches_its_method_with_its_arguments() {
    let login = Login {
        realm: "master".to_owned(),
        client_id: "admin-cli".to_owned(),
        proof: ClientProof::Public,
        grant: LoginGrant::Anonymous,
        scope: String::new(),
    };
    // Nobody listens: what gets as far as a call has all that it needs.
    let client =
        AdminClient::connect(ConnectionSettings::new("http://127.0.0.1:9"), login).expect("a client");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut admin = KeycloakAdmin::of(client, "shop");
    for verb in VERBS {
        let mut args: Map<String, Value> =
            verb.words.iter().map(|word| ((*word).to_owned(), json!("x"))).collect();
        if verb.takes == Takes::Body {
            args.insert(
                "payload".to_owned(),
                json!({"username": "x", "clientId": "x", "name": "x", "alias": "x"}),
            );
        }
        let failure = runtime.block_on(admin.call_with(verb.method, &args)).expect_err("no server");
        let class = if let Failure::Call(error) = &failure { Some(error.class()) } else { None };
        assert_eq!(class, Some(ErrorClass::Connection), "{} {}: {failure:?}", verb.heading, verb.verb);
    }
}

#[test]
fn headings_and_verbs_are_there_once_and_make_a_good_command() {
    let names: BTreeSet<_> = VERBS.iter().map(|verb| (verb.heading, verb.verb)).collect();
    assert_eq!(names.len(), VERBS.len());
    let headings: BTreeSet<_> = VERBS.iter().map(|verb| verb.heading).collect();
    assert_eq!(commands().len(), headings.len());
    crate::cli::admin::command::AdminCommand::augment_subcommands(Command::new("admin")).debug_assert();
}
