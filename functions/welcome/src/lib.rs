//! Welcomes a customer who has registered.

use boma_core::{
    domain::{
        customer::profile::facts::{REGISTRATIONS, Registration},
        notifications::documents::mail,
    },
    prelude::*,
    store::value::map,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WelcomeHandler;

pub const FUNCTION: Function = Function::of_handler::<WelcomeHandler>();

impl Handler for WelcomeHandler {
    type Fact = Registration;
    const CONSUMER: &'static str = "welcome";
    const HEARS: &'static [(EventType, Reader<Registration>)] = REGISTRATIONS;

    fn read_set(event: &Event<Registration>) -> Vec<DocumentPath> {
        vec![path(event)]
    }

    /// It goes to the address in the event, and doesn't wait for the user whom `profile` makes of it: that one of the two
    /// fails is no reason for the other to.
    fn decide(event: &Event<Registration>, _: &Snapshot, _: Timestamp) -> Result<Decision, Unreadable> {
        let profile = &event.fact.profile;
        let data = map([("fullName", profile.full_name.as_str().into())]);
        let mail = mail::write(path(event), &profile.email, "WELCOME", data);
        Ok(Decision::Accept(Effects { writes: vec![mail], ..Effects::default() }))
    }
}

/// One mail for each event.
fn path(event: &Event<Registration>) -> DocumentPath {
    DocumentPath::mail(WelcomeHandler::CONSUMER, event.envelope.id)
}
