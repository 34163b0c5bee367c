//! The command: what is typed, done and printed.

use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches, Args as _, Command, FromArgMatches, Subcommand};
use serde_json::{Map, Value};

use super::access::{Access, AccessArgs};
use super::bulk::{self, BulkArgs, Kind};
use super::context::Context;
use super::verbs::{Verb, commands};
use super::{input, output};
use crate::cli::Terminal;
use crate::cli::api::{Failure, KeycloakAdmin};

/// Arguments of `gatecloak admin`.
#[derive(Debug, clap::Args)]
pub struct AdminArgs {
    #[command(flatten)]
    access: AccessArgs,
    /// Print JSON in place of a table
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: AdminCommand,
}

/// What is to be done.
#[derive(Debug)]
pub(super) enum AdminCommand {
    Login,
    Logout,
    /// Any method by python-keycloak's name.
    Call(String, Result<Map<String, Value>, String>),
    /// A friendly name for one.
    Verb(&'static str, Result<Map<String, Value>, String>),
    Bulk(Kind, BulkArgs),
}

/// Why it was not done.
enum Trouble {
    /// It was called wrongly.
    Usage(String),
    /// It was refused, or the server could not be reached.
    Refused(String),
}

/// Exits with 0 if it was done, with 1 if the server refused it or could not be reached, with 2 if it was called wrongly.
pub(in crate::cli) fn run(args: AdminArgs, terminal: Terminal) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let done = runtime
        .map_err(|error| Trouble::Refused(format!("no runtime: {error}")))
        .and_then(|runtime| runtime.block_on(perform(args, terminal)));
    let (message, code) = match done {
        Ok(code) => return code,
        Err(Trouble::Usage(message)) => (message, 2),
        Err(Trouble::Refused(message)) => (message, 1),
    };
    terminal.say(&format!("error: {message}"));
    ExitCode::from(code)
}

async fn perform(args: AdminArgs, terminal: Terminal) -> Result<ExitCode, Trouble> {
    let (method, values) = match args.command {
        AdminCommand::Login => return log_in(&args.access, terminal).await,
        AdminCommand::Logout => {
            Context::remove().map_err(Trouble::Refused)?;
            return Ok(ExitCode::SUCCESS);
        }
        AdminCommand::Bulk(kind, what) => {
            let access = args.access.open().map_err(Trouble::Usage)?;
            let report = bulk::run(&access, kind, &what, terminal).await.map_err(Trouble::Refused)?;
            keep(access, terminal);
            return Ok(if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        AdminCommand::Call(method, values) => (method, values),
        AdminCommand::Verb(method, values) => (method.to_owned(), values),
    };
    let values = values.map_err(Trouble::Usage)?;
    let access = args.access.open().map_err(Trouble::Usage)?;
    let mut admin = KeycloakAdmin::of(access.client.clone(), &access.realm);
    let result = admin.call_with(&method, &values).await;
    keep(access, terminal);
    match result {
        Ok(value) => {
            terminal.print(&output::render(&value, args.json));
            Ok(ExitCode::SUCCESS)
        }
        Err(Failure::Call(error)) => Err(Trouble::Refused(output::plain(&error.to_string()))),
        Err(failure) => {
            let text = failure.answer().get("error_message").and_then(Value::as_str).map(str::to_owned);
            Err(Trouble::Usage(text.unwrap_or_default()))
        }
    }
}

/// Logs in, and stores where and as whom.
async fn log_in(args: &AccessArgs, terminal: Terminal) -> Result<ExitCode, Trouble> {
    if args.server.is_none() {
        return Err(Trouble::Usage("no server is named\nhint: `--server URL`".to_owned()));
    }
    let access = args.open().map_err(Trouble::Usage)?;
    let session = access.client.session();
    session.access_token().await.map_err(|error| Trouble::Refused(output::plain(&error.to_string())))?;
    let context = args.context(&access).map_err(Trouble::Refused)?;
    let path = context.store().map_err(Trouble::Refused)?;
    terminal.say(&format!("logged in to {}; stored in `{}`", context.server, path.display()));
    Ok(ExitCode::SUCCESS)
}

/// The command itself is done: that the login could not be stored is no reason to fail.
fn keep(access: Access, terminal: Terminal) {
    if let Err(message) = access.keep() {
        terminal.say(&format!("warning: {message}"));
    }
}

impl FromArgMatches for AdminCommand {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let missing = || clap::Error::new(clap::error::ErrorKind::MissingSubcommand);
        let (heading, matches) = matches.subcommand().ok_or_else(missing)?;
        match heading {
            "login" => return Ok(Self::Login),
            "logout" => return Ok(Self::Logout),
            "call" => {
                let method = matches.get_one::<String>("method").cloned().ok_or_else(missing)?;
                let words = matches.get_many::<String>("arguments").into_iter().flatten();
                return Ok(Self::Call(method, input::arguments(words)));
            }
            _ => {}
        }
        let (verb, matches) = matches.subcommand().ok_or_else(missing)?;
        if let Some(kind) = Kind::find(heading, verb) {
            return Ok(Self::Bulk(kind, BulkArgs::from_arg_matches(matches)?));
        }
        let verb = Verb::find(heading, verb).ok_or_else(missing)?;
        Ok(Self::Verb(verb.method, verb.args(matches)))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Subcommand for AdminCommand {
    fn augment_subcommands(command: Command) -> Command {
        let call = Command::new("call")
            .about("Call any method by its name in python-keycloak: `call get_user user_id=...`")
            .arg(Arg::new("method").value_name("METHOD").required(true))
            .arg(
                Arg::new("arguments")
                    .value_name("NAME=VALUE")
                    .action(ArgAction::Append)
                    .help("`NAME=TEXT`, `NAME:=JSON`, `NAME=@FILE`, `NAME:=@FILE`"),
            );
        let headings = commands().into_iter().map(|heading| {
            let kinds = Kind::ALL.into_iter().filter(|kind| kind.heading() == heading.get_name());
            let kinds: Vec<_> = kinds.collect();
            kinds.into_iter().fold(heading, |heading, kind| {
                heading.subcommand(BulkArgs::augment_args(Command::new(kind.verb()).about(kind.about())))
            })
        });
        let login = Command::new("login").about("Log in, and store the login for further commands");
        let logout = Command::new("logout").about("Forget the stored login");
        command.subcommands([login, logout, call]).subcommands(headings)
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        Self::augment_subcommands(Command::new("admin")).find_subcommand(name).is_some()
    }
}
