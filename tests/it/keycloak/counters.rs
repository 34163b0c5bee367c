//! What a gateway counts, and waiting for it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// A metric's value; 0 if it has none. Counters are the process's: names of routes must be a test's own.
pub(crate) fn metric(ops: SocketAddr, line: &str) -> u64 {
    let text =
        reqwest::blocking::get(format!("http://{ops}/metrics")).expect("metrics").text().expect("text");
    let found = text.lines().find_map(|found| found.strip_prefix(line)?.trim().parse::<f64>().ok());
    found.unwrap_or_default() as u64
}

/// How often a route's decisions were made by this source, whatever the result.
pub(crate) fn decisions(ops: SocketAddr, route: &str, source: &str) -> u64 {
    ["granted", "refused"]
        .iter()
        .map(|result| {
            let labels = format!("{{route=\"{route}\",result=\"{result}\",source=\"{source}\"}}");
            metric(ops, &format!("gatecloak_decisions_total{labels}"))
        })
        .sum()
}

pub(crate) fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
