//! The RPCs of an invocation: sent, carried out or not, answered or not.

use boma_google::{Answer, Rpc};
use case_runner::store::{Answered, OK};
use googleapis_tonic_google_firestore_v1::google::firestore::v1::{
    BatchGetDocumentsRequest, CommitRequest, RunQueryRequest,
};
use googleapis_tonic_google_pubsub_v1::google::pubsub::v1::{PublishRequest, PublishResponse, PubsubMessage};
use prost::Message as _;

use boma_core::event::catalog::Topic;

use super::{World, releasing::is_release};
use crate::{
    auditors,
    call::{Call, Ends, Service, fate},
    content::{Claim, Flaw},
    coverage::{Fault, Sometimes, Step},
    event_queue::QueuedEvent,
    history::{Origin, Publication},
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

fn is_replay(message: &PubsubMessage) -> bool {
    message.attributes.contains_key("replayOf")
}

impl World {
    pub(super) fn call(&mut self, id: u64, rpc: Rpc) {
        let step = step_of(&rpc);
        if self.mutant.acks_before(step) {
            self.responds(id, 204, "APPLIED");
        }
        let timeout_ms = u64::from(rpc.timeout_ms);
        let now_ms = self.now_ms();
        let outage = self.outages.iter().find(|it| it.of == Service::of(step) && it.until_ms > now_ms).copied();
        let fate = fate(step, timeout_ms, &self.plan, outage, &mut self.chance);
        fate.fault.into_iter().for_each(|fault| self.coverage.pair(step, fault));
        let in_flight = self.in_flight.get_mut(&id).expect("it asks");
        in_flight.at = Some(step);
        // A stream that breaks off is a failure, whatever its status.
        in_flight.has_failed |= fate.breaks_off.is_some();
        let turn = in_flight.turn;
        let message = in_flight.push.map(|on| on.message);
        let reply_after_ms = match fate.ends {
            Ends::Reply { back_ms } => Some(back_ms),
            Ends::Status { status, after_ms } => {
                let answered = Answered::failed(status);
                let event = QueuedEvent::CallAnswered { id, turn, answered, seen_commits: None };
                self.event_queue.after(after_ms, event);
                None
            }
        };
        if let Some(arrives_after_ms) = fate.arrives_after_ms {
            let call = Call {
                caller: id,
                turn,
                function: in_flight.function,
                message,
                step,
                bytes: rpc.bytes,
                seen_commits: in_flight.seen_commits,
                reply_after_ms,
                breaks_off: fate.breaks_off,
            };
            self.event_queue.after(arrives_after_ms, QueuedEvent::CallArrives { call: Box::new(call) });
        }
        if let Some(fault) = fate.fault {
            self.trace_invocation(id, |_| format!("{}: {}", step.name(), fault.name()));
        }
        let expected_ms = fate.arrives_after_ms.unwrap_or(timeout_ms) + reply_after_ms.unwrap_or(0);
        self.may_crash_or_freeze(id, expected_ms.min(timeout_ms));
    }

    pub(super) fn call_arrives(&mut self, call: Call) {
        let is_awaited = match self.in_flight.get_mut(&call.caller) {
            // The instance has crashed, and the request may be canceled with its connection.
            None if self.chance.one_in(2) => return,
            None => false,
            Some(in_flight) => {
                let is_awaited = in_flight.turn == call.turn;
                in_flight.is_carried_out |= is_awaited;
                is_awaited
            }
        };
        let mut answered = match call.step {
            Step::Read => self.reads(&call),
            Step::Query => {
                if let Some(in_flight) = self.in_flight.get_mut(&call.caller).filter(|_| is_awaited) {
                    in_flight.listed_commits = self.store.commits();
                }
                self.queries(&call)
            }
            Step::Commit => self.commits(&call, is_awaited),
            Step::Publish => self.takes(&call),
            Step::Wait => panic!("nobody sends a wait"),
        };
        if let Some(status) = call.breaks_off {
            answered.messages.pop();
            answered.status = status;
        }
        if let Some(back_ms) = call.reply_after_ms {
            let (id, turn) = (call.caller, call.turn);
            let seen_commits = Some(self.store.commits()).filter(|_| call.step == Step::Read);
            self.event_queue.after(back_ms, QueuedEvent::CallAnswered { id, turn, answered, seen_commits });
        }
    }

    pub(super) fn call_answered(&mut self, id: u64, turn: u32, answered: Answered, seen_commits: Option<i64>) {
        if let Some(thaws_at_ms) = self.thaws_at_ms(id) {
            self.event_queue.at(thaws_at_ms, QueuedEvent::CallAnswered { id, turn, answered, seen_commits });
            return;
        }
        let Some(in_flight) = self.in_flight.get_mut(&id).filter(|in_flight| in_flight.turn == turn) else { return };
        if answered.status != OK {
            in_flight.has_failed = true;
            in_flight.has_lost_a_commit |= in_flight.at == Some(Step::Commit) && in_flight.is_carried_out;
        }
        in_flight.seen_commits = seen_commits.unwrap_or(in_flight.seen_commits);
        self.advance(id, Answer::Rpc { messages: answered.messages, status: answered.status });
    }

    fn reads(&mut self, call: &Call) -> Answered {
        let request = BatchGetDocumentsRequest::decode(call.bytes.as_slice()).expect("a read request");
        if call.message.is_none() {
            self.may_be_resumed(call, &request);
        }
        let mut messages = self.store.read(request);
        // Firestore answers in any order.
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
        } else if call.message.is_some() && !self.pubsub.pushes.contains_key(&call.caller) {
            self.coverage.see(Sometimes::ZombieCommit);
        }
        if let Some(violation) = auditors::at_commit(self, call, &request) {
            self.complain(violation);
        }
        self.schedule_expiry(&request);
        self.schedule_releases(&request);
        let response = self.store.commit(request).expect("not refused");
        Answered { messages: vec![response.encode_to_vec()], status: OK }
    }

    /// A topic accepts follow-ups, or events of the clock.
    fn takes(&mut self, call: &Call) -> Answered {
        let request = PublishRequest::decode(call.bytes.as_slice()).expect("a publish request");
        let topic = request.topic.rsplit('/').next().and_then(Topic::from_name).expect("a topic of ours");
        let origin = match call.message {
            _ if is_release(call.function) => Origin::Release,
            Some(_) if request.messages.iter().any(is_replay) => Origin::Release,
            Some(_) => Origin::FollowUp,
            None => Origin::Clock,
        };
        if origin == Origin::Release && call.message.is_some() {
            self.coverage.see(Sometimes::ReleasedByItself);
        }
        let mut message_ids = Vec::new();
        for message in request.messages {
            let is_replay = is_replay(&message);
            let listed = self.in_flight.get(&call.caller).filter(|it| it.turn == call.turn).map(|it| it.listed_commits);
            let violation = listed.and_then(|listed| auditors::at_replay(self, &message.attributes, listed));
            violation.into_iter().for_each(|violation| self.complain(violation));
            let claim = Claim::of_follow_up(&message.data);
            if claim.as_ref().is_some_and(|it| self.history.published_events.contains_key(&it.id)) && !is_replay {
                self.coverage.see(match origin {
                    Origin::Clock => Sometimes::ClockPublishedAgain,
                    Origin::Source | Origin::FollowUp | Origin::Release | Origin::Operator | Origin::GivenUp => {
                        Sometimes::PublishedAgain
                    }
                });
            }
            let is_new = claim.as_ref().is_some_and(|claim| self.history.texts_of(&claim.id).is_empty());
            claim.iter().filter(|_| is_new).for_each(|claim| auditors::mark_follow_up(self, claim));
            let content = self.history.content(message.data, claim, Flaw::None);
            if is_new {
                self.may_be_poison(content);
            }
            message_ids.push(self.history.publications.len().to_string());
            let (key, attributes, at_ms) = (message.ordering_key, message.attributes, self.now_ms());
            self.audit_log.note_replay(&attributes);
            self.publish(Publication { content, topic, key, attributes, at_ms, origin });
        }
        Answered { messages: vec![PublishResponse { message_ids }.encode_to_vec()], status: OK }
    }

    pub(super) fn note_crash(&mut self, step: Step, is_carried_out: bool) {
        self.coverage.pair(step, if is_carried_out { Fault::CrashAfter } else { Fault::CrashBefore });
    }
}
