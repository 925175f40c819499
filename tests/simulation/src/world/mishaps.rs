//! What happens to instances: they crash, they stand still, messages break them.

use boma_google::Answer;

use super::{World, delivering::NO_STATUS};
use crate::{
    agenda::Happening,
    content::{CONSUMERS, Moment, Poison, is_heard},
    coverage::{Fault, Sometimes, Step},
    plan::Mischief,
};

/// shim/settle.js: how often a delivery begins again because another one broke its instance, and how late.
const MOST_RESTARTS: u32 = 2;
const LATEST_BEGINNING_MS: u64 = 35_000;

/// The attempts at which a message that trapped is filed with a look at whose event it is.
const ATTEMPTS_TO_LOOK_AGAIN: std::ops::Range<u32> = 5..8;

const LONGEST_FREEZE_MS: u64 = 100_000;

/// Most deliveries take several steps, and a crash takes all deliveries of its instance along.
const STEPS_AT_A_TIME: u64 = 4;

impl World {
    /// The instance may crash or freeze while this step is under way.
    pub(super) fn may_come_to_grief(&mut self, id: u64, expected_ms: u64) {
        let instance = self.flights[&id].instance;
        self.may_be_interrupted(id, expected_ms);
        if self.hits(Mischief::Crash) && self.chance.one_in(STEPS_AT_A_TIME) {
            let after_ms = self.chance.between(0, expected_ms);
            self.agenda.after(after_ms, Happening::InstanceCrashes { instance });
        }
        if self.hits(Mischief::Freeze) && self.chance.one_in(STEPS_AT_A_TIME) {
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
        let frozen = self.flights.values().filter(|it| it.instance == instance).filter_map(|it| it.at);
        for step in frozen.collect::<Vec<_>>() {
            self.coverage.pair(step, Fault::Frozen);
        }
    }

    /// Every delivery in it ends without a word. Pub/Sub sees the connection break, or hears nothing until its deadline.
    pub(super) fn instance_crashes(&mut self, number: u64) {
        if !self.fleet.replace(number, &self.plan, &mut self.chance) {
            return;
        }
        let is_silent = self.chance.one_in(3);
        let lost: Vec<u64> = self.flights.iter().filter(|(_, it)| it.instance == number).map(|(id, _)| *id).collect();
        for id in lost {
            self.tell_flight(id, |_| "is lost in a crash".to_owned());
            let flight = self.flights.remove(&id).expect("listed");
            if let Some(step) = flight.at {
                self.note_crash(step, flight.is_done_there);
                self.note_crash_of_a_sweep(&flight, step);
            }
            if !is_silent && !flight.has_answered && flight.on.is_some() {
                self.agenda.after(1, Happening::PushAnswered { push: id, status: NO_STATUS });
            }
        }
    }

    pub(super) fn meets_its_bug(&mut self, id: u64, answer: &Answer) -> bool {
        let flight = &self.flights[&id];
        let Some(on) = flight.on else { return false };
        let content = self.chronicle.content_of(on.message);
        let Some(poison) = content.poison.filter(|poison| poison.consumer == flight.function) else { return false };
        let attributes = &self.chronicle.publications[on.message].attributes;
        let is_met = match (poison.moment, answer) {
            (Moment::Arriving, Answer::Begin) => !flight.has_trapped,
            // For another consumer it isn't read at all; and after a trap once more, to see whose it is, but not for ever.
            (Moment::Reading, Answer::Begin) => {
                let is_for_another = attributes.get("replayFor").is_some_and(|named| named != flight.function);
                !is_for_another && (!flight.has_trapped || ATTEMPTS_TO_LOOK_AGAIN.contains(&on.attempt))
            }
            (Moment::EventProcessor, Answer::Rpc { status: 0, .. }) => {
                !flight.has_trapped && flight.at == Some(Step::Read)
            }
            (Moment::Arriving | Moment::Reading | Moment::EventProcessor, _) => false,
        };
        is_met && self.chance.hits(poison.rate)
    }

    pub(super) fn runs_out_of_memory(&mut self) -> bool {
        self.hits(Mischief::OutOfMemory) && self.chance.one_in(STEPS_AT_A_TIME)
    }

    /// The delivery has broken the instance: it won't be decided any more, and everything else in it begins again.
    pub(super) fn traps(&mut self, id: u64) {
        self.coverage.see(Sometimes::Trapped);
        let instance = self.flights[&id].instance;
        self.tell_flight(id, |_| "breaks its instance".to_owned());
        if let Some(instance) = self.fleet.get_mut(instance) {
            instance.generation += 1;
        }
        let has_trapped_before =
            std::mem::replace(&mut self.flights.get_mut(&id).expect("under way").has_trapped, true);
        if has_trapped_before { self.fails(id) } else { self.reopen(id) }
    }

    /// A follow-up, too, may meet a bug of whoever hears it.
    pub(super) fn may_be_poison(&mut self, content: usize) {
        let kind = self.chronicle.contents[content].claim.as_ref().map_or("", |claim| claim.kind.as_str());
        let Some(consumer) = CONSUMERS.into_iter().find(|consumer| is_heard(consumer, kind)) else { return };
        if self.hits(Mischief::Poison) {
            let moment = *self.chance.pick(&[Moment::Reading, Moment::EventProcessor]);
            let poison = Poison { consumer, moment, rate: 10_000, is_mended_later: true };
            self.chronicle.contents[content].poison = Some(poison);
        }
    }

    /// Another delivery broke the instance in which this one had begun.
    pub(super) fn begin_again(&mut self, id: u64) {
        let flight = self.flights.get_mut(&id).expect("under way");
        if flight.restarts == MOST_RESTARTS {
            self.fails(id);
            return;
        }
        flight.restarts += 1;
        self.coverage.see(Sometimes::Restarted);
        self.reopen(id);
    }

    fn reopen(&mut self, id: u64) {
        let now_ms = self.now_ms();
        let flight = self.flights.get_mut(&id).expect("under way");
        let Some(instance) = self.fleet.get(flight.instance) else { return };
        if instance.clock_ms(now_ms) > flight.began_ms + LATEST_BEGINNING_MS {
            self.fails(id);
            return;
        }
        flight.generation = instance.generation;
        flight.reopen(self.mutant);
        self.advance(id, Answer::Begin);
    }

    /// When the delivery's instance goes on, if it stands still.
    pub(super) fn thaws_at_ms(&self, id: u64) -> Option<u64> {
        let instance = self.fleet.get(self.flights.get(&id)?.instance)?;
        Some(instance.frozen_until_ms).filter(|until_ms| *until_ms > self.now_ms())
    }
}
