//! Standard output is data, standard error is talk.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::ColorChoice;

use crate::config::LoadError;

/// Where a command writes. Somebody who stops reading is no error.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    /// Whether talk is in colour.
    pub color: bool,
}

impl Terminal {
    /// Decides about colour: as asked, else if standard error is a terminal and `NO_COLOR` is not set.
    pub fn new(choice: ColorChoice) -> Self {
        let color = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                io::stderr().is_terminal()
                    && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
        };
        Self { color }
    }

    /// Says what is wrong with the configuration, and gives back the exit code for that.
    pub fn refuse(&self, error: &LoadError) -> ExitCode {
        self.say(&error.render(self.color));
        ExitCode::FAILURE
    }

    /// Data: a line, or lines, to standard output.
    pub fn print(&self, text: &str) {
        write(&mut io::stdout().lock(), text);
    }

    /// Talk: a line, or lines, to standard error.
    pub fn say(&self, text: &str) {
        write(&mut io::stderr().lock(), text);
    }
}

fn write(stream: &mut impl Write, text: &str) {
    if text.is_empty() {
        return;
    }
    let end = if text.ends_with('\n') { "" } else { "\n" };
    // A closed pipe: nobody is left to tell.
    let _ = write!(stream, "{text}{end}").and_then(|()| stream.flush());
}
