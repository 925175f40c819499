//! The command ends when its work is done, even if stdin stays open, and when stdin is closed.
#![expect(clippy::disallowed_methods, reason = "whether a command ends, is waited for by the real clock")]

use std::{
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Far longer than a few deliveries take.
const TIMEOUT: Duration = Duration::from_secs(60);

#[test]
fn it_ends_by_itself_although_its_stdin_stays_open() {
    let mut child = simulate(&["--stops-with-stdin", "--seed", "1", "--deliveries", "1"]);
    assert!(ended(&mut child).success());
}

#[test]
fn it_ends_with_its_summary_when_its_stdin_is_closed() {
    let mut child = simulate(&["--stops-with-stdin", "--seed", "1"]);
    drop(child.stdin.take());
    assert!(ended(&mut child).success());
}

fn simulate(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_simulation"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the simulator starts")
}

fn ended(child: &mut Child) -> ExitStatus {
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            return status;
        }
        if began.elapsed() > TIMEOUT {
            child.kill().expect("it can be killed");
            panic!("still running after {} s", TIMEOUT.as_secs());
        }
        thread::sleep(Duration::from_millis(50));
    }
}
