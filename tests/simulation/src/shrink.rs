//! Shrinks a failing run: to the customers, the fault kinds and the number of events that the violation needs.

use std::collections::BTreeSet;

use crate::{
    auditors::Violation,
    mutants::Mutant,
    plan::{FaultKind, Plan, Reduction},
    run::{run, simulated},
    world::Watch,
};

/// Each try is a whole run.
const MOST_TRIES: u32 = 300;

#[derive(Debug)]
pub struct Shrunk {
    pub reduction: Reduction,
    pub violation: Violation,
    /// The trace of the customer or lead that it is about.
    pub trace: Vec<String>,
}

/// The smallest run found with a violation of the same auditor.
pub fn shrink(seed: u64, reduction: &Reduction, violation: &Violation, mutant: Mutant) -> Shrunk {
    let mut smallest = reduction.clone();
    let mut tries = 0;
    let mut still_fails = |candidate: &Reduction| {
        tries += 1;
        let watch = Watch { mutant, ..Watch::default() };
        tries <= MOST_TRIES && run(seed, candidate, watch).violations.iter().any(|it| it.auditor == violation.auditor)
    };
    fewer_customers(seed, &mut smallest, &mut still_fails);
    for fault in FaultKind::ALL {
        let mut candidate = smallest.clone();
        if candidate.without.insert(*fault) && still_fails(&candidate) {
            smallest = candidate;
        }
    }
    fewer_customers(seed, &mut smallest, &mut still_fails);
    for events in [1, 2, 3, 5, 8, 13, 21] {
        let candidate = Reduction { events: Some(events), ..smallest.clone() };
        if smallest.events.is_none_or(|most| events < most) && still_fails(&candidate) {
            smallest = candidate;
            break;
        }
    }
    let world = simulated(seed, &smallest, Watch { mutant, traces: true, ..Watch::default() });
    let violation = world.violations.first().cloned().unwrap_or_else(|| violation.clone());
    let trace = violation.key.as_ref().map(|key| world.trace_of(key)).unwrap_or_default();
    Shrunk { reduction: smallest, violation, trace }
}

/// Halves first, then one at a time.
fn fewer_customers(seed: u64, smallest: &mut Reduction, still_fails: &mut impl FnMut(&Reduction) -> bool) {
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
            let candidate = Reduction { customers: Some(rest.clone()), ..smallest.clone() };
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
pub fn command(seed: u64, reduction: &Reduction) -> String {
    let mut command = format!("npm run simulate -- --seed {seed}");
    if let Some(customers) = &reduction.customers {
        let numbers: Vec<_> = customers.iter().map(u64::to_string).collect();
        command.push_str(&format!(" --customers {}", numbers.join(",")));
    }
    if let Some(events) = reduction.events {
        command.push_str(&format!(" --events {events}"));
    }
    if !reduction.without.is_empty() {
        let names: Vec<_> = reduction.without.iter().map(|fault| fault.name()).collect();
        command.push_str(&format!(" --without {}", names.join(",")));
    }
    command
}
