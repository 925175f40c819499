//! Steps as the host takes them: JSON of an object that it switches on by `kind`, and for a call an array of that and its bytes. One text
//! crosses the boundary in place of each field and each of its names.

use std::collections::BTreeMap;

use boma_core::protocol::response::{HttpResponse, LogValue};
use boma_google::Rpc;
use js_sys::{Array, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::{JsError, JsValue};

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Step<'a> {
    Rpc {
        target: &'static str,
        path: &'static str,
        call: &'static str,
        timeout_ms: u32,
        metadata: BTreeMap<&'static str, &'a str>,
    },
    Body,
    Wait {
        ms: u32,
    },
    /// The host sends status, headers and body to the caller, and logs the rest.
    Done {
        status: u16,
        headers: BTreeMap<&'static str, &'a str>,
        /// JSON as text: an int64 in it stays what it is.
        #[serde(skip_serializing_if = "Option::is_none")]
        body: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        outcome: Option<&'static str>,
        severity: &'static str,
        #[serde(skip_serializing_if = "is_false")]
        is_fault: bool,
        log: BTreeMap<&'static str, LogField<'a>>,
        #[serde(skip_serializing_if = "<[String]>::is_empty")]
        lines: &'a [String],
    },
}

/// A value of the log line. No wider integer than 32 bits is among them: JavaScript would round it.
#[derive(Serialize)]
#[serde(untagged)]
enum LogField<'a> {
    Text(&'a str),
    Number(u32),
}

/// "Bring the body": the host answers with `body`.
pub(crate) fn body() -> Result<JsValue, JsError> {
    Ok(text(&Step::Body)?)
}

/// "Call this": the host answers with `answered`.
pub(crate) fn rpc(rpc: &Rpc) -> Result<JsValue, JsError> {
    let head = text(&Step::Rpc {
        target: rpc.target.as_str(),
        path: rpc.path,
        call: rpc.kind.as_str(),
        timeout_ms: rpc.timeout_ms,
        metadata: rpc.metadata.iter().map(|(name, value)| (*name, value.as_str())).collect(),
    })?;
    // A copy, which outlives this instance.
    Ok(Array::of2(&head, &Uint8Array::from(rpc.bytes.as_slice())).into())
}

/// "Come back after that long": the host answers with `waited`.
pub(crate) fn wait(ms: u32) -> Result<JsValue, JsError> {
    Ok(text(&Step::Wait { ms })?)
}

/// "This is the response, and this the log line": the host asks no more.
pub(crate) fn done(response: &HttpResponse) -> Result<JsValue, JsError> {
    Ok(text(&Step::Done {
        status: response.status,
        headers: response.headers.iter().map(|(name, value)| (*name, value.as_str())).collect(),
        body: response.body.as_deref(),
        outcome: response.outcome,
        severity: response.severity,
        is_fault: response.is_fault(),
        log: response.log.iter().map(|(name, value)| (*name, log_field(value))).collect(),
        lines: &response.lines,
    })?)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_false(value: &bool) -> bool {
    !value
}

fn log_field(value: &LogValue) -> LogField<'_> {
    match value {
        LogValue::Text(text) => LogField::Text(text),
        LogValue::Number(number) => LogField::Number(*number),
    }
}

fn text(step: &Step<'_>) -> serde_json::Result<JsValue> {
    Ok(JsValue::from_str(&serde_json::to_string(step)?))
}
