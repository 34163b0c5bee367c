//! `gatecloak completions`: what a shell reads to complete commands.

use std::process::ExitCode;

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::{Cli, Terminal};

/// Arguments of `gatecloak completions`.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

/// Prints the script.
pub(super) fn run(args: CompletionsArgs, terminal: Terminal) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "gatecloak", &mut script);
    terminal.print(&String::from_utf8_lossy(&script));
    ExitCode::SUCCESS
}
