//! A push body, at every function.

use boma_core::Timestamp;
use boma_google::{Action, Answer, HostConfig, Tick, read_push};
use case_runner::functions;

/// Each function takes its first step, with which it has read all that there is to read in the body; and so does each that was
/// broken by it. One that is called on a schedule tells its caller what is wrong; a message would come again for ever.
pub(crate) fn push_body(bytes: &[u8]) {
    let arrival = read_push(bytes.to_vec());
    assert!(arrival.body.len() <= bytes.len(), "more bytes than there were");
    for name in functions::NAMES {
        for panic_text in [None, Some("boom".to_owned())] {
            let config = HostConfig { project: "p".to_owned(), database: "(default)".to_owned() };
            let opened = functions::open_by_name(name, bytes.to_vec(), config, panic_text);
            let now = Timestamp::parse("2026-03-01T10:00:00Z").expect("a time");
            match opened.expect("a function").next(Answer::Begin, Tick { now, random: 7 }) {
                Action::Done(settled) if functions::SCHEDULED.contains(name) => {
                    assert!(matches!(settled.status, 400 | 500), "{name}: {}", settled.status);
                }
                Action::Rpc(rpc) => assert!(rpc.path.ends_with("/BatchGetDocuments"), "{name}: {}", rpc.path),
                Action::Done(settled) => assert!(matches!(settled.status, 204 | 500), "{name}: {}", settled.status),
                Action::Wait { .. } => panic!("{name} waits before it has read"),
            }
        }
    }
}
