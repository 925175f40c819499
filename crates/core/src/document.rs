//! Stored records, and the small typed readers through which they become domain values.

use std::fmt;

use crate::{
    ids::{EventId, LeadId, Symbol, TransactionId, UserId},
    money::Currency,
    timestamp::Timestamp,
    value::{Map, Value},
};

/// Where a record is kept, below the database's root: `users/{userId}`. Only the functions below make one, so that every
/// path the system touches stands in this file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentPath(String);

impl DocumentPath {
    pub fn user(id: UserId) -> Self {
        DocumentPath(format!("users/{id}"))
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

    /// A dot between the two: a colon would read as a custom verb in the REST interface.
    pub fn processed_event(consumer: &str, id: EventId) -> Self {
        DocumentPath(format!("processed_events/{consumer}.{id}"))
    }

    /// `body_digest` is the hex SHA-256 of the message: the same bytes always come to the same letter.
    pub fn dead_letter(consumer: &str, body_digest: &str) -> Self {
        DocumentPath(format!("dead_letters/{consumer}.{}", &body_digest[..32]))
    }

    /// The collection that it is in, of those at the root.
    pub fn collection(&self) -> &str {
        self.0.split_once('/').map_or(self.0.as_str(), |(collection, _)| collection)
    }

    /// Where the last run of a scheduled function stopped, if it couldn't come to its end.
    pub fn sweep(function: &str) -> Self {
        DocumentPath(format!("sweeps/{function}"))
    }

    /// As a stored record or the database's own answer names a document. None for what is no `{collection}/{id}` in plain
    /// letters: one such name among many would make the database refuse them all.
    pub fn parse(text: &str) -> Option<Self> {
        let (collection, id) = text.split_once('/')?;
        let is_collection = !collection.is_empty() && collection.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        let is_id = (1..=MAX_ID_BYTES).contains(&id.len()) && id.bytes().all(is_plain);
        let is_reserved = matches!(id, "." | "..") || id.starts_with("__");
        (is_collection && is_id && !is_reserved).then(|| DocumentPath(text.to_owned()))
    }

    /// The part after the collection.
    pub fn id(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, id)| id)
    }
}

/// Far more than any of ours has, and less than Firestore's own 1,500.
const MAX_ID_BYTES: usize = 256;

impl fmt::Display for DocumentPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A field that is not what this release writes: a hand-made edit or a bug, never a customer's doing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unreadable {
    pub field: String,
    pub problem: String,
}

impl Unreadable {
    pub(crate) fn new(field: &str, problem: impl fmt::Display) -> Self {
        Unreadable { field: field.to_owned(), problem: problem.to_string() }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stored {}: {}", self.field, self.problem)
    }
}

/// The fields of one stored record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Document {
    pub fields: Map,
}

/// When the database last wrote a record, in its own precision: it is compared, never computed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UpdateTime {
    pub seconds: i64,
    pub nanos: i32,
}

macro_rules! readers {
    ($($name:ident, $optional:ident, $variant:ident, $type:ty, $borrow:expr, $wanted:literal;)+) => {$(
        pub fn $name(&self, field: &str) -> Result<$type, Unreadable> {
            self.$optional(field)?.ok_or_else(|| Unreadable::new(field, "missing"))
        }

        pub fn $optional(&self, field: &str) -> Result<Option<$type>, Unreadable> {
            match self.value(field)? {
                None | Some(Value::Null) => Ok(None),
                Some(Value::$variant(value)) => Ok(Some($borrow(value))),
                Some(other) => Err(Unreadable::new(field, format_args!("{}, not {}", other.kind(), $wanted))),
            }
        }
    )+};
}

/// Fields are named by their path: `balances.CZK.available`.
impl Document {
    readers! {
        bool, optional_bool, Bool, bool, Clone::clone, "a boolean";
        int, optional_int, Int, i64, Clone::clone, "an integer";
        timestamp, optional_timestamp, Timestamp, Timestamp, Clone::clone, "a timestamp";
        string, optional_string, String, &str, String::as_str, "a string";
        bytes, optional_bytes, Bytes, &[u8], Vec::as_slice, "bytes";
        array, optional_array, Array, &[Value], Vec::as_slice, "an array";
        map, optional_map, Map, &Map, std::convert::identity, "a map";
    }

    /// One of the words that `parse` knows.
    pub fn word<T>(&self, field: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Unreadable> {
        parse(self.string(field)?).ok_or_else(|| Unreadable::new(field, "a word that this release doesn't know"))
    }

    pub fn optional_word<T>(&self, field: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Unreadable> {
        self.optional_string(field)?.map(|_| self.word(field, parse)).transpose()
    }

    /// One of the maps that the list `field` holds, read like a document of its own.
    pub fn of(field: &str, item: &Value) -> Result<Document, Unreadable> {
        match item {
            Value::Map(fields) => Ok(Document { fields: fields.clone() }),
            other @ (Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Timestamp(_)
            | Value::String(_)
            | Value::Bytes(_)
            | Value::Array(_)
            | Value::Foreign(_)) => Err(Unreadable::new(field, format_args!("with {}, not a map", other.kind()))),
        }
    }

    /// A list of strings.
    pub fn strings(&self, field: &str) -> Result<Vec<String>, Unreadable> {
        let text = |item: &Value| match item {
            Value::String(text) => Ok(text.clone()),
            other @ (Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Timestamp(_)
            | Value::Bytes(_)
            | Value::Array(_)
            | Value::Map(_)
            | Value::Foreign(_)) => Err(Unreadable::new(field, format_args!("with {}, not a string", other.kind()))),
        };
        self.array(field)?.iter().map(text).collect()
    }

    fn value(&self, field: &str) -> Result<Option<&Value>, Unreadable> {
        let (parents, leaf) = field.rsplit_once('.').map_or((None, field), |(parents, leaf)| (Some(parents), leaf));
        let mut fields = &self.fields;
        for name in parents.iter().flat_map(|path| path.split('.')) {
            fields = match fields.get(name) {
                None => return Ok(None),
                Some(Value::Map(inner)) => inner,
                Some(other) => return Err(Unreadable::new(field, format_args!("inside {}", other.kind()))),
            };
        }
        Ok(fields.get(leaf))
    }
}
