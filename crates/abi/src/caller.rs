//! The first question about a request: who calls.

use boma_google::{Expected, Presented, Settled, judge};
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};

use crate::{consumer, delivery, step};

/// The last step of a request by somebody else than the caller that is expected, and `undefined` where there is nothing
/// against it. The headers cross with all their values: which one counts is not for the host to say.
#[wasm_bindgen]
pub fn forbidden(
    serverless_authorization: Vec<String>,
    authorization: Vec<String>,
    email: &str,
    audience: &str,
    now_ms: f64,
) -> Result<JsValue, JsError> {
    let presented = Presented { serverless_authorization: &serverless_authorization, authorization: &authorization };
    match judge(presented, Expected { email, audience }, delivery::moment(now_ms)?) {
        Ok(()) => Ok(JsValue::UNDEFINED),
        Err(stranger) => step::done(&Settled::forbidden(consumer::present().name, &stranger)),
    }
}
