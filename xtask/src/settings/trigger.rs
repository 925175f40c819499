//! What calls a function, and the settings that go with each trigger.

use serde::{Deserialize, Serialize};

use crate::complaint::Complaint;

#[derive(Clone, Copy, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Trigger {
    /// A push subscription for each topic.
    Pubsub,
    /// A job of Cloud Scheduler.
    Schedule,
    /// Eventarc, when a document changes.
    Firestore,
    /// A request, answered to its sender.
    Http,
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

/// The settings that depend on it.
pub(super) struct OfTrigger<'a> {
    pub(super) trigger: Trigger,
    pub(super) has_topics: bool,
    pub(super) schedule: Option<&'a str>,
    pub(super) document: Option<&'a str>,
    pub(super) documents: Option<&'a [String]>,
    pub(super) event: Option<Change>,
    pub(super) unauthenticated: Option<&'a str>,
}

pub(super) fn checked(settings: &OfTrigger<'_>) -> Result<(), Complaint> {
    let OfTrigger { trigger, has_topics, schedule, document, documents, event, unauthenticated } = *settings;
    if has_topics && trigger != Trigger::Pubsub {
        return Err("metadata.function.topics: must be empty, for they are for trigger = \"pubsub\" alone.".to_owned());
    }
    // `unauthenticated` too: Google calls the other three with the token of one account, so nothing justifies opening them.
    let of_one_trigger = [
        ("schedule", schedule.is_some(), Trigger::Schedule, "schedule"),
        ("document", document.is_some(), Trigger::Firestore, "firestore"),
        ("documents", documents.is_some(), Trigger::Firestore, "firestore"),
        ("event", event.is_some(), Trigger::Firestore, "firestore"),
        ("unauthenticated", unauthenticated.is_some(), Trigger::Http, "http"),
    ];
    for (field, is_given, owner, name) in of_one_trigger {
        if is_given && trigger != owner {
            return Err(format!("metadata.function.{field}: is for trigger = \"{name}\" alone."));
        }
    }
    match trigger {
        Trigger::Pubsub => Ok(()),
        Trigger::Schedule => checked_schedule(schedule),
        Trigger::Firestore => checked_change(document, documents, event),
        Trigger::Http => checked_callers(unauthenticated),
    }
}

fn checked_schedule(schedule: Option<&str>) -> Result<(), Complaint> {
    match schedule {
        Some(schedule) if schedule.split_whitespace().count() == 5 => Ok(()),
        _ => Err("metadata.function.schedule: must be cron's five fields.".to_owned()),
    }
}

fn checked_change(
    document: Option<&str>,
    documents: Option<&[String]>,
    event: Option<Change>,
) -> Result<(), Complaint> {
    if event.is_none() {
        return Err("metadata.function.event: must be created, updated, deleted or written.".to_owned());
    }
    match (document, documents) {
        (Some(document), None) if is_document(document) => Ok(()),
        (Some(_) | None, None) => {
            Err("metadata.function.document: must be a document's path, such as \"users/{userId}\".".to_owned())
        }
        (Some(_), Some(_)) => Err("metadata.function.documents: must not stand beside document.".to_owned()),
        (None, Some(documents)) => checked_documents(documents),
    }
}

/// Each once: a second trigger of the same documents would deliver every change twice.
fn checked_documents(documents: &[String]) -> Result<(), Complaint> {
    if documents.len() < 2 {
        return Err("metadata.function.documents: must be two or more; one is `document`.".to_owned());
    }
    if let Some(wrong) = documents.iter().find(|document| !is_document(document)) {
        return Err(format!("metadata.function.documents: \"{wrong}\" must be a document's path."));
    }
    let matched = |document: &String| {
        document.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect::<Vec<_>>().join("/")
    };
    let twice = documents
        .iter()
        .enumerate()
        .find(|(at, document)| documents[..*at].iter().any(|other| matched(other) == matched(document)));
    match twice {
        Some((_, document)) => Err(format!("metadata.function.documents: \"{document}\" is there twice.")),
        None => Ok(()),
    }
}

fn checked_callers(unauthenticated: Option<&str>) -> Result<(), Complaint> {
    match unauthenticated {
        Some(reason) if reason.trim().is_empty() => {
            Err("metadata.function.unauthenticated: must be the reason why anybody may call.".to_owned())
        }
        _ => Ok(()),
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

    /// What `read` says of the good table with these changes and no topics: a field of another trigger would be complained of.
    fn complaint(changes: &Value) -> String {
        let mut table = good();
        table["topics"] = json!({});
        for (field, value) in changes.as_object().expect("an object") {
            table[field] = value.clone();
        }
        read("kyc", &table).err().unwrap_or_default()
    }

    #[test]
    fn each_trigger_refuses_the_fields_of_the_others() {
        let schedule = json!({"trigger": "schedule", "schedule": "0 3 * * *"});
        let firestore = json!({"trigger": "firestore", "document": "users/{userId}", "event": "written"});
        let http = json!({"trigger": "http", "unauthenticated": "an operator's ID token is checked inside"});
        let pubsub = json!({"trigger": "pubsub", "topics": {"kyc": ["KycCompleted"]}});
        let several = json!({"trigger": "firestore", "documents": ["users/{id}", "leads/{id}"], "event": "written"});
        let all = [schedule, firestore, http, pubsub];
        for whole in &all {
            assert_eq!(complaint(whole), "");
            let others = all.iter().chain((whole["trigger"] != "firestore").then_some(&several));
            for (field, value) in others.flat_map(|other| other.as_object().expect("an object")) {
                if whole.get(field).is_some() {
                    continue;
                }
                let mut changes = whole.clone();
                changes[field] = value.clone();
                let text = complaint(&changes);
                assert!(text.starts_with(&format!("functions/kyc/Cargo.toml: metadata.function.{field}: ")), "{text}");
                assert!(text.ends_with(" alone."), "{text}");
            }
        }
    }

    #[test]
    fn a_schedule_is_crons_five_fields() {
        let of = |changes: Value| complaint(&changes);
        assert_eq!(of(json!({"trigger": "schedule", "schedule": "*/10 * * * *"})), "");
        assert!(of(json!({"trigger": "schedule"})).contains("schedule: must be cron's five fields"));
        assert!(of(json!({"trigger": "schedule", "schedule": "hourly"})).contains("five fields"));
    }

    #[test]
    fn a_change_is_of_a_documents_path_and_of_a_known_event() {
        let of = |changes: Value| complaint(&changes);
        let trigger = "firestore";
        assert!(of(json!({"trigger": trigger})).contains("event: must be created"));
        assert!(of(json!({"trigger": trigger, "document": "users/{userId}"})).contains("event: must be created"));
        assert!(of(json!({"trigger": trigger, "document": "users/{userId}", "event": "read"})).contains("event: "));
        assert!(of(json!({"trigger": trigger, "event": "written"})).contains("document: must be a document's path"));
        for document in ["users", "/users/{userId}", "users/{userId}/timeline", "users/", "users/a,b", ""] {
            let complaint = of(json!({"trigger": trigger, "document": document, "event": "written"}));
            assert!(complaint.contains("document: must be a document's path"), "{document}: {complaint}");
        }
    }

    #[test]
    fn several_documents_are_two_or_more_different_paths() {
        let of =
            |documents: Value| complaint(&json!({"trigger": "firestore", "documents": documents, "event": "written"}));
        assert_eq!(of(json!(["users/{id}", "leads/{id}"])), "");
        for (documents, what) in [
            (json!([]), "two or more"),
            (json!(["users/{id}"]), "one is `document`"),
            (json!(["users/{id}", "leads"]), "\"leads\" must be a document's path"),
            (json!(["users/{id}", "leads/{id}", "users/{userId}"]), "\"users/{userId}\" is there twice"),
        ] {
            let text = of(documents.clone());
            assert!(text.contains("metadata.function.documents: ") && text.contains(what), "{documents}: {text}");
        }
        let both = json!({"trigger": "firestore", "document": "users/{id}", "documents": ["a/{id}", "b/{id}"], "event": "written"});
        assert!(complaint(&both).contains("documents: must not stand beside document"), "{}", complaint(&both));
    }

    #[test]
    fn an_http_function_that_anybody_may_call_says_why_and_another_has_one_caller() {
        for reason in ["", " "] {
            let text = complaint(&json!({"trigger": "http", "unauthenticated": reason}));
            assert!(text.contains("unauthenticated: must be the reason why anybody may call"), "{text}");
        }
        let mut table = good();
        table["topics"] = json!({});
        table["trigger"] = json!("http");
        assert_eq!(read("kyc", &table).expect("it is good").get("unauthenticated"), None);
        table["unauthenticated"] = json!("the provider signs what it posts");
        assert_eq!(read("kyc", &table).expect("it is good")["unauthenticated"], "the provider signs what it posts");
    }
}
