//! UserRegistered and ProfileChanged.

use crate::{
    catalog::EventType::{self, ProfileChanged, UserRegistered},
    envelope::Envelope,
    fields::Fields,
    handler::Reader,
    ids::LeadId,
    malformed::Malformed,
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

const CHANGEABLE: [&str; 4] = ["email", "fullName", "country", "region"];

/// What a UserRegistered carries. Whoever hears it reads all of it: a registration that one function can't read must not
/// take effect at another.
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
            country: country(&data)?.ok_or_else(|| data.refuse("country", "missing"))?.to_owned(),
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
    country(&data)?;
    let mut changes = Vec::new();
    for name in CHANGEABLE {
        changes.extend(data.optional_string(name)?.map(|text| (name, text.to_owned())));
    }
    if changes.is_empty() {
        return Err(Malformed::new("data", format_args!("none of {}", CHANGEABLE.join(", "))));
    }
    Ok(ProfileFact::Changed(changes))
}

/// ISO 3166-1 alpha-2 by its form: which codes are assigned changes from year to year, and isn't for us to refuse.
fn country<'a>(data: &Fields<'a>) -> Result<Option<&'a str>, Malformed> {
    let code = data.optional_string("country")?;
    let well_formed = |code: &str| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
    if code.is_none_or(well_formed) { Ok(code) } else { Err(data.refuse("country", "not an ISO 3166-1 alpha-2 code")) }
}
