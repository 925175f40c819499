//! What one instance counts, and when it is written.
//!
//! Changes join the open batch. One of them writes for all: one writer at a time, and a second between the beginnings of two writes. A
//! document that is written has all that was acknowledged of its minute, and the batch. So a batch whose write fails is forgotten and
//! comes again, and counts once.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
};

use crate::{
    domain::pulse::Sums,
    kernel::{minute::Minute, timestamp::Timestamp},
    protocol::{
        outcome::Fault,
        step::{Failure, FailureClass},
    },
    store::{snapshot::Snapshot, write::GuardedWrite},
};

/// Firestore's advice for one document, and the most that an operator's page is told.
const APART_MS: u64 = 1_000;
/// One event changes some documents at once: they go together, also where nothing was written for long.
const GATHERED_MS: u64 = 100;
/// How soon a change looks again whether the write that it is in has ended.
const LOOK_MS: u32 = 25;
/// How often a write is tried, each time for 5 s at most: the last try ends within 17 s of the first one's beginning, and that of the
/// batch behind within 34 s. A change has 45 s.
const MOST_TRIES: u32 = 3;
/// After an outage that is longer than what operators look at, older minutes stay as they are.
const MOST_DOUBTFUL: usize = 60;

#[derive(Debug, Default)]
pub(super) struct Shard {
    /// Random, so that no two instances write one document.
    id: Option<u32>,
    /// The latest minute in which a change came: a clock that goes back opens none again.
    minute: Option<Minute>,
    /// What was acknowledged of each minute that may yet be written.
    acknowledged: BTreeMap<Minute, Sums>,
    /// Minutes whose write failed: their documents may have what isn't acknowledged, and are written again with the next batch.
    doubtful: BTreeSet<Minute>,
    /// By number. Each is there until its last change has heard how it ended.
    batches: BTreeMap<u64, Batch>,
    /// The number of the batch that changes join.
    open: u64,
    is_writing: bool,
    write_began: Option<Timestamp>,
    joined: u64,
}

#[derive(Debug)]
struct Batch {
    opened: Timestamp,
    /// The changes that wait for it; of each what it adds, until the write begins.
    members: BTreeMap<u64, (Minute, Sums)>,
    at: At,
}

#[derive(Debug)]
enum At {
    Open,
    Writing(Writing),
    Over { is_written: bool },
}

#[derive(Debug)]
struct Writing {
    writer: u64,
    changes: u32,
    sums: BTreeMap<Minute, Sums>,
    tries: u32,
}

/// A change's place in a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ticket {
    batch: u64,
    member: u64,
}

/// What a change does next.
#[derive(Debug)]
pub(super) enum Turn {
    Wait {
        ms: u32,
    },
    /// It writes, for all of its batch.
    Write(Vec<GuardedWrite>),
    /// It has written for so many.
    Wrote {
        changes: u32,
    },
    /// Its write has failed.
    Failed(Fault),
    /// Another has written for it, or has failed to.
    Over {
        is_written: bool,
    },
}

impl Shard {
    pub(super) fn join(&mut self, sums: Sums, now: Timestamp, random: u64) -> Ticket {
        self.id.get_or_insert(u32::try_from(random & u64::from(u32::MAX)).unwrap_or_default());
        let minute = Minute::of(now).max(self.minute.unwrap_or(Minute::of(now)));
        self.minute = Some(minute);
        let ticket = Ticket { batch: self.open, member: self.joined };
        self.joined += 1;
        let new = || Batch { opened: now, members: BTreeMap::new(), at: At::Open };
        self.batches.entry(ticket.batch).or_insert_with(new).members.insert(ticket.member, (minute, sums));
        ticket
    }

    /// Of a change that has waited.
    pub(super) fn look(&mut self, ticket: Ticket, now: Timestamp) -> Turn {
        let next_ms = self.write_began.map_or(0, |began| left_ms(began, APART_MS, now));
        let Some(batch) = self.batches.get_mut(&ticket.batch) else { return Turn::Over { is_written: false } };
        let wait_ms = match &batch.at {
            At::Over { is_written } => return Turn::Over { is_written: *is_written },
            At::Writing(Writing { writer, .. }) if *writer == ticket.member => next_ms,
            At::Writing(_) => LOOK_MS,
            At::Open if self.is_writing => LOOK_MS,
            At::Open => next_ms.max(left_ms(batch.opened, GATHERED_MS, now)),
        };
        if wait_ms > 0 {
            return Turn::Wait { ms: wait_ms };
        }
        if matches!(batch.at, At::Open) {
            self.is_writing = true;
            self.open += 1;
            batch.at = At::Writing(batch.closed(ticket.member));
        }
        self.write(ticket, now)
    }

    /// The write of this change was acknowledged.
    pub(super) fn written(&mut self, ticket: Ticket) -> Turn {
        self.doubtful.clear();
        let Writing { changes, sums, .. } = self.end(ticket.batch, true);
        for (minute, added) in sums {
            self.acknowledged.entry(minute).or_default().add(&added);
        }
        self.drop_left_minutes();
        Turn::Wrote { changes }
    }

    /// The write of this change failed. It is tried again where that may help, but no sooner than any other write.
    pub(super) fn failed(&mut self, ticket: Ticket, failure: Failure, now: Timestamp) -> Turn {
        let batch = self.batches.get(&ticket.batch);
        let is_last = batch.is_none_or(|it| !matches!(&it.at, At::Writing(writing) if writing.tries < MOST_TRIES));
        if is_last || failure.class == FailureClass::Permanent {
            self.give_up(ticket.batch);
            return Turn::Failed(Fault::Call { step: "commit", status: failure.status });
        }
        self.look(ticket, now)
    }

    /// The change has heard how it ended, or was broken off. If it is in no write yet it won't be in one. If it was writing, nobody will
    /// hear what became of that.
    pub(super) fn leave(&mut self, ticket: Ticket) {
        let Some(batch) = self.batches.get_mut(&ticket.batch) else { return };
        batch.members.remove(&ticket.member);
        if matches!(&batch.at, At::Writing(writing) if writing.writer == ticket.member) {
            self.give_up(ticket.batch);
        }
        let is_over = |batch: &Batch| batch.members.is_empty() && !matches!(batch.at, At::Writing(_));
        if self.batches.get(&ticket.batch).is_some_and(is_over) {
            self.batches.remove(&ticket.batch);
        }
    }

    /// The documents of all minutes of the batch, and of the doubtful ones.
    fn write(&mut self, ticket: Ticket, now: Timestamp) -> Turn {
        let batch = self.batches.get_mut(&ticket.batch);
        let (Some(Batch { at: At::Writing(writing), .. }), Some(id)) = (batch, self.id) else {
            return Turn::Over { is_written: false };
        };
        writing.tries += 1;
        self.write_began = Some(now);
        let minutes: BTreeSet<_> = writing.sums.keys().chain(&self.doubtful).collect();
        let write = |minute: &Minute| {
            let mut sums = self.acknowledged.get(minute).cloned().unwrap_or_default();
            if let Some(added) = writing.sums.get(minute) {
                sums.add(added);
            }
            Snapshot::default().guard(sums.write(*minute, id, now))
        };
        Turn::Write(minutes.into_iter().filter_map(write).collect())
    }

    fn give_up(&mut self, batch: u64) {
        let Writing { sums, .. } = self.end(batch, false);
        self.doubtful.extend(sums.into_keys());
        while self.doubtful.len() > MOST_DOUBTFUL {
            self.doubtful.pop_first();
        }
        self.drop_left_minutes();
    }

    fn end(&mut self, batch: u64, is_written: bool) -> Writing {
        self.is_writing = false;
        let at = self.batches.get_mut(&batch).map(|batch| mem::replace(&mut batch.at, At::Over { is_written }));
        match at {
            Some(At::Writing(writing)) => writing,
            Some(At::Open | At::Over { .. }) | None => {
                Writing { writer: 0, changes: 0, sums: BTreeMap::new(), tries: 0 }
            }
        }
    }

    /// Kept are the present minute, and those that are written again.
    fn drop_left_minutes(&mut self) {
        let waiting = self.batches.get(&self.open).map(|batch| &batch.members);
        let waiting = waiting.into_iter().flat_map(|members| members.values().map(|(minute, _)| *minute));
        let kept: BTreeSet<_> = waiting.chain(self.minute).chain(self.doubtful.iter().copied()).collect();
        self.acknowledged.retain(|minute, _| kept.contains(minute));
    }
}

impl Batch {
    /// What its changes add up to.
    fn closed(&mut self, writer: u64) -> Writing {
        let changes = u32::try_from(self.members.len()).unwrap_or(u32::MAX);
        let mut sums = BTreeMap::<Minute, Sums>::new();
        for (minute, added) in self.members.values_mut() {
            sums.entry(*minute).or_default().add(&mem::take(added));
        }
        Writing { writer, changes, sums, tries: 0 }
    }
}

/// What is left of the time since then. Nothing where the clock went back: it would be a long time.
fn left_ms(since: Timestamp, ms: u64, now: Timestamp) -> u32 {
    let left = if now < since { 0 } else { ms.saturating_sub(now.ms_since(since)) };
    u32::try_from(left).unwrap_or(u32::MAX)
}
