//! `[listener]`, `[ops]`, `[telemetry]`.

use tracing_subscriber::EnvFilter;

use crate::config::{Config, Problem};

pub(super) fn check(config: &Config, problems: &mut Vec<Problem>) {
    let limits = &config.listener.limits;
    let zeros = [
        ("connections", limits.connections == 0),
        ("header_timeout", limits.header_timeout.get().is_zero()),
        ("idle_timeout", limits.idle_timeout.get().is_zero()),
        ("body_idle_timeout", limits.body_idle_timeout.get().is_zero()),
        ("handshake_timeout", limits.handshake_timeout.get().is_zero()),
        ("head_bytes", limits.head_bytes.get() == 0),
        ("headers", limits.headers == 0),
        ("http2_streams", limits.http2_streams == 0),
    ];
    for (name, is_zero) in zeros {
        if is_zero {
            problems.push(Problem::new(
                format!("listener.limits.{name}"),
                format!("`{name}` must be more than 0"),
            ));
        }
    }
    let (listener, ops) = (config.listener.address, config.ops.address);
    let same_port = listener.port() == ops.port() && ops.port() != 0;
    if config.ops.enabled && same_port && (listener.ip() == ops.ip() || listener.ip().is_unspecified()) {
        problems.push(
            Problem::new("ops.address", format!("`{ops}` is taken by the listener `{listener}`"))
                .hint("give `ops` a port of its own"),
        );
    }
    if EnvFilter::try_new(&config.telemetry.level).is_err() {
        problems.push(
            Problem::new(
                "telemetry.level",
                format!("`{}` is not a level of the log", config.telemetry.level),
            )
            .hint("for example `info` or `info,gatecloak::token=debug`"),
        );
    }
}
