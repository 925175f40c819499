//! Deliveries: from the next message of a queue to the response that Pub/Sub gets.

use super::{World, jobs::FIRST_CALL};
use crate::{
    auditors::{self, PushResponse},
    coverage::{Fault, Sometimes, Step},
    event_queue::QueuedEvent,
    in_flight::InFlight,
    plan::FaultKind,
    pubsub::{ACK_DEADLINE_MS, KeyQueueId, NextPush, Push, given_up, push_body, timestamp},
};
use boma_core::protocol::response::{HttpResponse, LogValue};
use boma_google::{Action, Answer, Tick};

/// How long a push may wait for an instance.
const LATEST_BEGIN_MS: u64 = 100_000;
/// A broken connection.
pub(super) const NO_STATUS: u16 = 0;
const FAULT: u16 = 500;

impl World {
    pub(super) fn key_queue_due(&mut self, queue: KeyQueueId) {
        match self.pubsub.next_push(queue, self.now_ms()) {
            NextPush::Nothing => {}
            NextPush::At(at_ms) => self.event_queue.at(at_ms, QueuedEvent::KeyQueueDue { queue }),
            NextPush::Push(push) => {
                self.deliveries += 1;
                let on = self.pubsub.pushes[&push];
                let consumer = self.pubsub.subscription_of(&on).consumer;
                self.history.delivered.insert((consumer, self.history.publications[on.message].content));
                let is_late = self.hits(FaultKind::LateBegin);
                let begins_ms = self.chance.between(1, if is_late { LATEST_BEGIN_MS } else { 5 });
                self.event_queue.after(begins_ms, QueuedEvent::InvocationBegins { id: push });
                self.event_queue.after(ACK_DEADLINE_MS, QueuedEvent::PushExpires { push });
                self.start_invocation(push, on, consumer);
            }
        }
    }

    /// The request waits for an instance, and begins even after its ack deadline.
    fn start_invocation(&mut self, push: u64, on: Push, function: &'static str) {
        let body = push_body(&self.history, &on, self.pubsub.subscription_of(&on));
        let instance = self.fleet.any_of(function, &mut self.chance);
        let mut in_flight = InFlight::of(Some(on), function, instance, body, self.mutant);
        in_flight.generation = self.fleet.get(instance).map_or(0, |it| it.generation);
        self.in_flight.insert(push, in_flight);
    }

    pub(super) fn invocation_begins(&mut self, id: u64) {
        if let Some(thaws_at_ms) = self.thaws_at_ms(id) {
            self.event_queue.at(thaws_at_ms, QueuedEvent::InvocationBegins { id });
            return;
        }
        let now_ms = self.now_ms();
        let Some(in_flight) = self.in_flight.get_mut(&id) else { return };
        let Some(instance) = self.fleet.get(in_flight.instance) else { return };
        in_flight.generation = instance.generation;
        in_flight.began_ms = instance.clock_ms(now_ms);
        let attempt = in_flight.push.map_or(1, |on| on.attempt);
        self.trace_invocation(id, |_| format!("begins, attempt {attempt}"));
        self.advance(id, Answer::Begin);
    }

    /// Asks the invocation for its next step, and takes it.
    pub(super) fn advance(&mut self, id: u64, answer: Answer) {
        let now_ms = self.now_ms();
        let Some(in_flight) = self.in_flight.get(&id) else { return };
        let Some(instance) = self.fleet.get(in_flight.instance) else { return };
        if instance.generation != in_flight.generation {
            self.begin_again(id);
            return;
        }
        // The deadlines of a delivery count from its first invocation.
        let clock_ms = if answer == Answer::Begin { in_flight.began_ms } else { instance.clock_ms(now_ms) };
        if self.is_poisoned(id, &answer) || self.runs_out_of_memory() {
            self.traps(id);
            return;
        }
        let InFlight { push, function, .. } = &self.in_flight[&id];
        if push.is_some_and(|on| self.is_hopeless(on.message, function)) {
            self.fails(id);
            return;
        }
        let tick = Tick { now: timestamp(clock_ms), random: self.chance.draw() };
        let in_flight = self.in_flight.get_mut(&id).expect("seen above");
        let action = in_flight.invocation.next(answer, tick);
        in_flight.turn += 1;
        in_flight.is_carried_out = false;
        if in_flight.push.is_some() && !self.pubsub.pushes.contains_key(&id) && !in_flight.has_answered {
            let step = match &action {
                Action::Rpc(rpc) => Some(super::calling::step_of(rpc)),
                Action::Wait { .. } => Some(Step::Wait),
                Action::Body | Action::Fetch(_) | Action::Done(_) => None,
            };
            step.into_iter().for_each(|step| self.coverage.pair(step, Fault::Zombie));
        }
        match action {
            Action::Rpc(rpc) => self.call(id, rpc),
            Action::Wait { ms } => {
                in_flight.at = Some(Step::Wait);
                let turn = in_flight.turn;
                self.event_queue.after(u64::from(ms), QueuedEvent::WaitIsOver { id, turn });
                self.may_crash_or_freeze(id, u64::from(ms));
            }
            Action::Done(response) => self.finishes(id, &response),
            Action::Body => unreachable!("the request was given whole"),
            Action::Fetch(_) => unreachable!("only operators' tokens are looked up"),
        }
    }

    pub(super) fn wait_is_over(&mut self, id: u64, turn: u32) {
        if self.in_flight.get(&id).is_none_or(|in_flight| in_flight.turn != turn) {
            return;
        }
        if let Some(thaws_at_ms) = self.thaws_at_ms(id) {
            self.event_queue.at(thaws_at_ms, QueuedEvent::WaitIsOver { id, turn });
            return;
        }
        self.advance(id, Answer::Waited);
    }

    /// The request ends, and its response goes to Pub/Sub or to the scheduler.
    fn finishes(&mut self, id: u64, response: &HttpResponse) {
        if response.log.get("reason") == Some(&LogValue::Text("out of time".to_owned())) {
            self.coverage.see(Sometimes::OutOfTime);
            self.in_flight.get_mut(&id).expect("under way").has_failed = true;
        }
        if self.in_flight[&id].push.is_some() {
            self.responds(id, response.status, response.outcome());
        } else if self.in_flight[&id].created.is_some() {
            self.release_finishes(id, response);
        } else {
            self.job_finishes(id, response);
        }
        self.in_flight.remove(&id);
    }

    /// The host responds with an error.
    pub(super) fn fails(&mut self, id: u64) {
        self.in_flight.get_mut(&id).expect("under way").has_failed = true;
        self.responds(id, FAULT, "FAULT");
        self.tells_again(id);
        self.in_flight.remove(&id);
    }

    pub(super) fn responds(&mut self, id: u64, status: u16, outcome: &'static str) {
        let in_flight = self.in_flight.get_mut(&id).expect("under way");
        if std::mem::replace(&mut in_flight.has_answered, true) {
            return;
        }
        let Some(on) = in_flight.push else { return };
        let response = PushResponse {
            function: in_flight.function,
            message: on.message,
            attempt: on.attempt,
            status,
            outcome,
            has_trapped: in_flight.has_trapped,
            has_failed: in_flight.has_failed,
        };
        if outcome == "DUPLICATE" && in_flight.has_lost_a_commit {
            self.coverage.see(Sometimes::LostCommitFound);
        }
        self.trace_push(&on, |_| format!("answers {status} {outcome}"));
        if let Some(violation) = auditors::at_push_response(self, &response) {
            self.complain(violation);
        }
        if !self.hits(FaultKind::ResponseLost) {
            let back_ms = self.chance.between(1, 5);
            self.event_queue.after(back_ms, QueuedEvent::PushAnswered { push: id, status });
        }
    }

    pub(super) fn push_answered(&mut self, push: u64, status: u16) {
        if (200..300).contains(&status) {
            if let Some(on) = self.pubsub.acked(push) {
                if on
                    .held_up_by
                    .is_some_and(|message| self.is_hopeless(message, self.pubsub.subscription_of(&on).consumer))
                {
                    self.coverage.see(Sometimes::HeldUp);
                }
                self.key_queue_due(on.queue);
            }
        } else {
            self.push_failed(push);
        }
    }

    pub(super) fn push_expires(&mut self, push: u64) {
        self.push_failed(push);
    }

    fn push_failed(&mut self, push: u64) {
        let now_ms = self.now_ms();
        let Some((on, is_given_up)) = self.pubsub.nacked(push, now_ms, &self.plan) else { return };
        if is_given_up {
            self.coverage.see(Sometimes::GivenUp);
            let subscription = self.pubsub.subscription_of(&on);
            let publication = given_up(&self.history, &on, subscription, now_ms);
            let event = self.history.content_of(on.message).event_id().map(str::to_owned);
            self.history.given_up.extend(event.map(|event| (subscription.consumer, event)));
            self.trace_push(&on, |_| format!("is given up after attempt {}", on.attempt));
            self.publish(publication);
            self.begin_wait_anew();
        }
        self.key_queue_due(on.queue);
    }

    pub(super) fn trace_invocation(&mut self, id: u64, line: impl FnOnce(&World) -> String) {
        let Some(in_flight) = self.in_flight.get(&id) else { return };
        match in_flight.push {
            Some(on) => self.trace_push(&on, line),
            None => {
                let function = in_flight.function;
                self.trace("", |world| format!("  {function} (call {}) {}", id - FIRST_CALL, line(world)));
            }
        }
    }

    pub(super) fn trace_push(&mut self, on: &Push, line: impl FnOnce(&World) -> String) {
        if self.trace.is_some() {
            let key = self.history.publications[on.message].key.clone();
            self.trace(&key, |world| {
                let content = world.history.publications[on.message].content;
                let name = world.pubsub.subscription_of(on).name();
                format!("  {name}: {} (message {}) {}", world.kind_of(content), on.message, line(world))
            });
        }
    }

    pub(super) fn hits(&mut self, fault: FaultKind) -> bool {
        self.chance.hits(self.plan.rate(fault))
    }
}
