//! Creates the user when one registers, and keeps the profile's fields.

use boma_core::{
    domain::customer::{
        documents::user,
        profile::{
            facts::{FACTS, ProfileFact},
            machine::{Step, transition},
        },
    },
    prelude::*,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProfileHandler;

pub const FUNCTION: Function = Function::of_handler::<ProfileHandler>();

impl Handler for ProfileHandler {
    type Fact = ProfileFact;
    const CONSUMER: &'static str = "profile";
    const HEARS: &'static [(EventType, Reader<ProfileFact>)] = FACTS;

    fn read_set(event: &Event<ProfileFact>) -> Vec<DocumentPath> {
        vec![DocumentPath::user(event.envelope.user())]
    }

    fn decide(event: &Event<ProfileFact>, snapshot: &Snapshot, now: Timestamp) -> Result<Decision, Unreadable> {
        let id = event.envelope.user();
        let path = DocumentPath::user(id);
        let write = match transition(snapshot.get(&path).is_some(), event.fact.clone()) {
            Err(refusal) => return Ok(Decision::Refuse(refusal.to_string())),
            Ok(Step::AwaitRegistration) => return Ok(Decision::Await(path)),
            Ok(Step::Create(profile)) => user::create(id, profile, event.envelope.time, now),
            Ok(Step::Change(fields)) => user::set_profile(id, fields, now),
        };
        Ok(Decision::write(write))
    }
}
