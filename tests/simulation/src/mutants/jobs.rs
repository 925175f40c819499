//! Mutants of the scheduled functions.

use boma_google::{Action, Answer, Invocation, Rpc, Tick};
use googleapis_tonic_google_firestore_v1::google::firestore::v1::{RunQueryResponse, value::ValueType};
use googleapis_tonic_google_pubsub_v1::google::pubsub::v1::PublishRequest;
use prost::Message as _;
use serde_json::Value as Json;
use uuid::Uuid;

use super::requests::is_publish;

/// Each run publishes its expiries under new ids.
pub(super) struct IdOfTheMoment {
    real: Box<dyn Invocation>,
}

impl IdOfTheMoment {
    pub(super) fn of(real: Box<dyn Invocation>) -> Self {
        Self { real }
    }
}

impl Invocation for IdOfTheMoment {
    fn next(&mut self, answer: Answer, tick: Tick) -> Action {
        match self.real.next(answer, tick) {
            Action::Rpc(rpc) if is_publish(&rpc) => Action::Rpc(under_another_id(rpc, tick)),
            action @ (Action::Body | Action::Rpc(_) | Action::Fetch(_) | Action::Wait { .. } | Action::Done(_)) => {
                action
            }
        }
    }
}

fn under_another_id(rpc: Rpc, tick: Tick) -> Rpc {
    let mut request = PublishRequest::decode(rpc.bytes.as_slice()).expect("a publish request");
    // A replay keeps the id of its event.
    for message in request.messages.iter_mut().filter(|it| !it.attributes.contains_key("replayOf")) {
        let mut event: Json = serde_json::from_slice(&message.data).expect("an event");
        event["id"] = Uuid::new_v5(&Uuid::NAMESPACE_URL, tick.now.to_string().as_bytes()).to_string().into();
        message.data = event.to_string().into_bytes();
    }
    Rpc { bytes: request.encode_to_vec(), ..rpc }
}

/// Its clock is a day ahead: it publishes expiries too early.
pub(super) struct ADayAhead {
    real: Box<dyn Invocation>,
}

const DAY_MICROS: i64 = 24 * 60 * 60 * 1_000_000;

impl ADayAhead {
    pub(super) fn of(real: Box<dyn Invocation>) -> Self {
        Self { real }
    }
}

impl Invocation for ADayAhead {
    fn next(&mut self, answer: Answer, tick: Tick) -> Action {
        let now = boma_core::kernel::timestamp::Timestamp::from_micros(tick.now.micros() + DAY_MICROS)
            .expect("a moment in our time");
        self.real.next(answer, Tick { now, ..tick })
    }
}

/// Its queries find nothing.
pub(super) struct FindsNothing {
    real: Box<dyn Invocation>,
    queries: bool,
}

impl FindsNothing {
    pub(super) fn of(real: Box<dyn Invocation>) -> Self {
        Self { real, queries: false }
    }
}

impl Invocation for FindsNothing {
    fn next(&mut self, answer: Answer, tick: Tick) -> Action {
        let answer = match answer {
            Answer::Rpc { status, .. } if self.queries => Answer::Rpc { messages: Vec::new(), status },
            answer @ (Answer::Begin | Answer::Body(..) | Answer::Waited | Answer::Fetched(_) | Answer::Rpc { .. }) => {
                answer
            }
        };
        let action = self.real.next(answer, tick);
        self.queries = matches!(&action, Action::Rpc(rpc) if rpc.path.ends_with("/RunQuery"));
        action
    }
}

/// Takes the youngest letter of a customer for the oldest.
pub(super) struct YoungestFirst {
    real: Box<dyn Invocation>,
    queries: bool,
}

impl YoungestFirst {
    pub(super) fn of(real: Box<dyn Invocation>) -> Self {
        Self { real, queries: false }
    }
}

impl Invocation for YoungestFirst {
    fn next(&mut self, answer: Answer, tick: Tick) -> Action {
        let answer = match answer {
            Answer::Rpc { messages, status } if self.queries => {
                let now = tick.now.micros() / 1_000_000;
                Answer::Rpc { messages: messages.iter().map(|row| mirrored(row, now)).collect(), status }
            }
            answer @ (Answer::Begin | Answer::Body(..) | Answer::Waited | Answer::Fetched(_) | Answer::Rpc { .. }) => {
                answer
            }
        };
        let action = self.real.next(answer, tick);
        self.queries = matches!(&action, Action::Rpc(rpc) if rpc.path.ends_with("/RunQuery"));
        action
    }
}

/// As far after now as it was before.
fn mirrored(row: &[u8], now: i64) -> Vec<u8> {
    let mut answer = RunQueryResponse::decode(row).expect("an answer to a query");
    let received = answer.document.as_mut().and_then(|letter| letter.fields.get_mut("receivedAt"));
    if let Some(ValueType::TimestampValue(at)) = received.and_then(|value| value.value_type.as_mut()) {
        at.seconds = 2 * now - at.seconds;
        at.nanos = 999_999_000 - at.nanos;
    }
    answer.encode_to_vec()
}
