//! Welcomes a customer who has registered.

use boma_core::{
    EventType, Handler, Timestamp,
    decision::{Decision, Effects},
    document::{DocumentPath, Unreadable},
    facts::profile::{REGISTRATIONS, Registration},
    handler::{Event, Reader, Snapshot},
    stored::mail,
    value::map,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WelcomeHandler;

boma_abi::export!(WelcomeHandler);

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
