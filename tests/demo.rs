//! The demo, as a person runs it: the built binary, on free ports.
#![expect(clippy::expect_used, reason = "in a test a missing binary is a failure")]

use std::net::TcpListener;
use std::process::{Child, Command, Output};

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gatecloak"));
    command.arg("demo").args(arguments);
    command
}

fn demo(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the binary runs")
}

/// A process that does not outlive its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn every_printed_call_gives_what_it_promises() {
    let output = demo(&["--check", "--port-base", "0"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("calls gave what they promise"), "{text}");
}

#[test]
fn settings_of_another_gateway_in_the_environment_do_not_matter() {
    let output = command(&["--check", "--port-base", "0"])
        .env("GATECLOAK_LISTENER__ADDRESS", "nonsense")
        .output()
        .expect("the binary runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_taken_port_is_named_and_nothing_starts() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("bound").port().to_string();
    let output = demo(&["--check", "--gateway-port", &port]);
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains(&format!("port {port} is taken")), "{text}");
    assert!(text.contains("hint: "), "{text}");
}

#[test]
fn ctrl_c_ends_the_demo_cleanly() {
    use std::io::{BufRead as _, BufReader};
    use std::process::Stdio;

    let child = command(&["--port-base", "0"]).stdout(Stdio::piped()).spawn().expect("the binary runs");
    let mut demo = Running(child);
    let mut lines = BufReader::new(demo.0.stdout.take().expect("a pipe")).lines();
    let last = lines.find(|line| line.as_ref().is_ok_and(|line| line.contains("Ctrl-C ends the demo")));
    assert!(last.is_some(), "the demo ended before it had said everything");
    let killed = Command::new("kill").args(["-INT", &demo.0.id().to_string()]).status().expect("kill runs");
    assert!(killed.success());
    assert_eq!(demo.0.wait().expect("it ends").code(), Some(0));
}
