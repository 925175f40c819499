//! An RPC in flight to Google, and the faults drawn for it.

use crate::{
    chance::{Chance, PerTenThousand},
    coverage::{Fault, Step},
    plan::{FaultKind, Plan},
};

/// An RPC that was sent. Its fate was drawn when it left.
#[derive(Debug)]
pub struct Call {
    /// The invocation that sent it.
    pub caller: u64,
    pub turn: u32,
    pub function: &'static str,
    /// None for a job: no message caused it.
    pub message: Option<usize>,
    pub step: Step,
    pub bytes: Vec<u8>,
    /// The number of commits when its delivery last read.
    pub seen_commits: i64,
    /// The latency of the answer; None if it never comes.
    pub reply_after_ms: Option<u64>,
    /// The status with which the answer's stream breaks off, if it does.
    pub breaks_off: Option<i32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate {
    pub fault: Option<Fault>,
    /// None: the request never arrives.
    pub arrives_after_ms: Option<u64>,
    pub ends: Ends,
    pub breaks_off: Option<i32>,
}

/// How the call ends for its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// With the answer, after this latency.
    Reply { back_ms: u64 },
    /// With an error status, so long after it was sent.
    Status { status: i32, after_ms: u64 },
}

const DEADLINE_EXCEEDED: i32 = 4;
const UNAVAILABLE: i32 = 14;
/// Statuses that leave open whether the call was carried out, those that say it wasn't, and permanent ones.
const NOBODY_KNOWS: [i32; 5] = [1, 2, DEADLINE_EXCEEDED, 13, UNAVAILABLE];
const NOTHING_WAS_DONE: [i32; 4] = [8, 10, 13, UNAVAILABLE];
const FOR_GOOD: [i32; 3] = [3, 7, 16];

/// The latest moment after sending at which a request may still take effect.
pub const LATEST_MS: u64 = 120_000;

/// A service is out for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outage {
    pub of: Service,
    pub until_ms: u64,
    /// Calls hang until their deadline, and some of them take effect all the same; otherwise they are refused at once.
    pub hangs: bool,
    /// The share of the calls that it hits.
    pub share: PerTenThousand,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    Firestore,
    PubSub,
}

impl Service {
    pub fn of(step: Step) -> Service {
        match step {
            Step::Read | Step::Query | Step::Commit | Step::Wait => Service::Firestore,
            Step::Publish => Service::PubSub,
        }
    }
}

pub fn fate(step: Step, timeout_ms: u64, plan: &Plan, outage: Option<Outage>, chance: &mut Chance) -> Fate {
    let fate = match outage {
        Some(outage) if chance.hits(outage.share) => in_outage(outage, timeout_ms, chance),
        Some(_) | None => drawn(step, timeout_ms, plan, chance),
    };
    within(timeout_ms, fate)
}

fn in_outage(outage: Outage, timeout_ms: u64, chance: &mut Chance) -> Fate {
    let fault = Some(Fault::Outage);
    let ends = if outage.hangs {
        Ends::Status { status: DEADLINE_EXCEEDED, after_ms: timeout_ms }
    } else {
        Ends::Status { status: UNAVAILABLE, after_ms: chance.between(1, 50) }
    };
    let is_done = outage.hangs && chance.one_in(4);
    let arrives_after_ms = is_done.then(|| chance.between(1, timeout_ms));
    Fate { fault, arrives_after_ms, ends, breaks_off: None }
}

fn drawn(step: Step, timeout_ms: u64, plan: &Plan, chance: &mut Chance) -> Fate {
    let there_ms = chance.between(1, 8);
    let back_ms = chance.between(1, 8);
    let mut hits = |fault| chance.hits(plan.rate(fault));
    let served =
        Fate { fault: None, arrives_after_ms: Some(there_ms), ends: Ends::Reply { back_ms }, breaks_off: None };
    if hits(FaultKind::NotExecuted) {
        let ends = Ends::Status { status: *chance.pick(&NOTHING_WAS_DONE), after_ms: there_ms + back_ms };
        Fate { fault: Some(Fault::NotExecuted), arrives_after_ms: None, ends, ..served }
    } else if hits(FaultKind::Denied) {
        let ends = Ends::Status { status: *chance.pick(&FOR_GOOD), after_ms: there_ms + back_ms };
        Fate { fault: Some(Fault::Denied), arrives_after_ms: None, ends, ..served }
    } else if hits(FaultKind::AnswerLost) {
        let after_ms = if chance.one_in(2) { timeout_ms } else { there_ms + back_ms };
        let ends = Ends::Status { status: *chance.pick(&NOBODY_KNOWS), after_ms };
        Fate { fault: Some(Fault::AnswerLost), ends, ..served }
    } else if hits(FaultKind::Late) {
        // The connection breaks at once, or no answer comes before the deadline. The request still arrives later.
        let after_ms = if chance.one_in(2) { timeout_ms } else { there_ms };
        let ends = Ends::Status { status: *chance.pick(&NOBODY_KNOWS), after_ms };
        let longest_ms = *chance.pick(&[50, 2_000, 20_000, LATEST_MS]);
        let arrives_after_ms = Some(after_ms + chance.between(1, longest_ms));
        Fate { fault: Some(Fault::Late), arrives_after_ms, ends, ..served }
    } else if hits(FaultKind::Slow) {
        let (there_ms, back_ms) = (chance.between(1, 8_000), chance.between(1, 8_000));
        Fate { fault: Some(Fault::Slow), arrives_after_ms: Some(there_ms), ends: Ends::Reply { back_ms }, ..served }
    } else if step == Step::Read && hits(FaultKind::BrokenOff) {
        Fate { fault: Some(Fault::BrokenOff), breaks_off: Some(*chance.pick(&[0, 13, UNAVAILABLE])), ..served }
    } else if step == Step::Query && hits(FaultKind::BrokenOff) {
        // The number of results is unknown, so only gRPC's status tells whether the stream is complete.
        Fate { fault: Some(Fault::BrokenOff), breaks_off: Some(*chance.pick(&[13, UNAVAILABLE])), ..served }
    } else {
        served
    }
}

/// A call that isn't answered within its timeout ends with DEADLINE_EXCEEDED.
fn within(timeout_ms: u64, fate: Fate) -> Fate {
    let gives_up = Ends::Status { status: DEADLINE_EXCEEDED, after_ms: timeout_ms };
    match (fate.ends, fate.arrives_after_ms) {
        (Ends::Reply { back_ms }, Some(there_ms)) if there_ms + back_ms > timeout_ms => Fate { ends: gives_up, ..fate },
        (Ends::Reply { .. }, None) => Fate { ends: gives_up, ..fate },
        (Ends::Status { after_ms, .. }, _) if after_ms > timeout_ms => Fate { ends: gives_up, ..fate },
        (Ends::Reply { .. } | Ends::Status { .. }, _) => fate,
    }
}
