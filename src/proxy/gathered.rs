//! How bytes go over a connection: what is large in portions, what is small in one piece.

use std::cell::RefCell;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The most that is read from an HTTP/1.1 connection at once, and so the parts in which its bodies pass: what one packet of
/// the loopback interface carries, 64 KiB less the heads of IP and TCP. Of a byte more the kernel makes a full packet and a
/// tiny one, which nearly doubles what a large body costs; twice as much no longer stays in the processor's nearer cache.
pub(crate) const PORTION: usize = 65_483;

/// Up to so many bytes are brought together: a head with a small body. A system call that takes a list of buffers costs
/// more than to copy these.
const SMALL: usize = 2048;

thread_local! {
    static ROOM: RefCell<[u8; SMALL]> = const { RefCell::new([0; SMALL]) };
}

/// A stream to which what is small is written as one buffer, and what is large as a list.
pub(crate) struct Gathered<T>(T);

impl<T> Gathered<T> {
    pub(crate) const fn new(stream: T) -> Self {
        Self(stream)
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Gathered<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Gathered<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let stream = Pin::new(&mut self.0);
        if let [one] = parts {
            return stream.poll_write(cx, one);
        }
        // Not on the stack, where it would have to be cleared each time.
        ROOM.with_borrow_mut(|room| match join(parts, room) {
            Some(bytes) => stream.poll_write(cx, bytes),
            None => stream.poll_write_vectored(cx, parts),
        })
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

/// All parts one after the other, if there is room for them.
fn join<'a>(parts: &[IoSlice<'_>], room: &'a mut [u8]) -> Option<&'a [u8]> {
    let mut end = 0_usize;
    for part in parts {
        let begin = end;
        end = begin.checked_add(part.len())?;
        room.get_mut(begin..end)?.copy_from_slice(part);
    }
    room.get(..end)
}

#[cfg(test)]
mod tests;
