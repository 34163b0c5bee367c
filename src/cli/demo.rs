//! `gatecloak demo`: issuer, upstream and gateway in one process, with the calls to try.

mod calls;
mod interrupt;
mod issuer;
mod keycloak;
mod stage;

use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;

pub(super) use self::interrupt::Interrupt;

use self::calls::{CALLS, TOKENS, Tokens};
use self::issuer::Issuer;
use self::keycloak::KeycloakRealm;
use self::stage::{Ports, Stage, StartError};
use super::Terminal;
use crate::bootstrap::Access;
use crate::config::{LogFormat, TelemetryConfig};
use crate::telemetry;

/// Arguments of `gatecloak demo`.
#[derive(Debug, clap::Args)]
pub struct DemoArgs {
    /// Make the printed calls, show what each gave, and stop: 0 if all gave what they promise
    #[arg(long)]
    pub check: bool,
    /// Four ports from here on for gateway, issuer, upstream and ops; 0 takes any that are free
    #[arg(
        long,
        value_name = "PORT",
        conflicts_with_all = ["gateway_port", "issuer_port", "upstream_port", "ops_port"]
    )]
    pub port_base: Option<u16>,
    /// The gateway's port
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    pub gateway_port: u16,
    /// The development issuer's port
    #[arg(long, value_name = "PORT", default_value_t = 8180)]
    pub issuer_port: u16,
    /// The upstream's port
    #[arg(long, value_name = "PORT", default_value_t = 8181)]
    pub upstream_port: u16,
    /// A real Keycloak in place of the development issuer: the demo makes a realm of its own there
    #[arg(long, value_name = "URL")]
    pub keycloak: Option<String>,
    /// Leave that realm there at the end
    #[arg(long, requires = "keycloak")]
    pub keep: bool,
    /// The administrator that makes it; the password is in `GATECLOAK_ADMIN_PASSWORD`
    #[arg(long, value_name = "USER", requires = "keycloak", default_value = "admin")]
    pub admin: String,
    /// The port for health and metrics
    #[arg(long, value_name = "PORT", default_value_t = 9090)]
    pub ops_port: u16,
}

impl DemoArgs {
    fn ports(&self) -> Option<Ports> {
        Some(match self.port_base {
            None => Ports {
                gateway: self.gateway_port,
                issuer: self.issuer_port,
                upstream: self.upstream_port,
                ops: self.ops_port,
            },
            Some(0) => Ports { gateway: 0, issuer: 0, upstream: 0, ops: 0 },
            Some(base) => Ports {
                gateway: base,
                issuer: base.checked_add(1)?,
                upstream: base.checked_add(2)?,
                ops: base.checked_add(3)?,
            },
        })
    }
}

/// Runs the demo until Ctrl-C, or with `--check` until every call is made.
pub(super) fn run(args: DemoArgs, terminal: Terminal) -> ExitCode {
    let Some(ports) = args.ports() else {
        terminal.say("error: there are no four ports from `--port-base` on\nhint: the last port is 65535");
        return ExitCode::from(2);
    };
    let quiet =
        TelemetryConfig { level: "warn".to_owned(), format: LogFormat::Text, ..TelemetryConfig::default() };
    if let Err(error) = telemetry::init(&quiet) {
        terminal.say(&format!("error: {error}"));
        return ExitCode::FAILURE;
    }
    // Before there is a realm that a signal would leave behind.
    let interrupt = match Interrupt::watch() {
        Ok(interrupt) => interrupt,
        Err(error) => {
            terminal.say(&format!("error: signals cannot be watched: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let issuer = match ports.check().and_then(|()| issuer(&args, &ports)) {
        Ok(issuer) => issuer,
        Err(error) => return refuse(&error, terminal),
    };
    // The access log belongs beside the calls that somebody makes by hand, and not between those that are checked here.
    let code = match Stage::start(&ports, &issuer, !args.check) {
        Ok(stage) => {
            let code = if args.check {
                check(&stage, &issuer, terminal)
            } else {
                serve(&stage, &issuer, interrupt, terminal)
            };
            stage.stop();
            code
        }
        Err(error) => refuse(&error, terminal),
    };
    match issuer {
        Issuer::Dev(_) => code,
        Issuer::Keycloak(realm) => match realm.remove() {
            Ok(fact) => {
                terminal.say(&fact);
                code
            }
            Err(error) => {
                terminal.say(&format!("error: {error}"));
                ExitCode::FAILURE
            }
        },
    }
}

/// The development issuer, or a realm in the Keycloak that is named.
fn issuer(args: &DemoArgs, ports: &Ports) -> Result<Issuer, StartError> {
    let Some(url) = &args.keycloak else { return ports.dev_issuer() };
    let mut access = Access::nobody();
    access.url = Some(url.clone());
    access.realm = Some("master".to_owned());
    access.username = Some(args.admin.clone());
    let access = access.or_from(|name| std::env::var(name).ok());
    if access.password.is_none() {
        let hint = "the password of the administrator belongs into the variable `GATECLOAK_ADMIN_PASSWORD`";
        return Err(StartError::Realm(format!("there is no password\nhint: {hint}")));
    }
    let realm = KeycloakRealm::make(&access, args.keep).map_err(StartError::Realm)?;
    Ok(Issuer::Keycloak(Box::new(realm)))
}

fn refuse(error: &StartError, terminal: Terminal) -> ExitCode {
    match error {
        StartError::Taken(message) | StartError::Realm(message) => {
            terminal.say(&format!("error: {message}"));
            ExitCode::FAILURE
        }
        StartError::Config(error) => terminal.refuse(error),
    }
}

/// Says what there is, and lets it be tried until Ctrl-C.
fn serve(stage: &Stage, issuer: &Issuer, interrupt: Interrupt, terminal: Terminal) -> ExitCode {
    introduce(stage, issuer, terminal);
    interrupt.wait();
    terminal.say("stopping");
    ExitCode::SUCCESS
}

/// What there is, and what to try.
fn introduce(stage: &Stage, issuer: &Issuer, terminal: Terminal) {
    let mut text = format!(
        "\n  gateway    http://{}   call this\n  issuer     {}   {}\n  \
         upstream   http://{}   answers with what the gateway sent it\n",
        stage.gateway,
        issuer.url(),
        issuer.about(),
        stage.upstream_address()
    );
    if let Some(ops) = stage.ops {
        text.push_str(&format!("  ops        http://{ops}   /healthz  /readyz  /metrics  /config\n"));
    }
    text.push_str(
        "\nPaste this into another terminal. First the tokens; a user's password is the user's name:\n\n",
    );
    for token in &TOKENS {
        text.push_str(&format!("  {}\n", token.line(&issuer.url())));
    }
    text.push_str("\nThen the calls. Each line is preceded by what it gives, and why:\n");
    for call in &CALLS {
        text.push_str(&format!("\n  # {}: {}\n  {}\n", call.status, call.why, call.line(stage.gateway)));
    }
    text.push_str(
        "\nThe upstream's answer shows the headers that it got: look for `x-auth-...`, which only the gateway can set.\n\
         Every call writes a line of the access log here, with its route, decision and reason.\n\
         The configuration is config/demo.toml, the realm config/demo-realm.json. `gatecloak demo --check` makes all of\n\
         these calls by itself. Ctrl-C ends the demo.\n",
    );
    terminal.print(&text);
}

/// Makes every call and says what each gave.
fn check(stage: &Stage, issuer: &Issuer, terminal: Terminal) -> ExitCode {
    let tokens = match Tokens::fetch(issuer) {
        Ok(tokens) => tokens,
        Err(error) => {
            terminal.say(&format!("error: the issuer gives no token: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let mut broken = 0;
    for call in &CALLS {
        let gave = call.make(stage.gateway, &tokens);
        let (mark, gave) = match &gave {
            Ok(status) => ("ok    ", status.to_string()),
            Err(reason) => ("BROKEN", reason.clone()),
        };
        broken += usize::from(mark == "BROKEN");
        terminal.print(&format!("{mark}  {gave}  {}\n        {}", call.why, call.line(stage.gateway)));
    }
    let total = CALLS.len();
    if broken == 0 {
        terminal.print(&format!("\nall {total} calls gave what they promise"));
        return ExitCode::SUCCESS;
    }
    terminal.print(&format!("\n{broken} of {total} calls did not give what they promise"));
    ExitCode::FAILURE
}

/// Why something could not listen.
pub(super) fn taken(what: &str, address: SocketAddr, error: &io::Error, hint: &str) -> String {
    if error.kind() == io::ErrorKind::AddrInUse {
        return format!("port {} is taken, and {what} cannot listen there\nhint: {hint}", address.port());
    }
    format!("{what} cannot listen at {address}: {error}")
}

#[cfg(test)]
mod tests;
