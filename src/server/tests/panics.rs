use std::io::Write as _;

use super::{Server, get, hello, read_to_end, wait_until};
use crate::config::ListenerLimits;

/// The pipeline answers a panic of its own with 500; what panics outside of it costs one connection.
#[test]
fn a_thousand_panics_end_their_connections_and_disturb_no_other() {
    let mut server = Server::start(1, &ListenerLimits::default(), None, |request| async move {
        if request.uri().path() == "/panic" {
            // Without the message that a panic prints.
            std::panic::resume_unwind(Box::new(()));
        }
        hello()
    });
    let mut other = server.connect();
    for _ in 0..1000 {
        let mut stream = server.connect();
        stream.write_all(b"GET /panic HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        assert_eq!(read_to_end(&mut stream), "");
        get(&mut other);
    }
    wait_until(|| server.open_connections() == 1);
    server.end(super::BOUND);
    assert_eq!(read_to_end(&mut other), "");
    server.join();
}
