//! UserRegistered and ProfileChanged.

use crate::{
    event::{
        catalog::EventType::{self, ProfileChanged, UserRegistered},
        envelope::Envelope,
        fields::Fields,
        reader::Reader,
    },
    kernel::{ids::LeadId, malformed::Malformed, names::names},
    store::value::{Map, Value},
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ProfileFact {
    Registered(Profile),
    /// The fields that changed, at least one.
    Changed(ProfileFields),
}

/// Fields of a profile, by the names that they have in events and documents alike.
pub type ProfileFields = Vec<(&'static str, Value)>;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Profile {
    pub email: String,
    pub full_name: String,
    /// All fields, the two above included.
    pub fields: ProfileFields,
}

names! {
    /// Of customers.
    Kind {
        Person = "PERSON",
        Business = "BUSINESS",
    }
}

pub const FACTS: &[(EventType, Reader<ProfileFact>)] = &[(UserRegistered, registered), (ProfileChanged, changed)];

/// For functions that handle registrations alone.
pub const REGISTRATIONS: &[(EventType, Reader<Registration>)] = &[(UserRegistered, Registration::read)];

const CHANGEABLE: [&str; 9] =
    ["email", "fullName", "country", "region", "phone", "birthDate", "language", "address", "kind"];

/// An address has as many lines as countries have customs, and no more.
const MOST_ADDRESS_LINES: usize = 20;

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
        let (email, full_name) = (data.email("email")?.to_owned(), data.full_name("fullName")?.to_owned());
        data.country("country")?;
        data.string("region")?;
        let profile = Profile { email, full_name, fields: fields(&data)? };
        Ok(Registration { profile, lead: data.optional_id("leadId")? })
    }
}

fn registered(envelope: &Envelope) -> Result<ProfileFact, Malformed> {
    Registration::read(envelope).map(|registration| ProfileFact::Registered(registration.profile))
}

fn changed(envelope: &Envelope) -> Result<ProfileFact, Malformed> {
    let data = envelope.data();
    let changes = fields(&data)?;
    data.require_one_of(&CHANGEABLE)?;
    Ok(ProfileFact::Changed(changes))
}

/// Those that are there.
fn fields(data: &Fields<'_>) -> Result<ProfileFields, Malformed> {
    let texts = [
        ("email", data.optional_email("email")?),
        ("fullName", data.optional_full_name("fullName")?),
        ("country", data.optional_country("country")?),
        ("region", data.optional_string("region")?),
        ("phone", data.optional_phone("phone")?),
        ("birthDate", data.optional_date("birthDate")?),
        ("language", data.optional_language("language")?),
        ("kind", data.optional_one_of("kind", Kind::ALL, Kind::name)?.map(Kind::name)),
    ];
    let mut fields: ProfileFields = Vec::new();
    fields.extend(texts.into_iter().filter_map(|(name, text)| Some((name, text?.into()))));
    if let Some(lines) = data.optional_text_map("address", MOST_ADDRESS_LINES)? {
        let lines: Map = lines.into_iter().map(|(name, line)| (name.to_owned(), line.into())).collect();
        fields.push(("address", lines.into()));
    }
    Ok(fields)
}
