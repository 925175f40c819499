//! The loop over the events, and the audit at its end.

use super::{Phase, World};
use crate::auditors;

impl World {
    /// Runs until everything is done, or until a violation.
    pub fn run(&mut self) {
        while self.phase != Phase::Over && (self.violations.is_empty() || self.collects_all) {
            let Some(event) = self.event_queue.pop() else { break };
            self.handle(event);
        }
        if self.violations.is_empty() || self.collects_all {
            for violation in auditors::at_the_end(self) {
                self.complain(violation);
            }
        }
    }
}
