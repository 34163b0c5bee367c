//! `gatecloak dev-idp`: the development issuer alone.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use super::Terminal;
use super::demo::{Interrupt, taken};
use crate::testing::{DevIdp, Realm};

/// Arguments of `gatecloak dev-idp`.
#[derive(Debug, clap::Args)]
pub struct DevIdpArgs {
    /// A realm export of Keycloak, with the users' passwords in plain text
    #[arg(long, value_name = "FILE")]
    pub realm: PathBuf,
    /// The port to listen at, on loopback; 0 takes a free one
    #[arg(long, default_value_t = 8180)]
    pub port: u16,
    /// The issuer in tokens, if it is not the address listened at
    #[arg(long, value_name = "URL")]
    pub issuer: Option<String>,
}

/// Serves the realm until Ctrl-C.
pub(super) fn run(args: DevIdpArgs, terminal: Terminal) -> ExitCode {
    let started = Interrupt::watch()
        .map_err(|error| format!("signals cannot be watched: {error}"))
        .and_then(|interrupt| Ok((interrupt, start(&args)?)));
    let (interrupt, idp) = match started {
        Ok(started) => started,
        Err(message) => {
            terminal.say(&format!("error: {message}"));
            return ExitCode::FAILURE;
        }
    };
    terminal.print(&format!(
        "issuer      {}\ndiscovery   {}/.well-known/openid-configuration\n\n\
         For development only. Ctrl-C ends it.",
        idp.issuer(),
        idp.internal_url()
    ));
    interrupt.wait();
    ExitCode::SUCCESS
}

fn start(args: &DevIdpArgs) -> Result<DevIdp, String> {
    let file = args.realm.display();
    let text =
        fs::read_to_string(&args.realm).map_err(|error| format!("`{file}` cannot be read: {error}"))?;
    let realm = Realm::from_json(&text).map_err(|error| format!("`{file}`: {error}"))?;
    let address = SocketAddr::from(([127, 0, 0, 1], args.port));
    let mut idp = DevIdp::new(realm).at(address);
    if let Some(issuer) = &args.issuer {
        idp = idp.issuer(issuer);
    }
    idp.start().map_err(|error| taken("the issuer", address, &error, "choose another one with `--port`"))
}
