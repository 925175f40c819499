//! A command on its way: published, and watched for a while until its consumer has a record of it.

use std::mem::replace;

use serde_json::{Map, Value as Json, json};

use super::answers::{Answered, FUNCTION, Next, problem, taken};
use crate::{
    domain::approvals::facts,
    event::{
        catalog::{EventType, Topic},
        envelope::Envelope,
        origin::{FirstEdition, Origin},
        outbox::{self, Batch, Message},
        subscription::Consumer,
    },
    jobs::replay::terms::pause_ms,
    kernel::{
        digest::{Digest, sha256_hex},
        ids::EventId,
        malformed::Malformed,
        timestamp::Timestamp,
    },
    protocol::{
        dead_letter::Kind,
        outcome::{Fault, Outcome},
        request::Success,
        step::{Answer, Call, Step},
    },
    store::{document::Document, path::DocumentPath, snapshot::Snapshot},
};

/// How long the outcome is waited for. It comes all the same.
const WAITS_MS: u32 = 5_000;

/// An event that its consumer will be able to read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Prepared {
    pub(super) id: EventId,
    pub(super) consumer: &'static str,
    pub(super) digest: Digest,
    message: Message,
}

impl Prepared {
    /// What is checked are the bytes that are published.
    pub(super) fn read(
        id: EventId,
        event_type: EventType,
        subject: &str,
        data: &Map<String, Json>,
        at: Timestamp,
    ) -> Result<Prepared, Malformed> {
        let cloud_event = json!({
            "specversion": "1.0",
            "id": id.to_string(),
            "source": outbox::source(FUNCTION),
            "type": event_type.name(),
            "subject": subject,
            "time": at.to_string(),
            "data": data,
        });
        let bytes = cloud_event.to_string().into_bytes();
        let origin = Origin::Published(Topic::Operations, FirstEdition::Drained);
        let event = Envelope::parse(&bytes, origin).map_err(|(malformed, _)| malformed)?;
        facts::check(&event)?;
        let consumer = Consumer::of(Topic::Operations, event.event_type)
            .ok_or_else(|| Malformed::new("type", format_args!("{event_type} has no consumer")))?
            .name;
        Ok(Prepared { id, consumer, digest: event.digest.clone(), message: outbox::as_read(&event, bytes) })
    }

    fn record(&self) -> DocumentPath {
        DocumentPath::processed_event(self.consumer, self.id)
    }

    /// Of the message as it is published now.
    fn letter(&self) -> DocumentPath {
        DocumentPath::dead_letter(self.consumer, &sha256_hex(&self.message.data))
    }

    fn batch(&self) -> Batch {
        let Message { topic, key, .. } = self.message.clone();
        Batch { topic, key, messages: vec![self.message.clone()] }
    }

    /// What its consumer's record says of it; a problem where the record is another command's.
    pub(super) fn outcome(&self, record: &Document) -> Answered {
        if record.string("digest").map_err(problem)? != self.digest.as_str() {
            return Err(taken());
        }
        let outcome = record.word("outcome", Outcome::from_name).map_err(problem)?;
        Ok(self.settled(outcome.name(), record.optional_string("reason").map_err(problem)?))
    }

    fn settled(&self, outcome: &str, reason: Option<&str>) -> Success {
        Success { status: 200, body: self.said(outcome, reason) }
    }

    fn said(&self, outcome: &str, reason: Option<&str>) -> Json {
        let mut body = json!({ "eventId": self.id.to_string(), "outcome": outcome });
        if let Some(reason) = reason {
            body["reason"] = reason.into();
        }
        body
    }
}

#[derive(Clone, Debug)]
pub(super) struct Publication {
    prepared: Prepared,
    waited_ms: u32,
    at: At,
}

#[derive(Clone, Debug)]
enum At {
    /// Whether it was published and handled before.
    LookingFirst,
    Publishing,
    Pausing(u32),
    Looking,
    Done,
}

impl Publication {
    pub(super) fn begin(prepared: Prepared) -> (Publication, Step<Answered>) {
        let mut publication = Publication { prepared, waited_ms: 0, at: At::Done };
        let step = publication.publish();
        (publication, step)
    }

    /// Of what may have been published before: only what no record knows is published once more.
    pub(super) fn resume(prepared: Prepared) -> (Publication, Step<Answered>) {
        let call = Call::read(vec![prepared.record()]);
        (Publication { prepared, waited_ms: 0, at: At::LookingFirst }, Step::Call(call))
    }

    pub(super) fn next(&mut self, answer: Answer<Fault>) -> Next {
        match (replace(&mut self.at, At::Done), answer) {
            (At::LookingFirst, Answer::Found(snapshot)) => match snapshot.get(&self.prepared.record()) {
                Some(record) => Ok(Step::Done(self.prepared.outcome(record))),
                None => Ok(self.publish()),
            },
            (At::Publishing, Answer::Published) => Ok(self.look()),
            (At::Looking, Answer::Found(snapshot)) => self.looked(&snapshot),
            (At::Pausing(ms), Answer::Waited) => {
                self.waited_ms += ms;
                Ok(self.look())
            }
            (At::LookingFirst | At::Publishing | At::Pausing(_) | At::Looking | At::Done, answer) => {
                Err(answer.into_fault().into())
            }
        }
    }

    fn publish(&mut self) -> Step<Answered> {
        self.at = At::Publishing;
        Step::Call(Call::publish(self.prepared.batch()))
    }

    fn look(&mut self) -> Step<Answered> {
        self.at = At::Looking;
        Step::Call(Call::read_fields(
            vec![self.prepared.record(), self.prepared.letter()],
            &["digest", "outcome", "reason", "kind"],
        ))
    }

    /// What is filed without a record wasn't handled: the customer isn't there yet, or the consumer fails.
    fn looked(&mut self, snapshot: &Snapshot) -> Next {
        if let Some(record) = snapshot.get(&self.prepared.record()) {
            return Ok(Step::Done(self.prepared.outcome(record)));
        }
        if let Some(letter) = snapshot.get(&self.prepared.letter()) {
            let kind = letter.word("kind", Kind::from_name).map_err(problem)?;
            let reason = letter.optional_string("reason").map_err(problem)?;
            return Ok(Step::Done(Ok(self.prepared.settled(kind.name(), reason))));
        }
        let left = WAITS_MS.saturating_sub(self.waited_ms);
        if left == 0 {
            return Ok(Step::Done(Ok(Success { status: 202, body: self.prepared.said("PENDING", None) })));
        }
        let ms = pause_ms(self.waited_ms).min(left);
        self.at = At::Pausing(ms);
        Ok(Step::Wait { ms })
    }
}
