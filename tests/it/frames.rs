//! A plain HTTP/2 client: sends the frames it is given, which a library would not.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// The longest that anything is waited for.
const PATIENCE: Duration = Duration::from_secs(15);

pub(crate) const DATA: u8 = 0x0;
pub(crate) const HEADERS: u8 = 0x1;
pub(crate) const RST_STREAM: u8 = 0x3;
pub(crate) const SETTINGS: u8 = 0x4;
pub(crate) const PING: u8 = 0x6;
pub(crate) const GOAWAY: u8 = 0x7;
pub(crate) const CONTINUATION: u8 = 0x9;

pub(crate) const END_STREAM: u8 = 0x1;
pub(crate) const END_HEADERS: u8 = 0x4;
const ACK: u8 = 0x1;

/// The setting for how much may be sent to us unasked.
pub(crate) const INITIAL_WINDOW_SIZE: u16 = 0x4;

/// A connection with prior knowledge.
pub(crate) struct Frames {
    stream: TcpStream,
    read: Vec<u8>,
}

/// What came back on a stream.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// None: the stream was reset or the connection closed.
    pub(crate) status: Option<u16>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

impl Frames {
    /// Connects and says these settings.
    pub(crate) fn connect(address: SocketAddr, settings: &[(u16, u32)]) -> Self {
        let stream = TcpStream::connect_timeout(&address, PATIENCE).expect("a connection");
        stream.set_write_timeout(Some(PATIENCE)).expect("a timeout");
        let mut frames = Self { stream, read: Vec::new() };
        frames.stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").expect("sent");
        let settings = settings.iter().flat_map(|(name, value)| {
            name.to_be_bytes().into_iter().chain(value.to_be_bytes()).collect::<Vec<_>>()
        });
        let settings: Vec<u8> = settings.collect();
        frames.send(SETTINGS, 0, 0, &settings).expect("sent");
        frames
    }

    /// One frame.
    pub(crate) fn send(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> io::Result<()> {
        self.stream.write_all(&frame(kind, flags, stream, payload))
    }

    /// Many frames at once.
    pub(crate) fn send_all(&mut self, frames: &[u8]) -> io::Result<()> {
        self.stream.write_all(frames)
    }

    /// A request on a connection of its own, with these fields in this order, pseudo fields and all.
    pub(crate) fn request(address: SocketAddr, fields: &[(&str, &str)]) -> Answer {
        let mut client = Self::connect(address, &[]);
        // A peer that closes at once answers all the same.
        let _ = client.send(HEADERS, END_HEADERS | END_STREAM, 1, &block(fields));
        client.answer(1)
    }

    /// The answer on a stream.
    pub(crate) fn answer(&mut self, stream: u32) -> Answer {
        let end = Instant::now() + PATIENCE;
        let mut answer = Answer::default();
        while let Some((kind, flags, on, payload)) = self.next_frame(end) {
            match kind {
                SETTINGS if flags & ACK == 0 => drop(self.send(SETTINGS, ACK, 0, &[])),
                HEADERS if on == stream && answer.status.is_none() => answer.status = Some(status(&payload)),
                DATA if on == stream => answer.body.extend(&payload),
                RST_STREAM if on == stream => break,
                GOAWAY => break,
                _ => {}
            }
            if on == stream && matches!(kind, HEADERS | DATA) && flags & END_STREAM != 0 {
                break;
            }
        }
        answer
    }

    /// The next frame; none at the end of the connection, or of the time.
    fn next_frame(&mut self, end: Instant) -> Option<(u8, u8, u32, Vec<u8>)> {
        loop {
            if let [a, b, c, kind, flags, s0, s1, s2, s3, rest @ ..] = &*self.read {
                let length = usize::try_from(u32::from_be_bytes([0, *a, *b, *c])).expect("a length");
                if rest.len() >= length {
                    let payload = rest[..length].to_vec();
                    let found = (*kind, *flags, u32::from_be_bytes([*s0 & 0x7f, *s1, *s2, *s3]), payload);
                    self.read.drain(..9 + length);
                    return Some(found);
                }
            }
            let left = end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
            self.stream.set_read_timeout(Some(left)).expect("a timeout");
            let mut buffer = [0; 16 * 1024];
            match self.stream.read(&mut buffer) {
                Ok(0) | Err(_) => return None,
                Ok(count) => self.read.extend(&buffer[..count]),
            }
        }
    }
}

/// A frame as bytes.
pub(crate) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a length").to_be_bytes();
    let mut bytes = vec![length[1], length[2], length[3], kind, flags];
    bytes.extend(stream.to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// Fields as they stand in `HEADERS`: literals, never indexed, not compressed (RFC 7541 section 6.2.2).
pub(crate) fn block(fields: &[(&str, &str)]) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in fields {
        block.push(0);
        for text in [name, value] {
            push_length(&mut block, text.len());
            block.extend(text.as_bytes());
        }
    }
    block
}

/// An integer with a prefix of seven bits (RFC 7541 section 5.1).
fn push_length(block: &mut Vec<u8>, length: usize) {
    let mut rest = match length {
        0..127 => return block.push(u8::try_from(length).expect("seven bits")),
        _ => length - 127,
    };
    block.push(127);
    while rest >= 128 {
        block.push(u8::try_from(rest % 128).expect("seven bits") | 128);
        rest /= 128;
    }
    block.push(u8::try_from(rest).expect("seven bits"));
}

/// The status at the begin of a first header block: a field of the static table, or a literal of three digits.
fn status(block: &[u8]) -> u16 {
    let block = match block {
        // A new size of the dynamic table.
        [0x20..=0x3f, rest @ ..] => rest,
        other => other,
    };
    match block {
        [indexed @ 0x88..=0x8e, ..] => [200, 204, 206, 304, 400, 404, 500][usize::from(indexed - 0x88)],
        [_, 3, digits @ ..] => String::from_utf8_lossy(&digits[..3]).parse().expect("digits"),
        [_, length, huffman @ ..] if length & 128 != 0 => digits(&huffman[..usize::from(length & 127)]),
        other => panic!("no status: {other:?}"),
    }
}

/// Three digits in Huffman's code (RFC 7541 appendix B).
fn digits(huffman: &[u8]) -> u16 {
    let bits: Vec<u16> =
        huffman.iter().flat_map(|byte| (0..8).rev().map(move |bit| u16::from(byte >> bit & 1))).collect();
    let value = |bits: &[u16]| bits.iter().fold(0, |value, bit| value * 2 + bit);
    let (mut at, mut number) = (0, 0);
    for _ in 0..3 {
        let short = value(&bits[at..at + 5]);
        let digit = if short < 3 { short } else { value(&bits[at..at + 6]) - 0x19 + 3 };
        at += if short < 3 { 5 } else { 6 };
        number = number * 10 + digit;
    }
    number
}
