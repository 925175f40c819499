//! Stored records, and the small typed readers through which they become domain values.

use std::fmt;

use crate::{
    kernel::timestamp::Timestamp,
    store::value::{Map, Value},
};

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

    /// A list that holds something else than what is wanted.
    fn item(field: &str, item: &Value, wanted: &str) -> Self {
        Unreadable::new(field, format_args!("with {}, not {wanted}", item.kind()))
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
        let Value::Map(fields) = item else { return Err(Unreadable::item(field, item, "a map")) };
        Ok(Document { fields: fields.clone() })
    }

    /// A list of strings.
    pub fn strings(&self, field: &str) -> Result<Vec<String>, Unreadable> {
        let text =
            |item: &Value| item.as_text().map(str::to_owned).ok_or_else(|| Unreadable::item(field, item, "a string"));
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
