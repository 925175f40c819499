//! A case word by word, so that it can be said again through Wasm and Node.

use std::collections::BTreeMap;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use boma_core::protocol::response::{HttpResponse, LogValue};
use boma_google::Rpc;
use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::store::Answered;

/// What was said to and fro, in base64 where it is bytes.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Transcript {
    pub name: String,
    pub function: String,
    pub project: &'static str,
    pub head: Head,
    pub body: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_trap: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_edition: Option<String>,
    pub unsigned_tokens: bool,
    pub now: Timings,
    pub exchanges: Vec<Exchange>,
    pub response: Json,
}

#[derive(Debug, Default, Serialize)]
pub struct Head {
    pub method: String,
    pub path: String,
    /// Names and values by turns.
    pub headers: Vec<String>,
}

/// The host's clock, in milliseconds since 1970, at each step.
pub type Timings = Vec<i64>;

#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Exchange {
    Rpc {
        target: &'static str,
        path: &'static str,
        call: &'static str,
        timeout_ms: u32,
        bytes: String,
        status: i32,
        messages: Vec<String>,
    },
    Wait,
}

pub(crate) fn exchange(rpc: Rpc, answered: &Answered) -> Exchange {
    Exchange::Rpc {
        target: rpc.target.as_str(),
        path: rpc.path,
        call: rpc.kind.as_str(),
        timeout_ms: rpc.timeout_ms,
        bytes: BASE64_STANDARD.encode(&rpc.bytes),
        status: answered.status,
        messages: answered.messages.iter().map(|message| BASE64_STANDARD.encode(message)).collect(),
    }
}

pub(crate) fn response_json(response: &HttpResponse) -> Json {
    let log = response.log.iter().map(|(name, value)| {
        let value = match value {
            LogValue::Text(text) => Json::from(text.clone()),
            LogValue::Number(number) => Json::from(*number),
        };
        ((*name).to_owned(), value)
    });
    let mut json = json!({
        "status": response.status,
        "headers": response.headers.iter().map(|(name, value)| (*name, value.as_str())).collect::<BTreeMap<_, _>>(),
        "outcome": response.outcome,
        "severity": response.severity,
        "log": log.collect::<serde_json::Map<_, _>>(),
    });
    if let Some(body) = &response.body {
        json["body"] = body.as_str().into();
    }
    if !response.lines.is_empty() {
        json["lines"] = response.lines.clone().into();
    }
    json
}
