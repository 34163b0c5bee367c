//! Limits that would refuse everyone, or no one.

use std::time::Duration;

use crate::config::{ByteSize, ListenerLimits, Problem};

/// A request line and a few fields fit into this.
const SMALLEST_HEAD: ByteSize = ByteSize::kib(1);
/// HTTP/2 allows more, no client needs it.
const LARGEST_HEAD: ByteSize = ByteSize::mib(1);

/// Checks `[listener.limits]`.
pub(super) fn check(limits: &ListenerLimits) -> Result<(), Vec<Problem>> {
    let mut problems = Vec::new();
    let mut refuse = |key: &str, message: String| {
        problems.push(Problem::new(format!("listener.limits.{key}"), message));
    };
    if !(SMALLEST_HEAD..=LARGEST_HEAD).contains(&limits.head_bytes) {
        let found = limits.head_bytes;
        refuse("head_bytes", format!("`{found}` is not between `{SMALLEST_HEAD}` and `{LARGEST_HEAD}`"));
    }
    let numbers = [
        ("connections", limits.connections == 0),
        ("headers", limits.headers == 0),
        ("http2_streams", limits.http2_streams == 0),
    ];
    for (key, _) in numbers.into_iter().filter(|(_, zero)| *zero) {
        refuse(key, "`0` would let nothing through".to_owned());
    }
    let times = [
        ("header_timeout", limits.header_timeout),
        ("idle_timeout", limits.idle_timeout),
        ("handshake_timeout", limits.handshake_timeout),
    ];
    for (key, found) in times.into_iter().filter(|(_, period)| period.get() < Duration::from_millis(10)) {
        refuse(key, format!("`{found}` would let nothing through"));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::config::{ByteSize, ListenerLimits, Period};

    #[test]
    fn the_defaults_are_good() {
        assert!(check(&ListenerLimits::default()).is_ok());
    }

    #[test]
    fn every_bad_limit_is_reported() {
        let limits = ListenerLimits {
            connections: 0,
            header_timeout: Period::secs(0),
            head_bytes: ByteSize::bytes(10),
            ..ListenerLimits::default()
        };
        let keys: Vec<_> = check(&limits).unwrap_err().into_iter().map(|problem| problem.key).collect();
        assert_eq!(
            keys,
            ["listener.limits.head_bytes", "listener.limits.connections", "listener.limits.header_timeout"]
        );
    }
}
