//! A message that broke the instance that read or decided it, taken up in a fresh one.

use std::marker::PhantomData;

use super::{Arrival, Ending, Function, Mind, Resolution, patience};
use crate::{
    dead_letter::{Cause, Kind},
    document::DocumentPath,
    envelope::Glimpse,
    handler::Snapshot,
    outcome::{Fault, Outcome},
    timestamp::Timestamp,
};

/// Leaves it to redelivery, and files it once it has come too often. It doesn't look into the message, for looking may be
/// what broke the instance.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Crashed<F> {
    consumer: String,
    attempt: u32,
    panic_text: String,
    function: PhantomData<F>,
}

impl<F: Function> Crashed<F> {
    pub fn meet(arrival: &Arrival, panic_text: String) -> Self {
        let consumer = F::consumer_of(arrival);
        Crashed { consumer, attempt: arrival.attempt, panic_text, function: PhantomData }
    }
}

impl<F: Function> Mind for Crashed<F> {
    const FUNCTION: &'static str = F::FUNCTION;

    fn consumer(&self) -> &str {
        &self.consumer
    }

    fn at_once(&self) -> Option<Result<Ending, Fault>> {
        (self.attempt < patience::CRASHES_TO_FILE).then(|| Err(Fault::Trap(self.panic_text.clone())))
    }

    fn read_set(&self) -> Vec<DocumentPath> {
        Vec::new()
    }

    fn will_file(&self) -> bool {
        true
    }

    fn resolve(&self, _: &Snapshot, _: Timestamp) -> Result<Resolution, Fault> {
        let letter = Cause::new(Kind::Crashed, self.panic_text.clone());
        Ok(Resolution::File { writes: Vec::new(), outcome: Outcome::Crashed, letter })
    }

    fn glimpse(&self) -> Glimpse {
        Glimpse::default()
    }

    fn traceparent(&self) -> Option<String> {
        None
    }
}
