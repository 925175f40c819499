//! NoteAdded and CustomerAssigned.

use crate::{
    event::{
        catalog::EventType::{self, CustomerAssigned, NoteAdded},
        envelope::Envelope,
        reader::Reader,
    },
    kernel::{ids::NoteId, malformed::Malformed},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OperatorFact {
    Noted(Note),
    /// The operator's address; None for nobody.
    Assigned(Option<String>),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Note {
    pub id: NoteId,
    pub text: String,
    pub operator: String,
}

pub const FACTS: &[(EventType, Reader<OperatorFact>)] = &[(NoteAdded, noted), (CustomerAssigned, assigned)];

pub const MOST_TEXT_CHARS: usize = 2_000;

fn noted(envelope: &Envelope) -> Result<OperatorFact, Malformed> {
    let data = envelope.data();
    let (id, text) = (data.id("noteId")?, data.string_up_to("text", MOST_TEXT_CHARS)?.to_owned());
    Ok(OperatorFact::Noted(Note { id, text, operator: data.string("operator")?.to_owned() }))
}

fn assigned(envelope: &Envelope) -> Result<OperatorFact, Malformed> {
    let data = envelope.data();
    let assignee = data.optional_email("assignee")?.map(str::to_owned);
    data.string("operator")?;
    Ok(OperatorFact::Assigned(assignee))
}
