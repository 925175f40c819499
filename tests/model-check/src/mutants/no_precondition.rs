//! Writes without a precondition.

use boma_core::store::{
    document::UpdateTime,
    write::{Expected, GuardedWrite},
};

use crate::interceptor::Interceptor;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NoPrecondition;

impl Interceptor for NoPrecondition {
    fn writes(&self, write: GuardedWrite, there: Option<UpdateTime>) -> GuardedWrite {
        let expected = match (write.expected, there) {
            // A replacing write has no precondition anyway.
            (Expected::Whatever, _) => Expected::Whatever,
            (Expected::Absent | Expected::Version(_), None) => Expected::Absent,
            (Expected::Absent | Expected::Version(_), Some(version)) => Expected::Version(version),
        };
        GuardedWrite { expected, ..write }
    }
}
