//! A client's byte stream, which tells its [`Activity`](super::activity::Activity) what happens on it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::activities::Entry;

/// A TCP or TLS stream. The connection counts as open while this lives, also when it is no longer HTTP (websockets).
pub(super) struct Stream<T> {
    inner: T,
    /// Was read, and is to be read again.
    pushed_back: Bytes,
    entry: Entry,
}

impl<T> Stream<T> {
    pub(super) fn new(inner: T, entry: Entry) -> Self {
        Self { inner, pushed_back: Bytes::new(), entry }
    }

    /// Gives bytes back that were read, to be read first.
    pub(super) fn push_back(&mut self, bytes: Bytes) {
        self.pushed_back = bytes;
    }

    fn note<R>(&self, written: Poll<R>) -> Poll<R> {
        match written {
            Poll::Pending => self.entry.activity.write_stalls(),
            Poll::Ready(_) => self.entry.activity.write_goes_on(),
        }
        written
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Stream<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.pushed_back.is_empty() {
            let length = self.pushed_back.len().min(buffer.remaining());
            buffer.put_slice(&self.pushed_back.split_to(length));
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buffer))?;
        if buffer.filled().len() > before {
            self.entry.activity.bytes_came();
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Stream<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(cx, bytes);
        self.note(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write_vectored(cx, parts);
        self.note(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.inner).poll_flush(cx);
        self.note(flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.inner).poll_shutdown(cx);
        self.note(shut)
    }
}
