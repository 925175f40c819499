//! The report of a finished delivery: enough to find it again, nothing of its data.

use crate::{
    event::envelope::PartialEnvelope,
    protocol::outcome::{Fault, Outcome, Verdict},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DeliveryReport {
    pub outcome: Result<Outcome, Fault>,
    /// Why, where the outcome alone doesn't say it.
    pub reason: Option<String>,
    pub consumer: &'static str,
    pub event: PartialEnvelope,
    pub traceparent: Option<String>,
    /// The delivery attempt that Pub/Sub counted.
    pub attempt: u32,
    /// How often reading, committing or publishing had to be done again.
    pub repeats: u32,
}

impl DeliveryReport {
    pub fn verdict(&self) -> Verdict {
        match &self.outcome {
            Ok(outcome) => outcome.verdict(),
            Err(_) => Verdict::Retry,
        }
    }
}
