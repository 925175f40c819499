//! Events that no source causes: redelivery by Pub/Sub, seeks, outages, expiry of records.

use googleapis_tonic_google_firestore_v1::google::firestore::v1::{
    CommitRequest, Value, value::ValueType, write::Operation,
};

use super::{ROOT, World};
use crate::{
    call::{Outage, Service},
    coverage::Sometimes,
    event_queue::QueuedEvent,
    plan::{BEGINNING_MS, DAY_MS, FaultKind, HOUR_MS, MINUTE_MS},
    pubsub::KeyQueueId,
    stored::moment_ms,
};

/// Pub/Sub's message retention.
const RETENTION_MS: u64 = 31 * DAY_MS;
/// Firestore's TTL deletes an expired document within days.
const SLOWEST_EXPIRY_MS: u64 = 3 * DAY_MS;
const RECORD_LIFE_MS: u64 = 45 * DAY_MS;

type Make = fn() -> QueuedEvent;

impl World {
    /// Sets the withdrawal limits at the start. They never change.
    pub(super) fn set_limits(&mut self) {
        let Some(most) = self.plan.most_per_withdrawal else { return };
        let integer = |value| Value { value_type: Some(ValueType::IntegerValue(value)) };
        let per_withdrawal = ("perWithdrawal".to_owned(), integer(most));
        let per_day = ("perDay".to_owned(), integer(most + most / 4));
        self.store.put(format!("{ROOT}limits/default"), [per_withdrawal, per_day.clone()].into());
        // Yen have a limit for a day only.
        self.store.put(format!("{ROOT}limits/JPY"), [per_day].into());
    }

    pub(super) fn schedule_upkeep(&mut self, from_ms: u64, to_ms: u64) {
        // A rate of 1,000 in 10,000 gives `most` events in a run.
        let times = |rate: u32, most: u64| (u64::from(rate) * most).div_ceil(1_000);
        let kinds: [(FaultKind, u64, Make); 4] = [
            (FaultKind::Redelivery, 40, || QueuedEvent::PubSubRedelivers),
            (FaultKind::Seek, 4, || QueuedEvent::OperatorSeeks),
            (FaultKind::Replay, 40, || QueuedEvent::OperatorReplays),
            (FaultKind::Outage, 5, || QueuedEvent::OutageBegins),
        ];
        for (fault, most, event) in kinds {
            for _ in 0..times(self.plan.rate(fault), most) {
                let at_ms = self.chance.between(from_ms, to_ms);
                self.event_queue.at(at_ms, event());
            }
        }
    }

    /// Pub/Sub redelivers one message and all later ones of its key.
    pub(super) fn pubsub_redelivers(&mut self) {
        let queues: Vec<(KeyQueueId, usize)> =
            self.pubsub.queues().filter(|(_, queue)| queue.next > 0).map(|(id, queue)| (id, queue.next)).collect();
        if queues.is_empty() {
            return;
        }
        let (queue, next) = *self.chance.pick(&queues);
        let index = self.chance.index(next);
        if self.is_kept(queue, index) {
            self.coverage.see(Sometimes::Rewound);
            self.pubsub.rewind(queue, index, self.plan.counts_on);
            self.key_queue_due(queue);
        }
    }

    /// An operator seeks a subscription back to a moment of the last 31 days.
    pub(super) fn operator_seeks(&mut self) {
        self.coverage.see(Sometimes::SoughtBack);
        let subscription = self.chance.index(self.pubsub.subscriptions.len());
        let longest_ms = (self.now_ms() - BEGINNING_MS).min(RETENTION_MS);
        let since_ms = self.now_ms() - self.chance.between(0, longest_ms);
        let queues: Vec<KeyQueueId> =
            self.pubsub.queues().map(|(id, _)| id).filter(|id| id.subscription == subscription).collect();
        self.trace("", |world| {
            let name = world.pubsub.subscriptions[subscription].name();
            format!("an operator seeks {name} back to {}", crate::pubsub::rfc3339(since_ms))
        });
        for id in queues {
            let queue = &self.pubsub.subscriptions[id.subscription].queues[id.number];
            let is_since = |message: usize| self.history.publications[message].at_ms >= since_ms;
            if let Some(index) = queue.entries.iter().position(|entry| is_since(entry.message)) {
                self.pubsub.rewind(id, index, self.plan.counts_on);
                self.key_queue_due(id);
            }
        }
    }

    fn is_kept(&self, queue: KeyQueueId, index: usize) -> bool {
        let entry = &self.pubsub.subscriptions[queue.subscription].queues[queue.number].entries[index];
        self.now_ms() - self.history.publications[entry.message].at_ms < RETENTION_MS
    }

    pub(super) fn outage_begins(&mut self) {
        let longest_ms = *self.chance.pick(&[5_000, MINUTE_MS, 20 * MINUTE_MS, 3 * HOUR_MS]);
        let until_ms = self.now_ms() + self.chance.between(1, longest_ms);
        let of = *self.chance.pick(&[Service::Firestore, Service::PubSub]);
        let hangs = self.chance.one_in(2);
        self.trace("", |_| format!("{of:?} is out until {}", crate::pubsub::rfc3339(until_ms)));
        let share = *self.chance.pick(&[10_000, 5_000, 2_000]);
        self.outages.push(Outage { of, until_ms, hangs, share });
    }

    /// Records and mails expire only in runs that are long enough for records.
    pub(super) fn schedule_expiry(&mut self, request: &CommitRequest) {
        if self.plan.span_ms < RECORD_LIFE_MS {
            return;
        }
        for write in &request.writes {
            let Some(Operation::Update(document)) = &write.operation else { continue };
            if let Some(expires_ms) = moment_ms(&document.fields, "expireAt") {
                let at_ms = expires_ms + self.chance.below(SLOWEST_EXPIRY_MS);
                self.event_queue.at(at_ms, QueuedEvent::RecordExpires { name: document.name.clone() });
            }
        }
    }

    pub(super) fn record_expires(&mut self, name: &str) {
        let expires_ms = self.store.get(name).and_then(|fields| moment_ms(fields, "expireAt"));
        if expires_ms.is_some_and(|at_ms| at_ms <= self.now_ms()) {
            self.coverage.see(Sometimes::RecordExpired);
            self.trace("", |_| format!("{} expires", name.replace(ROOT, "")));
            if name.strip_prefix(ROOT).is_some_and(|path| path.starts_with("mail/")) {
                self.history.deleted_mails.extend(self.store.get(name).map(|mail| (name.to_owned(), mail.clone())));
            }
            if name.strip_prefix(ROOT).is_some_and(|path| path.starts_with("dead_letters/")) {
                self.history
                    .deleted_letters
                    .extend(self.store.get(name).map(|letter| (name.to_owned(), letter.clone())));
            }
            self.store.remove(name);
            self.history.expired.insert(name.to_owned(), self.now_ms());
        }
    }
}
