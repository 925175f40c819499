//! The function `release`: it is told of a document at any time after its creation, and replays the letters that wait for it, the oldest
//! first and the next when that one is settled. Once it finds none it is through, and never called again: nobody else calls here, no
//! clock either.

use std::collections::BTreeMap;

use boma_core::{
    event::{catalog::Topic, outbox::Message},
    protocol::dead_letter::{Kind, replay_attributes},
    store::{document::Document, path::DocumentPath},
};
use in_memory_store::InMemoryStore;

use crate::{settled::is_open, state::State, world::World};

impl World {
    pub fn may_release(&self, state: &State) -> bool {
        self.scenario.has_release
            && !state.is_released
            && !self.lacks_what_is_given_later(state)
            && !self.is_replaying(state)
    }

    /// A replay that isn't acked.
    fn is_replaying(&self, state: &State) -> bool {
        let queue = &state.queues[0];
        let entries = self.entry_lists.get(queue.entries);
        entries.iter().skip(usize::from(queue.acked)).any(|entry| self.is_replay(entry.message))
    }

    pub(crate) fn release(&self, state: &mut State) {
        let store = self.stores.get(state.store);
        let due = oldest_due(&store).map(|(path, letter)| self.messages.id(self.replay_of(path, letter)));
        let entries = self.entry_lists.get(state.queues[0].entries);
        match due.filter(|message| entries.iter().all(|entry| entry.message != *message)) {
            Some(message) => self.append(state, 0, message),
            None => state.is_released = true,
        }
    }

    /// With the number of its next replay.
    pub(crate) fn replay_of(&self, path: &DocumentPath, letter: &Document) -> Message {
        let consumer = letter.string("consumer").expect("whose it is");
        let number = letter.int("replays").expect("a count") + 1;
        Message {
            topic: Topic::Replays,
            key: self.scenario.events[0].key.clone(),
            attributes: replay_attributes(
                path,
                consumer,
                number,
                letter.optional_string("type").expect("a type"),
                &BTreeMap::new(),
            ),
            data: letter.bytes("body").expect("what it said").to_vec(),
        }
    }
}

/// Of the letters whose document is there.
pub(crate) fn oldest_due(store: &InMemoryStore) -> Option<(&DocumentPath, &Document)> {
    let is_there = |letter: &Document| {
        let awaited = letter.word("awaits", DocumentPath::parse);
        awaited.is_ok_and(|path| store.document(&path).is_some())
    };
    let due = store.collection("dead_letters").filter(|(_, letter)| is_waiting(letter) && is_there(letter));
    due.min_by_key(|(path, letter)| (letter.timestamp("receivedAt").expect("a time"), (*path).clone()))
}

fn is_waiting(letter: &Document) -> bool {
    is_open(letter) && letter.word("kind", Kind::from_name) == Ok(Kind::Awaited)
}
