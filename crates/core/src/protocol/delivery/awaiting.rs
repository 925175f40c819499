//! What a delivery does about a document that isn't there: it rereads for a moment, files the message, and looks once more.
//!
//! Whoever releases letters (`crate::jobs::release`, the clock) asks for them after the document has come. A letter that is filed after
//! it was asked for is in nobody's answer; then the document was there before the letter, and the delivery that filed it sees it.

use std::collections::BTreeSet;

use super::{At, Delivery, DeliveryReport, Disposition, Processor};
use crate::{
    event::{
        catalog::Topic,
        outbox::{Batch, Message},
    },
    kernel::timestamp::Timestamp,
    protocol::{
        dead_letter::{COLLECTION, Cause, open_and_awaiting, replay_attributes},
        deadlines,
        outcome::{Fault, Outcome},
        step::{Call, Step},
    },
    store::{
        document::Unreadable,
        path::DocumentPath,
        query::{Comparison, Filter, Query, Row},
        snapshot::Snapshot,
    },
};

/// One field is enough to see that a document is there, whether it has that field or not.
const AS_LITTLE_AS_CAN_BE: &[&str] = &["updatedAt"];

const LETTER_FIELDS: &[&str] = &["receivedAt", "replays", "awaits"];

/// One other that is older is enough to know.
const MOST_LETTERS: u32 = 100;

impl<P: Processor> Delivery<P> {
    /// Whether the wait that it asks for is one for a document: an instance has room for few of those. Where it has none, the wait is
    /// answered with a failure.
    pub fn awaits_document(&self) -> bool {
        matches!(self.at, At::Awaiting(_))
    }

    pub(super) fn wait_for(
        &mut self,
        path: DocumentPath,
        snapshot: &Snapshot,
        now: Timestamp,
        random: u64,
    ) -> Result<Step<DeliveryReport>, Fault> {
        let since = *self.awaits_since.get_or_insert(now);
        let pause_ms = deadlines::reread_ms(now.ms_since(since), random).filter(|_| self.may_wait);
        if let Some(ms) = pause_ms {
            return Ok(self.wait(ms, now, At::Awaiting(path)));
        }
        self.file(Vec::new(), Outcome::Awaited, &Cause::awaits(path), snapshot, now)
    }

    /// The letter is read with all the rest: it is written once the time is over.
    pub(super) fn reread(&mut self, now: Timestamp) -> Step<DeliveryReport> {
        self.wants_letter = true;
        self.read(now)
    }

    /// The instance has no room for another one that waits. A replay has read its letter; any other message hardly has one.
    pub(super) fn wait_no_longer(&mut self, awaited: DocumentPath, now: Timestamp) -> Step<DeliveryReport> {
        self.may_wait = false;
        if self.wants_letter {
            return self.read(now);
        }
        self.file_unread(Outcome::Awaited, &Cause::awaits(awaited), now)
    }

    pub(super) fn look_once_more(
        &mut self,
        awaited: DocumentPath,
        disposition: Disposition,
        now: Timestamp,
    ) -> Step<DeliveryReport> {
        let Some(timeout_ms) = self.time_for(deadlines::READ_MS, now) else { return self.done(disposition) };
        let paths = vec![awaited.clone()];
        self.at = At::LookingOnceMore(awaited, disposition);
        Step::Call(Call::Read { paths, fields: AS_LITTLE_AS_CAN_BE, timeout_ms })
    }

    /// Where the document has come in between, the letters of its customer that wait are looked at: the oldest goes first.
    pub(super) fn looked(
        &mut self,
        awaited: &DocumentPath,
        disposition: Disposition,
        snapshot: &Snapshot,
        now: Timestamp,
    ) -> Step<DeliveryReport> {
        let subject = self.processor.partial_envelope().subject;
        let (Some(subject), Some(timeout_ms), true) =
            (subject, self.time_for(deadlines::READ_MS, now), snapshot.get(awaited).is_some())
        else {
            return self.done(disposition);
        };
        let mut filters = open_and_awaiting();
        filters.push(Filter::new("subject", Comparison::Equal, subject.to_string()));
        let (fields, limit) = (LETTER_FIELDS, MOST_LETTERS);
        self.at = At::Comparing(awaited.clone(), disposition);
        let query = Query { collection: COLLECTION, filters, fields, limit, ..Query::default() };
        Step::Call(Call::Query { query: Box::new(query), timeout_ms })
    }

    /// Its own letter, if that is the oldest. An older one that waits for the same is still to be released, and with it come those behind
    /// it. What the others wait for is looked at.
    pub(super) fn compared(
        &mut self,
        awaited: &DocumentPath,
        disposition: Disposition,
        rows: &[Row],
        now: Timestamp,
    ) -> Step<DeliveryReport> {
        // A letter that can't be read is none of this delivery's: the clock names it.
        let Ok(Some((replay, older))) = self.own_replay(rows) else { return self.publish(disposition, now) };
        if older.contains(awaited) {
            return self.publish(disposition, now);
        }
        let disposition = Disposition { to_publish: vec![replay], ..disposition };
        if older.is_empty() {
            return self.publish(disposition, now);
        }
        let Some(timeout_ms) = self.time_for(deadlines::READ_MS, now) else { return self.done(disposition) };
        self.at = At::LookingForOlder(disposition);
        Step::Call(Call::Read { paths: older.into_iter().collect(), fields: AS_LITTLE_AS_CAN_BE, timeout_ms })
    }

    /// An older letter whose document is there goes first. The clock releases it, and this one behind it.
    pub(super) fn looked_for_older(
        &mut self,
        disposition: Disposition,
        snapshot: &Snapshot,
        now: Timestamp,
    ) -> Step<DeliveryReport> {
        let to_publish = if snapshot.is_empty() { disposition.to_publish } else { Vec::new() };
        self.publish(Disposition { to_publish, ..disposition }, now)
    }

    /// Its replay, and what the older letters of its customer wait for. None: it isn't listed any more, for it is released.
    fn own_replay(&self, rows: &[Row]) -> Result<Option<(Batch, BTreeSet<DocumentPath>)>, Unreadable> {
        let path = self.letter_path();
        let Some(own) = rows.iter().find(|row| row.path == path) else { return Ok(None) };
        let place = |row: &Row| Ok((row.document().timestamp("receivedAt")?, row.path.clone()));
        let own_place = place(own)?;
        let mut older = BTreeSet::new();
        for row in rows {
            if place(row)? < own_place {
                older.insert(row.document().word("awaits", DocumentPath::parse)?);
            }
        }
        let event = self.processor.partial_envelope();
        let (Some(event_type), Some(subject)) = (event.event_type, event.subject) else { return Ok(None) };
        let (topic, key) = (Topic::Replays, subject.to_string());
        let number = own.document().int("replays")? + 1;
        let attributes = replay_attributes(
            &path,
            self.processor.consumer(),
            number,
            Some(event_type.name()),
            &self.received.attributes,
        );
        let message = Message { topic, key: key.clone(), attributes, data: self.received.body.clone() };
        Ok(Some((Batch { topic, key, messages: vec![message] }, older)))
    }
}
