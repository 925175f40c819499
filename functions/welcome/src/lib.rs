//! Welcomes a customer who has registered.

use boma_core::{
    domain::{
        customer::{
            documents::user,
            profile::facts::{REGISTRATIONS, Registration},
        },
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
        let user = event.envelope.user();
        vec![DocumentPath::welcome_mail(user), DocumentPath::user(user)]
    }

    /// It goes to the address in the event, and doesn't wait for the user whom `profile` makes of it: that one of the two
    /// fails is no reason for the other to. A user who is there tells of an earlier registration, though: its mail may have
    /// expired, or lie where an earlier release has written it.
    fn decide(event: &Event<Registration>, snapshot: &Snapshot, now: Timestamp) -> Result<Decision, Unreadable> {
        let id = event.envelope.user();
        let path = DocumentPath::welcome_mail(id);
        let created_at = snapshot.read(&DocumentPath::user(id), user::created_at)?;
        let is_another = created_at.is_some_and(|created_at| created_at != event.envelope.time);
        if is_another || snapshot.get(&path).is_some() {
            return Ok(Decision::Ignore("AlreadyWelcomed"));
        }
        let profile = &event.fact.profile;
        let data = map([("fullName", profile.full_name.as_str().into())]);
        let mail = mail::write(path, &profile.email, "WELCOME", data, now);
        Ok(Decision::write(mail))
    }
}
