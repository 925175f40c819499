//! An event, once its data has been read.

use crate::{event::envelope::Envelope, kernel::malformed::Malformed};

/// Reads what an event of one type carries.
pub type Reader<F> = fn(&Envelope) -> Result<F, Malformed>;

/// An envelope whose data has been read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Event<F> {
    pub envelope: Envelope,
    pub fact: F,
}
