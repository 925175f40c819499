//! Pub/Sub: delivery, redelivery, giving up, and an operator's replays.

use boma_core::{
    event::{catalog::Topic, outbox::Message},
    store::path::DocumentPath,
};

use crate::{
    consumer::Consumer,
    entry::Entry,
    in_flight::Request,
    intern::Id,
    queue::Holder,
    release::oldest_due,
    settled::is_open,
    state::{QUEUES, Seen, State, Violation},
    world::World,
};

impl World {
    /// Delivers the next message of each queue at once. An action in between could as well come after: a delivery that has read
    /// nothing depends on nothing.
    pub fn deliver(&self, state: &mut State) {
        for queue in 0..QUEUES {
            while state.violation.is_none() && state.queues[queue].live.is_none() && self.has_more(state, queue) {
                self.deliver_head(state, queue);
            }
        }
    }

    fn has_more(&self, state: &State, queue: usize) -> bool {
        usize::from(state.queues[queue].acked) < self.entry_lists.get(state.queues[queue].entries).len()
    }

    fn deliver_head(&self, state: &mut State, queue: usize) {
        let mut entries = self.entry_lists.get(state.queues[queue].entries).as_ref().clone();
        let entry = &mut entries[usize::from(state.queues[queue].acked)];
        let consumer = self.consumers()[queue];
        let most = self.scenario.gives_up_after.filter(|_| consumer != Consumer::DeadLetters);
        entry.is_given_up |= most.is_some_and(|most| entry.attempts >= most);
        entry.attempts = (entry.attempts + 1).min(self.scenario.most_attempts);
        let entry = *entry;
        state.queues[queue].entries = self.entry_lists.id(entries);
        if entry.is_given_up {
            state.queues[queue].acked += 1;
            let letter = given_up(&self.messages.get(entry.message), consumer.name());
            self.append(state, QUEUES - 1, self.messages.id(letter));
            return;
        }
        let in_flight = self.begun(consumer, entry);
        self.hold_or_end(state, queue, Holder::Live, in_flight, true);
    }

    pub fn accept(&self, state: &mut State, request: Id<Request>) {
        for message in self.published(request) {
            // What is said again is no follow-up of anybody.
            if self.is_replay(message) {
                self.judge_order(state, message);
            } else {
                let mut accepted = self.accepted.get(state.accepted).as_ref().clone();
                if accepted.insert(message) {
                    state.accepted = self.accepted.id(accepted);
                }
            }
            if let Some(queue) = self.heard_at(message) {
                self.append(state, queue, message);
            }
        }
    }

    /// A delivery replays its own letter only where no older one waits. After a fault a letter may be filed later than a younger one.
    fn judge_order(&self, state: &mut State, replay: Id<Message>) {
        let (store, letter) = (self.stores.get(state.store), self.messages.get(replay).attributes["replayOf"].clone());
        let place = |path: &DocumentPath| {
            store.document(path).map(|it| (it.timestamp("receivedAt").expect("a time"), path.clone()))
        };
        let own = DocumentPath::parse(&format!("dead_letters/{letter}")).expect("a path");
        let is_promised = state.faults_left == self.faults;
        if is_promised && oldest_due(&store).is_some_and(|(oldest, _)| place(oldest) < place(&own)) {
            state.violation.get_or_insert(Violation::PassedAnOlderLetter);
        }
    }

    pub fn append(&self, state: &mut State, queue: usize, message: Id<Message>) {
        let mut entries = self.entry_lists.get(state.queues[queue].entries).as_ref().clone();
        entries.push(Entry::new(message));
        state.queues[queue].entries = self.entry_lists.id(entries);
    }

    pub(crate) fn redeliver(&self, state: &mut State, queue: usize, from: u8) {
        if from < state.queues[queue].acked {
            self.remember(state, Seen::AN_ACKED_MESSAGE_AGAIN);
        }
        let queue = &mut state.queues[queue];
        if queue.live.is_some() {
            queue.zombie = queue.live.take();
        }
        queue.acked = from;
    }

    pub(crate) fn replay(&self, state: &mut State, letter: usize) {
        state.replays_left -= 1;
        let store = self.stores.get(state.store);
        let (path, letter) = store.collection("dead_letters").nth(letter).expect("a letter");
        let consumer = letter.string("consumer").expect("whose it is");
        let queue = self.consumers().iter().position(|it| it.name() == consumer).expect("a queue of its own");
        self.append(state, queue, self.messages.id(self.replay_of(path, letter)));
    }

    /// The letters that an operator may replay.
    pub fn replayable(&self, state: &State) -> Vec<usize> {
        let store = self.stores.get(state.store);
        let letters = store.collection("dead_letters").enumerate();
        letters.filter(|(_, (_, letter))| is_open(letter)).map(|(index, _)| index).collect()
    }
}

/// The message that Pub/Sub makes of one that ran out of attempts.
fn given_up(message: &Message, consumer: &str) -> Message {
    let mut given_up = Message { topic: Topic::DeadLetters, ..message.clone() };
    let subscription = format!("{consumer}.{}", message.topic);
    given_up.attributes.insert("CloudPubSubDeadLetterSourceSubscription".to_owned(), subscription);
    given_up
}
