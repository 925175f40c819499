//! Walks a scenario through to the end, or to what breaks a property.

use std::{
    collections::BTreeMap,
    fmt,
    time::{Duration, SystemTime},
};

use stateright::{
    Checker, HasDiscoveries, Model,
    report::{ReportData, ReportDiscovery, Reporter},
};

use crate::{product::Product, scenario::Scenario, story, world::World};

/// What a walk came to.
#[derive(Debug)]
pub struct Walk {
    pub progress: Progress,
    /// Each property that doesn't hold, with a path to where it doesn't.
    pub broken: Vec<Story>,
    /// Each thing that was seen to happen.
    pub seen: Vec<Story>,
}

#[derive(Clone, Copy, Debug)]
pub struct Progress {
    pub states: usize,
    pub distinct: usize,
    pub depth: usize,
    pub elapsed: Duration,
}

#[derive(Debug)]
pub struct Story {
    pub property: &'static str,
    pub lines: Vec<String>,
}

/// Every state, depth first: that keeps a fingerprint of each state and little else.
pub fn every_state(product: Product, scenario: Scenario, faults: u8, threads: usize) -> Walk {
    let checker = World::new(product, scenario, faults).checker().threads(threads);
    let began = now();
    walked(&checker.finish_when(HasDiscoveries::AnyFailures).spawn_dfs().join(), began)
}

/// The same, telling its progress every now and then.
pub fn every_state_aloud(
    product: Product,
    scenario: Scenario,
    faults: u8,
    threads: usize,
    tell: &mut (dyn FnMut(Progress) + Send),
) -> Walk {
    let checker = World::new(product, scenario, faults).checker().threads(threads);
    let (began, mut aloud) = (now(), Aloud { tell });
    walked(&checker.finish_when(HasDiscoveries::AnyFailures).spawn_dfs().join_and_report(&mut aloud), began)
}

/// Breadth first, until something is broken: the path to it is about as short as there is.
pub fn first_failure(product: Product, scenario: Scenario, faults: u8) -> Walk {
    let checker = World::new(product, scenario, faults).checker().threads(1);
    let began = now();
    walked(&checker.finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join(), began)
}

fn walked(checker: &impl Checker<World>, began: SystemTime) -> Walk {
    let (mut broken, mut seen) = (Vec::new(), Vec::new());
    for (property, path) in checker.discoveries() {
        let story = Story { property, lines: story::of(checker.model(), path) };
        let is_failure = checker.discovery_classification(property).to_string() == "counterexample";
        if is_failure { broken.push(story) } else { seen.push(story) }
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

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.property)?;
        self.lines.iter().try_for_each(|line| writeln!(f, "    {line}"))
    }
}

struct Aloud<'a> {
    tell: &'a mut (dyn FnMut(Progress) + Send),
}

impl Reporter<World> for Aloud<'_> {
    fn report_checking(&mut self, data: ReportData) {
        let ReportData { total_states: states, unique_states: distinct, max_depth: depth, duration: elapsed, .. } =
            data;
        (self.tell)(Progress { states, distinct, depth, elapsed });
    }

    fn report_discoveries(&mut self, _: &World, _: BTreeMap<&'static str, ReportDiscovery<World>>) {
        // `walked` tells them.
    }
}
