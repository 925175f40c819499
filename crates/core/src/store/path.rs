//! Where each record is kept.

use std::fmt;

use crate::kernel::{
    ids::{EventId, LeadId, NoteId, Symbol, TransactionId, UserId},
    minute::Minute,
    money::Currency,
};

/// Where a record is kept, below the database's root: `users/{userId}`. Only the functions below make one, so that every
/// path the system touches stands in this file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentPath(String);

impl DocumentPath {
    pub fn user(id: UserId) -> Self {
        DocumentPath(format!("users/{id}"))
    }

    /// Of a text that may be no id: a stored one, or a caller's. None where it isn't one that the database takes.
    pub fn parse_user(id: &str) -> Option<Self> {
        DocumentPath::parse(&format!("users/{id}"))
    }

    /// Of a customer whom the database has, whatever the id.
    pub fn named_user(id: &str) -> Option<Self> {
        DocumentPath::named(&format!("users/{id}"))
    }

    pub fn kyc_case(id: UserId) -> Self {
        DocumentPath(format!("kyc_cases/{id}"))
    }

    pub fn transaction(id: TransactionId) -> Self {
        DocumentPath(format!("transactions/{id}"))
    }

    /// What a customer may withdraw of a currency.
    pub fn limit(currency: Currency) -> Self {
        DocumentPath(format!("limits/{}", currency.code()))
    }

    /// The same for every currency that has no limit of its own.
    pub fn default_limit() -> Self {
        DocumentPath("limits/default".to_owned())
    }

    /// A customer's latest withdrawals, for the limits.
    pub fn withdrawal_window(id: UserId) -> Self {
        DocumentPath(format!("withdrawal_windows/{id}"))
    }

    pub fn lead(id: LeadId) -> Self {
        DocumentPath(format!("leads/{id}"))
    }

    /// What an applied event has done to a customer: one entry for each consumer that applied it.
    pub fn timeline_entry(user: UserId, consumer: &str, event: EventId) -> Self {
        DocumentPath(format!("users/{user}/timeline/{consumer}.{event}"))
    }

    pub fn engagement(id: UserId) -> Self {
        DocumentPath(format!("engagement/{id}"))
    }

    pub fn market(symbol: &Symbol) -> Self {
        DocumentPath(format!("markets/{symbol}"))
    }

    pub fn price_alerts(symbol: &Symbol) -> Self {
        DocumentPath(format!("price_alerts/{symbol}"))
    }

    pub fn mail(consumer: &str, id: EventId) -> Self {
        DocumentPath(format!("mail/{consumer}.{id}"))
    }

    /// Of a customer, not of an event: nobody is welcomed twice.
    pub fn welcome_mail(user: UserId) -> Self {
        DocumentPath(format!("mail/welcome.{user}"))
    }

    pub fn note(user: UserId, note: NoteId) -> Self {
        DocumentPath(format!("users/{user}/notes/{note}"))
    }

    /// What two people must agree on, by the id of its command.
    pub fn approval(command: EventId) -> Self {
        DocumentPath(format!("approvals/{command}"))
    }

    /// A dot between the two: a colon would read as a custom verb in the REST interface.
    pub fn processed_event(consumer: &str, id: EventId) -> Self {
        DocumentPath(format!("processed_events/{consumer}.{id}"))
    }

    /// `digest` is the hex SHA-256 of what tells the message from others: the same message always comes to the same letter.
    pub fn dead_letter(consumer: &str, digest: &str) -> Self {
        DocumentPath(format!("dead_letters/{consumer}.{}", &digest[..32]))
    }

    /// The letter of that id, if it can be one of this consumer.
    pub fn dead_letter_named(consumer: &str, id: &str) -> Option<Self> {
        let digest = id.strip_prefix(consumer)?.strip_prefix('.')?;
        let is_digest = digest.len() == 32 && digest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        is_digest.then(|| DocumentPath::dead_letter(consumer, digest))
    }

    /// Whose dead letter it is.
    pub fn letter_consumer(&self) -> &str {
        self.id().rsplit_once('.').map_or("", |(consumer, _)| consumer)
    }

    /// The collection that it is in, with those above it: `users`, `users.timeline`.
    pub fn collection(&self) -> String {
        let names: Vec<_> = self.0.split('/').step_by(2).collect();
        names.join(".")
    }

    /// What changed in a minute, as far as one instance of `pulse` was told.
    pub fn pulse(minute: Minute, shard: u32) -> Self {
        DocumentPath(format!("pulse/{minute}.{shard:08x}"))
    }

    /// Where the last run of a scheduled function stopped, if it didn't finish.
    pub fn checkpoint(function: &str) -> Self {
        DocumentPath(format!("sweeps/{function}"))
    }

    /// As a stored record names a document. None for what is no `{collection}/{id}` in plain letters: one such name among many
    /// would make the database refuse them all.
    pub fn parse(text: &str) -> Option<Self> {
        let id = id_in_collection(text)?;
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        let is_id = (1..=MAX_ID_BYTES).contains(&id.len()) && id.bytes().all(is_plain);
        let is_reserved = matches!(id, "." | "..") || id.starts_with("__");
        (is_id && !is_reserved).then(|| DocumentPath(text.to_owned()))
    }

    /// As the database itself names a document that it has. Its id may be any: functions write plain ones, people and other programs don't.
    pub fn named(text: &str) -> Option<Self> {
        let id = id_in_collection(text)?;
        let is_id = (1..=MAX_NAMED_ID_BYTES).contains(&id.len()) && !id.contains('/');
        is_id.then(|| DocumentPath(text.to_owned()))
    }

    /// The part after the collection.
    pub fn id(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, id)| id)
    }
}

/// Far more than any of ours has.
const MAX_ID_BYTES: usize = 256;

/// Firestore's own.
pub const MAX_NAMED_ID_BYTES: usize = 1_500;

/// What stands behind `{collection}/`.
fn id_in_collection(text: &str) -> Option<&str> {
    let (collection, id) = text.split_once('/')?;
    let is_collection = !collection.is_empty() && collection.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    is_collection.then_some(id)
}

impl fmt::Display for DocumentPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
