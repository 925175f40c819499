//! What a seed draws before anything happens: how large its world is, and how often what goes wrong in it. Whoever shrinks
//! a failing run takes things out of the plan.

use std::collections::BTreeSet;

use crate::{
    agenda::BEGINNING_MS,
    chance::{Chance, PerTenThousand},
};

macro_rules! mischiefs {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// What can go wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Mischief { $($(#[$doc])* $variant),+ }

        impl Mischief {
            pub const ALL: &'static [Mischief] = &[$(Mischief::$variant),+];

            pub fn name(self) -> &'static str {
                match self { $(Mischief::$variant => $name),+ }
            }

            pub fn from_name(name: &str) -> Option<Mischief> {
                Mischief::ALL.iter().copied().find(|known| known.name() == name)
            }

            fn index(self) -> usize {
                Mischief::ALL.iter().position(|known| *known == self).expect("one of all")
            }
        }
    };
}

mischiefs! {
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
    /// For a while Firestore or Pub/Sub answers nobody.
    Outage = "outage",
    /// An instance ends, with every delivery in it.
    Crash = "crash",
    /// An instance stands still for a while, and goes on.
    Freeze = "freeze",
    /// A push waits for an instance until long after Pub/Sub has given it up.
    LateBegin = "late-begin",
    /// A function's HTTP answer is lost.
    ResponseLost = "response-lost",
    /// Pub/Sub delivers again what was acknowledged, and everything after it.
    Redelivery = "redelivery",
    /// An operator seeks a subscription back.
    Seek = "seek",
    /// A message breaks the instance that handles it.
    Poison = "poison",
    /// An instance has no memory left, and the delivery that asks for more breaks it.
    OutOfMemory = "out-of-memory",
    /// A source publishes a message twice.
    PublishedTwice = "published-twice",
    /// A source publishes the same claim once more, in other bytes.
    Reworded = "reworded",
    /// A source uses an id for two claims.
    Conflict = "conflict",
    /// A source publishes what can't be read.
    Malformed = "malformed",
    /// Events come before the registration or the lead that they need.
    Early = "early",
    /// Events that the customer's state doesn't allow.
    Illegal = "illegal",
    /// Operators replay dead letters in the middle of everything.
    Replay = "replay",
    /// The instances' clocks differ.
    Skew = "skew",
    /// A call of the scheduler ends at one of its steps, or stands still until its time is over.
    Interrupted = "interrupted",
}

pub const MINUTE_MS: u64 = 60_000;
pub const HOUR_MS: u64 = 60 * MINUTE_MS;
pub const DAY_MS: u64 = 24 * HOUR_MS;

/// What is left out of a seed's run; as the command line says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Less {
    pub without: BTreeSet<Mischief>,
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
    /// How long nobody says anything after that, so that what time ends has its time; often not at all.
    pub leap_ms: u64,
    /// How often the scheduler calls the clock meanwhile.
    pub calls: u64,
    /// Whether sources say nothing more until everything that came of the last event is settled.
    pub sources_wait: bool,
    /// After how many attempts Pub/Sub gives a message up.
    pub max_attempts: u32,
    pub instances_per_function: u64,
    /// Whether Pub/Sub counts on, or anew, when it delivers again what was acknowledged.
    pub counts_on: bool,
    /// What a customer may withdraw at once, in minor units, and a quarter more in a day; None: whatever there is.
    pub most_per_withdrawal: Option<i64>,
    rates: Vec<PerTenThousand>,
}

impl Plan {
    pub fn of(seed: u64, less: &Less) -> Plan {
        let mut chance = Chance::of(seed, "plan", 0);
        let spans_ms = [2 * MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 12 * HOUR_MS, 4 * DAY_MS, 70 * DAY_MS];
        let customers = chance.between(6, 40);
        let span_ms = *chance.pick(&spans_ms);
        let max_attempts = *chance.pick(&[5, 5, 6, 7, 9, 12, 30]);
        let instances_per_function = chance.between(1, 4);
        let counts_on = chance.one_in(2);
        // A seed without some faults goes deeper into the others.
        let mut rate = |mischief: &Mischief| {
            let drawn = *chance.pick(&[0, 0, 10, 30, 100, 300, 1_000]);
            if less.without.contains(mischief) { 0 } else { drawn }
        };
        let rates: Vec<_> = Mischief::ALL.iter().map(&mut rate).collect();
        let most_per_withdrawal = *chance.pick(&[None, Some(20_000), Some(120_000)]);
        let leap_ms = *chance.pick(&[0, 0, 0, 8 * DAY_MS, 31 * DAY_MS]);
        let calls = chance.between(2, 8);
        let is_wanted = |number: &u64| less.customers.as_ref().is_none_or(|wanted| wanted.contains(number));
        Plan {
            seed,
            customers: (0..customers).filter(is_wanted).collect(),
            most_events: less.events.unwrap_or(usize::MAX),
            span_ms,
            // Who lives for months has seen everything end.
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

    pub fn rate(&self, mischief: Mischief) -> PerTenThousand {
        self.rates[mischief.index()]
    }

    /// When nothing goes wrong any more.
    pub fn ends_at_ms(&self) -> u64 {
        BEGINNING_MS + self.span_ms + self.leap_ms + MINUTE_MS
    }

    /// From now on nothing goes wrong any more.
    pub fn calm(&mut self) {
        self.rates.fill(0);
    }
}
