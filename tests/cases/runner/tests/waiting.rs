//! At most four deliveries of an instance wait for a document at once. Each test has a thread of its own, and with it an instance.

use boma_core::kernel::timestamp::Timestamp;
use boma_functions::by_name;
use boma_google::{Action, Answer, HostConfig, Invocation, Rpc, Tick, open_post};
use case_runner::store::Store;
use serde_json::{Value as Json, json};

const PLACES: usize = 4;
const NOW_MS: i64 = 1_772_359_200_000; // 2026-03-01T10:00:00Z

/// A delivery of a payment whose customer nobody knows, and the world in which it happens.
struct Unknown {
    invocation: Box<dyn Invocation>,
    store: Store,
    now_ms: i64,
}

impl Unknown {
    fn new(number: usize) -> Unknown {
        let event = json!({
            "specversion": "1.0", "id": format!("00000000-0000-4000-8000-{number:012}"), "source": "//bank/test", "type": "PaymentReceived",
            "subject": format!("10000000-0000-4000-8000-{number:012}"), "time": "2026-03-01T09:59:58Z",
            "data": {
                "transactionId": format!("20000000-0000-4000-8000-{number:012}"), "amount": "7.00", "currency": "CZK", "method": "CASH",
            },
        });
        let data = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, event.to_string());
        let push = json!({ "message": { "data": data, "messageId": "1", "orderingKey": event["subject"] }, "deliveryAttempt": 1 });
        let config = HostConfig::new("p", "(default)");
        let payments = by_name("payments").expect("a function");
        let invocation = open_post(payments, push.to_string().into_bytes(), config, None);
        Unknown { invocation, store: Store::default(), now_ms: NOW_MS }
    }

    fn next(&mut self, answer: Answer) -> Action {
        let now = Timestamp::from_micros(self.now_ms * 1_000).expect("in range");
        self.invocation.next(answer, Tick { now, random: 7 })
    }

    fn called(&mut self, Rpc { path, bytes, .. }: &Rpc) -> Answer {
        let answered = self.store.answer(path, bytes);
        Answer::Rpc { messages: answered.messages, status: answered.status }
    }

    /// After its first read: whether it waits, or goes on to file.
    fn waits(&mut self) -> bool {
        let Action::Rpc(read) = self.next(Answer::Begin) else { panic!("it reads first") };
        let answer = self.called(&read);
        matches!(self.next(answer), Action::Wait { .. })
    }

    /// From its wait to its end; how long it waited in all.
    fn ends(&mut self) -> (Json, i64) {
        let (began_ms, mut answer) = (self.now_ms, Answer::Waited);
        loop {
            answer = match self.next(answer) {
                Action::Rpc(rpc) => self.called(&rpc),
                Action::Wait { ms } => {
                    self.now_ms += i64::from(ms);
                    Answer::Waited
                }
                Action::Done(response) => return (json!(response.outcome()), self.now_ms - began_ms),
                Action::Body => unreachable!("the request was given whole"),
                Action::Fetch(_) => unreachable!("only operators' tokens are looked up"),
            };
        }
    }
}

#[test]
fn the_fifth_files_at_once_and_the_next_has_the_place_of_one_that_ended() {
    let mut waiting: Vec<_> = (0..PLACES).map(Unknown::new).collect();
    assert!(waiting.iter_mut().all(Unknown::waits));
    assert!(!Unknown::new(PLACES).waits());

    let (outcome, waited_ms) = waiting[0].ends();
    assert_eq!(outcome, json!("AWAITED"));
    assert!((800..=1_000).contains(&waited_ms), "{waited_ms} ms after its first wait");
    assert!(Unknown::new(PLACES + 1).waits());
    // That one is gone again, as a delivery whose connection broke.
    assert!(Unknown::new(PLACES + 2).waits());
}

#[test]
fn who_waits_keeps_the_place_while_it_reads() {
    let mut waiting: Vec<_> = (0..PLACES).map(Unknown::new).collect();
    assert!(waiting.iter_mut().all(Unknown::waits));
    let Action::Rpc(reread) = waiting[0].next(Answer::Waited) else { panic!("it reads again") };
    assert!(!Unknown::new(PLACES).waits());
    let answer = waiting[0].called(&reread);
    assert!(matches!(waiting[0].next(answer), Action::Wait { .. }));
}
