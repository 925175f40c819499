//! A world in which the real functions run: everything that there is, and what happens next.

mod calling;
mod closing;
mod delivering;
mod mishaps;
mod operators;
mod sweeping;
mod upkeep;

pub use self::operators::oldest_replay_ms;

use std::collections::{BTreeMap, BTreeSet};

use case_runner::store::Store;

use crate::{
    agenda::{Agenda, BEGINNING_MS, Happening},
    auditors::{self, Ledger, Violation},
    call::Outage,
    chance::Chance,
    chronicle::{Chronicle, Origin, Publication},
    coverage::Coverage,
    fleet::Fleet,
    flight::Flight,
    mutants::Mutant,
    plan::{HOUR_MS, MINUTE_MS, Plan},
    pubsub::PubSub,
    sources::{self, Speech},
};

/// How long a world may take to settle everything once nothing goes wrong any more.
const LONGEST_DRAIN_MS: u64 = 6 * HOUR_MS;
const INSPECTION_EVERY_MS: u64 = 5 * MINUTE_MS;

/// All documents' names begin so.
pub const ROOT: &str = "projects/boma/databases/(default)/documents/";

#[derive(Debug)]
pub struct World {
    plan: Plan,
    agenda: Agenda,
    chance: Chance,
    pub(crate) chronicle: Chronicle,
    pubsub: PubSub,
    pub(crate) store: Store,
    fleet: Fleet,
    flights: BTreeMap<u64, Flight>,
    /// How often the scheduler has called.
    calls: u64,
    outages: Vec<Outage>,
    speeches: Vec<Speech>,
    phase: Phase,
    calm_since_ms: u64,
    mutant: Mutant,
    pub(crate) ledger: Ledger,
    pub coverage: Coverage,
    pub deliveries: u64,
    /// The first of each auditor.
    pub violations: Vec<Violation>,
    collects_all: bool,
    story: Option<Vec<(String, String)>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Busy,
    Draining,
    /// So much of what is left to do is begun.
    Closing(usize),
    Over,
}

/// How a world is watched.
#[derive(Clone, Copy, Debug, Default)]
pub struct Watch {
    pub mutant: Mutant,
    /// Go on after a violation, to hear what the other auditors say.
    pub collects_all: bool,
    /// Keep a line of everything that happens.
    pub tells: bool,
}

impl World {
    pub fn new(plan: Plan, watch: Watch) -> World {
        let mut chance = Chance::of(plan.seed, "world", 0);
        let mut chronicle = Chronicle::default();
        let speeches = sources::speeches(&plan, &mut chronicle);
        let mut world = World {
            fleet: Fleet::new(&plan, &mut chance),
            plan,
            agenda: Agenda::default(),
            chance,
            chronicle,
            pubsub: PubSub::with_all_functions(),
            store: Store::lenient(),
            flights: BTreeMap::new(),
            calls: 0,
            outages: Vec::new(),
            speeches,
            phase: Phase::Busy,
            calm_since_ms: 0,
            mutant: watch.mutant,
            ledger: Ledger::default(),
            coverage: Coverage::default(),
            deliveries: 0,
            violations: Vec::new(),
            collects_all: watch.collects_all,
            story: watch.tells.then(Vec::new),
        };
        world.sets_limits();
        world.put_down_what_will_happen();
        world
    }

    fn put_down_what_will_happen(&mut self) {
        let calm_at_ms = self.plan.ends_at_ms();
        self.agenda.at(BEGINNING_MS, Happening::SourceSpeaks { index: 0 });
        self.put_down_upkeep(BEGINNING_MS, calm_at_ms - self.plan.leap_ms);
        self.put_down_calls(calm_at_ms);
        self.agenda.at(calm_at_ms, Happening::Calm);
    }

    /// Until everything is settled, or something is wrong.
    pub fn run(&mut self) {
        while self.phase != Phase::Over && (self.violations.is_empty() || self.collects_all) {
            let Some(happening) = self.agenda.proceed() else { break };
            self.happen(happening);
        }
        if self.violations.is_empty() || self.collects_all {
            for violation in auditors::at_the_end(self) {
                self.complain(violation);
            }
        }
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::SourceSpeaks { index } => self.source_speaks(index),
            Happening::LaneLooks { lane } => self.lane_looks(lane),
            Happening::SchedulerCalls { function } => self.scheduler_calls(function),
            Happening::FlightBegins { flight } => self.flight_begins(flight),
            Happening::PushAnswered { push, status } => self.push_answered(push, status),
            Happening::PushExpires { push } => self.push_expires(push),
            Happening::CallArrives { call } => self.call_arrives(*call),
            Happening::CallAnswered { flight, turn, answered, seen_commits } => {
                self.call_answered(flight, turn, answered, seen_commits);
            }
            Happening::WaitIsOver { flight, turn } => self.wait_is_over(flight, turn),
            Happening::InstanceCrashes { instance } => self.instance_crashes(instance),
            Happening::RecordExpires { name } => self.record_expires(&name),
            Happening::PubSubRedelivers => self.pubsub_redelivers(),
            Happening::OperatorSeeks => self.operator_seeks(),
            Happening::OperatorReplays => self.operator_replays(),
            Happening::OutageBegins => self.outage_begins(),
            Happening::Calm => self.calm(),
            Happening::Inspection => self.inspect(),
        }
    }

    fn source_speaks(&mut self, index: usize) {
        let Some(speech) = self.speeches.get(index) else { return };
        if speech.at_ms > self.now_ms() {
            self.agenda.at(speech.at_ms, Happening::SourceSpeaks { index });
            return;
        }
        if self.plan.sources_wait && !self.is_settled() {
            self.agenda.after(MINUTE_MS, Happening::SourceSpeaks { index });
            return;
        }
        let (topic, key, content) = (speech.topic, speech.key.clone(), speech.content);
        let attributes = sources::attributes(&self.chronicle.contents[content]);
        let at_ms = self.now_ms();
        self.publish(Publication { content, topic, key, attributes, at_ms, origin: Origin::Source });
        self.source_speaks(index + 1);
    }

    /// Nothing is under way, and nothing waits.
    fn is_settled(&self) -> bool {
        self.flights.is_empty() && self.pubsub.is_settled()
    }

    /// Into the topic, and so to everybody who hears it.
    fn publish(&mut self, publication: Publication) {
        self.tell(&publication.key.clone(), |world| {
            let kind = world.kind_of(publication.content);
            format!("{} takes {kind} ({:?})", publication.topic, publication.origin)
        });
        let (topic, key) = (publication.topic, publication.key.clone());
        let message = self.chronicle.publish(publication);
        for lane in self.pubsub.take(message, topic, &key) {
            let within_ms = self.chance.between(1, 10);
            self.agenda.after(within_ms, Happening::LaneLooks { lane });
        }
    }

    pub(crate) fn complain(&mut self, violation: Violation) {
        let heard: BTreeSet<_> = self.violations.iter().map(|it| it.auditor).collect();
        if !heard.contains(violation.auditor) {
            self.violations.push(violation);
        }
    }

    /// Whether everything is settled, and only what is left to do is done.
    pub(crate) fn is_closing(&self) -> bool {
        matches!(self.phase, Phase::Closing(_))
    }

    pub(crate) fn now_ms(&self) -> u64 {
        self.agenda.now_ms()
    }

    fn kind_of(&self, content: usize) -> String {
        let claim = self.chronicle.contents[content].claim.as_ref();
        claim.map_or("what can't be read".to_owned(), |claim| format!("{} {}", claim.kind, claim.id))
    }

    /// A line of the story of one key, for whoever wants to read what happened.
    fn tell(&mut self, key: &str, line: impl FnOnce(&World) -> String) {
        if self.story.is_none() {
            return;
        }
        let line = format!("{} {}", crate::pubsub::rfc3339(self.now_ms()), line(self));
        self.story.iter_mut().for_each(|story| story.push((key.to_owned(), line.clone())));
    }

    /// What happened to one customer, or lead.
    pub fn story_of(&self, key: &str) -> Vec<String> {
        let lines = self.story.iter().flatten().filter(|(about, _)| about == key || about.is_empty());
        lines.map(|(_, line)| line.clone()).collect()
    }

    /// Everything that happened.
    pub fn whole_story(&self) -> Vec<String> {
        self.story.iter().flatten().map(|(_, line)| line.clone()).collect()
    }
}
