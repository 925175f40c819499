//! A failing run, made smaller: without the faults that it doesn't need, with the one customer whom it is about, with as few
//! events as will do.

use std::collections::BTreeSet;

use crate::{
    auditors::Violation,
    mutants::Mutant,
    plan::{Less, Mischief, Plan},
    run::{lived, run},
    world::Watch,
};

/// Each try is a whole run, so there is an end to it.
const MOST_TRIES: u32 = 300;

#[derive(Debug)]
pub struct Shrunk {
    pub less: Less,
    pub violation: Violation,
    /// What happened to the one whom it is about.
    pub story: Vec<String>,
}

/// The smallest run found that breaks the same promise.
pub fn shrink(seed: u64, less: &Less, violation: &Violation, mutant: Mutant) -> Shrunk {
    let mut smallest = less.clone();
    let mut tries = 0;
    let mut still_fails = |candidate: &Less| {
        tries += 1;
        let watch = Watch { mutant, ..Watch::default() };
        tries <= MOST_TRIES && run(seed, candidate, watch).violations.iter().any(|it| it.auditor == violation.auditor)
    };
    fewer_customers(seed, &mut smallest, &mut still_fails);
    for mischief in Mischief::ALL {
        let mut candidate = smallest.clone();
        if candidate.without.insert(*mischief) && still_fails(&candidate) {
            smallest = candidate;
        }
    }
    fewer_customers(seed, &mut smallest, &mut still_fails);
    for events in [1, 2, 3, 5, 8, 13, 21] {
        let candidate = Less { events: Some(events), ..smallest.clone() };
        if smallest.events.is_none_or(|most| events < most) && still_fails(&candidate) {
            smallest = candidate;
            break;
        }
    }
    let world = lived(seed, &smallest, Watch { mutant, tells: true, ..Watch::default() });
    let violation = world.violations.first().cloned().unwrap_or_else(|| violation.clone());
    let story = violation.key.as_ref().map(|key| world.story_of(key)).unwrap_or_default();
    Shrunk { less: smallest, violation, story }
}

/// Halves first, then one at a time.
fn fewer_customers(seed: u64, smallest: &mut Less, still_fails: &mut impl FnMut(&Less) -> bool) {
    let mut customers = Plan::of(seed, smallest).customers;
    let mut piece = customers.len().div_ceil(2);
    while piece > 0 && customers.len() > 1 {
        let mut from = 0;
        while from < customers.len() && customers.len() > 1 {
            let rest: BTreeSet<u64> = customers
                .iter()
                .enumerate()
                .filter(|(at, _)| !(from..from + piece).contains(at))
                .map(|(_, it)| *it)
                .collect();
            let candidate = Less { customers: Some(rest.clone()), ..smallest.clone() };
            if !rest.is_empty() && still_fails(&candidate) {
                *smallest = candidate;
                customers = rest.into_iter().collect();
            } else {
                from += piece;
            }
        }
        piece /= 2;
    }
}

/// The command that runs it again.
pub fn command(seed: u64, less: &Less) -> String {
    let mut command = format!("npm run simulate -- --seed {seed}");
    if let Some(customers) = &less.customers {
        let numbers: Vec<_> = customers.iter().map(u64::to_string).collect();
        command.push_str(&format!(" --customers {}", numbers.join(",")));
    }
    if let Some(events) = less.events {
        command.push_str(&format!(" --events {events}"));
    }
    if !less.without.is_empty() {
        let names: Vec<_> = less.without.iter().map(|mischief| mischief.name()).collect();
        command.push_str(&format!(" --without {}", names.join(",")));
    }
    command
}
