//! A lead: somebody who may become a customer.

use super::IllegalTransition;
use crate::names::names;

names! {
    Status {
        New = "NEW",
        Contacted = "CONTACTED",
        Qualified = "QUALIFIED",
        Lost = "LOST",
        Converted = "CONVERTED",
    }
}

/// An event, as far as the table looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    Created,
    Registered,
}

/// The table of LIFECYCLES, Leads. None stands for a lead that isn't there.
pub fn transition(from: Option<Status>, input: Input) -> Result<Status, IllegalTransition> {
    use Status::{Contacted, Converted, Lost, New, Qualified};
    let refused = || Err(IllegalTransition { from: from.map_or("-", Status::name), event: input.name() });
    match input {
        Input::Created => match from {
            None => Ok(New),
            Some(New | Contacted | Qualified | Lost | Converted) => refused(),
        },
        Input::Registered => match from {
            Some(New | Contacted | Qualified | Lost) => Ok(Converted),
            None | Some(Converted) => refused(),
        },
    }
}

impl Input {
    pub fn name(self) -> &'static str {
        match self {
            Input::Created => "LeadCreated",
            Input::Registered => "UserRegistered",
        }
    }
}
