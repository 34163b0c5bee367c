//! The server goes away in the middle of an apply: the next one finishes.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gatecloak::admin::AdminClient;
use gatecloak::bootstrap::Plan;
use gatecloak::connection::ConnectionSettings;

use super::state::{apply, desired, everything, plan};
use crate::admin::{Scene, login};

/// A way to the server that ends for good at a call: either before the call gets there, or before its answer comes back.
struct Way {
    address: SocketAddr,
    calls: Arc<AtomicUsize>,
}

impl Way {
    fn to(url: &str, last: usize, arrives: bool) -> Self {
        let upstream = url.strip_prefix("http://").expect("plain HTTP").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        std::thread::spawn(move || {
            for caller in listener.incoming() {
                let caller = caller.expect("a connection");
                if counted.load(Ordering::SeqCst) >= last {
                    continue;
                }
                let server = TcpStream::connect(&upstream).expect("the server");
                let back = (server.try_clone().expect("a handle"), caller.try_clone().expect("a handle"));
                let ended = Arc::clone(&counted);
                std::thread::spawn(move || {
                    // An answer that comes when the way has ended does not get through.
                    copy(back.0, back.1, |_| ended.load(Ordering::SeqCst) < last, false);
                });
                let counted = Arc::clone(&counted);
                std::thread::spawn(move || {
                    let count = |bytes: &[u8]| {
                        let new = bytes.windows(11).filter(|part| part == b" HTTP/1.1\r\n").count();
                        counted.fetch_add(new, Ordering::SeqCst) + new < last
                    };
                    copy(caller, server, count, arrives);
                });
            }
        });
        Self { address, calls }
    }

    fn is_ended(&self, last: usize) -> bool {
        self.calls.load(Ordering::SeqCst) >= last
    }
}

/// Copies as long as it goes on; what ends it still arrives, or not.
fn copy(mut from: TcpStream, mut to: TcpStream, mut goes_on: impl FnMut(&[u8]) -> bool, arrives: bool) {
    let mut buffer = [0; 16384];
    while let Ok(count) = from.read(&mut buffer) {
        let more = goes_on(&buffer[..count]);
        let is_sent = (more || arrives) && to.write_all(&buffer[..count]).is_ok();
        if count == 0 || !more || !is_sent {
            break;
        }
    }
    // Either may have gone already.
    let _gone = (to.shutdown(Shutdown::Both), from.shutdown(Shutdown::Both));
}

#[test]
fn an_apply_that_is_cut_off_is_finished_by_the_next() {
    for (number, last) in [1, 2, 4, 7, 11, 16, 20, 24, 28, 33, 38].into_iter().enumerate() {
        let Some(scene) = Scene::new() else { return };
        let way = Way::to(&scene.url, last, number % 2 == 0);
        let settings = ConnectionSettings::new(format!("http://{}", way.address));
        let realm = AdminClient::connect(settings, login()).expect("a client").realm(&scene.name);
        let wanted = desired(&scene, &everything());
        let cut = scene.run(Plan::apply(&realm, &wanted, |_, _| {}));
        let is_cut = cut.as_ref().is_err() || cut.as_ref().is_ok_and(|plan| !plan.failures.is_empty());
        assert!(is_cut && way.is_ended(last), "{last}: {cut:?}");
        let rest = apply(&scene, &everything());
        assert!(rest.is_changed() || last > 30, "{last}");
        let left = plan(&scene, &everything());
        assert!(left.is_empty(), "{last}: {left:?}");
        assert!(!apply(&scene, &everything()).is_changed(), "{last}");
    }
}
