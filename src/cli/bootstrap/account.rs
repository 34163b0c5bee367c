//! `gatecloak bootstrap init`: the account that does the rest.

use std::path::PathBuf;
use std::process::ExitCode;

use secrecy::ExposeSecret;

use super::Terminal;
use super::stop::Stop;
use crate::admin::AdminClient;
use crate::bootstrap::{Access, Desired, init, login, secret, variable};
use crate::cli::Source;
use crate::config::Loaded;
use crate::connection::{Connection, Session};

/// Arguments of `gatecloak bootstrap init`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct InitArgs {
    /// The gateway's configuration: which realm, and what the account has to be able to do
    #[command(flatten)]
    source: Source,
    /// The administrator's login
    #[command(flatten)]
    admin: AdminLogin,
    /// Write the account's secret into this file (mode 0600); without it, to standard output
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
}

/// An administrator. The password is in `GATECLOAK_ADMIN_PASSWORD`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct AdminLogin {
    /// The server's address; without it, the configuration's
    #[arg(long, value_name = "URL", env = variable::SERVER)]
    server: Option<String>,
    /// The administrator's realm
    #[arg(long, value_name = "REALM", env = variable::LOGIN_REALM, default_value = "master")]
    login_realm: String,
    /// The administrator's name; the password is in `GATECLOAK_ADMIN_PASSWORD`
    #[arg(long, short, value_name = "NAME", env = variable::USER)]
    username: Option<String>,
}

impl AdminLogin {
    /// The login, with what is not said here from the environment.
    pub(super) fn access(&self) -> Access {
        let mut access = Access::nobody();
        access.url.clone_from(&self.server);
        access.realm = Some(self.login_realm.clone());
        access.username.clone_from(&self.username);
        access.or_from(|name| std::env::var(name).ok())
    }
}

pub(super) async fn run(args: &InitArgs, terminal: Terminal) -> ExitCode {
    let loaded = match args.source.load() {
        Ok(loaded) => loaded,
        Err(error) => return terminal.refuse(&error),
    };
    match make(args, &loaded, terminal).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => stop.say(terminal),
    }
}

async fn make(args: &InitArgs, loaded: &Loaded, terminal: Terminal) -> Result<(), Stop> {
    let (config, folder) = (&loaded.config, loaded.folder());
    let desired = Desired::derive(config, folder)?;
    let access = args.admin.access();
    let mut settings = login::settings(config, folder)?;
    if let Some(server) = &args.admin.server {
        settings.base_url.clone_from(server);
    }
    let login = access.login().map_err(|_| {
        "there is no administrator to log in as\nhint: `--username NAME`, and the password in `GATECLOAK_ADMIN_PASSWORD`"
            .to_owned()
    })?;
    let connection = Connection::open(settings).map_err(|error| error.to_string())?;
    let session = Session::new(connection, login);
    login::wait(&session, config.bootstrap.wait.get()).await?;
    let client_id = config.bootstrap.login.client_id.as_deref().unwrap_or(login::CLIENT);
    let made = init(&AdminClient::new(session), client_id, &desired).await?;
    if made.made_realm {
        terminal.say(&format!("+ realm `{}`", desired.realm));
    }
    made.items.iter().for_each(|item| terminal.say(&item.to_string()));
    terminal.say(&format!("`{client_id}` may:"));
    made.rights.iter().for_each(|(role, reason)| terminal.say(&format!("  {role}: {reason}")));
    match &args.secret_file {
        Some(path) => secret::store(&made.secret, path)?,
        None => terminal.print(made.secret.expose_secret()),
    }
    Ok(())
}
