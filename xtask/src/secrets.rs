//! The secrets that a function refers to. There is a name, and never a value, in this tree.

use serde::{Deserialize, Serialize};

use crate::complaint::Complaint;

/// A reference to a secret, whose value is known to Secret Manager alone.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    /// Under which the function finds it in its environment.
    name: String,
    secret: String,
    /// Without one, the newest that can be used when the function is deployed.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    reason: String,
}

pub fn checked(secret: &Secret) -> Result<(), Complaint> {
    let Secret { name, secret, version, reason } = secret;
    let wrong = |field: &str, rule: &str| Err(format!("metadata.function.secrets.{field}: `{name}` {rule}"));
    if !is_variable(name) {
        return wrong("name", "must be capital letters, digits and _, with a letter first.");
    }
    if let Some(reserved) = RESERVED.iter().find(|reserved| name.starts_with(*reserved)) {
        return wrong("name", &format!("must not begin with {reserved}, which is not for secrets."));
    }
    let is_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if secret.is_empty() || secret.len() > 255 || !secret.bytes().all(is_id) {
        return wrong(
            "secret",
            "must refer to a secret by its id: letters, digits, - and _, and nothing of its value.",
        );
    }
    if version.as_ref().is_some_and(|version| !matches!(version.parse::<u32>(), Ok(1..))) {
        return wrong("version", "must have a number for its version, or none for the newest.");
    }
    if reason.trim().is_empty() {
        return wrong("reason", "must have a reason.");
    }
    Ok(())
}

/// What a function's environment has from elsewhere.
const RESERVED: [&str; 10] = [
    "BOMA_",
    "FIRESTORE_",
    "FUNCTION_",
    "GCLOUD_",
    "GOOGLE_",
    "K_",
    "LOG_EXECUTION_ID",
    "PORT",
    "PUBSUB_",
    "X_GOOGLE_",
];

fn is_variable(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::{Secret, checked};
    use serde_json::{Value, json};

    fn complaint_with(field: &str, value: Value) -> String {
        let mut table = json!({"name": "SIGNING_KEY", "secret": "provider-key", "version": "3", "reason": "signs what it asks the provider"});
        table[field] = value;
        match serde_json::from_value::<Secret>(table) {
            Ok(secret) => checked(&secret).err().unwrap_or_default(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn each_complaint_names_its_field() {
        let of = |field: &str, value: &str| {
            let text = complaint_with(field, json!(value));
            assert!(text.starts_with(&format!("metadata.function.secrets.{field}: ")), "{value}: {text}");
        };
        for name in
            ["signing_key", "1_KEY", "", "KEY-1", "BOMA_CALLER", "GOOGLE_CLOUD_PROJECT", "FIRESTORE_DATABASE", "PORT"]
        {
            of("name", name);
        }
        for secret in ["", "projects/p/secrets/s", "a key=", "s:1"] {
            of("secret", secret);
        }
        for version in ["latest", "0", "-1", "1.5", ""] {
            of("version", version);
        }
        of("reason", " ");
    }

    #[test]
    fn a_value_has_no_place() {
        assert!(complaint_with("value", json!("hunter2")).contains("unknown field `value`"));
    }

    #[test]
    fn the_version_may_be_left_out() {
        assert_eq!(complaint_with("version", json!("3")), "");
        assert_eq!(complaint_with("version", Value::Null), "");
    }
}
