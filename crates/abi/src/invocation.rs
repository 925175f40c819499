//! The class that JavaScript sees: one object per request.

use std::{cell::RefCell, fmt};

use boma_core::{
    event::origin::FirstEdition,
    kernel::timestamp::Timestamp,
    protocol::request::{Body, RequestHead},
};
use boma_google::{Action, Answer, Caller, Fetched, HostConfig, Settings, Tick, Tokens};
use fastrand::Rng;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};

use crate::{module::Module, step};

/// One request to this function. Many are alive at once, and each is its own object.
#[wasm_bindgen]
pub struct Invocation {
    inner: Box<dyn boma_google::Invocation>,
}

#[wasm_bindgen]
impl Invocation {
    /// `headers` are names and values by turns, as they came: which one counts is not for the host to say. With the text of a panic
    /// the invocation takes up, in a fresh instance, a request that has just broken one.
    #[wasm_bindgen(constructor)]
    pub fn new(
        method: String,
        path: String,
        headers: Vec<String>,
        caller_email: Option<String>,
        caller_audience: Option<String>,
        panic_text: Option<String>,
    ) -> Self {
        let headers = headers.chunks_exact(2).map(|pair| (pair[0].to_ascii_lowercase(), pair[1].clone())).collect();
        let caller = caller_email.zip(caller_audience).map(|(email, audience)| Caller { email, audience });
        let head = RequestHead { method, path, headers };
        Self { inner: Module::present().open(head, Settings { caller, panic_text }) }
    }

    /// The first step.
    pub fn begin(&mut self, now_ms: f64) -> Result<JsValue, JsError> {
        self.next(Answer::Begin, now_ms)
    }

    /// The step after "body": its beginning, the end of a longer one, and how many bytes aren't in the beginning. `first_edition` is a
    /// word of [`FirstEdition`]; without one its topics are drained. Unsigned tokens of operators are taken only where the host says so.
    #[expect(clippy::too_many_arguments, reason = "JavaScript hands over numbers, texts and bytes, each by itself")]
    pub fn body(
        &mut self,
        bytes: Vec<u8>,
        end: Vec<u8>,
        dropped_bytes: u32,
        project: String,
        database: String,
        first_edition: Option<String>,
        unsigned_tokens: Option<bool>,
        now_ms: f64,
    ) -> Result<JsValue, JsError> {
        let first_edition = first_edition.as_deref().map_or(Some(FirstEdition::Drained), FirstEdition::from_name);
        let first_edition = first_edition.ok_or_else(|| JsError::new("first_edition: not a word for it"))?;
        let tokens = if unsigned_tokens == Some(true) { Tokens::Unsigned } else { Tokens::Signed };
        let body = Body { bytes, end, dropped_bytes };
        self.next(Answer::Body(body, HostConfig { project, database, first_edition, tokens }), now_ms)
    }

    /// The step after an rpc: the messages that came back, and the gRPC status with which it ended.
    pub fn answered(&mut self, messages: Vec<Uint8Array>, status: i32, now_ms: f64) -> Result<JsValue, JsError> {
        let messages = messages.iter().map(Uint8Array::to_vec).collect();
        self.next(Answer::Rpc { messages, status }, now_ms)
    }

    /// The step after a fetch. The status is 0 where nobody answered.
    pub fn fetched(
        &mut self,
        status: u16,
        cache_control: String,
        body: Vec<u8>,
        now_ms: f64,
    ) -> Result<JsValue, JsError> {
        self.next(Answer::Fetched(Fetched { status, cache_control, body }), now_ms)
    }

    /// The step after a wait.
    pub fn waited(&mut self, now_ms: f64) -> Result<JsValue, JsError> {
        self.next(Answer::Waited, now_ms)
    }

    fn next(&mut self, answer: Answer, now_ms: f64) -> Result<JsValue, JsError> {
        match self.inner.next(answer, tick(now_ms)?) {
            Action::Body => step::body(),
            Action::Rpc(rpc) => step::rpc(&rpc),
            Action::Fetch(fetch) => step::fetch(&fetch),
            Action::Wait { ms } => step::wait(ms),
            Action::Done(response) => step::done(&response),
        }
    }
}

impl fmt::Debug for Invocation {
    /// Without the inner one: it holds the body, which is for the function alone.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Invocation").finish_non_exhaustive()
    }
}

/// The host's clock and its randomness. Both are inputs to everything behind this boundary.
fn tick(now_ms: f64) -> Result<Tick, JsError> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a clock of whole milliseconds; a fraction is dropped on purpose"
    )]
    let now_ms = now_ms as i64;
    let now = now_ms.checked_mul(1_000).and_then(Timestamp::from_micros);
    let now = now.ok_or_else(|| JsError::new("now_ms: outside the range of timestamps"))?;
    Ok(Tick { now, random: random()? })
}

/// It spreads repeats, and no more: so the platform is asked once for each instance. Asked at each step it took 6 % of a warehouse row's CPU.
fn random() -> Result<u64, JsError> {
    thread_local! {
        static SPREAD: RefCell<Option<Rng>> = const { RefCell::new(None) };
    }
    SPREAD.with_borrow_mut(|spread| match spread {
        Some(rng) => Ok(rng.u64(..)),
        None => Ok(spread.insert(Rng::with_seed(getrandom::u64()?)).u64(..)),
    })
}
