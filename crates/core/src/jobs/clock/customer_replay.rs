//! The letters of one customer, replayed in the order in which they were filed.
//!
//! Within a topic the ordering key keeps them in order. Where the next one goes to another topic, the earlier ones must be settled
//! first; what isn't by then is left to the next run.

use std::{
    collections::{BTreeSet, VecDeque},
    mem,
};

use super::{
    Tally,
    letters::{COLLECTION, open_and_awaiting},
};
use crate::{
    event::{
        catalog::EventType,
        outbox::{Batch, CONTENT_TYPE, Message},
    },
    kernel::timestamp::Timestamp,
    protocol::{
        dead_letter::{Kind, Status},
        job::End,
        outcome::Fault,
        step::{Answer, Call, Step},
    },
    store::{
        document::{Document, Unreadable},
        path::DocumentPath,
        query::{Comparison, Cursor, Filter, Query, Row},
        snapshot::Snapshot,
    },
};

/// Records live 45 days. Without its record an event would be new again, so a letter is left to an operator well before that.
const OLDEST_MS: u64 = 40 * 86_400_000;

/// Their bodies are read and sent together, and each may have 256 KiB.
const AT_ONCE: usize = 20;
const PAGE_LETTERS: u32 = 300;

const LOOK_AGAIN_MS: u32 = 250;
const SETTLE_WITHIN_MS: u32 = 10_000;

#[derive(Clone, Debug)]
pub(super) struct CustomerReplay {
    subject: String,
    at: At,
}

#[derive(Clone, Debug)]
enum At {
    Start,
    Listing(Vec<Letter>),
    Looking(Vec<Letter>),
    Reading(Going),
    Publishing(Going),
    Pausing(Going),
    LookingAgain(Going),
}

/// What the order of letters rests on, without the body.
#[derive(Clone, Debug)]
struct Letter {
    path: DocumentPath,
    consumer: String,
    event_type: EventType,
    awaits: DocumentPath,
    received_at: Timestamp,
    replays: i64,
    is_cut: bool,
}

#[derive(Clone, Debug, Default)]
struct Going {
    /// On their way, all to one topic.
    sent: Vec<Letter>,
    /// Being sent.
    now: Vec<Letter>,
    left: VecDeque<Letter>,
    waited_ms: u32,
}

impl CustomerReplay {
    pub(super) fn new(subject: String) -> CustomerReplay {
        CustomerReplay { subject, at: At::Start }
    }

    pub(super) fn next(&mut self, answer: Answer<Fault>, now: Timestamp, tally: &mut Tally) -> Step<End> {
        match (mem::replace(&mut self.at, At::Start), answer) {
            (At::Start, Answer::Begin) => self.list(Vec::new(), None),
            (At::Listing(letters), Answer::Rows(rows)) => self.listed(letters, &rows, tally),
            (At::Looking(letters), Answer::Found(snapshot)) => {
                let left = letters.into_iter().filter(|letter| snapshot.get(&letter.awaits).is_some());
                let left = left.filter(|letter| may_go(letter, now, tally)).collect();
                self.send(Going { left, ..Going::default() })
            }
            (At::Reading(going), Answer::Found(snapshot)) => self.publish(going, &snapshot, tally),
            (At::Publishing(mut going), Answer::Published) => {
                tally.replays += u64::try_from(going.now.len()).unwrap_or(u64::MAX);
                going.sent.append(&mut going.now);
                self.send(going)
            }
            (At::Pausing(going), Answer::Waited) => {
                let paths = going.sent.iter().map(|letter| letter.path.clone()).collect();
                self.at = At::LookingAgain(going);
                Step::Call(Call::read(paths))
            }
            (At::LookingAgain(going), Answer::Found(snapshot)) => self.settled(going, &snapshot, tally),
            // What couldn't be sent keeps back what comes behind it.
            (At::Reading(going) | At::Publishing(going) | At::LookingAgain(going), Answer::Failed(fault)) => {
                tally.held += count(&going.left);
                self.fail(&fault, tally)
            }
            (At::Start | At::Listing(_) | At::Looking(_) | At::Pausing(_), Answer::Failed(fault)) => {
                self.fail(&fault, tally)
            }
            (
                At::Start
                | At::Listing(_)
                | At::Looking(_)
                | At::Reading(_)
                | At::Publishing(_)
                | At::Pausing(_)
                | At::LookingAgain(_),
                Answer::Begin
                | Answer::Rows(_)
                | Answer::Found(_)
                | Answer::Committed
                | Answer::Published
                | Answer::Waited,
            ) => self.fail(&Fault::Protocol("an answer to another question"), tally),
        }
    }

    fn fail(&self, fault: &Fault, tally: &mut Tally) -> Step<End> {
        tally.fault(format!("letters of {}: {fault}", self.subject));
        Step::Done(End::Finished)
    }

    fn list(&mut self, letters: Vec<Letter>, after: Option<Cursor>) -> Step<End> {
        self.at = At::Listing(letters);
        let mut filters = open_and_awaiting();
        filters.push(Filter::new("subject", Comparison::Equal, self.subject.as_str()));
        let fields = &["consumer", "type", "awaits", "receivedAt", "replays", "truncated"];
        Step::Call(Call::query(Query {
            collection: COLLECTION,
            filters,
            order_by: None,
            after,
            fields,
            limit: PAGE_LETTERS,
        }))
    }

    fn listed(&mut self, mut letters: Vec<Letter>, rows: &[Row], tally: &mut Tally) -> Step<End> {
        for row in rows {
            match read_letter(&row.path, row.document()) {
                Ok(letter) => letters.push(letter),
                Err(unreadable) => tally.skip(&row.path, unreadable),
            }
        }
        let is_full = u32::try_from(rows.len()).is_ok_and(|count| count == PAGE_LETTERS);
        if let Some(last) = rows.last().filter(|_| is_full) {
            return self.list(letters, Some(last.cursor(None)));
        }
        letters.sort_by(|a, b| (a.received_at, &a.path).cmp(&(b.received_at, &b.path)));
        let awaited: BTreeSet<_> = letters.iter().map(|letter| letter.awaits.clone()).collect();
        if awaited.is_empty() {
            return Step::Done(End::Finished);
        }
        self.at = At::Looking(letters);
        Step::Call(Call::read(awaited.into_iter().collect()))
    }

    /// Those that go to the same topic, some at a time; before the first that goes to another, a look whether they are settled.
    fn send(&mut self, mut going: Going) -> Step<End> {
        let topic = |letter: &Letter| letter.event_type.topic();
        let Some(next) = going.left.front().map(topic) else { return Step::Done(End::Finished) };
        if going.sent.first().is_some_and(|sent| topic(sent) != next) {
            self.at = At::Pausing(going);
            return Step::Wait { ms: LOOK_AGAIN_MS };
        }
        while going.now.len() < AT_ONCE && going.left.front().is_some_and(|letter| topic(letter) == next) {
            going.now.extend(going.left.pop_front());
        }
        let paths = going.now.iter().map(|letter| letter.path.clone()).collect();
        self.at = At::Reading(going);
        Step::Call(Call::read(paths))
    }

    /// As they are now: what somebody else has replayed or closed meanwhile stays as it is.
    fn publish(&mut self, mut going: Going, snapshot: &Snapshot, tally: &mut Tally) -> Step<End> {
        let (mut messages, mut sending) = (Vec::new(), Vec::new());
        for letter in mem::take(&mut going.now) {
            match snapshot.get(&letter.path).map(|document| self.message(&letter, document)) {
                Some(Ok(Some(message))) => {
                    messages.push(message);
                    sending.push(letter);
                }
                Some(Ok(None)) | None => tally.stale += 1,
                Some(Err(unreadable)) => tally.skip(&letter.path, unreadable),
            }
        }
        let Some(first) = messages.first() else { return self.send(going) };
        let batch = Batch { topic: first.topic, key: first.key.clone(), messages };
        going.now = sending;
        self.at = At::Publishing(going);
        Step::Call(Call::publish(batch))
    }

    fn settled(&mut self, mut going: Going, snapshot: &Snapshot, tally: &mut Tally) -> Step<End> {
        let is_on_its_way = |letter: &Letter| {
            snapshot.get(&letter.path).is_some_and(|document| is_still(letter, document).unwrap_or(false))
        };
        going.sent.retain(is_on_its_way);
        if going.sent.is_empty() {
            going.waited_ms = 0;
            return self.send(going);
        }
        going.waited_ms += LOOK_AGAIN_MS;
        if going.waited_ms >= SETTLE_WITHIN_MS {
            tally.held += count(&going.left);
            return Step::Done(End::Finished);
        }
        self.at = At::Pausing(going);
        Step::Wait { ms: LOOK_AGAIN_MS }
    }

    /// Just as an operator's command publishes it: the body unchanged, and the attributes that say whose replay this is. None if
    /// it isn't as it was any more.
    fn message(&self, letter: &Letter, document: &Document) -> Result<Option<Message>, Unreadable> {
        if !is_still(letter, document)? {
            return Ok(None);
        }
        let unreadable = |_| Unreadable { field: "body".to_owned(), problem: "not UTF-8".to_owned() };
        let data = std::str::from_utf8(document.bytes("body")?).map_err(unreadable)?.as_bytes().to_vec();
        let number = (letter.replays + 1).to_string();
        let attributes = [
            ("type", letter.event_type.name()),
            ("content-type", CONTENT_TYPE),
            ("replayOf", letter.path.id()),
            ("replayFor", &letter.consumer),
            ("replayNumber", &number),
        ];
        Ok(Some(Message {
            topic: letter.event_type.topic(),
            key: self.subject.clone(),
            attributes: attributes.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            data,
        }))
    }
}

fn read_letter(path: &DocumentPath, document: &Document) -> Result<Letter, Unreadable> {
    Ok(Letter {
        path: path.clone(),
        consumer: document.string("consumer")?.to_owned(),
        event_type: document.word("type", EventType::from_name)?,
        awaits: document.word("awaits", DocumentPath::parse)?,
        received_at: document.timestamp("receivedAt")?,
        replays: document.int("replays")?,
        is_cut: document.bool("truncated")?,
    })
}

fn may_go(letter: &Letter, now: Timestamp, tally: &mut Tally) -> bool {
    let refused = if letter.is_cut {
        Some("its body was cut when it was filed, so the event isn't whole")
    } else if now.ms_since(letter.received_at) > OLDEST_MS {
        Some("it is older than 40 days: the record that would know the event again lives 45")
    } else {
        None
    };
    if let Some(why) = refused {
        tally.skip(&letter.path, why);
    }
    refused.is_none()
}

/// Whether it waits as it did, replayed by nobody.
fn is_still(letter: &Letter, document: &Document) -> Result<bool, Unreadable> {
    let is_open = document.word("status", Status::from_name)? == Status::Open;
    let is_awaited = document.word("kind", Kind::from_name)? == Kind::Awaited;
    Ok(is_open && is_awaited && document.int("replays")? == letter.replays)
}

fn count(letters: &VecDeque<Letter>) -> u64 {
    u64::try_from(letters.len()).unwrap_or(u64::MAX)
}
