//! Whatever happens in whatever order, and twice: no money appears, none is lost, and no balance says other than the postings.

#[path = "money/audit.rs"]
mod audit;
#[path = "money/story.rs"]
mod story;
#[path = "money/town.rs"]
mod town;

use std::{cell::RefCell, collections::BTreeSet};

use boma_core::{
    event::catalog::EventType,
    protocol::{handler::Handler, outcome::Outcome},
};
use payments::PaymentsHandler;
use property::check_some;
use proptest::prelude::*;

use crate::{story::happening, town::Town};

const STORIES: u32 = 200;

#[test]
fn money_is_conserved_through_every_story_of_five_customers() {
    let applied = RefCell::new(BTreeSet::new());
    let refused = RefCell::new(BTreeSet::new());
    check_some(STORIES, prop::collection::vec(happening(), 50..=200), |story| {
        let mut town = Town::new();
        for (number, happening) in story.iter().enumerate() {
            let event = happening.event(number);
            let outcome = town.deliver(&event);
            match &outcome {
                Ok(Outcome::Applied) => applied.borrow_mut().insert(happening.event_type()),
                Ok(Outcome::Refused) => refused.borrow_mut().insert(happening.event_type()),
                Ok(Outcome::Ignored | Outcome::Malformed) => false,
                other => return Err(TestCaseError::fail(format!("{event}: {other:?}"))),
            };
            audit::adds_up(&town).map_err(|wrong| TestCaseError::fail(format!("{event}: {wrong}")))?;
            let commits = town.commits;
            let again = town.deliver(&event);
            prop_assert_eq!(town.commits, commits, "written when delivered twice: {}", event);
            let expected = if outcome == Ok(Outcome::Malformed) { Outcome::Malformed } else { Outcome::Duplicate };
            prop_assert_eq!(again, Ok(expected));
        }
        Ok(())
    });
    let all: BTreeSet<EventType> = PaymentsHandler::HEARS.iter().map(|(heard, _)| *heard).collect();
    assert_eq!(applied.into_inner(), all, "of every type some were applied");
    assert_eq!(refused.into_inner(), all, "of every type some were refused");
}
