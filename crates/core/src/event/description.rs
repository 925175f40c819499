//! All that the reader of one type of event asks, found out by letting it read.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::{
    event::{
        catalog::EventType,
        envelope::Envelope,
        reader::Reader,
        shape::{EventRecorder, FieldSpec, FieldSpecs, FieldType},
    },
    kernel::malformed::Malformed,
};

/// Everything that is asked of the events of one type, and one that answers all of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    pub event_type: EventType,
    pub envelope: FieldSpecs,
    pub data: FieldSpecs,
    pub example: Map<String, Json>,
}

/// Lets the real reader read an event, at first an empty one, until `answer` has answered all that it asks. The error is
/// the reader's, to these answers.
pub fn describe<F>(
    event_type: EventType,
    read: Reader<F>,
    answer: impl Fn(EventType, &FieldSpec) -> Json,
) -> Result<Description, Malformed> {
    let (mut envelope, mut data) = (Map::new(), Map::new());
    loop {
        let specs = Arc::new(EventRecorder::default());
        let mut example = envelope.clone();
        example.insert("data".to_owned(), Json::Object(data.clone()));
        let read = Envelope::asked(&example, specs.clone()).and_then(|envelope| read(&envelope));
        let asked = (specs.envelope.specs().clone(), specs.data.specs().clone());
        let is_news = fill(&mut envelope, &asked.0, |spec| answer(event_type, spec))
            | fill(&mut data, &asked.1, |spec| answer(event_type, spec));
        if !is_news {
            return read.map(|_| Description { event_type, envelope: asked.0, data: asked.1, example });
        }
    }
}

/// Whether an answer wasn't there yet. An object is described by what is asked of it in turn.
fn fill(object: &mut Map<String, Json>, asked: &FieldSpecs, answer: impl Fn(&FieldSpec) -> Json) -> bool {
    let mut is_news = false;
    for spec in asked.specs.iter().filter(|spec| spec.kind != FieldType::Object) {
        let given = answer(spec);
        is_news |= object.insert(spec.field.clone(), given.clone()) != Some(given);
    }
    is_news
}
