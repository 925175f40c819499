//! The event queue of the simulation, and its clock. Events at the same moment happen in the order in which they were queued.

use std::{cmp::Reverse, collections::BinaryHeap};

use case_runner::store::Answered;

use crate::{call::Call, pubsub::KeyQueueId};

#[derive(Debug)]
pub enum QueuedEvent {
    /// The sources publish their next message.
    SourcePublishes {
        index: usize,
    },
    /// An ordering key's queue may have a message to push.
    KeyQueueDue {
        queue: KeyQueueId,
    },
    /// The scheduler starts a job.
    SchedulerCalls {
        function: &'static str,
    },
    /// Eventarc tells a function of a document.
    DocumentCreated {
        function: &'static str,
        name: String,
    },
    /// A push or a job reaches an instance of its function.
    InvocationBegins {
        id: u64,
    },
    /// A function's HTTP response reaches Pub/Sub; 0 is a broken connection.
    PushAnswered {
        push: u64,
        status: u16,
    },
    /// The ack deadline of a push passes.
    PushExpires {
        push: u64,
    },
    /// An RPC reaches Google.
    CallArrives {
        call: Box<Call>,
    },
    /// The answer to an RPC, or its deadline, reaches the instance.
    CallAnswered {
        id: u64,
        turn: u32,
        answered: Answered,
        seen_commits: Option<i64>,
    },
    WaitIsOver {
        id: u64,
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
    /// From here on no faults are injected.
    Calm,
    /// Checks whether all messages are handled.
    Inspection,
}

#[derive(Debug)]
struct Entry {
    at_ms: u64,
    sequence: u64,
    event: QueuedEvent,
}

#[derive(Debug, Default)]
pub struct EventQueue {
    entries: BinaryHeap<Reverse<Entry>>,
    sequence: u64,
    now_ms: u64,
}

impl EventQueue {
    pub fn now_ms(&self) -> u64 {
        self.now_ms
    }

    pub fn at(&mut self, at_ms: u64, event: QueuedEvent) {
        self.sequence += 1;
        let at_ms = at_ms.max(self.now_ms);
        self.entries.push(Reverse(Entry { at_ms, sequence: self.sequence, event }));
    }

    pub fn after(&mut self, ms: u64, event: QueuedEvent) {
        self.at(self.now_ms + ms, event);
    }

    /// Takes the next event, and sets the clock to its time.
    pub fn pop(&mut self) -> Option<QueuedEvent> {
        let Reverse(entry) = self.entries.pop()?;
        self.now_ms = entry.at_ms;
        Some(entry.event)
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
