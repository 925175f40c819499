//! Faults of instances: crashes, freezes, traps.

use boma_google::Answer;

use super::{World, delivering::NO_STATUS};
use crate::{
    content::{Moment, Poison, consumers, is_heard},
    coverage::{Fault, Sometimes, Step},
    event_queue::QueuedEvent,
    plan::FaultKind,
};

/// As in shim/invoke.js: how often, and how late, a delivery begins again after another one trapped its instance.
const MOST_RESTARTS: u32 = 2;
const LATEST_BEGINNING_MS: u64 = 35_000;

/// The attempts at which a message that trapped is parsed again, to file it.
const ATTEMPTS_TO_LOOK_AGAIN: std::ops::Range<u32> = 5..8;

const LONGEST_FREEZE_MS: u64 = 100_000;

/// A delivery takes several steps, and a crash ends all deliveries of its instance: so it is drawn less often.
const STEPS_AT_A_TIME: u64 = 4;

impl World {
    /// The instance may crash or freeze while this step is under way.
    pub(super) fn may_crash_or_freeze(&mut self, id: u64, expected_ms: u64) {
        let instance = self.in_flight[&id].instance;
        self.may_be_interrupted(id, expected_ms);
        if self.hits(FaultKind::Crash) && self.chance.one_in(STEPS_AT_A_TIME) {
            let after_ms = self.chance.between(0, expected_ms);
            self.event_queue.after(after_ms, QueuedEvent::InstanceCrashes { instance });
        }
        if self.hits(FaultKind::Freeze) && self.chance.one_in(STEPS_AT_A_TIME) {
            let longest_ms = *self.chance.pick(&[1_000, 20_000, LONGEST_FREEZE_MS]);
            let for_ms = self.chance.between(1, longest_ms);
            self.freezes(instance, for_ms);
        }
    }

    pub(super) fn freezes(&mut self, instance: u64, for_ms: u64) {
        let until_ms = self.now_ms() + for_ms;
        if let Some(instance) = self.fleet.get_mut(instance) {
            instance.frozen_until_ms = instance.frozen_until_ms.max(until_ms);
        }
        let frozen = self.in_flight.values().filter(|it| it.instance == instance).filter_map(|it| it.at);
        for step in frozen.collect::<Vec<_>>() {
            self.coverage.pair(step, Fault::Frozen);
        }
    }

    /// Every delivery in it ends without a response. Pub/Sub sees the connection break, or waits until its deadline.
    pub(super) fn instance_crashes(&mut self, number: u64) {
        if !self.fleet.replace(number, &self.plan, &mut self.chance) {
            return;
        }
        let is_silent = self.chance.one_in(3);
        let lost: Vec<u64> = self.in_flight.iter().filter(|(_, it)| it.instance == number).map(|(id, _)| *id).collect();
        for id in lost {
            self.trace_invocation(id, |_| "is lost in a crash".to_owned());
            self.tells_again(id);
            let in_flight = self.in_flight.remove(&id).expect("listed");
            if let Some(step) = in_flight.at {
                self.note_crash(step, in_flight.is_carried_out);
                self.note_crash_of_a_job(&in_flight, step);
            }
            if !is_silent && !in_flight.has_answered && in_flight.push.is_some() {
                self.event_queue.after(1, QueuedEvent::PushAnswered { push: id, status: NO_STATUS });
            }
        }
    }

    pub(super) fn is_poisoned(&mut self, id: u64, answer: &Answer) -> bool {
        let in_flight = &self.in_flight[&id];
        let Some(on) = in_flight.push else { return false };
        let content = self.history.content_of(on.message);
        let Some(poison) = content.poison.filter(|poison| poison.consumer == in_flight.function) else { return false };
        let attributes = &self.history.publications[on.message].attributes;
        let is_met = match (poison.moment, answer) {
            (Moment::Arriving, Answer::Begin) => !in_flight.has_trapped,
            // A replay for another consumer isn't parsed. After a trap the message is parsed again only at some attempts.
            (Moment::Reading, Answer::Begin) => {
                let is_for_another = attributes.get("replayFor").is_some_and(|named| named != in_flight.function);
                !is_for_another && (!in_flight.has_trapped || ATTEMPTS_TO_LOOK_AGAIN.contains(&on.attempt))
            }
            (Moment::EventProcessor, Answer::Rpc { status: 0, .. }) => {
                !in_flight.has_trapped && in_flight.at == Some(Step::Read)
            }
            (Moment::Arriving | Moment::Reading | Moment::EventProcessor | Moment::Always, _) => false,
        };
        is_met && self.chance.hits(poison.rate)
    }

    /// A message that its consumer fails at whenever it comes.
    pub(super) fn is_hopeless(&self, message: usize, function: &str) -> bool {
        let is_it = |poison: &Poison| poison.moment == Moment::Always && poison.consumer == function;
        let named = self.history.publications[message].attributes.get("replayFor");
        self.history.content_of(message).poison.as_ref().is_some_and(is_it)
            && named.is_none_or(|named| named == function)
    }

    pub(super) fn runs_out_of_memory(&mut self) -> bool {
        self.hits(FaultKind::OutOfMemory) && self.chance.one_in(STEPS_AT_A_TIME)
    }

    /// The delivery traps its instance. It isn't decided again, and all others in the instance begin again.
    pub(super) fn traps(&mut self, id: u64) {
        self.coverage.see(Sometimes::Trapped);
        let instance = self.in_flight[&id].instance;
        self.trace_invocation(id, |_| "breaks its instance".to_owned());
        if let Some(instance) = self.fleet.get_mut(instance) {
            instance.generation += 1;
        }
        let has_trapped_before =
            std::mem::replace(&mut self.in_flight.get_mut(&id).expect("under way").has_trapped, true);
        if has_trapped_before { self.fails(id) } else { self.reopen(id) }
    }

    /// A follow-up may be a poison message for its consumer.
    pub(super) fn may_be_poison(&mut self, content: usize) {
        let kind = self.history.contents[content].claim.as_ref().map_or("", |claim| claim.kind.as_str());
        let Some(consumer) = consumers().find(|consumer| is_heard(consumer, kind)) else { return };
        if self.hits(FaultKind::Poison) {
            let moment = *self.chance.pick(&[Moment::Reading, Moment::EventProcessor]);
            let poison = Poison { consumer, moment, rate: 10_000, is_mended_later: true };
            self.history.contents[content].poison = Some(poison);
        }
    }

    /// Begins again, because another delivery trapped the instance.
    pub(super) fn begin_again(&mut self, id: u64) {
        let in_flight = self.in_flight.get_mut(&id).expect("under way");
        if in_flight.restarts == MOST_RESTARTS {
            self.fails(id);
            return;
        }
        in_flight.restarts += 1;
        self.coverage.see(Sometimes::Restarted);
        self.reopen(id);
    }

    fn reopen(&mut self, id: u64) {
        let now_ms = self.now_ms();
        let in_flight = self.in_flight.get_mut(&id).expect("under way");
        let Some(instance) = self.fleet.get(in_flight.instance) else { return };
        if instance.clock_ms(now_ms) > in_flight.began_ms + LATEST_BEGINNING_MS {
            self.fails(id);
            return;
        }
        in_flight.generation = instance.generation;
        in_flight.reopen(self.mutant);
        self.advance(id, Answer::Begin);
    }

    /// When the instance goes on, if it is frozen.
    pub(super) fn thaws_at_ms(&self, id: u64) -> Option<u64> {
        let instance = self.fleet.get(self.in_flight.get(&id)?.instance)?;
        Some(instance.frozen_until_ms).filter(|until_ms| *until_ms > self.now_ms())
    }
}
