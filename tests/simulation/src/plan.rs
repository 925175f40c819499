//! The plan of a run, drawn from its seed: its size, and the rate of each fault. Shrinking a failing run takes parts out of the
//! plan.

use std::collections::BTreeSet;

use crate::chance::{Chance, PerTenThousand};

macro_rules! fault_kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// A kind of fault that the simulation injects.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum FaultKind { $($(#[$doc])* $variant),+ }

        impl FaultKind {
            pub const ALL: &'static [FaultKind] = &[$(FaultKind::$variant),+];

            pub fn name(self) -> &'static str {
                match self { $(FaultKind::$variant => $name),+ }
            }

            pub fn from_name(name: &str) -> Option<FaultKind> {
                FaultKind::ALL.iter().copied().find(|known| known.name() == name)
            }

            fn index(self) -> usize {
                FaultKind::ALL.iter().position(|known| *known == self).expect("one of all")
            }
        }
    };
}

fault_kinds! {
    /// A call is answered with an error and isn't carried out.
    NotExecuted = "not-executed",
    /// A call is carried out, and its answer is lost.
    AnswerLost = "answer-lost",
    /// A call is carried out long after the caller has given up.
    Late = "late",
    /// A call takes seconds, there or back.
    Slow = "slow",
    /// A call's answer breaks off.
    BrokenOff = "broken-off",
    /// A call is refused for good, as if a permission were missing.
    Denied = "denied",
    /// Firestore or Pub/Sub is out for a while.
    Outage = "outage",
    /// An instance crashes, with every delivery in it.
    Crash = "crash",
    /// An instance freezes for a while, and goes on.
    Freeze = "freeze",
    /// A push waits for an instance until long after its ack deadline.
    LateBegin = "late-begin",
    /// A function's HTTP response is lost.
    ResponseLost = "response-lost",
    /// Pub/Sub redelivers an acknowledged message and all later ones of its key.
    Redelivery = "redelivery",
    /// An operator seeks a subscription back.
    Seek = "seek",
    /// A poison message traps the instance that handles it.
    Poison = "poison",
    /// An instance runs out of memory and traps.
    OutOfMemory = "out-of-memory",
    /// A source publishes a message twice.
    PublishedTwice = "published-twice",
    /// A source publishes the same claim again, in other bytes.
    Reworded = "reworded",
    /// A source uses an id for two claims.
    Conflict = "conflict",
    /// A source publishes what can't be read.
    Malformed = "malformed",
    /// Events come before the registration or the lead that they need.
    Early = "early",
    /// Events that the customer's state doesn't allow.
    Illegal = "illegal",
    /// Operators replay dead letters while faults go on.
    Replay = "replay",
    /// The instances' clocks differ.
    Skew = "skew",
    /// A job crashes at one of its steps, or stalls until its time is over.
    Interrupted = "interrupted",
    /// A poison message ends in an error at each of its attempts, and its subscription backs off: other keys wait.
    HoldsUp = "holds-up",
}

/// 2026-01-01T00:00:00Z, in milliseconds since 1970.
pub const BEGINNING_MS: u64 = 1_767_225_600_000;

pub const MINUTE_MS: u64 = 60_000;
pub const HOUR_MS: u64 = 60 * MINUTE_MS;
pub const DAY_MS: u64 = 24 * HOUR_MS;

/// The parts of a seed's run that are left out: by the command line, or by shrinking.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reduction {
    pub without: BTreeSet<FaultKind>,
    /// Only these customers, by number; None: all.
    pub customers: Option<BTreeSet<u64>>,
    /// At most so many events of each customer.
    pub events: Option<usize>,
}

#[derive(Clone, Debug)]
pub struct Plan {
    pub seed: u64,
    pub customers: Vec<u64>,
    pub most_events: usize,
    /// How long sources publish.
    pub span_ms: u64,
    /// How long the sources are silent after that, so that deadlines pass; often 0.
    pub leap_ms: u64,
    /// How often the scheduler starts a job meanwhile.
    pub calls: u64,
    /// Whether sources wait until the last event and its follow-ups are handled.
    pub sources_wait: bool,
    /// After how many attempts Pub/Sub gives a message up.
    pub max_attempts: u32,
    pub instances_per_function: u64,
    /// Whether Pub/Sub counts on, or anew, when it delivers again what was acknowledged.
    pub counts_on: bool,
    /// The limit of one withdrawal in minor units; that of a day is a quarter higher. None: no limits.
    pub most_per_withdrawal: Option<i64>,
    rates: Vec<PerTenThousand>,
}

impl Plan {
    pub fn of(seed: u64, reduction: &Reduction) -> Plan {
        let mut chance = Chance::of(seed, "plan", 0);
        let spans_ms = [2 * MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 12 * HOUR_MS, 4 * DAY_MS, 70 * DAY_MS];
        let customers = chance.between(6, 40);
        let span_ms = *chance.pick(&spans_ms);
        let max_attempts = *chance.pick(&[5, 5, 6, 7, 9, 12, 30]);
        let instances_per_function = chance.between(1, 4);
        let counts_on = chance.one_in(2);
        // Drawn apart: a seed whose run has none of it is the run that it was.
        let holds_up = *Chance::of(seed, "holds up", 0).pick(&[0, 0, 0, 10, 30, 100]);
        // A run without some faults gets further with the others.
        let mut rate = |fault: &FaultKind| {
            let is_apart = *fault == FaultKind::HoldsUp;
            let drawn = if is_apart { holds_up } else { *chance.pick(&[0, 0, 10, 30, 100, 300, 1_000]) };
            if reduction.without.contains(fault) { 0 } else { drawn }
        };
        let rates: Vec<_> = FaultKind::ALL.iter().map(&mut rate).collect();
        let most_per_withdrawal = *chance.pick(&[None, Some(20_000), Some(120_000)]);
        let leap_ms = *chance.pick(&[0, 0, 0, 8 * DAY_MS, 31 * DAY_MS]);
        let calls = chance.between(2, 8);
        let is_wanted = |number: &u64| reduction.customers.as_ref().is_none_or(|wanted| wanted.contains(number));
        Plan {
            seed,
            customers: (0..customers).filter(is_wanted).collect(),
            most_events: reduction.events.unwrap_or(usize::MAX),
            span_ms,
            // Over months all deadlines pass anyway.
            leap_ms: if span_ms < 31 * DAY_MS { leap_ms } else { 0 },
            calls,
            sources_wait: false,
            max_attempts,
            instances_per_function,
            counts_on,
            most_per_withdrawal,
            rates,
        }
    }

    /// An approval lasts from then on. Whether its end has passed is judged by receipt: where sources wait, which makes receipt a
    /// matter of faults, no approval ends before the last event is handled.
    pub fn validity_begins_ms(&self, at_ms: u64) -> u64 {
        if self.sources_wait { BEGINNING_MS + self.span_ms + 20 * DAY_MS } else { at_ms }
    }

    pub fn rate(&self, fault: FaultKind) -> PerTenThousand {
        self.rates[fault.index()]
    }

    /// When fault injection ends.
    pub fn ends_at_ms(&self) -> u64 {
        BEGINNING_MS + self.span_ms + self.leap_ms + MINUTE_MS
    }

    /// Ends fault injection.
    pub fn calm(&mut self) {
        self.rates.fill(0);
    }
}
