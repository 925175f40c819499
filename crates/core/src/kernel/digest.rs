//! What an event says, as one short string: two deliveries of one id with different digests are two different claims.

use serde_json::{Map, Value as Json, json};
use sha2::{Digest as _, Sha256};

/// `1:` and the hex SHA-256 of the RFC 8785 canonical JSON of `{type, subject, data}`, unknown fields included.
/// White space, key order and the envelope's other fields don't count. The `1` names this recipe.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Digest(String);

impl Digest {
    pub fn of(event_type: &str, subject: &str, data: &Map<String, Json>) -> Digest {
        let said = json!({ "type": event_type, "subject": subject, "data": data });
        Digest(format!("1:{}", sha256_hex(&canonical(&said))))
    }

    /// One that was stored: it is compared, and equals none where it isn't one.
    pub fn stored(text: &str) -> Digest {
        Digest(text.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// RFC 8785 canonical JSON.
pub fn canonical(json: &Json) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(json).expect("a parsed JSON tree always serializes")
}

pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
