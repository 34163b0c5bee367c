//! A relay in front of the server that keeps what is asked.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

use parking_lot::Mutex;

pub(crate) struct Relay {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<u8>>>,
}

impl Relay {
    /// To the server at an `http` address.
    pub(crate) fn to(url: &str) -> Self {
        let upstream = url.strip_prefix("http://").expect("plain HTTP").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&asked);
        std::thread::spawn(move || {
            for caller in listener.incoming() {
                let caller = caller.expect("a connection");
                let server = TcpStream::connect(&upstream).expect("the server");
                let (answers, callee) =
                    (server.try_clone().expect("a handle"), caller.try_clone().expect("a handle"));
                std::thread::spawn(move || copy(answers, callee, |_| ()));
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || {
                    copy(caller, server, |bytes| kept.lock().extend_from_slice(bytes))
                });
            }
        });
        Self { address, asked }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The request lines so far that begin like this. A body before them need not end in a line break.
    pub(crate) fn asked(&self, start: &str) -> Vec<String> {
        let text = String::from_utf8_lossy(&self.asked.lock()).into_owned();
        let ends = text.split(start).skip(1).filter_map(|rest| rest.lines().next());
        ends.map(|end| format!("{start}{end}")).collect()
    }
}

fn copy(mut from: TcpStream, mut to: TcpStream, mut keep: impl FnMut(&[u8])) {
    let mut buffer = [0; 16384];
    while let Ok(count) = from.read(&mut buffer) {
        keep(&buffer[..count]);
        if count == 0 || to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    // The other side may have gone already.
    let _gone = to.shutdown(Shutdown::Write);
}
