//! Writes over whatever is there.

use boma_core::{delivery::GuardedWrite, document::UpdateTime};

use crate::product::Wrapping;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NoPrecondition;

impl Wrapping for NoPrecondition {
    fn writes(&self, write: GuardedWrite, there: Option<UpdateTime>) -> GuardedWrite {
        GuardedWrite { expected: there, ..write }
    }
}
