//! A thread with a runtime of its own, which ends when its handle is dropped.

use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use axum::body::Body;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::net::TcpStream;
use tokio::sync::oneshot;

/// A thread that runs one future, and whatever that spawns, until it is stopped or dropped.
#[derive(Debug)]
pub(super) struct Background {
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

impl Background {
    /// Runs what `work` makes. The future need not be `Send`: it never leaves the thread.
    pub(super) fn run<F, W>(name: &str, work: W) -> io::Result<Self>
    where
        F: Future<Output = ()>,
        W: FnOnce() -> F + Send + 'static,
    {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new().name(name.to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = work() => {}
                    _ = stopped => {}
                }
            });
            // Dropping the runtime drops every task, and with them every connection.
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been printed already.
            let _ = thread.join();
        }
    }
}

/// Binds a listener that a runtime can take over, and says where.
pub(super) fn bind(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// A free port of the loopback interface.
pub(super) fn loopback() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

/// Answers HTTP/1.1 and HTTP/2 with prior knowledge. An error of `answer` closes the connection without an answer.
pub(super) async fn serve<A, F>(listener: TcpListener, answer: A)
where
    A: Fn(SocketAddr, Request<Incoming>) -> F + Clone + Send + 'static,
    F: Future<Output = io::Result<Response<Body>>> + Send + 'static,
{
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    loop {
        let (stream, peer) = accept(&listener).await;
        // Small answers must not wait for the peer's delayed acknowledgement.
        let _ = stream.set_nodelay(true);
        let answer = answer.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(peer, request));
            let builder = auto::Builder::new(TokioExecutor::new());
            let connection = pin!(builder.serve_connection_with_upgrades(TokioIo::new(stream), service));
            // A peer that goes away is no event here.
            let _ = connection.await;
        });
    }
}

/// The next connection. Without a free file descriptor it waits a little, and does not spin.
pub(super) async fn accept(listener: &tokio::net::TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}
