//! What calls a function, and the settings that go with each trigger.

use serde::{Deserialize, Serialize};

use super::Settings;
use crate::Complaint;

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Trigger {
    Pubsub,
    Schedule,
    Firestore,
}

/// What has happened to a document.
#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Change {
    Created,
    Updated,
    Deleted,
    Written,
}

pub(super) fn checked(settings: &Settings) -> Result<(), Complaint> {
    let Settings { trigger, schedule, document, event, topics, .. } = settings;
    if !topics.is_empty() && !matches!(trigger, Trigger::Pubsub) {
        return Err("metadata.function.topics: must be empty, for they are for trigger = \"pubsub\" alone.".to_owned());
    }
    match (trigger, schedule) {
        (Trigger::Schedule, Some(schedule)) if schedule.split_whitespace().count() == 5 => {}
        (Trigger::Schedule, _) => return Err("metadata.function.schedule: must be cron's five fields.".to_owned()),
        (Trigger::Pubsub | Trigger::Firestore, None) => {}
        (Trigger::Pubsub | Trigger::Firestore, Some(_)) => {
            return Err("metadata.function.schedule: is for trigger = \"schedule\" alone.".to_owned());
        }
    }
    match (trigger, document, event) {
        (Trigger::Firestore, Some(document), Some(_)) if is_document(document) => Ok(()),
        (Trigger::Firestore, _, Some(_)) => {
            Err("metadata.function.document: must be a document's path, such as \"users/{userId}\".".to_owned())
        }
        (Trigger::Firestore, _, None) => {
            Err("metadata.function.event: must be created, updated, deleted or written.".to_owned())
        }
        (Trigger::Pubsub | Trigger::Schedule, None, None) => Ok(()),
        (Trigger::Pubsub | Trigger::Schedule, Some(_), _) => {
            Err("metadata.function.document: is for trigger = \"firestore\" alone.".to_owned())
        }
        (Trigger::Pubsub | Trigger::Schedule, None, Some(_)) => {
            Err("metadata.function.event: is for trigger = \"firestore\" alone.".to_owned())
        }
    }
}

/// Collection and id in turn. An `{id}` may stand for any; a comma or a space would end the path on a command line.
fn is_document(path: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && !part.contains([',', '=', ' ']);
    path.split('/').count().is_multiple_of(2) && path.split('/').all(is_part)
}

#[cfg(test)]
mod tests {
    use crate::settings::read;
    use crate::settings::tests::good;
    use serde_json::{Value, json};

    #[test]
    fn a_schedule_goes_with_its_trigger() {
        let of = |changes: Value| {
            let mut table = good();
            for (field, value) in changes.as_object().expect("an object") {
                table[field] = value.clone();
            }
            read("clock", &table).err().unwrap_or_default()
        };
        assert_eq!(of(json!({"trigger": "schedule", "schedule": "*/10 * * * *", "topics": {}})), "");
        assert!(of(json!({"trigger": "schedule", "topics": {}})).contains("schedule: must be cron's five fields"));
        assert!(of(json!({"trigger": "schedule", "schedule": "hourly", "topics": {}})).contains("five fields"));
        assert!(of(json!({"trigger": "schedule", "schedule": "0 3 * * *"})).contains("topics: must be empty"));
        assert!(of(json!({"schedule": "0 3 * * *"})).contains("schedule: is for trigger"));
    }

    #[test]
    fn a_document_and_what_happens_to_it_go_with_their_trigger() {
        let of = |changes: Value| {
            let mut table = good();
            table["topics"] = json!({});
            for (field, value) in changes.as_object().expect("an object") {
                table[field] = value.clone();
            }
            read("timeline", &table).err().unwrap_or_default()
        };
        let trigger = "firestore";
        assert!(of(json!({"trigger": trigger, "document": "users/{userId}"})).contains("event: must be created"));
        assert!(of(json!({"trigger": trigger, "document": "users/{userId}", "event": "read"})).contains("event: "));
        for document in ["users", "/users/{userId}", "users/{userId}/timeline", "users/", "users/a,b", ""] {
            let complaint = of(json!({"trigger": trigger, "document": document, "event": "written"}));
            assert!(complaint.contains("document: must be a document's path"), "{document}: {complaint}");
        }
        let whole = json!({"trigger": trigger, "document": "users/{userId}", "event": "written"});
        for (field, value) in [("topics", json!({"kyc": []})), ("schedule", json!("0 3 * * *"))] {
            let mut changes = whole.clone();
            changes[field] = value;
            assert!(of(changes).contains(&format!("{field}: ")), "{field}");
        }
        assert!(of(json!({"document": "users/{userId}"})).contains("document: is for trigger"));
        assert!(of(json!({"event": "written"})).contains("event: is for trigger"));
        assert_eq!(of(whole), "");
    }
}
