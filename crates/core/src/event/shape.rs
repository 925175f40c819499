//! What readers ask of an event, written down while they read one. The contract that producers are given comes from the very
//! calls that check an event, so what is promised and what is refused can't differ.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::kernel::ids::Spelling;

/// What a field's value must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// Any text but the empty one.
    Text,
    /// A person, and not the one whom this other field names.
    OtherPerson(&'static str),
    /// One of at most so many characters.
    TextUpTo(usize),
    /// A list of so many texts at most.
    Texts(usize),
    /// One of these.
    Words(Vec<&'static str>),
    Id(Spelling),
    /// The subject's id once more.
    Subject(Spelling),
    /// RFC 3339.
    Moment,
    /// From the first to the last.
    Integer(i64, i64),
    /// One address.
    Email,
    /// What somebody is called.
    FullName,
    /// ISO 3166-1 alpha-2.
    Country,
    /// E.164.
    Phone,
    /// A day.
    Date,
    /// BCP 47.
    Language,
    /// ISO 4217.
    Currency,
    /// In the currency that stands beside it, or else in that of the transaction.
    Amount,
    /// A decimal number, also zero or below, with up to 38 digits before the point and up to 18 behind it.
    Price,
    /// An object of so many texts at most.
    TextMap(usize),
    /// An object with fields of its own.
    Fields(FieldSpecs),
    /// A list of so many of such objects at most.
    List(usize, FieldSpecs),
    Object,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldSpec {
    pub field: String,
    pub kind: FieldType,
    pub is_required: bool,
}

/// All that was asked of one object, in the order in which it was asked first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSpecs {
    pub specs: Vec<FieldSpec>,
    /// Of these fields at least one must be there.
    pub one_of: Vec<&'static str>,
    /// Of these fields each is there only with all others.
    pub together: Vec<&'static str>,
}

/// Records the specs of fields while an event is read. Locked, because readers only borrow it.
#[derive(Debug, Default)]
pub struct Recorder(Mutex<FieldSpecs>);

impl Recorder {
    /// A field is first asked for as a text, and then for what the text must spell.
    pub(crate) fn record(&self, field: &str, kind: FieldType) {
        let mut asked = self.specs();
        match asked.specs.iter_mut().find(|spec| spec.field == field) {
            Some(known) if kind == FieldType::Text || known.kind == kind => {}
            Some(known) => known.kind = kind,
            None => asked.specs.push(FieldSpec { field: field.to_owned(), kind, is_required: false }),
        }
    }

    pub(crate) fn require(&self, field: &str) {
        let mut asked = self.specs();
        asked.specs.iter_mut().filter(|known| known.field == field).for_each(|known| known.is_required = true);
    }

    pub(crate) fn require_one_of(&self, fields: &[&'static str]) {
        self.specs().one_of = fields.to_vec();
    }

    pub(crate) fn require_together(&self, fields: &[&'static str]) {
        self.specs().together = fields.to_vec();
    }

    pub(crate) fn specs(&self) -> MutexGuard<'_, FieldSpecs> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Recorders for a whole event: for the envelope, and for `data`.
#[derive(Debug, Default)]
pub struct EventRecorder {
    pub(crate) envelope: Recorder,
    pub(crate) data: Recorder,
}
