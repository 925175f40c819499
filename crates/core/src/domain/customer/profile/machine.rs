//! A customer's profile: created once, whole, and then changed field by field.

use std::fmt;

use crate::domain::customer::profile::facts::{Profile, ProfileFact, ProfileFields};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    Create(Profile),
    /// Only these fields.
    Change(ProfileFields),
    /// The user isn't there yet.
    AwaitRegistration,
}

/// A second registration of one customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AlreadyRegistered;

impl fmt::Display for AlreadyRegistered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AlreadyRegistered")
    }
}

pub fn transition(registered: bool, fact: ProfileFact) -> Result<Step, AlreadyRegistered> {
    match (registered, fact) {
        (false, ProfileFact::Registered(profile)) => Ok(Step::Create(profile)),
        (true, ProfileFact::Registered(_)) => Err(AlreadyRegistered),
        (true, ProfileFact::Changed(fields)) => Ok(Step::Change(fields)),
        (false, ProfileFact::Changed(_)) => Ok(Step::AwaitRegistration),
    }
}
