//! How a request ends, in the words that its kinds have in common.

use crate::{
    kernel::malformed::Malformed,
    protocol::{
        outcome::Fault,
        request::{Problem, Success},
        step::Step,
    },
    store::document::Unreadable,
};

/// Of the function; what it publishes names it.
pub(super) const FUNCTION: &str = "operator";

pub(super) type Answered = Result<Success, Problem>;

/// A problem ends the request.
pub(super) type Next = Result<Step<Answered>, Problem>;

/// An id that stands for something else.
pub(super) fn taken() -> Problem {
    Problem::new(409).with_detail("id: another command has it")
}

pub(super) fn problem(unreadable: Unreadable) -> Problem {
    Fault::from(unreadable).into()
}

/// What two people agreed on isn't readable by this release any more.
pub(super) fn out_of_date(malformed: &Malformed) -> Problem {
    Problem::new(409).with_detail(malformed.reason())
}
