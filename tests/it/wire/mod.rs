//! What speaks to the gateway and what it speaks to, over every protocol, with nothing tidied up in between.

mod caller;
mod certificate;
mod listen;
mod unused;
mod upstream;

pub(crate) use caller::{Caller, Payload, Protocol, channel, empty, frames, full};
pub(crate) use certificate::Certificate;
pub(crate) use listen::TlsFront;
pub(crate) use unused::{unused, unused_at};
pub(crate) use upstream::Upstream;

use std::time::{Duration, Instant};

/// The longest that anything here is waited for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until it is so.
pub(crate) fn eventually(what: &str, mut so: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !so() {
        assert!(Instant::now() < end, "never: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
