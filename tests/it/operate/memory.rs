//! Large bodies cost the gateway, in a process of its own, no memory that grows with them.

use std::sync::atomic::{AtomicBool, Ordering};

use gatecloak::testing::{EchoUpstream, RawClient};

use crate::faults::child::Child;

const BODY: usize = 64 << 20;
const CLIENTS: usize = 4;
/// For all clients together, an eighth of what passes, in MiB.
const GROWTH: f64 = 32.0;

/// Runs clients at once, and gives back by how many MiB the memory grew at most meanwhile.
fn growth(process: &Child, client: impl Fn() + Sync) -> f64 {
    client();
    let before = process.resident_mib();
    let over = AtomicBool::new(false);
    let highest = std::thread::scope(|scope| {
        let watching = scope.spawn(|| {
            let mut highest = before;
            while !over.load(Ordering::Relaxed) {
                highest = highest.max(process.resident_mib());
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            highest
        });
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(&client)).collect();
        let ended = clients.into_iter().map(|client| client.join()).collect::<Vec<_>>();
        over.store(true, Ordering::Relaxed);
        assert!(ended.iter().all(Result::is_ok), "a client failed");
        watching.join().expect("a number")
    });
    highest - before
}

#[test]
fn large_bodies_pass_in_little_memory() {
    let upstream = EchoUpstream::start().expect("an upstream");
    let process = Child::start(&format!(
        "[telemetry.access_log]\nenabled = false\n[upstreams.echo]\nendpoints = [\"http://{}\"]\n\
         [routes.all]\npath = \"/*\"\nrequire = \"public\"\nlimits.body_bytes = 0\n",
        upstream.address()
    ));
    let grown = growth(&process, || {
        let path = format!("/big/{BODY}");
        let answer = RawClient::get(process.address, &path, &[]).expect("an answer");
        assert!(answer.complete && answer.body.len() == BODY);
    });
    assert!(grown < GROWTH, "downloads: {grown:.1} MiB");
    let body = vec![b'x'; BODY];
    let grown = growth(&process, || {
        let answer = RawClient::request(process.address, "POST", "/x", &[], &body).expect("an answer");
        assert_eq!(answer.json().expect("the echo")["body_bytes"], BODY);
    });
    assert!(grown < GROWTH, "uploads: {grown:.1} MiB");
}
