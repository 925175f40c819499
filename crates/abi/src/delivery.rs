//! The class that JavaScript sees: one object per message that arrived.

use std::fmt;

use boma_core::Timestamp;
use boma_google::{Action, Answer, Conversation, HostConfig, Tick};
use js_sys::Uint8Array;
use serde::Deserialize;
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};

use crate::{consumer, step};

/// One arrival of a message at this function. Many are alive at once, and each is its own object.
#[wasm_bindgen]
pub struct Delivery {
    conversation: Box<dyn Conversation>,
}

/// What the host tells about itself.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Host {
    project: String,
    database: String,
}

#[wasm_bindgen]
impl Delivery {
    /// `host` is `{project, database}`.
    #[wasm_bindgen(constructor)]
    pub fn new(body: Vec<u8>, host: JsValue) -> Result<Self, JsError> {
        let open = consumer::present().open;
        Ok(Self { conversation: open(body, config(host)?) })
    }

    /// Takes up a message in a fresh instance after it has broken one. It isn't decided again: it is left to redelivery, and
    /// filed once it has come too often.
    #[wasm_bindgen(js_name = afterTrap)]
    pub fn after_trap(body: Vec<u8>, host: JsValue, panic_text: String) -> Result<Self, JsError> {
        let open = consumer::present().open_after_trap;
        Ok(Self { conversation: open(body, config(host)?, panic_text) })
    }

    /// The first step.
    pub fn begin(&mut self, now_ms: f64) -> Result<JsValue, JsError> {
        self.next(Answer::Begin, now_ms)
    }

    /// The step after an rpc: the messages that came back, and the gRPC status with which it ended.
    pub fn answered(&mut self, messages: Vec<Uint8Array>, status: i32, now_ms: f64) -> Result<JsValue, JsError> {
        let messages = messages.iter().map(Uint8Array::to_vec).collect();
        self.next(Answer::Rpc { messages, status }, now_ms)
    }

    /// The step after a wait.
    pub fn waited(&mut self, now_ms: f64) -> Result<JsValue, JsError> {
        self.next(Answer::Waited, now_ms)
    }

    fn next(&mut self, answer: Answer, now_ms: f64) -> Result<JsValue, JsError> {
        match self.conversation.next(answer, tick(now_ms)?) {
            Action::Rpc(rpc) => step::rpc(&rpc),
            Action::Wait { ms } => step::wait(ms),
            Action::Done(settled) => step::done(&settled),
        }
    }
}

impl fmt::Debug for Delivery {
    /// Without the conversation: it holds the message's body, which is nobody's business but the handler's.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Delivery").finish_non_exhaustive()
    }
}

fn config(host: JsValue) -> Result<HostConfig, JsError> {
    let Host { project, database } = serde_wasm_bindgen::from_value(host)?;
    Ok(HostConfig { project, database })
}

/// The host's clock and its randomness. Both are inputs to everything behind this boundary.
fn tick(now_ms: f64) -> Result<Tick, JsError> {
    Ok(Tick { now: moment(now_ms)?, random: getrandom::u64()? })
}

/// The host's clock alone.
pub(crate) fn moment(now_ms: f64) -> Result<Timestamp, JsError> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a clock of whole milliseconds; a fraction is dropped on purpose"
    )]
    let now_ms = now_ms as i64;
    let now = now_ms.checked_mul(1_000).and_then(Timestamp::from_micros);
    now.ok_or_else(|| JsError::new("now_ms: outside the range of timestamps"))
}
