//! `POST /commands`: what one person may say is published; for what needs two, an approval is asked for.

use std::mem::replace;

use serde_json::{Value as Json, json};

use super::{
    answers::{Answered, Next, out_of_date, problem, taken},
    command::{Command, approved},
    publication::{Prepared, Publication},
};
use crate::{
    domain::approvals::{
        documents::approval::{self, Asked, Stored},
        facts::{Matter, People},
        machine::Status,
    },
    event::{catalog::Topic, subscription::Consumer},
    kernel::{ids::EventId, operator::Operator, timestamp::Timestamp},
    protocol::{
        outcome::Fault,
        request::{Problem, Success},
        step::{Answer, Call, Step},
    },
    store::{path::DocumentPath, snapshot::Snapshot},
};

#[derive(Clone, Debug)]
pub(super) struct Submission {
    command: Command,
    by: Operator,
    at: At,
}

#[derive(Clone, Debug)]
enum At {
    Looking,
    Asking,
    Publishing(Publication),
    Done,
}

impl Submission {
    pub(super) fn begin(body: &[u8], by: Operator, now: Timestamp) -> Result<(Submission, Step<Answered>), Problem> {
        let command = Command::read(body, &by, now)?;
        let call = Call::read(records(command.id).chain([DocumentPath::approval(command.id)]).collect());
        Ok((Submission { command, by, at: At::Looking }, Step::Call(call)))
    }

    pub(super) fn next(&mut self, answer: Answer<Fault>, now: Timestamp) -> Next {
        match (replace(&mut self.at, At::Done), answer) {
            (At::Looking, Answer::Found(snapshot)) => self.looked(&snapshot, now),
            (At::Asking, Answer::Committed) => Ok(Step::Done(Ok(awaiting(self.command.id, &self.command.asked)))),
            (At::Publishing(mut publication), answer) => {
                let step = publication.next(answer);
                self.at = At::Publishing(publication);
                step
            }
            (At::Looking | At::Asking | At::Done, answer) => Err(answer.into_fault().into()),
        }
    }

    /// An id that is known, at whichever consumer or as an approval, stands for what it stood for first.
    fn looked(&mut self, snapshot: &Snapshot, now: Timestamp) -> Next {
        let id = self.command.id;
        let known = snapshot.get(&DocumentPath::approval(id)).map(approval::read).transpose().map_err(problem)?;
        let is_handled = records(id).any(|path| snapshot.get(&path).is_some());
        match (self.command.people, known) {
            (People::One, None) if is_handled => Ok(Step::Done(handled(&self.command.prepared, snapshot))),
            (People::One, None) => {
                let (publication, step) = Publication::begin(self.command.prepared.clone());
                self.at = At::Publishing(publication);
                Ok(step)
            }
            (People::One, Some(_)) => Err(taken()),
            (People::Two, Some(known)) => self.asked_before(&known, snapshot),
            (People::Two, None) if is_handled => Err(taken()),
            (People::Two, None) => {
                let write = approval::request(id, &self.command.asked, &self.by, now)?;
                let write = snapshot.guard(write).ok_or(Fault::Protocol("the approval was not read"))?;
                self.at = At::Asking;
                Ok(Step::Call(Call::commit(vec![write])))
            }
        }
    }

    fn asked_before(&self, known: &Stored, snapshot: &Snapshot) -> Next {
        let (id, Asked { matter, subject, data }) = (self.command.id, &known.asked);
        if !is_same(known, &self.command.asked, &self.by) {
            return Err(taken());
        }
        let decided = known.approval.decided.as_ref().filter(|_| known.approval.status == Status::Approved);
        if let (Matter::Command(event_type), Some(decided)) = (*matter, decided) {
            let event = Prepared::read(id, event_type, subject, &approved(data, &decided.by), decided.at);
            let event = event.map_err(|malformed| out_of_date(&malformed))?;
            if records(id).any(|path| snapshot.get(&path).is_some()) {
                return Ok(Step::Done(handled(&event, snapshot)));
            }
        }
        Ok(Step::Done(Ok(standing(id, known))))
    }
}

/// Whether the same person has asked for the same before.
pub(super) fn is_same(known: &Stored, asked: &Asked, by: &Operator) -> bool {
    known.approval.digest == asked.digest() && by.is(&known.approval.requested_by)
}

/// As a request for it is answered, at first and again.
pub(super) fn standing(id: EventId, known: &Stored) -> Success {
    match known.approval.status {
        Status::Pending => awaiting(id, &known.asked),
        status @ (Status::Approved | Status::Rejected | Status::Expired) => {
            Success { status: 200, body: said(id, status.name(), &known.asked) }
        }
    }
}

pub(super) fn awaiting(id: EventId, asked: &Asked) -> Success {
    Success { status: 202, body: said(id, "AWAITING_APPROVAL", asked) }
}

fn said(id: EventId, outcome: &str, asked: &Asked) -> Json {
    json!({ "approvalId": id.to_string(), "outcome": outcome, "digest": asked.digest().as_str() })
}

/// Where each consumer of commands would have a record of this one.
fn records(id: EventId) -> impl Iterator<Item = DocumentPath> {
    Consumer::sharing(Topic::Operations).map(move |consumer| DocumentPath::processed_event(consumer.name, id))
}

fn handled(event: &Prepared, snapshot: &Snapshot) -> Answered {
    let record = snapshot.get(&DocumentPath::processed_event(event.consumer, event.id)).ok_or_else(taken)?;
    event.outcome(record)
}
