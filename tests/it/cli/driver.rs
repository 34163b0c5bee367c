//! `gatecloak api` as a child process, a line at a time.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// The process, and how many calls it has answered.
pub(super) struct Driver {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    calls: usize,
}

impl Driver {
    pub(super) fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_gatecloak"))
            .arg("api")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a process");
        let input = process.stdin.take();
        let output = BufReader::new(process.stdout.take().expect("a pipe"));
        Self { process, input, output, calls: 0 }
    }

    /// An administrator of the server, as the handle `a`.
    pub(super) fn admin(&mut self, server_url: &str, realm: &str) {
        let password = std::env::var("KEYCLOAK_ADMIN_PASSWORD").unwrap_or_else(|_| "admin".to_owned());
        let username = std::env::var("KEYCLOAK_ADMIN").unwrap_or_else(|_| "admin".to_owned());
        let args = json!({
            "server_url": server_url,
            "username": username,
            "password": password,
            "realm_name": realm,
            "user_realm_name": "master",
        });
        let made = self.ask(&json!({"op": "new", "handle": "a", "class": "KeycloakAdmin", "args": args}));
        assert_eq!(made, json!({"ok": null}));
    }

    /// The answer to a line.
    pub(super) fn line(&mut self, line: &[u8]) -> Value {
        let input = self.input.as_mut().expect("an open input");
        input.write_all(line).and_then(|()| input.write_all(b"\n")).expect("written");
        let mut answer = String::new();
        self.output.read_line(&mut answer).expect("a line");
        self.calls += 1;
        serde_json::from_str(&answer).unwrap_or_else(|_| panic!("not JSON: `{answer}`"))
    }

    pub(super) fn ask(&mut self, request: &Value) -> Value {
        self.line(request.to_string().as_bytes())
    }

    /// The value of a call that is to succeed.
    pub(super) fn ok(&mut self, method: &str, args: &Value) -> Value {
        let answer = self.ask(&json!({"op": "call", "handle": "a", "method": method, "args": args}));
        answer.get("ok").unwrap_or_else(|| panic!("{method}: {answer}")).clone()
    }

    /// Class, status and text of a call that is to fail.
    pub(super) fn error(&mut self, method: &str, args: &Value) -> (String, Value, String) {
        let answer = self.ask(&json!({"op": "call", "handle": "a", "method": method, "args": args}));
        let error = answer.get("error").unwrap_or_else(|| panic!("{method}: {answer}"));
        let text = |name: &str| error[name].as_str().expect("a text").to_owned();
        (text("class"), error["response_code"].clone(), text("error_message"))
    }

    /// Status and body of a raw call.
    pub(super) fn raw(&mut self, verb: &str, path: &str, data: &Value) -> (u64, Value) {
        let answer = self.ok(&format!("raw_{verb}"), &json!({"path": path, "data": data}));
        (answer["status_code"].as_u64().expect("a status"), answer["body"].clone())
    }

    pub(super) fn get(&mut self, property: &str) -> Value {
        let answer = self.ask(&json!({"op": "get", "handle": "a", "property": property}));
        answer.get("ok").unwrap_or_else(|| panic!("{property}: {answer}")).clone()
    }

    pub(super) fn set(&mut self, property: &str, value: &Value) {
        let set = json!({"op": "set", "handle": "a", "property": property, "value": value});
        assert_eq!(self.ask(&set), json!({"ok": null}), "{property}");
    }

    pub(super) fn break_token(&mut self) {
        assert_eq!(self.ask(&json!({"op": "break_token", "handle": "a"})), json!({"ok": null}));
    }

    /// Closes the input; it ends well, having said nothing but its answers. Gives the number of calls.
    pub(super) fn end(mut self) -> usize {
        drop(self.input.take());
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).expect("the end");
        assert_eq!(rest, "");
        assert!(self.process.wait().expect("a status").success());
        let mut talk = String::new();
        self.process.stderr.take().expect("a pipe").read_to_string(&mut talk).expect("text");
        assert_eq!(talk, "");
        self.calls
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
