//! What happens by itself now and then: Pub/Sub delivers again, an operator seeks back, a service is out, records expire.

use googleapis_tonic_google_firestore_v1::google::firestore::v1::{
    CommitRequest, Value, value::ValueType, write::Operation,
};

use super::{ROOT, World};
use crate::{
    agenda::{BEGINNING_MS, Happening},
    call::{Outage, Service},
    coverage::Sometimes,
    plan::{DAY_MS, HOUR_MS, MINUTE_MS, Mischief},
    pubsub::LaneId,
    stored::moment_ms,
};

/// Pub/Sub keeps messages for so long.
const RETENTION_MS: u64 = 31 * DAY_MS;
/// Firestore deletes what has expired within some days.
const SLOWEST_EXPIRY_MS: u64 = 3 * DAY_MS;
const RECORD_LIFE_MS: u64 = 45 * DAY_MS;

type Make = fn() -> Happening;

impl World {
    /// Before anything happens; nobody changes them afterwards.
    pub(super) fn sets_limits(&mut self) {
        let Some(most) = self.plan.most_per_withdrawal else { return };
        let integer = |value| Value { value_type: Some(ValueType::IntegerValue(value)) };
        let per_withdrawal = ("perWithdrawal".to_owned(), integer(most));
        let per_day = ("perDay".to_owned(), integer(most + most / 4));
        self.store.put(format!("{ROOT}limits/default"), [per_withdrawal, per_day.clone()].into());
        // Of yen, too, whatever there is at once.
        self.store.put(format!("{ROOT}limits/JPY"), [per_day].into());
    }

    pub(super) fn put_down_upkeep(&mut self, from_ms: u64, to_ms: u64) {
        // The rate of 1/10,000 comes to at most so many times in a run.
        let times = |rate: u32, most: u64| (u64::from(rate) * most).div_ceil(1_000);
        let kinds: [(Mischief, u64, Make); 4] = [
            (Mischief::Redelivery, 40, || Happening::PubSubRedelivers),
            (Mischief::Seek, 4, || Happening::OperatorSeeks),
            (Mischief::Replay, 40, || Happening::OperatorReplays),
            (Mischief::Outage, 5, || Happening::OutageBegins),
        ];
        for (mischief, most, happening) in kinds {
            for _ in 0..times(self.plan.rate(mischief), most) {
                let at_ms = self.chance.between(from_ms, to_ms);
                self.agenda.at(at_ms, happening());
            }
        }
    }

    /// One message is delivered again, and with it all later ones of its key.
    pub(super) fn pubsub_redelivers(&mut self) {
        let lanes: Vec<(LaneId, usize)> =
            self.pubsub.lanes().filter(|(_, lane)| lane.next > 0).map(|(id, lane)| (id, lane.next)).collect();
        if lanes.is_empty() {
            return;
        }
        let (lane, next) = *self.chance.pick(&lanes);
        let index = self.chance.index(next);
        if self.is_kept(lane, index) {
            self.coverage.see(Sometimes::Rewound);
            self.pubsub.rewind(lane, index, self.plan.counts_on);
            self.lane_looks(lane);
        }
    }

    /// A whole subscription delivers again what came since a moment of the last 31 days.
    pub(super) fn operator_seeks(&mut self) {
        self.coverage.see(Sometimes::SoughtBack);
        let subscription = self.chance.index(self.pubsub.subscriptions.len());
        let longest_ms = (self.now_ms() - BEGINNING_MS).min(RETENTION_MS);
        let since_ms = self.now_ms() - self.chance.between(0, longest_ms);
        let lanes: Vec<LaneId> =
            self.pubsub.lanes().map(|(id, _)| id).filter(|id| id.subscription == subscription).collect();
        self.tell("", |world| {
            let name = world.pubsub.subscriptions[subscription].name();
            format!("an operator seeks {name} back to {}", crate::pubsub::rfc3339(since_ms))
        });
        for id in lanes {
            let lane = &self.pubsub.subscriptions[id.subscription].lanes[id.lane];
            let is_since = |message: usize| self.chronicle.publications[message].at_ms >= since_ms;
            if let Some(index) = lane.entries.iter().position(|entry| is_since(entry.message)) {
                self.pubsub.rewind(id, index, self.plan.counts_on);
                self.lane_looks(id);
            }
        }
    }

    fn is_kept(&self, lane: LaneId, index: usize) -> bool {
        let entry = &self.pubsub.subscriptions[lane.subscription].lanes[lane.lane].entries[index];
        self.now_ms() - self.chronicle.publications[entry.message].at_ms < RETENTION_MS
    }

    pub(super) fn outage_begins(&mut self) {
        let longest_ms = *self.chance.pick(&[5_000, MINUTE_MS, 20 * MINUTE_MS, 3 * HOUR_MS]);
        let until_ms = self.now_ms() + self.chance.between(1, longest_ms);
        let of = *self.chance.pick(&[Service::Firestore, Service::PubSub]);
        let hangs = self.chance.one_in(2);
        self.tell("", |_| format!("{of:?} is out until {}", crate::pubsub::rfc3339(until_ms)));
        let share = *self.chance.pick(&[10_000, 5_000, 2_000]);
        self.outages.push(Outage { of, until_ms, hangs, share });
    }

    /// Only in a world that lasts so long.
    pub(super) fn put_down_expiry(&mut self, request: &CommitRequest) {
        if self.plan.span_ms < RECORD_LIFE_MS {
            return;
        }
        for write in &request.writes {
            let Some(Operation::Update(document)) = &write.operation else { continue };
            if let Some(expires_ms) = moment_ms(&document.fields, "expireAt") {
                let at_ms = expires_ms + self.chance.below(SLOWEST_EXPIRY_MS);
                self.agenda.at(at_ms, Happening::RecordExpires { name: document.name.clone() });
            }
        }
    }

    pub(super) fn record_expires(&mut self, name: &str) {
        let expires_ms = self.store.get(name).and_then(|fields| moment_ms(fields, "expireAt"));
        if expires_ms.is_some_and(|at_ms| at_ms <= self.now_ms()) {
            self.coverage.see(Sometimes::RecordExpired);
            self.tell("", |_| format!("{} expires", name.replace(ROOT, "")));
            self.store.remove(name);
            self.chronicle.expired.insert(name.to_owned(), self.now_ms());
        }
    }
}
