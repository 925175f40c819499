//! Events in any order, each delivered twice: no money appears, none is lost, and each balance is the sum of its postings.

#[path = "money/audit.rs"]
mod audit;
#[path = "money/customers.rs"]
mod customers;
#[path = "money/generated.rs"]
mod generated;
#[path = "money/limits.rs"]
mod limits;
#[path = "money/second_ledger.rs"]
mod second_ledger;

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
};

use boma_core::{
    event::catalog::EventType,
    protocol::{handler::Handler, outcome::Outcome},
};
use in_memory_store::InMemoryStore;
use payments::PaymentsHandler;
use property::check_some;
use proptest::prelude::*;

use crate::{
    customers::{CUSTOMERS, customers, deliver, register},
    generated::generated_event,
    second_ledger::SecondLedger,
};

/// Each is a history of up to 200 events.
const HISTORIES: u32 = 200;
/// So that authorizations run out within a history.
const MINUTES_BETWEEN: usize = 600;

#[test]
fn money_is_conserved_through_every_history_of_five_customers() {
    let applied = RefCell::new(BTreeSet::new());
    let refused = RefCell::new(BTreeSet::new());
    check_some(HISTORIES, prop::collection::vec(generated_event(), 50..=200), |history| {
        let mut store = customers();
        for (number, generated) in history.iter().enumerate() {
            let event = generated.event(number);
            let minutes = number * MINUTES_BETWEEN;
            let (outcome, _) = deliver(&mut store, &event, minutes);
            match &outcome {
                Ok(Outcome::Applied) => applied.borrow_mut().insert(generated.event_type()),
                Ok(Outcome::Refused) => refused.borrow_mut().insert(generated.event_type()),
                Ok(Outcome::Ignored | Outcome::Malformed | Outcome::Awaited) => false,
                other => return Err(TestCaseError::fail(format!("{event}: {other:?}"))),
            };
            audit::adds_up(&store).map_err(|wrong| TestCaseError::fail(format!("{event}: {wrong}")))?;
            let (again, commits) = deliver(&mut store, &event, minutes);
            prop_assert_eq!(commits, 0, "written when delivered twice: {}", event);
            let is_recorded = !matches!(outcome, Ok(Outcome::Malformed | Outcome::Awaited));
            prop_assert_eq!(again, if is_recorded { Ok(Outcome::Duplicate) } else { outcome });
        }
        Ok(())
    });
    let all: BTreeSet<EventType> = PaymentsHandler::HEARS.iter().map(|(heard, _)| *heard).collect();
    assert_eq!(applied.into_inner(), all, "of every type some were applied");
    assert_eq!(refused.into_inner(), all, "of every type some were refused");
}

/// Customers come late, so that events wait for them, and for transactions that wait themselves; in the end all letters are
/// released, in their order.
#[test]
fn the_books_are_those_of_a_second_ledger_that_is_told_what_was_applied_in_its_order() {
    let released = Cell::new(0);
    let arrivals = prop::array::uniform5(0..60_usize);
    let histories = (arrivals, prop::collection::vec(generated_event(), 50..=200));
    check_some(HISTORIES, histories, |(arrivals, history)| {
        let (mut store, mut ledger) = (InMemoryStore::default(), SecondLedger::default());
        let mut letters = Vec::new();
        for (number, generated) in history.iter().enumerate() {
            (0..CUSTOMERS).filter(|who| arrivals[*who] == number).for_each(|who| register(&mut store, who));
            let event = generated.event(number);
            let must_post = ledger.must_post(&event);
            let outcome = deliver(&mut store, &event, number * MINUTES_BETWEEN).0;
            let is_posted = matches!(outcome, Ok(Outcome::Applied | Outcome::Malformed));
            prop_assert!(!must_post || is_posted, "{}: {:?}", event, outcome);
            match outcome {
                Ok(Outcome::Applied) => ledger.apply(&event),
                Ok(Outcome::Awaited) => letters.push(event),
                _ => {}
            }
        }
        (0..CUSTOMERS).filter(|who| arrivals[*who] >= history.len()).for_each(|who| register(&mut store, who));
        let later = history.len() * MINUTES_BETWEEN;
        loop {
            let mut left = Vec::new();
            let before = letters.len();
            for event in letters {
                match deliver(&mut store, &event, later).0 {
                    Ok(Outcome::Applied) => ledger.apply(&event),
                    Ok(Outcome::Awaited) => left.push(event),
                    _ => {}
                }
            }
            letters = left;
            released.set(released.get() + before - letters.len());
            if letters.len() == before {
                break;
            }
        }
        let held = audit::held(&store).map_err(|unreadable| TestCaseError::fail(unreadable.to_string()))?;
        prop_assert_eq!(held, ledger.held());
        Ok(())
    });
    assert!(released.get() > 1_000, "only {} letters were released", released.get());
}
