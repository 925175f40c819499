//! A message as its author means it: the truth that auditors compare with. The product reads only its bytes.

use std::{cell::OnceCell, fmt::Write as _};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest as _, Sha256};

use crate::chance::PerTenThousand;

/// The body of a message. The same bytes are one content, however often they are published.
#[derive(Debug)]
pub struct Content {
    pub data: Vec<u8>,
    pub claim: Option<Claim>,
    pub flaw: Flaw,
    pub poison: Option<Poison>,
    base64: OnceCell<String>,
    letter_id: OnceCell<String>,
}

/// The event in a message: what it claims to have happened.
#[derive(Clone, Debug)]
pub struct Claim {
    pub id: String,
    pub kind: String,
    pub subject: String,
    pub time: String,
    pub data: Map<String, Json>,
    digest: OnceCell<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    None,
    /// It isn't an event: every consumer finds it malformed.
    NotAnEvent,
    /// Its data breaks a rule of its type: only consumers of the type find it malformed.
    InItsData,
    /// It is an event, and its topic may not say it: every consumer finds it malformed.
    OutOfPlace,
}

/// A poison message: it triggers a bug of one function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Poison {
    pub consumer: &'static str,
    pub moment: Moment,
    pub rate: PerTenThousand,
    /// Whether a later release fixes the bug.
    pub is_mended_later: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// When the request comes in, before the consumer is known: as if memory ran out.
    Arriving,
    /// When the message is parsed.
    Reading,
    EventProcessor,
    /// At each attempt, and it breaks nothing: it ends in an error, as what a release forgot to handle does.
    Always,
}

impl Content {
    pub fn new(data: Vec<u8>, claim: Option<Claim>, flaw: Flaw) -> Content {
        Content { data, claim, flaw, poison: None, base64: OnceCell::new(), letter_id: OnceCell::new() }
    }

    pub fn base64(&self) -> &str {
        self.base64.get_or_init(|| BASE64_STANDARD.encode(&self.data))
    }

    /// The part of a dead letter's id that comes from the body.
    pub fn letter_id(&self) -> &str {
        self.letter_id.get_or_init(|| hex(&Sha256::digest(&self.data))[..32].to_owned())
    }

    /// Whether this is a letter of it. The name of one that has no id has the message's in it, so there its text tells.
    pub fn is_told_by(&self, id: &str, body: &[u8]) -> bool {
        if self.flaw == Flaw::NotAnEvent { self.data == body } else { id.ends_with(self.letter_id()) }
    }

    /// A release fixes the bug, if one ever does.
    pub fn mend(&mut self) {
        self.poison = self.poison.filter(|poison| !poison.is_mended_later);
    }

    pub fn event_id(&self) -> Option<&str> {
        self.claim.as_ref().map(|claim| claim.id.as_str())
    }
}

impl Claim {
    pub fn new(id: String, kind: &str, subject: &str, time: String, data: Json) -> Claim {
        let Json::Object(data) = data else { panic!("an event's data is an object") };
        Claim { id, kind: kind.to_owned(), subject: subject.to_owned(), time, data, digest: OnceCell::new() }
    }

    /// The claim of a follow-up, from its published bytes.
    pub fn of_follow_up(data: &[u8]) -> Option<Claim> {
        let Ok(Json::Object(mut event)) = serde_json::from_slice(data) else { return None };
        let mut text = |name: &str| match event.remove(name) {
            Some(Json::String(text)) => Some(text),
            _ => None,
        };
        let (id, kind, subject, time) = (text("id")?, text("type")?, text("subject")?, text("time")?);
        let Some(Json::Object(data)) = event.remove("data") else { return None };
        Some(Claim { id, kind, subject, time, data, digest: OnceCell::new() })
    }

    /// The event as a source writes it.
    pub fn event(&self) -> Json {
        json!({
            "specversion": "1.0", "id": self.id, "source": "//simulation", "type": self.kind, "subject": self.subject,
            "time": self.time, "data": self.data,
        })
    }

    /// The digest of the contract, computed without the product's code. Claims hold only strings and integers, for which sorted keys
    /// are canonical.
    pub fn digest(&self) -> &str {
        self.digest.get_or_init(|| {
            let said = json!({ "data": self.data, "subject": self.subject, "type": self.kind });
            format!("1:{}", hex(&Sha256::digest(said.to_string())))
        })
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.data.get(name).and_then(Json::as_str)
    }

    pub fn number(&self, name: &str) -> Option<i64> {
        self.data.get(name).and_then(Json::as_i64)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes everything");
        text
    })
}

/// The functions that handle events.
pub fn consumers() -> impl Iterator<Item = &'static str> {
    boma_functions::ALL.iter().filter(|function| !function.hears().is_empty()).map(|function| function.name)
}

/// Which types each consumer handles: told once more, so that a function which hears what it shouldn't is found. What it says of a new
/// function is taken from its code.
pub fn is_heard(consumer: &str, kind: &str) -> bool {
    let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| kind.starts_with(prefix));
    match consumer {
        "profile" => matches!(kind, "UserRegistered" | "ProfileChanged"),
        "kyc-request" | "welcome" => kind == "UserRegistered",
        "notify" => kind == "NotificationRequested",
        "engagement" => kind == "UserInteracted",
        "price-alerts" => begins(&["Price"]),
        "access" => matches!(kind, "UserActive" | "UserRestricted"),
        "notes" => matches!(kind, "NoteAdded" | "CustomerAssigned"),
        "kyc" => kind == "AccountClosed" || begins(&["Kyc", "Review"]) && kind != "KycRequested",
        "leads" => kind == "UserRegistered" || begins(&["Lead"]) && kind != "LeadConverted",
        "payments" => begins(&["Payment", "Withdrawal", "Refund", "Dispute", "Fee", "Balance", "Payout"]),
        another => boma_functions::by_name(another)
            .is_some_and(|function| function.hears().iter().any(|event_type| event_type.name() == kind)),
    }
}
