//! Sockets on the test's own runtime, which end with it.

use std::net::SocketAddr;
use std::sync::Arc;

use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// A listener on a free port of loopback.
pub(super) async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    (listener, address)
}

/// TLS in front of something plain.
pub(crate) struct TlsFront {
    pub(crate) address: SocketAddr,
}

impl TlsFront {
    pub(crate) async fn start(config: Arc<ServerConfig>, to: SocketAddr) -> Self {
        let (listener, address) = listen().await;
        tokio::spawn(async move {
            let acceptor = TlsAcceptor::from(config);
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let _ = stream.set_nodelay(true);
                    // Who does not trust us, or goes away, is the test's matter.
                    let (Ok(mut near), Ok(mut far)) =
                        (acceptor.accept(stream).await, TcpStream::connect(to).await)
                    else {
                        return;
                    };
                    let _ = far.set_nodelay(true);
                    let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
                });
            }
        });
        Self { address }
    }
}
