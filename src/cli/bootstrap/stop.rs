//! Why a command stops, and the exit code for it.

use std::process::ExitCode;

use super::Terminal;
use crate::bootstrap::document::DocumentError;
use crate::bootstrap::{AccessError, BootstrapError, Failure, InitError, TaskError};

/// The exit code of a server that does not answer.
const UNREACHABLE: u8 = 3;

/// The exit code of a login that is not taken.
const LOGIN: u8 = 4;

/// Why nothing can be done, for people.
#[derive(Debug)]
pub(in crate::cli) struct Stop {
    pub(in crate::cli) text: String,
    failure: Failure,
}

impl Stop {
    /// What kind of failure it is.
    pub(super) fn failure(&self) -> Failure {
        self.failure
    }

    /// Says it, and gives the exit code.
    pub(in crate::cli) fn say(&self, terminal: Terminal) -> ExitCode {
        terminal.say(&format!("error: {}", self.text));
        code(self.failure)
    }
}

/// The exit code of a failure.
pub(super) fn code(failure: Failure) -> ExitCode {
    match failure {
        Failure::Unreachable => ExitCode::from(UNREACHABLE),
        Failure::Login => ExitCode::from(LOGIN),
        Failure::Other => ExitCode::FAILURE,
    }
}

impl From<String> for Stop {
    fn from(text: String) -> Self {
        Self { text, failure: Failure::Other }
    }
}

impl From<BootstrapError> for Stop {
    fn from(error: BootstrapError) -> Self {
        Self { text: error.to_string(), failure: error.failure() }
    }
}

impl From<TaskError> for Stop {
    fn from(error: TaskError) -> Self {
        error.to_string().into()
    }
}

impl From<AccessError> for Stop {
    fn from(error: AccessError) -> Self {
        BootstrapError::from(error).into()
    }
}

impl From<DocumentError> for Stop {
    fn from(error: DocumentError) -> Self {
        error.to_string().into()
    }
}

impl From<InitError> for Stop {
    fn from(error: InitError) -> Self {
        match error {
            InitError::Bootstrap(error) => error.into(),
            InitError::Task(error) => error.into(),
        }
    }
}
