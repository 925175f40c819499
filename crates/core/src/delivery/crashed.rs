//! A message that broke the instance that read or decided it, taken up in a fresh one.

use std::marker::PhantomData;

use super::{Arrival, Ending, Function, Mind, Resolution, patience};
use crate::{
    catalog::Topic,
    dead_letter::{Cause, Kind},
    document::DocumentPath,
    envelope::{Envelope, Glimpse},
    handler::Snapshot,
    outcome::{Fault, Outcome},
    timestamp::Timestamp,
};

/// Leaves it to redelivery, and files it undecided once it has come too often.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Crashed<F> {
    consumer: String,
    /// A letter that is replayed for another consumer: whatever broke the instance, it isn't for this one to file.
    is_for_another: bool,
    attempt: u32,
    panic_text: String,
    event: Glimpse,
    function: PhantomData<F>,
}

impl<F: Function> Crashed<F> {
    pub fn meet(arrival: &Arrival, panic_text: String) -> Self {
        let (consumer, attempt) = (F::consumer_of(arrival), arrival.attempt);
        let is_for_another = arrival.replay_for().is_some_and(|named| named != consumer);
        Crashed { consumer, is_for_another, attempt, panic_text, event: glimpse(arrival), function: PhantomData }
    }
}

impl<F: Function> Mind for Crashed<F> {
    const FUNCTION: &'static str = F::FUNCTION;

    fn consumer(&self) -> &str {
        &self.consumer
    }

    fn at_once(&self) -> Option<Result<Ending, Fault>> {
        if self.is_for_another {
            return Some(Ok(Ending::plain(Outcome::Passed)));
        }
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
        self.event.clone()
    }

    fn traceparent(&self) -> Option<String> {
        None
    }
}

/// Whose event it is, so that its letter is found and can be replayed in order. But looking may be what broke the instance, and
/// would break this one too: from some attempt on it is filed without a look.
fn glimpse(arrival: &Arrival) -> Glimpse {
    if arrival.attempt >= patience::CRASHES_TO_FILE_UNREAD {
        return Glimpse::default();
    }
    Envelope::parse(&arrival.body, Topic::ALL).map_or_else(|(_, glimpse)| glimpse, |envelope| Glimpse::from(&envelope))
}
