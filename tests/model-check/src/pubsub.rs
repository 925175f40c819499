//! What Pub/Sub does with messages, and what an operator has it do.

use boma_core::event::{catalog::Topic, outbox::Message};

use crate::{
    intern::Id,
    queue::{Entry, Who},
    settled::is_open,
    state::{LANES, Saw, State},
    talk::Request,
    world::World,
};

impl World {
    /// Whoever has a message to deliver, delivers it: nothing could come between that wouldn't as well come after, for a
    /// delivery that has read nothing yet knows nothing.
    pub fn deliver(&self, state: &mut State) {
        for lane in 0..LANES {
            while state.wrong.is_none() && state.lanes[lane].live.is_none() && self.has_more(state, lane) {
                self.deliver_head(state, lane);
            }
        }
    }

    fn has_more(&self, state: &State, lane: usize) -> bool {
        usize::from(state.lanes[lane].acked) < self.queues.get(state.lanes[lane].queue).len()
    }

    fn deliver_head(&self, state: &mut State, lane: usize) {
        let mut queue = self.queues.get(state.lanes[lane].queue).as_ref().clone();
        let entry = &mut queue[usize::from(state.lanes[lane].acked)];
        let name = self.lane_names()[lane];
        let most = self.scenario.gives_up_after.filter(|_| name.topic() != Topic::DeadLetters);
        entry.is_given_up |= most.is_some_and(|most| entry.attempts >= most);
        entry.attempts = (entry.attempts + 1).min(self.scenario.most_attempts);
        let entry = *entry;
        state.lanes[lane].queue = self.queues.id(queue);
        if entry.is_given_up {
            state.lanes[lane].acked += 1;
            let letter = given_up(&self.messages.get(entry.message), name.consumer(), name.topic());
            self.append(state, LANES - 1, self.messages.id(letter));
            return;
        }
        let talk = self.begun(name, entry);
        self.take_up(state, lane, Who::Live, talk, true);
    }

    pub fn accept(&self, state: &mut State, request: Id<Request>) {
        for message in self.published(request) {
            let mut accepted = self.accepted.get(state.accepted).as_ref().clone();
            if accepted.insert(message) {
                state.accepted = self.accepted.id(accepted);
            }
            if self.is_heard(message) {
                self.append(state, 1, message);
            }
        }
    }

    pub fn append(&self, state: &mut State, lane: usize, message: Id<Message>) {
        let mut queue = self.queues.get(state.lanes[lane].queue).as_ref().clone();
        queue.push(Entry::new(message));
        state.lanes[lane].queue = self.queues.id(queue);
    }

    pub(crate) fn redeliver(&self, state: &mut State, lane: usize, from: u8) {
        if from < state.lanes[lane].acked {
            self.remember(state, Saw::AN_ACKED_MESSAGE_AGAIN);
        }
        let lane = &mut state.lanes[lane];
        if lane.live.is_some() {
            lane.zombie = lane.live.take();
        }
        lane.acked = from;
    }

    pub(crate) fn replay(&self, state: &mut State, letter: usize) {
        state.replays_left -= 1;
        let store = self.stores.get(state.store);
        let (path, letter) = store.collection("dead_letters").nth(letter).expect("a letter");
        let consumer = letter.string("consumer").expect("whose it is");
        let lane = self.lane_names().iter().position(|lane| lane.consumer() == consumer).expect("a lane of its own");
        let body = letter.bytes("body").expect("what it said").to_vec();
        let attributes =
            [("replayOf", path.to_string()), ("replayFor", consumer.to_owned()), ("replayNumber", "1".to_owned())];
        let replayed = Message {
            topic: self.lane_names()[lane].topic(),
            key: self.scenario.events[0].key.clone(),
            attributes: attributes.map(|(name, value)| (name.to_owned(), value)).into(),
            data: String::from_utf8(body).expect("scenarios publish text"),
        };
        self.append(state, lane, self.messages.id(replayed));
    }

    /// The letters that an operator could publish again.
    pub fn replayable(&self, state: &State) -> Vec<usize> {
        let store = self.stores.get(state.store);
        let letters = store.collection("dead_letters").enumerate();
        letters.filter(|(_, (_, letter))| is_open(letter)).map(|(index, _)| index).collect()
    }
}

/// As Pub/Sub hands on what ran out of attempts.
fn given_up(message: &Message, consumer: &str, topic: Topic) -> Message {
    let mut given_up = Message { topic: Topic::DeadLetters, ..message.clone() };
    let subscription = format!("{consumer}.{topic}");
    given_up.attributes.insert("CloudPubSubDeadLetterSourceSubscription".to_owned(), subscription);
    given_up
}
