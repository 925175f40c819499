//! The simulated world: the state of all services and instances, and the loop over its events.

mod calling;
mod closing;
mod delivering;
mod instance_faults;
mod jobs;
mod operators;
mod releasing;
mod running;
mod upkeep;

pub use self::operators::oldest_replay_ms;

use std::collections::{BTreeMap, BTreeSet};

use case_runner::store::Store;

use crate::{
    auditors::{AuditLog, Violation},
    call::Outage,
    chance::Chance,
    coverage::Coverage,
    event_queue::{EventQueue, QueuedEvent},
    fleet::Fleet,
    history::{History, Origin, Publication},
    in_flight::InFlight,
    mutants::Mutant,
    plan::{BEGINNING_MS, HOUR_MS, MINUTE_MS, Plan},
    pubsub::PubSub,
    sources::{self, PlannedPublication},
};

/// How long the world may take to handle all messages after fault injection has ended.
const LONGEST_DRAIN_MS: u64 = 6 * HOUR_MS;
const INSPECTION_EVERY_MS: u64 = 5 * MINUTE_MS;

/// The prefix of all document names.
pub const ROOT: &str = "projects/boma/databases/(default)/documents/";

#[derive(Debug)]
pub struct World {
    plan: Plan,
    event_queue: EventQueue,
    chance: Chance,
    pub(crate) history: History,
    pubsub: PubSub,
    pub(crate) store: Store,
    fleet: Fleet,
    in_flight: BTreeMap<u64, InFlight>,
    /// The number of job runs.
    calls: u64,
    outages: Vec<Outage>,
    planned: Vec<PlannedPublication>,
    phase: Phase,
    calm_since_ms: u64,
    mutant: Mutant,
    pub(crate) audit_log: AuditLog,
    pub coverage: Coverage,
    pub deliveries: u64,
    /// The first violation of each auditor.
    pub violations: Vec<Violation>,
    collects_all: bool,
    trace: Option<Vec<(String, String)>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Busy,
    Draining,
    /// So many of the closing tasks have begun.
    Closing(usize),
    Over,
}

/// Options of a run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Watch {
    pub mutant: Mutant,
    /// Go on after a violation, to collect those of other auditors.
    pub collects_all: bool,
    /// Keep a trace of everything that happens.
    pub traces: bool,
}

impl World {
    pub fn new(plan: Plan, watch: Watch) -> World {
        let mut chance = Chance::of(plan.seed, "world", 0);
        let mut history = History::default();
        let planned = sources::planned(&plan, &mut history);
        let mut world = World {
            fleet: Fleet::new(&plan, &mut chance),
            plan,
            event_queue: EventQueue::default(),
            chance,
            history,
            pubsub: PubSub::with_all_functions(),
            store: Store::lenient(),
            in_flight: BTreeMap::new(),
            calls: 0,
            outages: Vec::new(),
            planned,
            phase: Phase::Busy,
            calm_since_ms: 0,
            mutant: watch.mutant,
            audit_log: AuditLog::default(),
            coverage: Coverage::default(),
            deliveries: 0,
            violations: Vec::new(),
            collects_all: watch.collects_all,
            trace: watch.traces.then(Vec::new),
        };
        world.set_limits();
        world.schedule_everything();
        world
    }

    fn schedule_everything(&mut self) {
        let calm_at_ms = self.plan.ends_at_ms();
        self.event_queue.at(BEGINNING_MS, QueuedEvent::SourcePublishes { index: 0 });
        self.schedule_upkeep(BEGINNING_MS, calm_at_ms - self.plan.leap_ms);
        self.schedule_job_runs(calm_at_ms);
        self.event_queue.at(calm_at_ms, QueuedEvent::Calm);
    }

    fn handle(&mut self, event: QueuedEvent) {
        match event {
            QueuedEvent::SourcePublishes { index } => self.source_publishes(index),
            QueuedEvent::KeyQueueDue { queue } => self.key_queue_due(queue),
            QueuedEvent::SchedulerCalls { function } => self.scheduler_calls(function),
            QueuedEvent::DocumentCreated { function, name } => self.eventarc_calls(function, name),
            QueuedEvent::InvocationBegins { id } => self.invocation_begins(id),
            QueuedEvent::PushAnswered { push, status } => self.push_answered(push, status),
            QueuedEvent::PushExpires { push } => self.push_expires(push),
            QueuedEvent::CallArrives { call } => self.call_arrives(*call),
            QueuedEvent::CallAnswered { id, turn, answered, seen_commits } => {
                self.call_answered(id, turn, answered, seen_commits);
            }
            QueuedEvent::WaitIsOver { id, turn } => self.wait_is_over(id, turn),
            QueuedEvent::InstanceCrashes { instance } => self.instance_crashes(instance),
            QueuedEvent::RecordExpires { name } => self.record_expires(&name),
            QueuedEvent::PubSubRedelivers => self.pubsub_redelivers(),
            QueuedEvent::OperatorSeeks => self.operator_seeks(),
            QueuedEvent::OperatorReplays => self.operator_replays(),
            QueuedEvent::OutageBegins => self.outage_begins(),
            QueuedEvent::Calm => self.calm(),
            QueuedEvent::Inspection => self.inspect(),
        }
    }

    fn source_publishes(&mut self, index: usize) {
        let Some(at_ms) = self.planned.get(index).map(|next| next.at_ms) else { return };
        if at_ms > self.now_ms() {
            self.event_queue.at(at_ms, QueuedEvent::SourcePublishes { index });
            return;
        }
        if self.plan.sources_wait && (!self.is_drained() || self.tells_of_what_is_left()) {
            self.event_queue.after(MINUTE_MS, QueuedEvent::SourcePublishes { index });
            return;
        }
        let next = &self.planned[index];
        let (topic, key, content) = (next.topic, next.key.clone(), next.content);
        let attributes = sources::attributes(&self.history.contents[content]);
        let at_ms = self.now_ms();
        self.publish(Publication { content, topic, key, attributes, at_ms, origin: Origin::Source });
        self.source_publishes(index + 1);
    }

    /// No request is in flight, and no message waits.
    fn is_drained(&self) -> bool {
        self.in_flight.is_empty() && self.pubsub.is_drained()
    }

    /// Publishes a message to its topic, and so to all subscriptions.
    fn publish(&mut self, publication: Publication) {
        self.trace(&publication.key.clone(), |world| {
            let kind = world.kind_of(publication.content);
            format!("{} takes {kind} ({:?})", publication.topic, publication.origin)
        });
        let message = self.history.publish(publication);
        for queue in self.pubsub.take(message, &self.history.publications[message]) {
            let within_ms = self.chance.between(1, 10);
            self.event_queue.after(within_ms, QueuedEvent::KeyQueueDue { queue });
        }
    }

    pub(crate) fn complain(&mut self, violation: Violation) {
        let heard: BTreeSet<_> = self.violations.iter().map(|it| it.auditor).collect();
        if !heard.contains(violation.auditor) {
            self.violations.push(violation);
        }
    }

    /// Whether all messages are handled and the closing tasks run.
    pub(crate) fn is_closing(&self) -> bool {
        matches!(self.phase, Phase::Closing(_))
    }

    pub(crate) fn now_ms(&self) -> u64 {
        self.event_queue.now_ms()
    }

    fn kind_of(&self, content: usize) -> String {
        let claim = self.history.contents[content].claim.as_ref();
        claim.map_or("what can't be read".to_owned(), |claim| format!("{} {}", claim.kind, claim.id))
    }

    /// Adds a line to the trace of one ordering key.
    fn trace(&mut self, key: &str, line: impl FnOnce(&World) -> String) {
        if self.trace.is_none() {
            return;
        }
        let line = format!("{} {}", crate::pubsub::rfc3339(self.now_ms()), line(self));
        self.trace.iter_mut().for_each(|trace| trace.push((key.to_owned(), line.clone())));
    }

    /// The trace of one customer or lead.
    pub fn trace_of(&self, key: &str) -> Vec<String> {
        let lines = self.trace.iter().flatten().filter(|(about, _)| about == key || about.is_empty());
        lines.map(|(_, line)| line.clone()).collect()
    }

    /// The whole trace.
    pub fn whole_trace(&self) -> Vec<String> {
        self.trace.iter().flatten().map(|(_, line)| line.clone()).collect()
    }
}
