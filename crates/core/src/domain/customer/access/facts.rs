//! UserActive and UserRestricted.

use crate::{
    event::{
        catalog::EventType::{self, UserActive, UserRestricted},
        envelope::Envelope,
        reader::Reader,
    },
    kernel::malformed::Malformed,
};

/// Whether the customer may trade, as of a version of the customer's KYC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AccessFact {
    pub may_trade: bool,
    pub version: i64,
}

pub const FACTS: &[(EventType, Reader<AccessFact>)] =
    &[(UserActive, |envelope| read(envelope, true)), (UserRestricted, |envelope| read(envelope, false))];

fn read(envelope: &Envelope, may_trade: bool) -> Result<AccessFact, Malformed> {
    let data = envelope.data();
    data.optional_string("reason")?;
    Ok(AccessFact { may_trade, version: data.count("version")? })
}
