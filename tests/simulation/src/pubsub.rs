//! Pub/Sub, as production's push works: at least once; one message of a key outstanding in each subscription; redelivering a
//! message redelivers all later ones of its key, acknowledged ones included; a nack slows the whole subscription; what runs
//! out of attempts goes to the topic dead-letters.

use std::collections::BTreeMap;

use boma_core::{event::catalog::Topic, kernel::timestamp::Timestamp};
use boma_functions::ALL;

use crate::{
    chronicle::{Chronicle, Origin, Publication},
    plan::Plan,
};

pub const PROJECT: &str = "boma";
pub const ACK_DEADLINE_MS: u64 = 60_000;
const LONGEST_RETRY_MS: u64 = 600_000;
const SHORTEST_PUSH_BACKOFF_MS: u64 = 100;
const LONGEST_PUSH_BACKOFF_MS: u64 = 60_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LaneId {
    pub subscription: usize,
    pub lane: usize,
}

#[derive(Debug)]
pub struct PubSub {
    pub subscriptions: Vec<Subscription>,
    pub pushes: BTreeMap<u64, Push>,
    last_push: u64,
}

#[derive(Debug)]
pub struct Subscription {
    pub consumer: &'static str,
    pub topic: Topic,
    pub lanes: Vec<Lane>,
    lane_of: BTreeMap<String, usize>,
    backoff_ms: u64,
    resumes_at_ms: u64,
}

/// The messages of one key, in the order of publication.
#[derive(Debug, Default)]
pub struct Lane {
    pub entries: Vec<Entry>,
    /// The first that isn't acknowledged.
    pub next: usize,
    flying: Option<u64>,
    due_ms: u64,
    looks_at_ms: Option<u64>,
}

#[derive(Debug)]
pub struct Entry {
    pub message: usize,
    failures: u32,
}

/// A push that Pub/Sub still waits for.
#[derive(Clone, Copy, Debug)]
pub struct Push {
    pub lane: LaneId,
    pub index: usize,
    pub message: usize,
    pub attempt: u32,
}

/// What a lane can do now.
#[derive(Debug)]
pub enum Look {
    Push(u64),
    At(u64),
    Nothing,
}

impl PubSub {
    /// Every function's subscriptions.
    pub fn with_all_functions() -> PubSub {
        let mut subscriptions = Vec::new();
        for function in ALL {
            let consumer = function.name;
            let mut topics: Vec<Topic> = function.hears().into_iter().map(|heard| heard.topic()).collect();
            if consumer == "dead-letters" {
                topics.push(Topic::DeadLetters);
            }
            topics.sort();
            topics.dedup();
            subscriptions.extend(topics.into_iter().map(|topic| Subscription {
                consumer,
                topic,
                lanes: Vec::new(),
                lane_of: BTreeMap::new(),
                backoff_ms: 0,
                resumes_at_ms: 0,
            }));
        }
        PubSub { subscriptions, pushes: BTreeMap::new(), last_push: 0 }
    }

    /// Hands a new message to every subscription of its topic. Answers with the lanes that have something to do.
    pub fn take(&mut self, message: usize, topic: Topic, key: &str) -> Vec<LaneId> {
        let mut lanes = Vec::new();
        for (number, subscription) in self.subscriptions.iter_mut().enumerate() {
            if subscription.topic == topic {
                let lane = subscription.lane(key);
                subscription.lanes[lane].entries.push(Entry { message, failures: 0 });
                lanes.push(LaneId { subscription: number, lane });
            }
        }
        lanes
    }

    /// Whether the lane may push its next message now, or when it shall look again.
    pub fn look(&mut self, id: LaneId, now_ms: u64) -> Look {
        let subscription = &mut self.subscriptions[id.subscription];
        let resumes_at_ms = subscription.resumes_at_ms;
        let lane = &mut subscription.lanes[id.lane];
        if lane.looks_at_ms.is_some_and(|at| at <= now_ms) {
            lane.looks_at_ms = None;
        }
        let Some(entry) = lane.entries.get(lane.next).filter(|_| lane.flying.is_none()) else { return Look::Nothing };
        let from_ms = lane.due_ms.max(resumes_at_ms);
        if from_ms > now_ms {
            let looks_already = lane.looks_at_ms.is_some_and(|at| at <= from_ms);
            if looks_already {
                return Look::Nothing;
            }
            lane.looks_at_ms = Some(from_ms);
            return Look::At(from_ms);
        }
        self.last_push += 1;
        lane.flying = Some(self.last_push);
        let push = Push { lane: id, index: lane.next, message: entry.message, attempt: entry.failures + 1 };
        self.pushes.insert(self.last_push, push);
        Look::Push(self.last_push)
    }

    /// The push is over, one way or another; None if it was over before.
    fn close(&mut self, push: u64) -> Option<(Push, &mut Subscription)> {
        let closed = self.pushes.remove(&push)?;
        let subscription = &mut self.subscriptions[closed.lane.subscription];
        subscription.lanes[closed.lane.lane].flying = None;
        Some((closed, subscription))
    }

    pub fn acked(&mut self, push: u64) -> Option<Push> {
        let (closed, subscription) = self.close(push)?;
        subscription.backoff_ms /= 2;
        subscription.lanes[closed.lane.lane].passed(closed.index);
        Some(closed)
    }

    /// Answers also whether the message has run out of attempts, and is therefore given up.
    pub fn nacked(&mut self, push: u64, now_ms: u64, plan: &Plan) -> Option<(Push, bool)> {
        let (closed, subscription) = self.close(push)?;
        let may_be_given_up = subscription.topic != Topic::DeadLetters;
        let wanted_ms = (subscription.backoff_ms * 2).max(SHORTEST_PUSH_BACKOFF_MS);
        subscription.backoff_ms = wanted_ms.min(LONGEST_PUSH_BACKOFF_MS);
        subscription.resumes_at_ms = now_ms + subscription.backoff_ms;
        let lane = &mut subscription.lanes[closed.lane.lane];
        let entry = &mut lane.entries[closed.index];
        entry.failures += 1;
        let is_given_up = may_be_given_up && entry.failures >= plan.max_attempts;
        let retry_ms = 1_000 << (entry.failures - 1).min(20);
        if is_given_up {
            lane.passed(closed.index);
        } else {
            lane.due_ms = now_ms + u64::min(retry_ms, LONGEST_RETRY_MS);
        }
        Some((closed, is_given_up))
    }

    /// Delivers a message of a lane again, and everything after it.
    pub fn rewind(&mut self, id: LaneId, index: usize, counts_on: bool) {
        let lane = &mut self.subscriptions[id.subscription].lanes[id.lane];
        if index >= lane.next {
            return;
        }
        if !counts_on {
            for entry in &mut lane.entries[index..lane.next] {
                entry.failures = 0;
            }
        }
        lane.next = index;
    }

    /// Nothing is outstanding and nothing waits.
    pub fn is_settled(&self) -> bool {
        self.pushes.is_empty() && self.lanes().all(|(_, lane)| lane.next == lane.entries.len())
    }

    pub fn lanes(&self) -> impl Iterator<Item = (LaneId, &Lane)> {
        self.subscriptions.iter().enumerate().flat_map(|(subscription, it)| {
            it.lanes.iter().enumerate().map(move |(lane, it)| (LaneId { subscription, lane }, it))
        })
    }

    pub fn subscription_of(&self, push: &Push) -> &Subscription {
        &self.subscriptions[push.lane.subscription]
    }
}

impl Subscription {
    fn lane(&mut self, key: &str) -> usize {
        if let Some(lane) = self.lane_of.get(key) {
            return *lane;
        }
        self.lanes.push(Lane::default());
        self.lane_of.insert(key.to_owned(), self.lanes.len() - 1);
        self.lanes.len() - 1
    }

    pub fn name(&self) -> String {
        format!("{}.{}", self.consumer, self.topic)
    }
}

impl Lane {
    /// What was rewound in the meantime stays rewound.
    fn passed(&mut self, index: usize) {
        if self.next == index {
            self.next = index + 1;
            self.due_ms = 0;
        }
    }
}

/// The message that Pub/Sub makes of one that it gives up: local/router/dead-letter.js says the same.
pub fn given_up(chronicle: &Chronicle, push: &Push, subscription: &Subscription, at_ms: u64) -> Publication {
    let original = &chronicle.publications[push.message];
    let mut attributes = original.attributes.clone();
    let added = [
        ("DeliveryCount", push.attempt.to_string()),
        ("Subscription", subscription.name()),
        ("SubscriptionProject", PROJECT.to_owned()),
        ("TopicPublishTime", rfc3339(original.at_ms)),
        ("MessageId", push.message.to_string()),
    ];
    attributes.extend(added.map(|(name, value)| (format!("CloudPubSubDeadLetterSource{name}"), value)));
    let (content, key) = (original.content, original.key.clone());
    Publication { content, topic: Topic::DeadLetters, key, attributes, at_ms, origin: Origin::GivenUp }
}

/// The body that a push has: local/router/deliver.js says the same.
pub fn push_body(chronicle: &Chronicle, push: &Push, subscription: &Subscription) -> Vec<u8> {
    let message = &chronicle.publications[push.message];
    let attributes = serde_json::to_string(&message.attributes).expect("texts");
    format!(
        r#"{{"message":{{"data":"{data}","attributes":{attributes},"messageId":"{id}","publishTime":"{at}","orderingKey":"{key}"}},"subscription":"projects/{PROJECT}/subscriptions/{name}","deliveryAttempt":{attempt}}}"#,
        data = chronicle.contents[message.content].base64(),
        id = push.message,
        at = rfc3339(message.at_ms),
        key = message.key,
        name = subscription.name(),
        attempt = push.attempt,
    )
    .into_bytes()
}

pub fn rfc3339(ms: u64) -> String {
    timestamp(ms).to_string()
}

pub fn timestamp(ms: u64) -> Timestamp {
    let micros = i64::try_from(ms * 1_000).expect("a moment in our time");
    Timestamp::from_micros(micros).expect("a moment in our time")
}
