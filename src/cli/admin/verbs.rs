//! The friendly names: heading, verb, and the method that they stand for.

use clap::{Arg, ArgMatches, Command};
use serde_json::{Map, Value, json};

use super::input;

/// A verb of a heading.
pub(super) struct Verb {
    pub(super) heading: &'static str,
    pub(super) verb: &'static str,
    /// python-keycloak's name.
    pub(super) method: &'static str,
    about: &'static str,
    /// The arguments in order, by python-keycloak's names.
    words: &'static [&'static str],
    takes: Takes,
}

/// What a verb takes beside its arguments.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    Nothing,
    Query,
    Body,
}

use Takes::{Body, Nothing, Query};

macro_rules! verbs {
    ($($heading:literal { $($verb:literal $method:ident $words:tt $takes:ident $about:literal;)* })*) => {
        /// All of them.
        pub(super) const VERBS: &[Verb] = &[$($(Verb {
            heading: $heading, verb: $verb, method: stringify!($method), about: $about, words: &$words, takes: $takes,
        },)*)*];
    };
}

verbs! {
    "users" {
        "list" get_users [] Query "List users: `--query search=ann`";
        "count" users_count [] Query "Count users";
        "get" get_user ["user_id"] Nothing "Show a user";
        "id" get_user_id ["username"] Nothing "Print the id of a user";
        "create" create_user [] Body "Make a user";
        "update" update_user ["user_id"] Body "Change members of a user; the others stay";
        "delete" delete_user ["user_id"] Nothing "Remove a user";
        "enable" enable_user ["user_id"] Nothing "Let a user log in";
        "disable" disable_user ["user_id"] Nothing "Keep a user from logging in";
        "logout" user_logout ["user_id"] Nothing "End all sessions of a user";
        "groups" get_user_groups ["user_id"] Nothing "List the groups of a user";
        "roles" get_realm_roles_of_user ["user_id"] Nothing "List the realm roles of a user";
        "sessions" get_sessions ["user_id"] Nothing "List the sessions of a user";
        "credentials" get_credentials ["user_id"] Nothing "List the credentials of a user";
    }
    "groups" {
        "list" get_groups [] Query "List groups";
        "count" groups_count [] Query "Count groups";
        "get" get_group ["group_id"] Nothing "Show a group";
        "children" get_group_children ["group_id"] Query "List the groups below a group";
        "members" get_group_members ["group_id"] Query "List the members of a group";
        "create" create_group [] Body "Make a group";
        "update" update_group ["group_id"] Body "Change a group";
        "delete" delete_group ["group_id"] Nothing "Remove a group";
        "add-member" group_user_add ["user_id", "group_id"] Nothing "Put a user into a group";
        "remove-member" group_user_remove ["user_id", "group_id"] Nothing "Take a user out of a group";
    }
    "roles" {
        "list" get_realm_roles [] Nothing "List the roles of the realm";
        "get" get_realm_role ["role_name"] Nothing "Show a role";
        "members" get_realm_role_members ["role_name"] Query "List the users who have a role";
        "create" create_realm_role [] Body "Make a role";
        "update" update_realm_role ["role_name"] Body "Change a role";
        "delete" delete_realm_role ["role_name"] Nothing "Remove a role";
    }
    "clients" {
        "list" get_clients [] Nothing "List clients";
        "id" get_client_id ["client_id"] Nothing "Print the internal id of a client";
        "get" get_client ["client_id"] Nothing "Show a client, by its internal id";
        "create" create_client [] Body "Make a client";
        "update" update_client ["client_id"] Body "Change members of a client; the others stay";
        "delete" delete_client ["client_id"] Nothing "Remove a client";
        "secret" get_client_secrets ["client_id"] Nothing "Show the secret of a client";
        "roles" get_client_roles ["client_id"] Nothing "List the roles of a client";
        "authorization" get_client_authz_settings ["client_id"] Nothing "Export the authorization settings of a client";
    }
    "client-scopes" {
        "list" get_client_scopes [] Nothing "List client scopes";
        "get" get_client_scope ["client_scope_id"] Nothing "Show a client scope";
        "create" create_client_scope [] Body "Make a client scope";
        "update" update_client_scope ["client_scope_id"] Body "Change a client scope";
        "delete" delete_client_scope ["client_scope_id"] Nothing "Remove a client scope";
    }
    "realms" {
        "list" get_realms [] Nothing "List realms";
        "get" get_realm ["realm_name"] Nothing "Show a realm";
        "create" create_realm [] Body "Make a realm";
        "update" update_realm ["realm_name"] Body "Change a realm";
        "delete" delete_realm ["realm_name"] Nothing "Remove a realm and everything in it";
    }
    "idps" {
        "list" get_idps [] Nothing "List identity providers";
        "get" get_idp ["idp_alias"] Nothing "Show an identity provider";
        "create" create_idp [] Body "Make an identity provider";
        "update" update_idp ["idp_alias"] Body "Change an identity provider";
        "delete" delete_idp ["idp_alias"] Nothing "Remove an identity provider";
    }
    "organizations" {
        "list" get_organizations [] Query "List organizations";
        "get" get_organization ["organization_id"] Nothing "Show an organization";
        "members" get_organization_members ["organization_id"] Query "List the members of an organization";
        "create" create_organization [] Body "Make an organization";
        "update" update_organization ["organization_id"] Body "Change an organization";
        "delete" delete_organization ["organization_id"] Nothing "Remove an organization";
    }
    "components" {
        "list" get_components [] Query "List components";
        "get" get_component ["component_id"] Nothing "Show a component";
        "create" create_component [] Body "Make a component";
        "update" update_component ["component_id"] Body "Change a component";
        "delete" delete_component ["component_id"] Nothing "Remove a component";
    }
    "flows" {
        "list" get_authentication_flows [] Nothing "List authentication flows";
        "get" get_authentication_flow_for_id ["flow_id"] Nothing "Show an authentication flow";
        "executions" get_authentication_flow_executions ["flow_alias"] Nothing "List the steps of a flow";
        "delete" delete_authentication_flow ["flow_id"] Nothing "Remove an authentication flow";
    }
    "events" { "list" get_events [] Query "List events of users"; }
    "keys" { "list" get_keys [] Nothing "Show the keys of the realm"; }
    "server" { "info" get_server_info [] Nothing "Show what the server is and can do"; }
}

/// The headings, each with its verbs as subcommands.
pub(super) fn commands() -> Vec<Command> {
    let mut commands: Vec<Command> = Vec::new();
    for verb in VERBS {
        let command = match commands.pop_if(|last| last.get_name() == verb.heading) {
            Some(command) => command,
            None => Command::new(verb.heading)
                .about(format!("What concerns {}", verb.heading))
                .subcommand_required(true)
                .arg_required_else_help(true),
        };
        commands.push(command.subcommand(verb.command()));
    }
    commands
}

impl Verb {
    /// The one with these names.
    pub(super) fn find(heading: &str, verb: &str) -> Option<&'static Self> {
        VERBS.iter().find(|own| own.heading == heading && own.verb == verb)
    }

    /// The arguments of the method, from what was typed.
    pub(super) fn args(&self, matches: &ArgMatches) -> Result<Map<String, Value>, String> {
        let mut args = Map::new();
        for word in self.words {
            args.insert((*word).to_owned(), json!(matches.get_one::<String>(word)));
        }
        match self.takes {
            Nothing => {}
            Query => {
                let pairs = matches.get_many::<String>("query").into_iter().flatten();
                args.insert("query".to_owned(), input::query(pairs)?);
            }
            Body => {
                let file = matches.get_one::<String>("body").map_or("-", String::as_str);
                args.insert("payload".to_owned(), input::json_of(file)?);
            }
        }
        Ok(args)
    }

    fn command(&self) -> Command {
        let words = self.words.iter().map(|word| Arg::new(*word).required(true));
        let command = Command::new(self.verb).about(self.about).args(words);
        match self.takes {
            Nothing => command,
            Query => command.arg(
                Arg::new("query")
                    .long("query")
                    .short('q')
                    .value_name("NAME=VALUE")
                    .action(clap::ArgAction::Append)
                    .help("Narrow the list; may be repeated"),
            ),
            Body => command.arg(
                Arg::new("body")
                    .long("body")
                    .value_name("FILE")
                    .default_value("-")
                    .help("The representation as JSON; `-` is standard input"),
            ),
        }
    }
}

#[cfg(test)]
mod tests;
