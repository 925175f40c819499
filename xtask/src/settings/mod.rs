//! The table [package.metadata.function] of a function's Cargo.toml: the one place of its settings.
//!
//! Typed and strict, so that a misspelt key fails the build and not the deployment.

mod trigger;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::complaint::Complaint;
use crate::secrets::{self, Secret};
use trigger::{Change, OfTrigger, Trigger};

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Settings {
    description: String,
    trigger: Trigger,
    /// Of trigger `schedule`: cron's five fields, in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    schedule: Option<String>,
    /// Of trigger `firestore`: the documents whose changes call the function, such as `users/{userId}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<String>,
    /// The same of several, each with a trigger of its own that calls the one function.
    #[serde(skip_serializing_if = "Option::is_none")]
    documents: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<Change>,
    runtime: String,
    memory: String,
    timeout: String,
    concurrency: u32,
    min_instances: u32,
    max_instances: u32,
    /// What it writes is for the operators' page alone: a local stack that nobody looks at does without it.
    #[serde(default, skip_serializing_if = "is_false")]
    console: bool,
    /// Topic -> the types that this function hears there.
    topics: BTreeMap<String, Vec<String>>,
    /// Topic -> the types that this function publishes there.
    publishes: BTreeMap<String, Vec<String>>,
    permissions: Vec<Permission>,
    /// Secrets that it gets as environment variables.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    secrets: Vec<Secret>,
    /// Of trigger `http`: why Cloud Run lets anybody call, such as credentials that the function checks itself. Without it one
    /// service account may call, with its token.
    #[serde(skip_serializing_if = "Option::is_none")]
    unauthenticated: Option<String>,
    /// The queries that it puts to Firestore.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    queries: Vec<Query>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_false(value: &bool) -> bool {
    !value
}

/// The fields by which a function queries a collection, each answered from the index that it has by itself.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Query {
    collection: String,
    fields: Vec<String>,
    reason: String,
}

/// A role that the function's service account gets, and why.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Permission {
    role: String,
    /// The topic that the role is on; without one, and without tables, it is on the project.
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<String>,
    /// The tables of the warehouse that it is on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tables: Vec<String>,
    reason: String,
}

/// How a role begins that isn't Google's: `deploy/kinds/roles.js` has its permissions.
const OWN_ROLE: &str = "boma.";

/// What operators run themselves: nothing is deployed, so there is nothing to set.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct OperatorsSettings {
    description: String,
}

/// `function.json`: the checked table, with the function's name.
pub fn read(name: &str, table: &Value) -> Result<Value, Complaint> {
    let settings: Settings = typed(table).map_err(|complaint| format!("functions/{name}/Cargo.toml: {complaint}"))?;
    checked(&settings).map_err(|complaint| format!("functions/{name}/Cargo.toml: {complaint}"))?;
    named(name, settings)
}

/// The same of what operators run.
pub fn read_operators(name: &str, table: &Value) -> Result<Value, Complaint> {
    let settings: OperatorsSettings =
        typed(table).map_err(|complaint| format!("ops/{name}/Cargo.toml: {complaint}"))?;
    named(name, settings)
}

fn named(name: &str, settings: impl Serialize) -> Result<Value, Complaint> {
    let mut json = serde_json::to_value(settings).map_err(|error| error.to_string())?;
    json["name"] = Value::from(name);
    Ok(json)
}

fn typed<T: DeserializeOwned>(table: &Value) -> Result<T, Complaint> {
    serde_path_to_error::deserialize(table).map_err(|error| {
        let field = match error.path().to_string().as_str() {
            "." => String::new(),
            path => format!(".{path}"),
        };
        format!("metadata.function{field}: {}.", error.inner())
    })
}

fn checked(settings: &Settings) -> Result<(), Complaint> {
    let texts = [("description", &settings.description), ("runtime", &settings.runtime), ("memory", &settings.memory)];
    for (field, text) in texts {
        if text.trim().is_empty() {
            return Err(format!("metadata.function.{field}: must not be empty."));
        }
    }
    let seconds = settings.timeout.strip_suffix('s').and_then(|digits| digits.parse::<u32>().ok());
    if seconds.is_none_or(|seconds| seconds == 0) {
        return Err("metadata.function.timeout: must be whole seconds, such as \"50s\".".to_owned());
    }
    trigger::checked(&OfTrigger {
        trigger: settings.trigger,
        has_topics: !settings.topics.is_empty(),
        schedule: settings.schedule.as_deref(),
        document: settings.document.as_deref(),
        documents: settings.documents.as_deref(),
        event: settings.event,
        unauthenticated: settings.unauthenticated.as_deref(),
    })?;
    settings.secrets.iter().try_for_each(secrets::checked)?;
    if settings.concurrency == 0 {
        return Err("metadata.function.concurrency: must be 1 or more.".to_owned());
    }
    if settings.max_instances < settings.min_instances.max(1) {
        return Err("metadata.function.max-instances: must be 1 or more, and not below min-instances.".to_owned());
    }
    settings.permissions.iter().try_for_each(checked_permission)
}

fn checked_permission(permission: &Permission) -> Result<(), Complaint> {
    let Permission { role, topic, tables, reason } = permission;
    let is_own = role.starts_with(OWN_ROLE);
    if !(role.starts_with("roles/") || is_own) || reason.trim().is_empty() {
        return Err(format!(
            "metadata.function.permissions: `{role}` must start with roles/ or {OWN_ROLE} and have a reason."
        ));
    }
    if topic.is_some() && !tables.is_empty() {
        return Err(format!("metadata.function.permissions: `{role}` must be on a topic or on tables, not both."));
    }
    let is_of_warehouse = is_own || role.starts_with("roles/bigquery.");
    if is_of_warehouse == tables.is_empty() {
        return Err(format!(
            "metadata.function.permissions: `{role}`: a role in the warehouse has `tables`, and no other has: nothing there is given on the whole project."
        ));
    }
    let is_name =
        |table: &String| !table.is_empty() && table.chars().all(|each| each.is_ascii_lowercase() || each == '_');
    match tables.iter().find(|table| !is_name(table)) {
        Some(other) => Err(format!("metadata.function.permissions: `{role}`: tables: `{other}` is no table's name.")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{read, read_operators};
    use serde_json::{Value, json};

    pub(super) fn good() -> Value {
        json!({
            "description": "Does one thing.", "trigger": "pubsub", "runtime": "nodejs24", "memory": "512Mi", "timeout": "50s",
            "concurrency": 16, "min-instances": 0, "max-instances": 20, "topics": {"kyc": ["KycCompleted"]}, "publishes": {},
            "permissions": [{"role": "roles/datastore.user", "reason": "writes"}],
        })
    }

    fn complaint_with(field: &str, value: Value) -> String {
        let mut table = good();
        table[field] = value;
        read("kyc", &table).expect_err("it must be refused")
    }

    #[test]
    fn a_good_table_is_repeated_with_the_name() {
        let json = read("kyc", &good()).expect("it is good");
        assert_eq!(json["name"], "kyc");
        assert_eq!(json["max-instances"], 20);
    }

    #[test]
    fn each_complaint_names_its_field() {
        let of = |field: &str, value: Value| {
            let text = complaint_with(field, value);
            assert!(text.starts_with("functions/kyc/Cargo.toml: metadata.function"), "{text}");
            assert!(text.contains(field), "{field} is not named in: {text}");
        };
        of("memroy", json!("512Mi"));
        of("trigger", json!("carrier-pigeon"));
        of("timeout", json!("50"));
        of("timeout", json!(50));
        of("concurrency", json!(0));
        of("concurrency", json!("16"));
        of("max-instances", json!(0));
        of("console", json!("yes"));
        of("topics", json!(["kyc"]));
        of("permissions", json!([{"role": "roles/datastore.user"}]));
        of("permissions", json!([{"role": "datastore.user", "reason": "writes"}]));
        of("permissions", json!([{"role": "roles/bigquery.dataEditor", "reason": "on the whole project"}]));
        of("permissions", json!([{"role": "boma.appender", "reason": "on the whole project"}]));
        of(
            "permissions",
            json!([{"role": "roles/datastore.user", "tables": ["users_history"], "reason": "not there"}]),
        );
        of("permissions", json!([{"role": "boma.appender", "tables": ["boma.users"], "reason": "no name"}]));
        of(
            "permissions",
            json!([{"role": "boma.appender", "topic": "kyc", "tables": ["users_history"], "reason": "both"}]),
        );
        of("unauthenticated", json!(true));
    }

    #[test]
    fn a_right_in_the_warehouse_is_on_tables() {
        let mut table = good();
        table["permissions"] = json!([{"role": "boma.appender", "tables": ["users_history"], "reason": "appends"}]);
        assert_eq!(read("kyc", &table).expect("it is good")["permissions"], table["permissions"]);
    }

    #[test]
    fn a_wrong_value_is_named_with_its_place() {
        assert_eq!(
            complaint_with(
                "permissions",
                json!([{"role": "roles/datastore.user", "reason": "x"}, {"role": "roles/x"}])
            ),
            "functions/kyc/Cargo.toml: metadata.function.permissions[1]: missing field `reason`."
        );
        assert_eq!(
            complaint_with("concurrency", json!("16")),
            "functions/kyc/Cargo.toml: metadata.function.concurrency: invalid type: string \"16\", expected u32."
        );
    }

    #[test]
    fn what_operators_run_has_a_description_and_nothing_else() {
        let json = read_operators("replay", &json!({ "description": "Replays." })).expect("it is good");
        assert_eq!(json, json!({ "description": "Replays.", "name": "replay" }));
        let complaint = read_operators("replay", &good()).expect_err("it must be refused");
        assert!(complaint.starts_with("ops/replay/Cargo.toml: metadata.function.concurrency"), "{complaint}");
    }

    #[test]
    fn a_missing_field_is_named() {
        let mut table = good();
        table.as_object_mut().expect("an object").remove("runtime");
        assert_eq!(
            read("kyc", &table).expect_err("it must be refused"),
            "functions/kyc/Cargo.toml: metadata.function: missing field `runtime`."
        );
    }
}
