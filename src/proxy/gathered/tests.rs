use tokio::io::AsyncWriteExt as _;

use super::*;

/// Notes how it was written to.
#[derive(Default)]
struct Noted {
    written: Vec<u8>,
    calls: Vec<&'static str>,
}

impl AsyncWrite for Noted {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.calls.push("one");
        self.written.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.calls.push("list");
        parts.iter().for_each(|part| self.written.extend_from_slice(part));
        Poll::Ready(Ok(parts.iter().map(|part| part.len()).sum()))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn what_is_small_is_written_at_once_and_what_is_large_as_it_is() {
    let large = vec![b'x'; SMALL];
    for (parts, way) in [
        (vec![&b"head"[..]], "one"),
        (vec![&b"head"[..], b"", b"body"], "one"),
        (vec![&large[1..], b"y"], "one"),
        (vec![&large, b"y"], "list"),
        (vec![&large], "one"),
    ] {
        let mut stream = Gathered::new(Noted::default());
        let slices: Vec<_> = parts.iter().map(|part| IoSlice::new(part)).collect();
        let written = stream.write_vectored(&slices).await.unwrap();
        assert_eq!(written, parts.concat().len());
        assert_eq!(stream.0.written, parts.concat());
        assert_eq!(stream.0.calls, [way]);
    }
}
