//! Steps as the plain objects that the host switches on by `kind`.

use std::collections::BTreeMap;

use boma_core::protocol::response::{HttpResponse, LogValue};
use boma_google::{Fetch, Rpc};
use serde::Serialize;
use serde_bytes::Bytes;
use serde_wasm_bindgen::Serializer;
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
        bytes: &'a Bytes,
    },
    Body,
    Fetch {
        method: &'static str,
        url: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        body: Option<&'a str>,
        with_access_token: bool,
        timeout_ms: u32,
    },
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
    object(&Step::Body)
}

/// "Call this": the host answers with `answered`.
pub(crate) fn rpc(rpc: &Rpc) -> Result<JsValue, JsError> {
    object(&Step::Rpc {
        target: rpc.target.as_str(),
        path: rpc.path,
        call: rpc.kind.as_str(),
        timeout_ms: rpc.timeout_ms,
        metadata: rpc.metadata.iter().map(|(name, value)| (*name, value.as_str())).collect(),
        bytes: Bytes::new(&rpc.bytes),
    })
}

/// "Fetch this": the host answers with `fetched`.
pub(crate) fn fetch(fetch: &Fetch) -> Result<JsValue, JsError> {
    object(&Step::Fetch {
        method: fetch.method,
        url: &fetch.url,
        body: fetch.body.as_deref(),
        with_access_token: fetch.with_access_token,
        timeout_ms: fetch.timeout_ms,
    })
}

/// "Come back after that long": the host answers with `waited`.
pub(crate) fn wait(ms: u32) -> Result<JsValue, JsError> {
    object(&Step::Wait { ms })
}

/// "This is the response, and this the log line": the host asks no more.
pub(crate) fn done(response: &HttpResponse) -> Result<JsValue, JsError> {
    object(&Step::Done {
        status: response.status,
        headers: response.headers.iter().map(|(name, value)| (*name, value.as_str())).collect(),
        body: response.body.as_deref(),
        outcome: response.outcome,
        severity: response.severity,
        is_fault: response.is_fault(),
        log: response.log.iter().map(|(name, value)| (*name, log_field(value))).collect(),
        lines: &response.lines,
    })
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

/// Maps become plain objects, bytes a `Uint8Array` that is a copy and outlives this instance.
fn object(step: &Step<'_>) -> Result<JsValue, JsError> {
    Ok(step.serialize(&Serializer::new().serialize_maps_as_objects(true))?)
}
