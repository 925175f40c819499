//! `POST /approvals/{id}`: the second person's answer. It is stored first, and only then is anything done.

use std::mem::replace;

use serde_json::json;

use super::{
    answers::{Answered, Next, out_of_date, problem},
    command::{OPERATOR, approved},
    letter::check_open,
    publication::{Prepared, Publication},
};
use crate::{
    domain::approvals::{
        documents::approval::{self, Stored},
        facts::{Decision, Matter},
        machine::{self, Refusal, SIGNED_IN_WITHIN_MINUTES, Status, Told},
    },
    event::{catalog::EventType, fields::Fields},
    kernel::{ids::EventId, json::parse_object, malformed::Malformed, operator::Operator, timestamp::Timestamp},
    protocol::{
        dead_letter::{self, COLLECTION, Discarding},
        outcome::Fault,
        request::{Problem, Success},
        step::{Answer, Call, Step},
    },
    store::{path::DocumentPath, snapshot::Snapshot, write::Write},
};

#[derive(Clone, Debug)]
pub(super) struct Deciding {
    id: EventId,
    said: Said,
    by: Operator,
    at: At,
}

#[derive(Clone, Debug)]
struct Said {
    decision: Decision,
    digest: String,
    reason: Option<String>,
}

#[derive(Clone, Debug)]
enum At {
    Reading,
    /// The letter that is to be discarded, and the approval with it.
    ReadingLetter(DocumentPath),
    Storing(Then),
    Publishing(Publication),
    Done,
}

/// What follows once the decision is stored.
#[derive(Clone, Debug)]
enum Then {
    Publish(Prepared),
    Answer(Answered),
}

impl Deciding {
    pub(super) fn begin(id: EventId, body: &[u8], by: Operator) -> Result<(Deciding, Step<Answered>), Problem> {
        let said = read(body)?;
        let call = Call::read(vec![DocumentPath::approval(id)]);
        Ok((Deciding { id, said, by, at: At::Reading }, Step::Call(call)))
    }

    pub(super) fn next(&mut self, answer: Answer<Fault>, now: Timestamp) -> Next {
        match (replace(&mut self.at, At::Done), answer) {
            (At::Reading, Answer::Found(snapshot)) => self.decide(&snapshot, None, now),
            (At::ReadingLetter(letter), Answer::Found(snapshot)) => self.decide(&snapshot, Some(letter), now),
            (At::Storing(Then::Answer(answer)), Answer::Committed) => Ok(Step::Done(answer)),
            (At::Storing(Then::Publish(event)), Answer::Committed) => Ok(self.publishing(Publication::begin(event))),
            (At::Publishing(mut publication), answer) => {
                let step = publication.next(answer);
                self.at = At::Publishing(publication);
                step
            }
            (At::Reading | At::ReadingLetter(_) | At::Storing(_) | At::Done, answer) => Err(answer.into_fault().into()),
        }
    }

    fn decide(&mut self, snapshot: &Snapshot, letter: Option<DocumentPath>, now: Timestamp) -> Next {
        let known = snapshot.get(&DocumentPath::approval(self.id)).map(approval::read).transpose().map_err(problem)?;
        let known = known.ok_or_else(Problem::not_found)?;
        let told = Told { decision: self.said.decision, digest: &self.said.digest, by: &self.by, now };
        match machine::step(&known.approval, told).map_err(refused)? {
            machine::Step::Approve => self.approve(&known, snapshot, letter, now),
            machine::Step::Reject => {
                let write = approval::decide(self.id, Status::Rejected, &self.by, self.reason(), now);
                self.store(snapshot, vec![write], Then::Answer(Ok(self.rejected())))
            }
            machine::Step::Expire => {
                let gone = Problem::new(409).with_detail(Refusal::Closed(Status::Expired).to_string());
                self.store(snapshot, vec![approval::expire(self.id)], Then::Answer(Err(gone)))
            }
            machine::Step::ApproveAgain => match known.asked.matter {
                Matter::Command(event_type) => {
                    let at = known.approval.decided.as_ref().map_or(now, |decided| decided.at);
                    let event = self.event(&known, event_type, at)?;
                    Ok(self.publishing(Publication::resume(event)))
                }
                // It was discarded with the decision.
                Matter::LetterDiscarded => Ok(Step::Done(Ok(discarded(&known.asked.subject)))),
            },
            machine::Step::RejectAgain => Ok(Step::Done(Ok(self.rejected()))),
        }
    }

    fn approve(&mut self, known: &Stored, snapshot: &Snapshot, letter: Option<DocumentPath>, now: Timestamp) -> Next {
        let decided = approval::decide(self.id, Status::Approved, &self.by, self.reason(), now);
        match (known.asked.matter, letter) {
            (Matter::Command(event_type), _) => {
                let event = self.event(known, event_type, now)?;
                self.store(snapshot, vec![decided], Then::Publish(event))
            }
            (Matter::LetterDiscarded, None) => {
                let path = DocumentPath::parse(&format!("{COLLECTION}/{}", known.asked.subject));
                let path = path.ok_or_else(|| Fault::Unreadable("stored subject: not a letter's name".to_owned()))?;
                self.at = At::ReadingLetter(path.clone());
                Ok(Step::Call(Call::read(vec![DocumentPath::approval(self.id), path])))
            }
            (Matter::LetterDiscarded, Some(letter)) => {
                let closed = self.discard(known, &letter, snapshot, now)?;
                let answer = Ok(discarded(&known.asked.subject));
                self.store(snapshot, vec![decided, closed], Then::Answer(answer))
            }
        }
    }

    /// Only one that is open still.
    fn discard(
        &self,
        known: &Stored,
        letter: &DocumentPath,
        snapshot: &Snapshot,
        now: Timestamp,
    ) -> Result<Write, Problem> {
        let document = snapshot.get(letter).ok_or_else(Problem::not_found)?;
        check_open(document)?;
        let text = |name: &str| known.asked.data.get(name).and_then(|value| value.as_str());
        let by = Discarding {
            operator: text(OPERATOR).unwrap_or(&known.approval.requested_by),
            reason: text("reason"),
            approved_by: Some(&self.by.email),
        };
        Ok(dead_letter::discarded(letter.clone(), &by, now))
    }

    fn event(&self, known: &Stored, event_type: EventType, at: Timestamp) -> Result<Prepared, Problem> {
        let approver = known.approval.decided.as_ref().map_or(self.by.email.as_str(), |decided| decided.by.as_str());
        let data = approved(&known.asked.data, approver);
        let event = Prepared::read(self.id, event_type, &known.asked.subject, &data, at);
        event.map_err(|malformed| out_of_date(&malformed))
    }

    fn store(&mut self, snapshot: &Snapshot, writes: Vec<Write>, then: Then) -> Next {
        let guarded: Option<Vec<_>> = writes.into_iter().map(|write| snapshot.guard(write)).collect();
        let guarded = guarded.ok_or(Fault::Protocol("a document was not read"))?;
        self.at = At::Storing(then);
        Ok(Step::Call(Call::commit(guarded)))
    }

    fn publishing(&mut self, (publication, step): (Publication, Step<Answered>)) -> Step<Answered> {
        self.at = At::Publishing(publication);
        step
    }

    fn reason(&self) -> Option<&str> {
        self.said.reason.as_deref()
    }

    fn rejected(&self) -> Success {
        Success { status: 200, body: json!({ "approvalId": self.id.to_string(), "outcome": Status::Rejected.name() }) }
    }
}

fn discarded(letter: &str) -> Success {
    Success { status: 200, body: json!({ "letterId": letter, "outcome": dead_letter::Status::Discarded.name() }) }
}

fn read(body: &[u8]) -> Result<Said, Malformed> {
    let map = parse_object(body)?;
    let fields = Fields::new("", &map);
    Ok(Said {
        decision: fields.one_of("decision", Decision::ALL, Decision::name)?,
        digest: fields.string("digest")?.to_owned(),
        reason: fields.optional_string("reason")?.map(str::to_owned),
    })
}

fn refused(refusal: Refusal) -> Problem {
    let status = match refusal {
        Refusal::NotSupervisor | Refusal::OwnRequest => 403,
        Refusal::SignedInTooLongAgo => 401,
        Refusal::AnotherDigest | Refusal::Closed(_) | Refusal::ApprovedTooLongAgo => 409,
    };
    let problem = Problem::new(status).with_detail(refusal.to_string());
    // RFC 9470.
    let how =
        || format!("Bearer error=\"insufficient_user_authentication\", max_age={}", SIGNED_IN_WITHIN_MINUTES * 60);
    if status == 401 { problem.with_header("www-authenticate", how()) } else { problem }
}
