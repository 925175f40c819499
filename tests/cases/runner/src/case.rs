//! The format of a case file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What the case shows, as a sentence.
    pub name: String,
    pub function: String,
    /// The documents that are there, by path.
    #[serde(default)]
    pub given: BTreeMap<String, Map<String, Json>>,
    pub when: When,
    #[serde(default)]
    pub then: Then,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct When {
    /// The host's clock as the message arrives.
    pub now: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<String>,
    /// The topic that it comes from; without one, that of its type, and of a replay `replays`. "-": the push doesn't say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Without one it is the event's subject. "": there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordering_key: Option<String>,
    /// Whether messages may still come on the topics of the first edition, in the words of the setting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_edition: Option<String>,
    /// Whether operators' tokens must be signed, as they must where it is deployed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deployed: bool,
    /// The delivery attempt that Pub/Sub counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// What the panic said with which this very message has just broken an instance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_trap: Option<String>,
    /// The message's attributes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// The event; or the message's data as text; or the whole push body as text; or a document's change; or a request. Exactly one
    /// of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub push_body: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Request>,
    /// What goes wrong on the way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mishaps: Vec<Mishap>,
    /// The documents whose rows BigQuery refuses for good, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused_rows: Vec<String>,
    /// What others write on the way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub meanwhile: Vec<Meanwhile>,
}

/// Documents that somebody else has written by the time that the `nth` call of a method (from 1) is answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meanwhile {
    pub method: String,
    pub nth: usize,
    pub documents: BTreeMap<String, Map<String, Json>>,
}

/// What a Firestore trigger tells: `before` is missing where the document was created, `after` where it was deleted.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Change {
    pub event_id: String,
    pub path: String,
    /// The CloudEvent's time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// The update times of the two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_updated_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Map<String, Json>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Map<String, Json>>,
}

/// A request as it comes over the wire. Its body is JSON, or any text.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    pub method: String,
    pub path: String,
    /// Each with its name and its value: one may come several times.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// The claims of the operator's token, as the emulators make them: nobody signs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// The `nth` call of a method (from 1) is answered with a status; what it asked may have been done all the same. With the
/// status 0 it is only slow.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mishap {
    pub method: String,
    pub nth: usize,
    pub status: i32,
    pub done: bool,
    /// How long it took to say so.
    #[serde(default, rename = "tookMs", skip_serializing_if = "Option::is_none")]
    pub took_ms: Option<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Then {
    pub status: u16,
    /// Empty where a head was rejected.
    pub outcome: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Every document that was created or changed, whole. All others are as they were.
    #[serde(default)]
    pub changed: BTreeMap<String, Map<String, Json>>,
    /// Every message that went out, in order.
    #[serde(default)]
    pub published: Vec<Json>,
    /// Every row that was appended, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub appended: Vec<Json>,
    /// What the caller was told, where that is more than a status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Json>,
    /// The log lines beside the one of every run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Json>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_false(value: &bool) -> bool {
    !value
}
