//! Where a message is recorded or filed, and what is known of messages by now.

use std::{collections::BTreeSet, sync::Arc};

use boma_core::{
    event::{envelope::Envelope, origin::Origin, outbox::Message, subscription::Subscription},
    kernel::digest::sha256_hex,
    store::{document::Document, path::DocumentPath},
};
use in_memory_store::InMemoryStore;

use crate::{
    consumer::Consumer,
    intern::{Id, Memo},
    state::Accepted,
};

/// The ids and paths under which a message is recorded or filed.
#[derive(Debug)]
pub struct Claim {
    pub event_id: String,
    digest: String,
    pub(crate) record: DocumentPath,
    pub(crate) letter: DocumentPath,
    /// The number of the replay, if it is one.
    pub(crate) replay: Option<i64>,
}

/// The inputs of `standing`.
type StandingKey = (Id<InMemoryStore>, Id<Accepted>, Consumer, Id<Message>);

#[derive(Debug, Default)]
pub(crate) struct Settled {
    pub(crate) claims: Memo<(Consumer, Id<Message>), Arc<Claim>>,
    pub(crate) standing: Memo<StandingKey, Standing>,
    pub(crate) accepted_ids: Memo<Id<Accepted>, Arc<BTreeSet<String>>>,
    pub(crate) one_content: Memo<Id<Accepted>, bool>,
    pub(crate) in_store: Memo<Id<InMemoryStore>, InStore>,
}

/// How far the handling of a message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    Owed,
    InALetter,
    Settled,
}

/// Which of the scenario's events are recorded and filed, one bit for each.
#[derive(Clone, Copy, Debug, Default)]
pub struct InStore {
    pub recorded: u32,
    pub filed: u32,
    pub adds_up: bool,
}

impl Claim {
    pub fn of(consumer: Consumer, message: &Message) -> Claim {
        let source = message.attributes.get("CloudPubSubDeadLetterSourceSubscription");
        let given_up_by = source.and_then(|name| Subscription::from_name(name)).map(|source| source.consumer);
        let consumer = given_up_by.unwrap_or(consumer.name());
        let envelope = Envelope::parse(&message.data, Origin::Anywhere).expect("scenarios publish events");
        Claim {
            event_id: envelope.id.to_string(),
            digest: envelope.digest.as_str().to_owned(),
            record: DocumentPath::processed_event(consumer, envelope.id),
            letter: DocumentPath::dead_letter(consumer, &sha256_hex(&message.data)),
            replay: message.attributes.get("replayNumber").map(|number| number.parse().expect("a number")),
        }
    }

    /// The record of this event. A record with another digest belongs to another event under the same id.
    pub(crate) fn record<'a>(&self, store: &'a InMemoryStore) -> Option<&'a Document> {
        store.document(&self.record).filter(|record| record.string("digest") == Ok(self.digest.as_str()))
    }
}
