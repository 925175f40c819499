//! The commands of operators, and which of them need two people.

use crate::{
    domain::{kyc, leads, notes, payments},
    event::{
        catalog::{EventType, Topic},
        envelope::Envelope,
        reader::Reader,
    },
    kernel::{malformed::Malformed, names::names},
};

names! {
    /// An approver's answer.
    Decision {
        Approve = "APPROVE",
        Reject = "REJECT",
    }
}

names! {
    /// What becomes of a dead letter.
    LetterAction {
        Replay = "REPLAY",
        Discard = "DISCARD",
    }
}

/// How many people stand behind a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum People {
    One,
    /// The one who asks for it, and a supervisor.
    Two,
}

/// Every type of the topic `operations`. What moves a customer's money, ends a relation or lifts a restriction needs two people.
pub const COMMANDS: &[(EventType, People)] = &[
    (EventType::KycReviewed, People::One),
    (EventType::KycHeld, People::One),
    (EventType::KycReleased, People::One),
    (EventType::KycSuspended, People::One),
    (EventType::KycReinstated, People::Two),
    (EventType::KycSuspensionConfirmed, People::Two),
    (EventType::KycAppealed, People::Two),
    (EventType::AccountClosed, People::Two),
    (EventType::ReviewClaimed, People::One),
    (EventType::ReviewReturned, People::One),
    (EventType::BalanceAdjusted, People::Two),
    (EventType::PayoutOrdered, People::Two),
    (EventType::NoteAdded, People::One),
    (EventType::CustomerAssigned, People::One),
    (EventType::LeadReopened, People::One),
];

/// A type that isn't listed isn't a command; if it were one, it would need two people.
pub fn people_behind(command: EventType) -> People {
    COMMANDS.iter().find(|(known, _)| *known == command).map_or(People::Two, |(_, people)| *people)
}

/// Reads a command's data as its consumer will.
pub fn check(command: &Envelope) -> Result<(), Malformed> {
    let readings = [
        read_by(kyc::facts::FACTS, command),
        read_by(payments::facts::FACTS, command),
        read_by(leads::facts::FACTS, command),
        read_by(notes::facts::FACTS, command),
    ];
    let has_no_reader = || Err(Malformed::new("type", format_args!("not a command of {}", Topic::Operations)));
    readings.into_iter().flatten().next().unwrap_or_else(has_no_reader)
}

/// None: this subject hears no such type.
fn read_by<F>(facts: &[(EventType, Reader<F>)], command: &Envelope) -> Option<Result<(), Malformed>> {
    let (_, read) = facts.iter().find(|(known, _)| *known == command.event_type)?;
    Some(read(command).map(drop))
}

/// What an approval is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Matter {
    /// A command, whose event is published.
    Command(EventType),
    /// A letter about money, which is closed without being handled.
    LetterDiscarded,
}

const LETTER_DISCARDED: &str = "LetterDiscarded";

impl Matter {
    pub fn name(self) -> &'static str {
        match self {
            Matter::Command(event_type) => event_type.name(),
            Matter::LetterDiscarded => LETTER_DISCARDED,
        }
    }

    pub fn from_name(name: &str) -> Option<Matter> {
        if name == LETTER_DISCARDED {
            return Some(Matter::LetterDiscarded);
        }
        EventType::from_name(name).map(Matter::Command)
    }
}
