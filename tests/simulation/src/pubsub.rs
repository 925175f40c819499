//! Pub/Sub with push subscriptions and ordering keys. Delivery is at least once. Each subscription has one message of a key
//! outstanding. A redelivery redelivers all later messages of the key, acknowledged ones included. A nack slows the whole
//! subscription. A message that runs out of attempts goes to the topic dead-letters.

use std::collections::BTreeMap;

use boma_core::{
    event::{catalog::Topic, subscription::Consumer},
    kernel::timestamp::Timestamp,
    protocol::function::Trigger,
};
use boma_functions::ALL;

use crate::{
    history::{History, Origin, Publication},
    plan::Plan,
};

pub const PROJECT: &str = "boma";
pub const ACK_DEADLINE_MS: u64 = 60_000;
const LONGEST_RETRY_MS: u64 = 600_000;
const SHORTEST_PUSH_BACKOFF_MS: u64 = 100;
const LONGEST_PUSH_BACKOFF_MS: u64 = 60_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyQueueId {
    pub subscription: usize,
    pub number: usize,
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
    pub queues: Vec<KeyQueue>,
    queue_of: BTreeMap<String, usize>,
    backoff_ms: u64,
    resumes_at_ms: u64,
    backs_off_for: usize,
}

/// The messages of one ordering key in one subscription, in the order of publication.
#[derive(Debug, Default)]
pub struct KeyQueue {
    pub entries: Vec<Entry>,
    /// The index of the first message that isn't acknowledged.
    pub next: usize,
    outstanding: Option<u64>,
    due_ms: u64,
    wakes_at_ms: Option<u64>,
    held_up_by: Option<usize>,
}

#[derive(Debug)]
pub struct Entry {
    pub message: usize,
    failures: u32,
}

/// A push without a response yet.
#[derive(Clone, Copy, Debug)]
pub struct Push {
    pub queue: KeyQueueId,
    pub index: usize,
    pub message: usize,
    pub attempt: u32,
    /// The message of another key for which its subscription backed off when it was due.
    pub held_up_by: Option<usize>,
}

/// When a queue may push its next message.
#[derive(Debug)]
pub enum NextPush {
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
            if !matches!(function.trigger, Trigger::Message { .. }) {
                continue;
            }
            let mut topics: Vec<Topic> = function.hears().into_iter().map(|heard| heard.topic()).collect();
            topics.push(Topic::Replays);
            if consumer == "dead-letters" {
                topics.extend([Topic::DeadLetters, Topic::Operations, Topic::Deadlines]);
            }
            topics.sort();
            topics.dedup();
            subscriptions.extend(topics.into_iter().map(|topic| Subscription {
                consumer,
                topic,
                queues: Vec::new(),
                queue_of: BTreeMap::new(),
                backoff_ms: 0,
                resumes_at_ms: 0,
                backs_off_for: 0,
            }));
        }
        PubSub { subscriptions, pushes: BTreeMap::new(), last_push: 0 }
    }

    /// Adds a new message to every subscription of its topic whose filter lets it through. Answers with the queues that got it.
    pub fn take(&mut self, message: usize, publication: &Publication) -> Vec<KeyQueueId> {
        let mut queues = Vec::new();
        for (number, subscription) in self.subscriptions.iter_mut().enumerate() {
            if subscription.topic == publication.topic && is_given(subscription, &publication.attributes) {
                let queue = subscription.queue(&publication.key);
                subscription.queues[queue].entries.push(Entry { message, failures: 0 });
                queues.push(KeyQueueId { subscription: number, number: queue });
            }
        }
        queues
    }

    /// Pushes the queue's next message if it may be pushed now.
    pub fn next_push(&mut self, id: KeyQueueId, now_ms: u64) -> NextPush {
        let subscription = &mut self.subscriptions[id.subscription];
        let (resumes_at_ms, backs_off_for) = (subscription.resumes_at_ms, subscription.backs_off_for);
        let queue = &mut subscription.queues[id.number];
        if queue.wakes_at_ms.is_some_and(|at| at <= now_ms) {
            queue.wakes_at_ms = None;
        }
        let Some(entry) = queue.entries.get(queue.next).filter(|_| queue.outstanding.is_none()) else {
            return NextPush::Nothing;
        };
        let from_ms = queue.due_ms.max(resumes_at_ms);
        if resumes_at_ms > now_ms && entry.message != backs_off_for {
            queue.held_up_by = Some(backs_off_for);
        }
        if from_ms > now_ms {
            let is_woken_already = queue.wakes_at_ms.is_some_and(|at| at <= from_ms);
            if is_woken_already {
                return NextPush::Nothing;
            }
            queue.wakes_at_ms = Some(from_ms);
            return NextPush::At(from_ms);
        }
        self.last_push += 1;
        queue.outstanding = Some(self.last_push);
        let push = Push {
            queue: id,
            index: queue.next,
            message: entry.message,
            attempt: entry.failures + 1,
            held_up_by: queue.held_up_by.take(),
        };
        self.pushes.insert(self.last_push, push);
        NextPush::Push(self.last_push)
    }

    /// Ends a push; None if it had ended before.
    fn close(&mut self, push: u64) -> Option<(Push, &mut Subscription)> {
        let closed = self.pushes.remove(&push)?;
        let subscription = &mut self.subscriptions[closed.queue.subscription];
        subscription.queues[closed.queue.number].outstanding = None;
        Some((closed, subscription))
    }

    pub fn acked(&mut self, push: u64) -> Option<Push> {
        let (closed, subscription) = self.close(push)?;
        subscription.backoff_ms /= 2;
        subscription.queues[closed.queue.number].passed(closed.index);
        Some(closed)
    }

    /// Answers also whether the message has run out of attempts.
    pub fn nacked(&mut self, push: u64, now_ms: u64, plan: &Plan) -> Option<(Push, bool)> {
        let (closed, subscription) = self.close(push)?;
        let may_be_given_up = subscription.topic != Topic::DeadLetters;
        let wanted_ms = (subscription.backoff_ms * 2).max(SHORTEST_PUSH_BACKOFF_MS);
        subscription.backoff_ms = wanted_ms.min(LONGEST_PUSH_BACKOFF_MS);
        subscription.resumes_at_ms = now_ms + subscription.backoff_ms;
        subscription.backs_off_for = closed.message;
        let queue = &mut subscription.queues[closed.queue.number];
        let entry = &mut queue.entries[closed.index];
        entry.failures += 1;
        let is_given_up = may_be_given_up && entry.failures >= plan.max_attempts;
        let retry_ms = 1_000 << (entry.failures - 1).min(20);
        if is_given_up {
            queue.passed(closed.index);
        } else {
            queue.due_ms = now_ms + u64::min(retry_ms, LONGEST_RETRY_MS);
        }
        Some((closed, is_given_up))
    }

    /// Redelivers a message of a queue and all later ones.
    pub fn rewind(&mut self, id: KeyQueueId, index: usize, counts_on: bool) {
        let queue = &mut self.subscriptions[id.subscription].queues[id.number];
        if index >= queue.next {
            return;
        }
        if !counts_on {
            for entry in &mut queue.entries[index..queue.next] {
                entry.failures = 0;
            }
        }
        queue.next = index;
    }

    /// Nothing is outstanding and nothing waits.
    pub fn is_drained(&self) -> bool {
        self.pushes.is_empty() && self.queues().all(|(_, queue)| queue.next == queue.entries.len())
    }

    pub fn queues(&self) -> impl Iterator<Item = (KeyQueueId, &KeyQueue)> {
        self.subscriptions.iter().enumerate().flat_map(|(subscription, it)| {
            it.queues.iter().enumerate().map(move |(number, it)| (KeyQueueId { subscription, number }, it))
        })
    }

    pub fn subscription_of(&self, push: &Push) -> &Subscription {
        &self.subscriptions[push.queue.subscription]
    }
}

impl Subscription {
    fn queue(&mut self, key: &str) -> usize {
        if let Some(queue) = self.queue_of.get(key) {
            return *queue;
        }
        self.queues.push(KeyQueue::default());
        self.queue_of.insert(key.to_owned(), self.queues.len() - 1);
        self.queues.len() - 1
    }

    pub fn name(&self) -> String {
        format!("{}.{}", self.consumer, self.topic)
    }
}

impl KeyQueue {
    /// A queue that was rewound meanwhile stays rewound.
    fn passed(&mut self, index: usize) {
        if self.next == index {
            self.next = index + 1;
            self.due_ms = 0;
        }
    }
}

/// Whether the filter of the subscription lets it through.
fn is_given(subscription: &Subscription, attributes: &BTreeMap<String, String>) -> bool {
    let consumer = Consumer::named(subscription.consumer).expect("a consumer");
    consumer.filter(subscription.topic).is_none() || consumer.is_given(subscription.topic, attributes)
}

/// The message that Pub/Sub publishes for one that ran out of attempts, as in local/router/dead-letter.js.
pub fn given_up(history: &History, push: &Push, subscription: &Subscription, at_ms: u64) -> Publication {
    let original = &history.publications[push.message];
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

/// The body of a push, as in local/router/deliver.js.
pub fn push_body(history: &History, push: &Push, subscription: &Subscription) -> Vec<u8> {
    let message = &history.publications[push.message];
    let attributes = serde_json::to_string(&message.attributes).expect("texts");
    format!(
        r#"{{"message":{{"data":"{data}","attributes":{attributes},"messageId":"{id}","publishTime":"{at}","orderingKey":"{key}"}},"subscription":"projects/{PROJECT}/subscriptions/{name}","deliveryAttempt":{attempt}}}"#,
        data = history.contents[message.content].base64(),
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
