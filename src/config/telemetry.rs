//! `[telemetry]`: logs and metrics.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// `[telemetry]`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TelemetryConfig {
    /// What is logged: `error`, `warn`, `info`, `debug`, or per module as in `info,gatecloak::token=debug`.
    pub level: String,
    /// How it is written, to standard error.
    pub format: LogFormat,
    /// One line a request.
    pub access_log: AccessLogConfig,
}

impl Default for TelemetryConfig {
    fn default() -> Self {
        Self {
            level: "info".to_owned(),
            format: LogFormat::default(),
            access_log: AccessLogConfig::default(),
        }
    }
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// One JSON object a line.
    #[default]
    Json,
    /// For a person.
    Text,
}

/// `[telemetry.access_log]`: JSON, one line a request, written when the request has ended.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct AccessLogConfig {
    /// Write it at all.
    pub enabled: bool,
    /// A file, opened again on reload; absent: standard output.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(example = &"/var/log/gatecloak/access.log"))]
    pub file: Option<PathBuf>,
    /// The path and the query of a request are personal data to some; without it only the route is named.
    pub path: bool,
    /// The subject of the token.
    pub subject: bool,
}

impl Default for AccessLogConfig {
    fn default() -> Self {
        Self { enabled: true, file: None, path: true, subject: true }
    }
}
