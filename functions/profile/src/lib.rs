//! Creates the user when one registers, and keeps the profile's fields.

use boma_core::{
    domain::{
        customer::profile::{
            facts::{FACTS, Profile, ProfileFact},
            machine::{Step, transition},
        },
        kyc::machine::Status,
    },
    prelude::*,
    store::value::{Map, map},
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
        let path = DocumentPath::user(event.envelope.user());
        let write = match transition(snapshot.get(&path).is_some(), event.fact.clone()) {
            Err(refusal) => return Ok(Decision::Refuse(refusal.to_string())),
            Ok(Step::AwaitRegistration) => return Ok(Decision::Await(path)),
            Ok(Step::Create(profile)) => whole_user(path, profile, event.envelope.time),
            Ok(Step::Change(fields)) => fields
                .into_iter()
                .fold(Write::to(path), |write, (name, text)| write.set(&format!("profileData.{name}"), text)),
        };
        Ok(Decision::Accept(Effects { writes: vec![write.set("updatedAt", now)], ..Effects::default() }))
    }
}

/// Every field of a user, whoever owns it later: afterwards nobody meets one that is missing.
fn whole_user(path: DocumentPath, profile: Profile, created_at: Timestamp) -> Write {
    let profile_data = map([
        ("email", profile.email.into()),
        ("fullName", profile.full_name.into()),
        ("country", profile.country.into()),
        ("region", profile.region.into()),
    ]);
    Write::to(path)
        .set("profileData", profile_data)
        .set("kycStatus", Status::Pending.name())
        .set("kycVersion", 0)
        .set("tradingEnabled", false)
        .set("accessVersion", 0)
        .set("balances", Map::new())
        .set("createdAt", created_at)
}
