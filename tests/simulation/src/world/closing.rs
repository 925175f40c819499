//! The end of a world: nothing goes wrong any more, everything settles, and whoever has something left to do does it.

use super::{INSPECTION_EVERY_MS, LONGEST_DRAIN_MS, Phase, World};
use crate::{agenda::Happening, auditors::Violation, call::LATEST_MS, plan::MINUTE_MS};

/// What is done when all that came before is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chore {
    Call(&'static str),
    /// Operators replay what lies open.
    Mend,
}

const CLOCK: Chore = Chore::Call("clock");
const BALANCE: Chore = Chore::Call("trial-balance");

/// The first call may go on where another stopped; and what one replays may change what time has ended since.
const CHORES: &[Chore] = &[CLOCK, CLOCK, Chore::Mend, CLOCK, CLOCK, Chore::Mend, CLOCK, CLOCK, CLOCK, BALANCE, BALANCE];

impl World {
    pub(super) fn calm(&mut self) {
        self.plan.calm();
        self.outages.clear();
        self.phase = Phase::Draining;
        self.calm_since_ms = self.now_ms();
        // What was sent before may still be carried out.
        self.agenda.after(LATEST_MS + MINUTE_MS, Happening::Inspection);
    }

    pub(super) fn inspect(&mut self) {
        if !self.is_settled() {
            if self.now_ms() - self.calm_since_ms > LONGEST_DRAIN_MS {
                let what =
                    format!("{} deliveries under way, or messages waiting, after six calm hours", self.flights.len());
                self.complain(Violation::new("drains", what));
                self.phase = Phase::Over;
            }
            self.agenda.after(INSPECTION_EVERY_MS, Happening::Inspection);
            return;
        }
        let done = match self.phase {
            Phase::Busy | Phase::Draining => 0,
            Phase::Closing(done) => done,
            Phase::Over => return,
        };
        let Some(chore) = CHORES.get(done) else {
            self.phase = Phase::Over;
            return;
        };
        self.phase = Phase::Closing(done + 1);
        self.calm_since_ms = self.now_ms();
        match chore {
            Chore::Call(function) => self.scheduler_calls(function),
            Chore::Mend => self.operators_mend(),
        }
        self.agenda.after(INSPECTION_EVERY_MS, Happening::Inspection);
    }
}
