//! The columns of every table that are about the change and not of the document, and their numbers in the message.

/// How protobuf writes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scalar {
    Text,
    Int,
    Bool,
}

/// Name and type, numbered from 1.
pub(super) const OF_THE_CHANGE: [(&str, Scalar); 9] = [
    ("id", Scalar::Text),
    ("version", Scalar::Int),
    ("deleted", Scalar::Bool),
    // A TIMESTAMP is an integer: microseconds since 1970.
    ("change_time", Scalar::Int),
    ("event_time", Scalar::Int),
    ("old_status", Scalar::Text),
    ("new_status", Scalar::Text),
    ("trace", Scalar::Text),
    ("ingested_at", Scalar::Int),
];

/// JSON, as text.
pub(super) const REST: &str = "rest";
pub(super) const REST_NUMBER: u32 = 10;

/// Where the table's own columns begin.
pub(super) const FIRST_OF_DOCUMENT: u32 = 16;
