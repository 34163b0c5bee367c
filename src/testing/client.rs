//! A plain HTTP/1.1 client: sends the bytes it is given and shows the answer as it came, tidying nothing.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// The longest that the head of an answer, or the next bytes of its body, are waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Silence after which [`RawClient::raw`] takes it that nothing more will come.
const SILENCE: Duration = Duration::from_millis(500);

/// An answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawResponse {
    /// The status.
    pub status: u16,
    /// Names as they came, values without the blanks around them, in order.
    pub headers: Vec<(String, String)>,
    /// The body, with chunks joined.
    pub body: Vec<u8>,
    /// Trailers of a chunked body.
    pub trailers: Vec<(String, String)>,
    /// The body came to its end: by length, by its last chunk, or by the close of a connection that delimits it.
    pub complete: bool,
}

impl RawResponse {
    /// The first value of a header, by name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Every value of a header.
    pub fn all(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str()).collect()
    }

    /// The body as text, whatever is no UTF-8 replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> io::Result<serde_json::Value> {
        serde_json::from_slice(&self.body).map_err(io::Error::other)
    }
}

/// A connection. Blocking, so that it serves plain tests; every wait has an end.
#[derive(Debug)]
pub struct RawClient {
    stream: TcpStream,
    /// Bytes that have come and are not yet taken.
    read: Vec<u8>,
    closed: bool,
}

impl RawClient {
    /// Connects.
    pub fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self { stream, read: Vec::new(), closed: false })
    }

    /// Sends bytes as they are.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(bytes.as_ref())
    }

    /// The next answer. An error if the connection ends or nothing comes before a whole head has come; a body that
    /// breaks off is no error, but not [`RawResponse::complete`].
    pub fn response(&mut self) -> io::Result<RawResponse> {
        self.response_to("GET", PATIENCE)
    }

    /// The next answer, to a `HEAD` request: it has no body, whatever its head says.
    pub fn response_to_head(&mut self) -> io::Result<RawResponse> {
        self.response_to("HEAD", PATIENCE)
    }

    /// The bytes that come until the connection is closed. An error if it is not.
    pub fn rest(&mut self) -> io::Result<Vec<u8>> {
        let end = Instant::now() + PATIENCE;
        while self.fill(end)? {}
        Ok(std::mem::take(&mut self.read))
    }

    /// At least `count` further bytes, or those before the end of the connection.
    pub fn bytes(&mut self, count: usize) -> io::Result<Vec<u8>> {
        let end = Instant::now() + PATIENCE;
        while self.read.len() < count && self.fill(end)? {}
        Ok(std::mem::take(&mut self.read))
    }

    /// Whether the peer closes the connection within this time; what it sends before is dropped.
    pub fn is_closed_within(&mut self, time: Duration) -> bool {
        let end = Instant::now() + time;
        loop {
            match self.fill(end) {
                Ok(true) => self.read.clear(),
                Ok(false) => return true,
                Err(error) => return !is_timeout(&error),
            }
        }
    }

    /// The socket, for options such as a reset on close.
    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// Sends bytes on a new connection and gives every answer that comes until the connection is closed, or until no more
    /// comes for half a second after an answer. Asking for `Connection: close` saves that time.
    pub fn raw(address: SocketAddr, bytes: impl AsRef<[u8]>) -> io::Result<Vec<RawResponse>> {
        let mut client = Self::connect(address)?;
        // A peer that refuses the head may close before it has read the rest; its answer still counts.
        let sent = client.send(bytes.as_ref());
        let mut answers = Vec::new();
        let mut methods = methods(bytes.as_ref()).into_iter();
        loop {
            let patience = if answers.is_empty() { PATIENCE } else { SILENCE };
            let method = methods.next().unwrap_or_else(|| "GET".to_owned());
            match client.response_to(&method, patience) {
                Ok(answer) => answers.push(answer),
                Err(error) if answers.is_empty() && is_timeout(&error) => return Err(error),
                Err(_) => break,
            }
        }
        if answers.is_empty() {
            sent?;
        }
        Ok(answers)
    }

    /// One `GET` on a connection of its own.
    pub fn get(address: SocketAddr, target: &str, headers: &[(&str, &str)]) -> io::Result<RawResponse> {
        Self::request(address, "GET", target, headers, b"")
    }

    /// One `POST` of a form on a connection of its own.
    pub fn post_form(
        address: SocketAddr,
        target: &str,
        headers: &[(&str, &str)],
        parameters: &[(&str, &str)],
    ) -> io::Result<RawResponse> {
        let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
        let pairs: Vec<_> =
            parameters.iter().map(|(key, value)| format!("{}={}", encode(key), encode(value))).collect();
        let kind = [("Content-Type", "application/x-www-form-urlencoded")];
        let headers: Vec<_> = kind.iter().chain(headers).copied().collect();
        Self::request(address, "POST", target, &headers, pairs.join("&").as_bytes())
    }

    /// One request on a connection of its own. `Host` is the address unless it is given; a body has a `Content-Length`.
    pub fn request(
        address: SocketAddr,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<RawResponse> {
        let mut head = format!("{method} {target} HTTP/1.1\r\n");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            head.push_str(&format!("Host: {address}\r\n"));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        head.push_str("Connection: close\r\n\r\n");
        let mut client = Self::connect(address)?;
        client.send([head.as_bytes(), body].concat())?;
        client.response_to(method, PATIENCE)
    }

    fn response_to(&mut self, method: &str, patience: Duration) -> io::Result<RawResponse> {
        let end = Instant::now() + patience;
        let head = loop {
            if let Some(at) = find(&self.read, b"\r\n\r\n") {
                break self.take(at + 4);
            }
            if !self.fill(end)? {
                return Err(io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    "closed before a whole head had come",
                ));
            }
        };
        let head = String::from_utf8_lossy(&head).into_owned();
        let (line, fields) = head.split_once("\r\n").unwrap_or((&head, ""));
        let status = line.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.filter(|_| line.starts_with("HTTP/1."));
        let status =
            status.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "not an HTTP/1 status line"))?;
        let mut answer = RawResponse { status, headers: fields_of(fields), ..RawResponse::default() };
        let chunked = answer.header("transfer-encoding").is_some_and(|value| value.contains("chunked"));
        let length = answer.header("content-length").and_then(|value| value.parse::<usize>().ok());
        if method == "HEAD" || matches!(status, 100..200 | 204 | 304) {
            answer.complete = true;
        } else if chunked {
            self.chunks(&mut answer)?;
        } else if let Some(length) = length {
            answer.body = self.up_to(length)?;
            answer.complete = answer.body.len() == length;
        } else {
            answer.complete = loop {
                match self.fill(Instant::now() + PATIENCE) {
                    Ok(true) => {}
                    Ok(false) => break true,
                    Err(error) if is_timeout(&error) => return Err(error),
                    Err(_) => break false,
                }
            };
            answer.body = std::mem::take(&mut self.read);
        }
        Ok(answer)
    }

    fn chunks(&mut self, answer: &mut RawResponse) -> io::Result<()> {
        loop {
            let Some(line) = self.line()? else { return Ok(()) };
            let size = line.split(';').next().unwrap_or_default().trim();
            let Ok(size) = usize::from_str_radix(size, 16) else { return Ok(()) };
            if size == 0 {
                break;
            }
            let mut piece = self.up_to(size + 2)?;
            let whole = piece.len() == size + 2;
            piece.truncate(size);
            answer.body.extend(piece);
            if !whole {
                return Ok(());
            }
        }
        while let Some(line) = self.line()? {
            if line.is_empty() {
                answer.complete = true;
                return Ok(());
            }
            answer.trailers.extend(fields_of(&line));
        }
        Ok(())
    }

    /// The next line without its end; `None` if the connection ends before.
    fn line(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(at) = find(&self.read, b"\r\n") {
                let mut line = self.take(at + 2);
                line.truncate(at);
                return Ok(Some(String::from_utf8_lossy(&line).into_owned()));
            }
            if !self.fill_or_broken()? {
                return Ok(None);
            }
        }
    }

    fn up_to(&mut self, count: usize) -> io::Result<Vec<u8>> {
        while self.read.len() < count && self.fill_or_broken()? {}
        Ok(self.take(count.min(self.read.len())))
    }

    /// In a body a reset is an end like any other: not a complete one. A large body may take as long as it likes, while
    /// something comes.
    fn fill_or_broken(&mut self) -> io::Result<bool> {
        match self.fill(Instant::now() + PATIENCE) {
            Err(error) if !is_timeout(&error) => Ok(false),
            other => other,
        }
    }

    /// Reads once; `false` at the end of the connection.
    fn fill(&mut self, end: Instant) -> io::Result<bool> {
        if self.closed {
            return Ok(false);
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "nothing more came in time"));
        }
        self.stream.set_read_timeout(Some(left))?;
        let mut buffer = [0; 64 * 1024];
        let count = self.stream.read(&mut buffer)?;
        self.closed = count == 0;
        self.read.extend(buffer.iter().take(count));
        Ok(count > 0)
    }

    fn take(&mut self, count: usize) -> Vec<u8> {
        let rest = self.read.split_off(count);
        std::mem::replace(&mut self.read, rest)
    }
}

/// The methods of the requests in a piece of pipelined bytes, as far as they stand at the begin of a line.
fn methods(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.lines().filter(|line| line.contains(" HTTP/1."));
    lines.filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

fn fields_of(text: &str) -> Vec<(String, String)> {
    let fields = text.split("\r\n").filter_map(|line| line.split_once(':'));
    fields.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect()
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock)
}
