//! What the people who run the gateway see: the ops pages, certificates that change, memory.

mod certificates;
mod exposition;
mod health;
#[cfg(target_os = "linux")]
mod memory;
mod metrics;
mod redaction;
