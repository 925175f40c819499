//! Checks a scenario: all its states, or until a property is violated.

use std::{
    collections::BTreeMap,
    fmt,
    time::{Duration, SystemTime},
};

use stateright::{
    Checker, HasDiscoveries, Model,
    report::{ReportData, ReportDiscovery, Reporter},
};

use crate::{product::Product, scenario::Scenario, trace, world::World};

/// The result of a check.
#[derive(Debug)]
pub struct Walk {
    pub progress: Progress,
    /// The violated properties, each with a counterexample.
    pub broken: Vec<Trace>,
    /// The `sometimes` properties that were met, each with an example.
    pub seen: Vec<Trace>,
}

#[derive(Clone, Copy, Debug)]
pub struct Progress {
    pub states: usize,
    pub distinct: usize,
    pub depth: usize,
    pub elapsed: Duration,
}

#[derive(Debug)]
pub struct Trace {
    pub property: &'static str,
    pub lines: Vec<String>,
}

/// Visits every state, depth first, which keeps little more than a fingerprint of each.
pub fn every_state(product: Product, scenario: Scenario, faults: u8, threads: usize) -> Walk {
    let checker = World::new(product, scenario, faults).checker().threads(threads);
    let began = now();
    walked(&checker.finish_when(HasDiscoveries::AnyFailures).spawn_dfs().join(), began)
}

/// The same, with reports of its progress.
pub fn every_state_with_progress(
    product: Product,
    scenario: Scenario,
    faults: u8,
    threads: usize,
    tell: &mut (dyn FnMut(Progress) + Send),
) -> Walk {
    let checker = World::new(product, scenario, faults).checker().threads(threads);
    let (began, mut reporter) = (now(), ProgressReporter { tell });
    walked(&checker.finish_when(HasDiscoveries::AnyFailures).spawn_dfs().join_and_report(&mut reporter), began)
}

/// Breadth first until a property is violated, which gives a short counterexample.
pub fn first_failure(product: Product, scenario: Scenario, faults: u8) -> Walk {
    let checker = World::new(product, scenario, faults).checker().threads(1);
    let began = now();
    walked(&checker.finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join(), began)
}

fn walked(checker: &impl Checker<World>, began: SystemTime) -> Walk {
    let (mut broken, mut seen) = (Vec::new(), Vec::new());
    for (property, path) in checker.discoveries() {
        let trace = Trace { property, lines: trace::of(checker.model(), path) };
        let is_failure = checker.discovery_classification(property).to_string() == "counterexample";
        if is_failure { broken.push(trace) } else { seen.push(trace) }
    }
    let elapsed = now().duration_since(began).unwrap_or_default();
    let (states, distinct, depth) = (checker.state_count(), checker.unique_state_count(), checker.max_depth());
    Walk { progress: Progress { states, distinct, depth, elapsed }, broken, seen }
}

#[expect(clippy::disallowed_methods, reason = "how long it took is only said, and nothing is decided by it")]
fn now() -> SystemTime {
    SystemTime::now()
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Progress { states, distinct, depth, elapsed } = self;
        write!(f, "{states} states, {distinct} distinct, depth {depth}, {} s", elapsed.as_secs())
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.property)?;
        self.lines.iter().try_for_each(|line| writeln!(f, "    {line}"))
    }
}

struct ProgressReporter<'a> {
    tell: &'a mut (dyn FnMut(Progress) + Send),
}

impl Reporter<World> for ProgressReporter<'_> {
    fn report_checking(&mut self, data: ReportData) {
        let ReportData { total_states: states, unique_states: distinct, max_depth: depth, duration: elapsed, .. } =
            data;
        (self.tell)(Progress { states, distinct, depth, elapsed });
    }

    fn report_discoveries(&mut self, _: &World, _: BTreeMap<&'static str, ReportDiscovery<World>>) {
        // `walked` returns them.
    }
}
