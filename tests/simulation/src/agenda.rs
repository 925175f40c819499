//! Simulated time: what is going to happen, in the order in which it will. Two things at one moment happen in the order in
//! which they were put down.

use std::{cmp::Reverse, collections::BinaryHeap};

use case_runner::store::Answered;

use crate::{call::Call, pubsub::LaneId};

/// 2026-01-01T00:00:00Z, in milliseconds since 1970.
pub const BEGINNING_MS: u64 = 1_767_225_600_000;

#[derive(Debug)]
pub enum Happening {
    /// A source publishes the next of what it has to say.
    SourceSpeaks {
        index: usize,
    },
    /// A lane may have a message that can be pushed.
    LaneLooks {
        lane: LaneId,
    },
    /// The scheduler calls a function.
    SchedulerCalls {
        function: &'static str,
    },
    /// A push, or a call of the scheduler, reaches an instance of its function.
    FlightBegins {
        flight: u64,
    },
    /// A function's HTTP answer reaches Pub/Sub; 0 is a broken connection.
    PushAnswered {
        push: u64,
        status: u16,
    },
    /// Nobody has answered within the ack deadline.
    PushExpires {
        push: u64,
    },
    /// A call reaches Google.
    CallArrives {
        call: Box<Call>,
    },
    /// An answer, or the end of all waiting for it, reaches the delivery.
    CallAnswered {
        flight: u64,
        turn: u32,
        answered: Answered,
        seen_commits: Option<i64>,
    },
    WaitIsOver {
        flight: u64,
        turn: u32,
    },
    InstanceCrashes {
        instance: u64,
    },
    RecordExpires {
        name: String,
    },
    PubSubRedelivers,
    OperatorSeeks,
    OperatorReplays,
    OutageBegins,
    /// From here on nothing goes wrong any more.
    Calm,
    /// Is everything settled?
    Inspection,
}

#[derive(Debug)]
struct Entry {
    at_ms: u64,
    sequence: u64,
    happening: Happening,
}

#[derive(Debug, Default)]
pub struct Agenda {
    entries: BinaryHeap<Reverse<Entry>>,
    sequence: u64,
    now_ms: u64,
}

impl Agenda {
    pub fn now_ms(&self) -> u64 {
        self.now_ms
    }

    pub fn at(&mut self, at_ms: u64, happening: Happening) {
        self.sequence += 1;
        let at_ms = at_ms.max(self.now_ms);
        self.entries.push(Reverse(Entry { at_ms, sequence: self.sequence, happening }));
    }

    pub fn after(&mut self, ms: u64, happening: Happening) {
        self.at(self.now_ms + ms, happening);
    }

    /// Goes on to the next thing that happens.
    pub fn proceed(&mut self) -> Option<Happening> {
        let Reverse(entry) = self.entries.pop()?;
        self.now_ms = entry.at_ms;
        Some(entry.happening)
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.sequence == other.sequence
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at_ms, self.sequence).cmp(&(other.at_ms, other.sequence))
    }
}
