//! What readers ask of an event, written down while they read one. The contract that producers are given comes from the very
//! calls that check an event, so what is promised and what is refused can't differ.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value as Json};

use crate::{
    catalog::{EventType, Topic},
    envelope::Envelope,
    handler::Reader,
    ids::Spelling,
    malformed::Malformed,
};

/// What a field's value must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text but the empty one.
    Text,
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
    /// ISO 3166-1 alpha-2.
    Country,
    /// ISO 4217.
    Currency,
    /// In the currency that stands beside it, or else in that of the transaction.
    Amount,
    /// A decimal number from zero up, with up to 18 digits before the point and up to 10 behind it.
    Price,
    /// An object of so many texts at most.
    TextMap(usize),
    Object,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub field: String,
    pub kind: Kind,
    pub is_required: bool,
}

/// All that was asked of one object, in the order in which it was asked first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub questions: Vec<Question>,
    /// Of these fields at least one must be there.
    pub one_of: Vec<&'static str>,
}

/// A notebook for what is asked while an event is read. Locked, because whoever reads only borrows it.
#[derive(Debug, Default)]
pub struct Notes(Mutex<Asked>);

impl Notes {
    /// A field is first asked for as a text, and then for what the text must spell.
    pub(crate) fn ask(&self, field: &str, kind: Kind) {
        let mut asked = self.asked();
        match asked.questions.iter_mut().find(|question| question.field == field) {
            Some(known) if kind == Kind::Text || known.kind == kind => {}
            Some(known) => known.kind = kind,
            None => asked.questions.push(Question { field: field.to_owned(), kind, is_required: false }),
        }
    }

    pub(crate) fn require(&self, field: &str) {
        let mut asked = self.asked();
        asked.questions.iter_mut().filter(|known| known.field == field).for_each(|known| known.is_required = true);
    }

    pub(crate) fn require_one_of(&self, fields: &[&'static str]) {
        self.asked().one_of = fields.to_vec();
    }

    fn asked(&self) -> MutexGuard<'_, Asked> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is asked of a whole event: of the envelope, and of `data`.
#[derive(Debug, Default)]
pub struct Questions {
    pub(crate) envelope: Notes,
    pub(crate) data: Notes,
}

/// Everything that is asked of the events of one type, and one that answers all of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    pub event_type: EventType,
    pub envelope: Asked,
    pub data: Asked,
    pub example: Map<String, Json>,
}

/// Lets the real reader read an event, at first an empty one, until `answer` has answered all that it asks. The error is
/// what the reader still says to these answers.
pub fn describe<F>(
    event_type: EventType,
    read: Reader<F>,
    answer: impl Fn(EventType, &Question) -> Json,
) -> Result<Description, Malformed> {
    let (mut envelope, mut data) = (Map::new(), Map::new());
    loop {
        let questions = Arc::new(Questions::default());
        let mut example = envelope.clone();
        example.insert("data".to_owned(), Json::Object(data.clone()));
        let read = Envelope::asked(&example, Topic::ALL, questions.clone()).and_then(|envelope| read(&envelope));
        let asked = (questions.envelope.asked().clone(), questions.data.asked().clone());
        let is_news = fill(&mut envelope, &asked.0, |question| answer(event_type, question))
            | fill(&mut data, &asked.1, |question| answer(event_type, question));
        if !is_news {
            return read.map(|_| Description { event_type, envelope: asked.0, data: asked.1, example });
        }
    }
}

/// Whether an answer wasn't there yet. An object is described by what is asked of it in turn.
fn fill(object: &mut Map<String, Json>, asked: &Asked, answer: impl Fn(&Question) -> Json) -> bool {
    let mut is_news = false;
    for question in asked.questions.iter().filter(|question| question.kind != Kind::Object) {
        let given = answer(question);
        is_news |= object.insert(question.field.clone(), given.clone()) != Some(given);
    }
    is_news
}
