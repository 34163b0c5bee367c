//! A mail server that takes everything.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use serde_json::{Value, json};

pub(crate) struct Mailbox {
    port: u16,
    mails: Receiver<String>,
}

impl Mailbox {
    pub(crate) fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (sender, mails) = channel();
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                // Nobody waits for mails any more, or the server went away.
                if receive(&connection.expect("a connection"), &sender).is_err() {
                    return;
                }
            }
        });
        Self { port, mails }
    }

    /// What a realm says of its mail server.
    pub(crate) fn settings(&self) -> Value {
        json!({"host": "127.0.0.1", "port": self.port.to_string(), "from": "keycloak@example.org"})
    }

    /// The next mail, with its head.
    pub(crate) fn next(&self) -> String {
        self.mails.recv_timeout(Duration::from_secs(60)).expect("a mail")
    }
}

/// Serves one connection by SMTP.
fn receive(mut connection: &TcpStream, mails: &Sender<String>) -> Result<(), Box<dyn std::error::Error>> {
    let mut lines = BufReader::new(connection.try_clone()?).lines();
    connection.write_all(b"220 mail\r\n")?;
    while let Some(line) = lines.next() {
        let line = line?;
        let answer: &[u8] = match line.split(' ').next().unwrap_or_default() {
            "DATA" => {
                connection.write_all(b"354 go on\r\n")?;
                let mail: Vec<String> =
                    lines.by_ref().map_while(Result::ok).take_while(|line| line != ".").collect();
                mails.send(mail.join("\n"))?;
                b"250 taken\r\n"
            }
            "QUIT" => {
                connection.write_all(b"221 bye\r\n")?;
                return Ok(());
            }
            _ => b"250 fine\r\n",
        };
        connection.write_all(answer)?;
    }
    Ok(())
}
