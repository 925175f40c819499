//! What a customer does.

use crate::{
    event::{
        catalog::EventType::{self, UserInteracted},
        envelope::Envelope,
        reader::Reader,
    },
    kernel::{malformed::Malformed, names::names},
};

names! {
    Interaction {
        Login = "LOGIN",
        Viewed = "VIEWED",
        Clicked = "CLICKED",
        Called = "CALLED",
        Messaged = "MESSAGED",
    }
}

pub const FACTS: &[(EventType, Reader<Interaction>)] = &[(UserInteracted, interacted)];

fn interacted(envelope: &Envelope) -> Result<Interaction, Malformed> {
    let data = envelope.data();
    data.string("channel")?;
    data.one_of("kind", Interaction::ALL, Interaction::name)
}
