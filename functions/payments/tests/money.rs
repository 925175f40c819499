//! Events in any order, each delivered twice: no money appears, none is lost, and each balance is the sum of its postings.

#[path = "money/audit.rs"]
mod audit;
#[path = "money/customers.rs"]
mod customers;
#[path = "money/generated.rs"]
mod generated;

use std::{cell::RefCell, collections::BTreeSet};

use boma_core::{
    event::catalog::EventType,
    protocol::{handler::Handler, outcome::Outcome},
};
use payments::PaymentsHandler;
use property::check_some;
use proptest::prelude::*;

use crate::{
    customers::{customers, deliver},
    generated::generated_event,
};

/// Each is a history of up to 200 events.
const HISTORIES: u32 = 200;

#[test]
fn money_is_conserved_through_every_history_of_five_customers() {
    let applied = RefCell::new(BTreeSet::new());
    let refused = RefCell::new(BTreeSet::new());
    check_some(HISTORIES, prop::collection::vec(generated_event(), 50..=200), |history| {
        let mut store = customers();
        for (number, generated) in history.iter().enumerate() {
            let event = generated.event(number);
            let (outcome, _) = deliver(&mut store, &event);
            match &outcome {
                Ok(Outcome::Applied) => applied.borrow_mut().insert(generated.event_type()),
                Ok(Outcome::Refused) => refused.borrow_mut().insert(generated.event_type()),
                Ok(Outcome::Ignored | Outcome::Malformed) => false,
                other => return Err(TestCaseError::fail(format!("{event}: {other:?}"))),
            };
            audit::adds_up(&store).map_err(|wrong| TestCaseError::fail(format!("{event}: {wrong}")))?;
            let (again, commits) = deliver(&mut store, &event);
            prop_assert_eq!(commits, 0, "written when delivered twice: {}", event);
            let expected = if outcome == Ok(Outcome::Malformed) { Outcome::Malformed } else { Outcome::Duplicate };
            prop_assert_eq!(again, Ok(expected));
        }
        Ok(())
    });
    let all: BTreeSet<EventType> = PaymentsHandler::HEARS.iter().map(|(heard, _)| *heard).collect();
    assert_eq!(applied.into_inner(), all, "of every type some were applied");
    assert_eq!(refused.into_inner(), all, "of every type some were refused");
}
