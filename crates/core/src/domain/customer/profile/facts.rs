//! UserRegistered and ProfileChanged.

use crate::{
    event::{
        catalog::EventType::{self, ProfileChanged, UserRegistered},
        envelope::Envelope,
        reader::Reader,
    },
    kernel::{ids::LeadId, malformed::Malformed},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ProfileFact {
    Registered(Profile),
    /// The fields that changed, at least one.
    Changed(Vec<(&'static str, String)>),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Profile {
    pub email: String,
    pub full_name: String,
    pub country: String,
    pub region: String,
}

pub const FACTS: &[(EventType, Reader<ProfileFact>)] = &[(UserRegistered, registered), (ProfileChanged, changed)];

/// For functions that handle registrations alone.
pub const REGISTRATIONS: &[(EventType, Reader<Registration>)] = &[(UserRegistered, Registration::read)];

const CHANGEABLE: [&str; 4] = ["email", "fullName", "country", "region"];

/// The data of a UserRegistered. Each function reads all of it: a registration that one of them can't read must not take effect at
/// another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Registration {
    pub profile: Profile,
    pub lead: Option<LeadId>,
}

impl Registration {
    pub fn read(envelope: &Envelope) -> Result<Registration, Malformed> {
        let data = envelope.data();
        let profile = Profile {
            email: data.string("email")?.to_owned(),
            full_name: data.string("fullName")?.to_owned(),
            country: data.country("country")?.to_owned(),
            region: data.string("region")?.to_owned(),
        };
        Ok(Registration { profile, lead: data.optional_id("leadId")? })
    }
}

fn registered(envelope: &Envelope) -> Result<ProfileFact, Malformed> {
    Registration::read(envelope).map(|registration| ProfileFact::Registered(registration.profile))
}

fn changed(envelope: &Envelope) -> Result<ProfileFact, Malformed> {
    let data = envelope.data();
    data.optional_country("country")?;
    let mut changes = Vec::new();
    for name in CHANGEABLE {
        changes.extend(data.optional_string(name)?.map(|text| (name, text.to_owned())));
    }
    data.require_one_of(&CHANGEABLE)?;
    Ok(ProfileFact::Changed(changes))
}
