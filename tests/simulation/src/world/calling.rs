//! A delivery's calls: sent, carried out or not, answered or not.

use boma_google::{Answer, Rpc};
use case_runner::store::{Answered, OK};
use googleapis_tonic_google_firestore_v1::google::firestore::v1::{
    BatchGetDocumentsRequest, CommitRequest, RunQueryRequest,
};
use googleapis_tonic_google_pubsub_v1::google::pubsub::v1::{PublishRequest, PublishResponse};
use prost::Message as _;

use boma_core::event::catalog::Topic;

use super::World;
use crate::{
    agenda::Happening,
    auditors,
    call::{Call, Ends, Service, fate},
    chronicle::{Origin, Publication},
    content::{Claim, Flaw},
    coverage::{Fault, Sometimes, Step},
};

pub(super) fn step_of(rpc: &Rpc) -> Step {
    match rpc.path {
        "/google.firestore.v1.Firestore/BatchGetDocuments" => Step::Read,
        "/google.firestore.v1.Firestore/RunQuery" => Step::Query,
        "/google.firestore.v1.Firestore/Commit" => Step::Commit,
        "/google.pubsub.v1.Publisher/Publish" => Step::Publish,
        other => panic!("no function calls {other}"),
    }
}

impl World {
    pub(super) fn call(&mut self, id: u64, rpc: Rpc) {
        let step = step_of(&rpc);
        if self.mutant.acks_before(step) {
            self.gives_word(id, 204, "APPLIED");
        }
        let timeout_ms = u64::from(rpc.timeout_ms);
        let now_ms = self.now_ms();
        let outage = self.outages.iter().find(|it| it.of == Service::of(step) && it.until_ms > now_ms).copied();
        let fate = fate(step, timeout_ms, &self.plan, outage, &mut self.chance);
        fate.fault.into_iter().for_each(|fault| self.coverage.pair(step, fault));
        let flight = self.flights.get_mut(&id).expect("it asks");
        flight.at = Some(step);
        // What comes in part is no answer, whatever its status says.
        flight.has_failed |= fate.breaks_off.is_some();
        let turn = flight.turn;
        let message = flight.on.map(|on| on.message);
        let reply_after_ms = match fate.ends {
            Ends::Reply { back_ms } => Some(back_ms),
            Ends::Status { status, after_ms } => {
                let answered = Answered::failed(status);
                let happening = Happening::CallAnswered { flight: id, turn, answered, seen_commits: None };
                self.agenda.after(after_ms, happening);
                None
            }
        };
        if let Some(arrives_after_ms) = fate.arrives_after_ms {
            let call = Call {
                flight: id,
                turn,
                function: flight.function,
                message,
                step,
                bytes: rpc.bytes,
                seen_commits: flight.seen_commits,
                reply_after_ms,
                breaks_off: fate.breaks_off,
            };
            self.agenda.after(arrives_after_ms, Happening::CallArrives { call: Box::new(call) });
        }
        if let Some(fault) = fate.fault {
            self.tell_flight(id, |_| format!("{}: {}", step.name(), fault.name()));
        }
        let expected_ms = fate.arrives_after_ms.unwrap_or(timeout_ms) + reply_after_ms.unwrap_or(0);
        self.may_come_to_grief(id, expected_ms.min(timeout_ms));
    }

    pub(super) fn call_arrives(&mut self, call: Call) {
        let is_awaited = match self.flights.get_mut(&call.flight) {
            // Its instance is gone, and the request may have been withdrawn with the connection.
            None if self.chance.one_in(2) => return,
            None => false,
            Some(flight) => {
                let is_awaited = flight.turn == call.turn;
                flight.is_done_there |= is_awaited;
                is_awaited
            }
        };
        let mut answered = match call.step {
            Step::Read => self.reads(&call),
            Step::Query => self.queries(&call),
            Step::Commit => self.commits(&call, is_awaited),
            Step::Publish => self.takes(&call),
            Step::Wait => panic!("nobody sends a wait"),
        };
        if let Some(status) = call.breaks_off {
            answered.messages.pop();
            answered.status = status;
        }
        if let Some(back_ms) = call.reply_after_ms {
            let (flight, turn) = (call.flight, call.turn);
            let seen_commits = Some(self.store.commits()).filter(|_| call.step == Step::Read);
            self.agenda.after(back_ms, Happening::CallAnswered { flight, turn, answered, seen_commits });
        }
    }

    pub(super) fn call_answered(&mut self, id: u64, turn: u32, answered: Answered, seen_commits: Option<i64>) {
        if let Some(thaws_at_ms) = self.thaws_at_ms(id) {
            self.agenda.at(thaws_at_ms, Happening::CallAnswered { flight: id, turn, answered, seen_commits });
            return;
        }
        let Some(flight) = self.flights.get_mut(&id).filter(|flight| flight.turn == turn) else { return };
        if answered.status != OK {
            flight.has_failed = true;
            flight.has_lost_a_commit |= flight.at == Some(Step::Commit) && flight.is_done_there;
        }
        flight.seen_commits = seen_commits.unwrap_or(flight.seen_commits);
        self.advance(id, Answer::Rpc { messages: answered.messages, status: answered.status });
    }

    fn reads(&mut self, call: &Call) -> Answered {
        let request = BatchGetDocumentsRequest::decode(call.bytes.as_slice()).expect("a read request");
        if call.message.is_none() {
            self.may_be_taken_up(call, &request);
        }
        let mut messages = self.store.read(request);
        // They come in any order.
        if messages.len() > 1 {
            let last = messages.len() - 1;
            messages.swap(0, self.chance.index(last + 1));
        }
        Answered { messages, status: OK }
    }

    fn queries(&self, call: &Call) -> Answered {
        let request = RunQueryRequest::decode(call.bytes.as_slice()).expect("a query");
        Answered { messages: self.store.query(&request), status: OK }
    }

    fn commits(&mut self, call: &Call, is_awaited: bool) -> Answered {
        let request = CommitRequest::decode(call.bytes.as_slice()).expect("a commit request");
        if let Some(status) = self.store.refusal(&request) {
            self.coverage.see(Sometimes::LostRace);
            return Answered::failed(status);
        }
        if !is_awaited {
            self.coverage.see(Sometimes::LateCommit);
        } else if call.message.is_some() && !self.pubsub.pushes.contains_key(&call.flight) {
            self.coverage.see(Sometimes::ZombieCommit);
        }
        if let Some(violation) = auditors::at_a_commit(self, call, &request) {
            self.complain(violation);
        }
        self.put_down_expiry(&request);
        let response = self.store.commit(request).expect("not refused");
        Answered { messages: vec![response.encode_to_vec()], status: OK }
    }

    /// A topic takes the follow-ups, or what the clock has to say.
    fn takes(&mut self, call: &Call) -> Answered {
        let request = PublishRequest::decode(call.bytes.as_slice()).expect("a publish request");
        let topic = request.topic.rsplit('/').next().and_then(Topic::from_name).expect("a topic of ours");
        let origin = if call.message.is_some() { Origin::FollowUp } else { Origin::Clock };
        let mut message_ids = Vec::new();
        for message in request.messages {
            let is_replay = message.attributes.contains_key("replayOf");
            let claim = Claim::of_follow_up(&message.data);
            if claim.as_ref().is_some_and(|it| self.chronicle.published_events.contains_key(&it.id)) && !is_replay {
                self.coverage.see(match origin {
                    Origin::Clock => Sometimes::SaidAgain,
                    Origin::Source | Origin::FollowUp | Origin::Operator | Origin::GivenUp => Sometimes::PublishedAgain,
                });
            }
            let is_new = claim.as_ref().is_some_and(|claim| self.chronicle.texts_of(&claim.id).is_empty());
            claim.iter().filter(|_| is_new).for_each(|claim| auditors::of_a_follow_up(self, claim));
            let content = self.chronicle.content(message.data, claim, Flaw::None);
            if is_new {
                self.may_be_poison(content);
            }
            message_ids.push(self.chronicle.publications.len().to_string());
            let (key, attributes, at_ms) = (message.ordering_key, message.attributes, self.now_ms());
            self.ledger.note_replay(&attributes);
            self.publish(Publication { content, topic, key, attributes, at_ms, origin });
        }
        Answered { messages: vec![PublishResponse { message_ids }.encode_to_vec()], status: OK }
    }

    pub(super) fn note_crash(&mut self, step: Step, is_done_there: bool) {
        self.coverage.pair(step, if is_done_there { Fault::CrashAfter } else { Fault::CrashBefore });
    }
}
