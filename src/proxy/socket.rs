//! A TCP stream that takes no lock to say once more that nothing has come.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;
use tokio::task::coop::has_budget_remaining;

/// A TCP stream.
///
/// On the way of one request hyper asks several times whether there is something to read: whether the client is still there,
/// whether the answer has come. tokio takes a lock each time, to note whom to wake; where it has noted that already, a look at
/// the stream's state is enough.
pub(crate) struct Socket {
    stream: TcpStream,
    /// Whom the last read that found nothing gave to be woken.
    waker: Option<Waker>,
    /// Whether that still stands: nothing has been read since.
    waits: bool,
}

impl Socket {
    pub(crate) const fn new(stream: TcpStream) -> Self {
        Self { stream, waker: None, waits: false }
    }

    /// Whether something has come, or the end.
    fn is_readable(&self) -> bool {
        self.stream.try_io(Interest::READABLE, || Ok(())).is_ok()
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let is_same = self.waker.as_ref().is_some_and(|waker| waker.will_wake(cx.waker()));
        if self.waits && is_same && !self.is_readable() {
            return Poll::Pending;
        }
        // Without budget the stream is not looked at, and nobody noted.
        let is_looked_at = has_budget_remaining();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        self.waits = read.is_pending() && is_looked_at;
        if self.waits && !is_same {
            self.waker = Some(cx.waker().clone());
        }
        read
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests;
