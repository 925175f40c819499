//! From a lane's next message to the answer that Pub/Sub hears.

use super::{World, sweeping::FIRST_CALL};
use crate::{
    agenda::Happening,
    auditors::{self, Word},
    coverage::{Fault, Sometimes, Step},
    flight::Flight,
    plan::Mischief,
    pubsub::{ACK_DEADLINE_MS, LaneId, Look, Push, given_up, push_body, timestamp},
};
use boma_core::protocol::response::{HttpResponse, LogValue};
use boma_google::{Action, Answer, Tick};

/// How long a push may wait for an instance.
const LATEST_BEGIN_MS: u64 = 100_000;
/// A broken connection.
pub(super) const NO_STATUS: u16 = 0;
const FAULT: u16 = 500;

impl World {
    pub(super) fn lane_looks(&mut self, lane: LaneId) {
        match self.pubsub.look(lane, self.now_ms()) {
            Look::Nothing => {}
            Look::At(at_ms) => self.agenda.at(at_ms, Happening::LaneLooks { lane }),
            Look::Push(push) => {
                self.deliveries += 1;
                let on = self.pubsub.pushes[&push];
                let consumer = self.pubsub.subscription_of(&on).consumer;
                self.chronicle.delivered.insert((consumer, self.chronicle.publications[on.message].content));
                let is_late = self.hits(Mischief::LateBegin);
                let begins_ms = self.chance.between(1, if is_late { LATEST_BEGIN_MS } else { 5 });
                self.agenda.after(begins_ms, Happening::FlightBegins { flight: push });
                self.agenda.after(ACK_DEADLINE_MS, Happening::PushExpires { push });
                self.begin_flight(push, on, consumer);
            }
        }
    }

    /// The request waits at its function; it will begin even if Pub/Sub has given it up by then.
    fn begin_flight(&mut self, push: u64, on: Push, function: &'static str) {
        let body = push_body(&self.chronicle, &on, self.pubsub.subscription_of(&on));
        let instance = self.fleet.any_of(function, &mut self.chance);
        let mut flight = Flight::of(Some(on), function, instance, body, self.mutant);
        flight.generation = self.fleet.get(instance).map_or(0, |it| it.generation);
        self.flights.insert(push, flight);
    }

    pub(super) fn flight_begins(&mut self, id: u64) {
        if let Some(thaws_at_ms) = self.thaws_at_ms(id) {
            self.agenda.at(thaws_at_ms, Happening::FlightBegins { flight: id });
            return;
        }
        let now_ms = self.now_ms();
        let Some(flight) = self.flights.get_mut(&id) else { return };
        let Some(instance) = self.fleet.get(flight.instance) else { return };
        flight.generation = instance.generation;
        flight.began_ms = instance.clock_ms(now_ms);
        let attempt = flight.on.map_or(1, |on| on.attempt);
        self.tell_flight(id, |_| format!("begins, attempt {attempt}"));
        self.advance(id, Answer::Begin);
    }

    /// Asks the conversation for its next step, and takes it.
    pub(super) fn advance(&mut self, id: u64, answer: Answer) {
        let now_ms = self.now_ms();
        let Some(flight) = self.flights.get(&id) else { return };
        let Some(instance) = self.fleet.get(flight.instance) else { return };
        if instance.generation != flight.generation {
            self.begin_again(id);
            return;
        }
        // A delivery's time runs from its first conversation on.
        let clock_ms = if answer == Answer::Begin { flight.began_ms } else { instance.clock_ms(now_ms) };
        if self.meets_its_bug(id, &answer) || self.runs_out_of_memory() {
            self.traps(id);
            return;
        }
        let tick = Tick { now: timestamp(clock_ms), random: self.chance.draw() };
        let flight = self.flights.get_mut(&id).expect("seen above");
        let action = flight.invocation.next(answer, tick);
        flight.turn += 1;
        flight.is_done_there = false;
        if flight.on.is_some() && !self.pubsub.pushes.contains_key(&id) && !flight.has_answered {
            let step = match &action {
                Action::Rpc(rpc) => Some(super::calling::step_of(rpc)),
                Action::Wait { .. } => Some(Step::Wait),
                Action::Body | Action::Done(_) => None,
            };
            step.into_iter().for_each(|step| self.coverage.pair(step, Fault::Zombie));
        }
        match action {
            Action::Rpc(rpc) => self.call(id, rpc),
            Action::Wait { ms } => {
                flight.at = Some(Step::Wait);
                let turn = flight.turn;
                self.agenda.after(u64::from(ms), Happening::WaitIsOver { flight: id, turn });
                self.may_come_to_grief(id, u64::from(ms));
            }
            Action::Done(response) => self.settles(id, &response),
            Action::Body => unreachable!("the request was given whole"),
        }
    }

    pub(super) fn wait_is_over(&mut self, id: u64, turn: u32) {
        if self.flights.get(&id).is_none_or(|flight| flight.turn != turn) {
            return;
        }
        if let Some(thaws_at_ms) = self.thaws_at_ms(id) {
            self.agenda.at(thaws_at_ms, Happening::WaitIsOver { flight: id, turn });
            return;
        }
        self.advance(id, Answer::Waited);
    }

    /// The delivery is over; its word goes to Pub/Sub.
    fn settles(&mut self, id: u64, response: &HttpResponse) {
        if response.log.get("reason") == Some(&LogValue::Text("out of time".to_owned())) {
            self.coverage.see(Sometimes::OutOfTime);
            self.flights.get_mut(&id).expect("under way").has_failed = true;
        }
        if self.flights[&id].on.is_some() {
            self.gives_word(id, response.status, response.outcome());
        } else {
            self.reports(id, response);
        }
        self.flights.remove(&id);
    }

    /// The host gives up, whatever the message says.
    pub(super) fn fails(&mut self, id: u64) {
        self.flights.get_mut(&id).expect("under way").has_failed = true;
        self.gives_word(id, FAULT, "FAULT");
        self.flights.remove(&id);
    }

    pub(super) fn gives_word(&mut self, id: u64, status: u16, outcome: &'static str) {
        let flight = self.flights.get_mut(&id).expect("under way");
        if std::mem::replace(&mut flight.has_answered, true) {
            return;
        }
        let Some(on) = flight.on else { return };
        let word = Word {
            function: flight.function,
            message: on.message,
            attempt: on.attempt,
            status,
            outcome,
            has_trapped: flight.has_trapped,
            has_failed: flight.has_failed,
        };
        if outcome == "DUPLICATE" && flight.has_lost_a_commit {
            self.coverage.see(Sometimes::LostCommitFound);
        }
        self.tell_push(&on, |_| format!("answers {status} {outcome}"));
        if let Some(violation) = auditors::at_a_word(self, &word) {
            self.complain(violation);
        }
        if !self.hits(Mischief::ResponseLost) {
            let back_ms = self.chance.between(1, 5);
            self.agenda.after(back_ms, Happening::PushAnswered { push: id, status });
        }
    }

    pub(super) fn push_answered(&mut self, push: u64, status: u16) {
        if (200..300).contains(&status) {
            if let Some(on) = self.pubsub.acked(push) {
                self.lane_looks(on.lane);
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
            let publication = given_up(&self.chronicle, &on, subscription, now_ms);
            let event = self.chronicle.content_of(on.message).event_id().map(str::to_owned);
            self.chronicle.given_up.extend(event.map(|event| (subscription.consumer, event)));
            self.tell_push(&on, |_| format!("is given up after attempt {}", on.attempt));
            self.publish(publication);
        }
        self.lane_looks(on.lane);
    }

    pub(super) fn tell_flight(&mut self, id: u64, line: impl FnOnce(&World) -> String) {
        let Some(flight) = self.flights.get(&id) else { return };
        match flight.on {
            Some(on) => self.tell_push(&on, line),
            None => {
                let function = flight.function;
                self.tell("", |world| format!("  {function} (call {}) {}", id - FIRST_CALL, line(world)));
            }
        }
    }

    pub(super) fn tell_push(&mut self, on: &Push, line: impl FnOnce(&World) -> String) {
        if self.story.is_some() {
            let key = self.chronicle.publications[on.message].key.clone();
            self.tell(&key, |world| {
                let content = world.chronicle.publications[on.message].content;
                let name = world.pubsub.subscription_of(on).name();
                format!("  {name}: {} (message {}) {}", world.kind_of(content), on.message, line(world))
            });
        }
    }

    pub(super) fn hits(&mut self, mischief: Mischief) -> bool {
        self.chance.hits(self.plan.rate(mischief))
    }
}
