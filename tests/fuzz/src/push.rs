//! A push body, at every function.

use boma_core::event::origin::FirstEdition;
use boma_core::kernel::timestamp::Timestamp;
use boma_core::protocol::function::Trigger;
use boma_functions::ALL;
use boma_google::{Action, Answer, HostConfig, Tick, open_post, read_push};

/// Each function takes its first step, which parses the whole body, also after a trap. One that hears no messages answers what it can't
/// read with an error. A message must not be answered so, or it would be redelivered for ever.
pub(crate) fn push_body(bytes: &[u8]) {
    let received = read_push(bytes.to_vec().into(), FirstEdition::Drained);
    assert!(received.body.len() <= bytes.len(), "more bytes than there were");
    for function in ALL {
        let name = function.name;
        for panic_text in [None, Some("boom".to_owned())] {
            let config = HostConfig::new("p", "(default)");
            let mut opened = open_post(function, bytes.to_vec(), config, panic_text);
            let now = Timestamp::parse("2026-03-01T10:00:00Z").expect("a time");
            match opened.next(Answer::Begin, Tick { now, random: 7 }) {
                // It has no token.
                Action::Done(response) if matches!(function.trigger, Trigger::Http { .. }) => {
                    assert!(matches!(response.status, 401 | 500), "{name}: {}", response.status);
                }
                Action::Done(response) if !matches!(function.trigger, Trigger::Message { .. }) => {
                    assert!(matches!(response.status, 400 | 500), "{name}: {}", response.status);
                }
                // A run without parameters may begin with its query.
                Action::Rpc(rpc) if matches!(function.trigger, Trigger::Schedule { .. }) => {
                    let is_reading =
                        ["/BatchGetDocuments", "/RunQuery"].iter().any(|method| rpc.path.ends_with(method));
                    assert!(is_reading, "{name}: {}", rpc.path);
                }
                Action::Rpc(rpc) => assert!(rpc.path.ends_with("/BatchGetDocuments"), "{name}: {}", rpc.path),
                Action::Done(response) => assert!(matches!(response.status, 204 | 500), "{name}: {}", response.status),
                Action::Body => panic!("{name} asks for the body that it has"),
                Action::Fetch(_) => panic!("{name} fetches, and is called by no operator"),
                Action::Wait { .. } => panic!("{name} waits before it has read"),
            }
        }
    }
}
