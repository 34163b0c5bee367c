//! The process: signals, a reload by signal, no file descriptors, no disk, nobody who reads its output.

use std::net::TcpStream;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;
use std::sync::atomic::Ordering;

use gatecloak::testing::{ChaosProxy, EchoUpstream, RawClient};

use super::child::{Child, Streams, says};
use super::scene::{ask, connect, head, wait_until};

/// Public routes to one upstream; the realm is never reached.
fn public(upstream: std::net::SocketAddr, rest: &str) -> String {
    format!(
        r#"
[listener.limits]
idle_timeout = "60s"
[providers.demo]
issuer = "http://127.0.0.1:9/realms/demo"
client_id = "gateway"
[upstreams.echo]
endpoints = ["http://{upstream}"]
[routes.open]
path = "/open"
require = "public"
{rest}
"#
    )
}

#[test]
fn sigterm_cuts_none_of_two_hundred_requests_in_flight() {
    let upstream = EchoUpstream::start().expect("an upstream");
    let link = ChaosProxy::start(upstream.address()).expect("a proxy");
    let mut child = Child::start(&public(link.address(), ""));
    link.stall();
    let mut clients: Vec<_> = (0..200).map(|_| connect(child.address)).collect();
    for client in &mut clients {
        client.send(head("/open", None)).expect("sent");
    }
    wait_until("all are in flight", || link.connections() >= 200);
    child.signal("TERM");
    wait_until("no new client is let in", || TcpStream::connect(child.address).is_err());
    assert!(child.is_alive());
    link.restore();
    for client in &mut clients {
        let answer = client.response().expect("an answer");
        assert_eq!((answer.status, answer.complete), (200, true));
        assert_eq!(answer.header("connection"), Some("close"));
    }
    assert_eq!(child.ended().code(), Some(0));
}

#[test]
fn a_second_sigterm_ends_it_at_once() {
    let upstream = EchoUpstream::start().expect("an upstream");
    let mut child =
        Child::start(&public(upstream.address(), "[routes.hang]\npath = \"/hang\"\nrequire = \"public\"\n"));
    let mut client = connect(child.address);
    client.send(head("/hang", None)).expect("sent");
    wait_until("it is in flight", || upstream.requests() == 1);
    child.signal("TERM");
    wait_until("no new client is let in", || TcpStream::connect(child.address).is_err());
    assert!(child.is_alive(), "the drain takes 30 s");
    child.signal("TERM");
    assert_eq!(child.ended().code(), Some(143));
    client.response().expect_err("it was cut");
}

#[test]
fn sighup_reloads_and_what_is_broken_changes_nothing() {
    let upstream = EchoUpstream::start().expect("an upstream");
    let good = public(upstream.address(), "");
    let more = public(upstream.address(), "[routes.more]\npath = \"/more\"\nrequire = \"public\"\n");
    let mut child = Child::start(&good);
    let reload_ok = |child: &Child| child.metric("gatecloak_config_last_reload_ok");
    let mut client = connect(child.address);
    assert_eq!(reload_ok(&child), 1.0);
    let half = &more.as_bytes()[..more.len() / 2];
    let broken: [&[u8]; 5] = [b"", b"[routes.open\n", &[0xff, 0xfe, 0], half, b"[routes.open]\npath = 1\n"];
    for text in broken {
        child.write(text);
        child.signal("HUP");
        wait_until("the failed reload", || reload_ok(&child) == 0.0);
        assert_eq!(ask(&mut client, "/open", None).status, 200);
        assert_eq!(ask(&mut client, "/more", None).status, 404);
        child.configure(&good);
        child.signal("HUP");
        wait_until("the good reload", || reload_ok(&child) == 1.0);
    }
    std::fs::remove_file(child.file()).expect("removed");
    child.signal("HUP");
    wait_until("the failed reload", || reload_ok(&child) == 0.0);
    assert_eq!(ask(&mut client, "/open", None).status, 200);
    child.configure(&more);
    child.signal("HUP");
    wait_until("the new route", || ask(&mut client, "/more", None).status == 200);
    wait_until("the good reload", || reload_ok(&child) == 1.0);
    child.signal("TERM");
    assert_eq!(child.ended().code(), Some(0));
}

#[test]
fn without_file_descriptors_it_waits_and_recovers() {
    let upstream = EchoUpstream::start().expect("an upstream");
    let mut child = Child::start_with(&public(upstream.address(), ""), Streams::quiet(), "ulimit -n 64");
    let mut established = connect(child.address);
    assert_eq!(ask(&mut established, "/open", None).status, 200);
    // The kernel takes them all, the gateway cannot.
    let mut crowd: Vec<_> = (0..200).map(|_| connect(child.address)).collect();
    for client in &mut crowd {
        client.send(head("/open", None)).expect("sent");
    }
    for _ in 0..50 {
        let status = ask(&mut established, "/open", None).status;
        assert!(matches!(status, 200 | 502), "{status}");
    }
    assert!(child.is_alive());
    drop(crowd);
    wait_until("new clients are served", || {
        RawClient::get(child.address, "/open", &[]).is_ok_and(|answer| answer.status == 200)
    });
    assert_eq!(ask(&mut established, "/open", None).status, 200);
    child.signal("TERM");
    assert_eq!(child.ended().code(), Some(0));
}

#[test]
fn a_full_disk_costs_lines_and_no_request() {
    let upstream = EchoUpstream::start().expect("an upstream");
    let mut child = Child::start_with(&public(upstream.address(), ""), Streams::full(), "");
    let mut client = connect(child.address);
    for _ in 0..200 {
        assert_eq!(ask(&mut client, "/open", None).status, 200);
    }
    wait_until("lines are dropped and counted", || {
        child.metric("gatecloak_access_log_dropped_total") >= 200.0
            && child.metric("gatecloak_log_dropped_total") > 0.0
    });
    child.signal("TERM");
    let ended = child.ended();
    assert_eq!((ended.code(), ended.signal()), (Some(0), None));
}

#[test]
fn a_reader_of_its_output_that_went_away_is_no_reason_to_end() {
    let upstream = EchoUpstream::start().expect("an upstream");
    let streams = Streams { output: Stdio::piped(), error: Stdio::piped() };
    let mut child = Child::start_with(&public(upstream.address(), ""), streams, "");
    child.close_output();
    drop(child.take_error());
    let mut client = connect(child.address);
    // A process that is being started beside this one may hold the other ends for a moment.
    wait_until("lines are dropped and counted", || {
        assert_eq!(ask(&mut client, "/open", None).status, 200);
        child.metric("gatecloak_access_log_dropped_total") >= 10.0
    });
    child.signal("HUP");
    child.signal("TERM");
    assert_eq!(child.ended().code(), Some(0));
}

#[test]
fn closed_standard_streams_are_no_reason_to_end() {
    let upstream = EchoUpstream::start().expect("an upstream");
    let mut child = Child::start_with(&public(upstream.address(), ""), Streams::quiet(), "exec >&- 2>&-");
    let mut client = connect(child.address);
    for _ in 0..50 {
        // Nothing of the log may end up in a socket that got the number of a closed stream.
        assert_eq!(ask(&mut client, "/open", None).status, 200);
    }
    child.signal("TERM");
    assert_eq!(child.ended().code(), Some(0));
}

#[test]
fn a_reader_that_does_not_read_holds_up_no_request() {
    let upstream = EchoUpstream::start().expect("an upstream");
    let streams = Streams { output: Stdio::piped(), error: Stdio::piped() };
    let mut child = Child::start_with(&public(upstream.address(), ""), streams, "");
    let stopped = says(child.take_error(), "stopped");
    let mut client = connect(child.address);
    // More than the pipe and the queue hold.
    let path = format!("/open?{}", "x".repeat(2000));
    let dropped = |child: &Child| child.metric("gatecloak_access_log_dropped_total") > 0.0;
    wait_until("lines are dropped and counted", || {
        for _ in 0..200 {
            assert_eq!(ask(&mut client, &path, None).status, 200);
        }
        dropped(&child)
    });
    child.signal("TERM");
    assert_eq!(child.ended().code(), Some(0), "what cannot be written does not hold up the end either");
    wait_until("it says so", || stopped.load(Ordering::Relaxed));
}

#[test]
fn a_thousand_clients_that_go_away_leave_nothing_behind() {
    let upstream = EchoUpstream::start().expect("an upstream");
    let routes = ["hang", "sse", "up"]
        .map(|name| format!("[routes.{name}]\npath = \"/{name}\"\nrequire = \"public\"\n"));
    let child = Child::start(&public(upstream.address(), &routes.concat()));
    let round = |times: usize| {
        for number in 0..times {
            let mut client = connect(child.address);
            match number % 3 {
                0 => client.send(head("/hang", None)).expect("sent"),
                1 => {
                    client.send(head("/sse", None)).expect("sent");
                    client.bytes(1).expect("the begin of an answer");
                }
                _ => {
                    let upload = "POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nthe begin";
                    client.send(upload).expect("sent");
                }
            }
        }
    };
    let connections = |child: &Child| child.metric("gatecloak_connections");
    let files = |child: &Child| child.metric("process_open_fds");
    round(30);
    wait_until("all have gone", || connections(&child) == 0.0);
    let before = files(&child);
    round(1000);
    wait_until("all have gone", || connections(&child) == 0.0);
    wait_until("nothing is left", || files(&child) <= before + 4.0);
}
