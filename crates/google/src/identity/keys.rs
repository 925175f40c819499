//! Google's keys for ID tokens: kept as long as their answer says.

use std::cell::RefCell;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use boma_core::kernel::timestamp::Timestamp;
use rsa::{BigUint, Pkcs1v15Sign, RsaPublicKey};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{TokenError, token::Token};
use crate::{
    authentication::seconds,
    fetch::{Fetch, Fetched},
};

const URL: &str = "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com";

/// A key that isn't known may be new, and is asked for. Whoever names keys of their own can't make that happen more often.
const ASKED_AGAIN_AFTER_SECONDS: i64 = 60;

/// Where the answer doesn't say how long it holds.
const USUAL_SECONDS: i64 = 3_600;
const LONGEST_SECONDS: i64 = 24 * 3_600;

thread_local! {
    /// Of this instance of the module, which has one thread.
    static KEPT: RefCell<Keys> = const { RefCell::new(Keys { keys: Vec::new(), asked_at: 0, good_until: 0 }) };
}

#[derive(Clone, Debug)]
struct Keys {
    keys: Vec<Jwk>,
    asked_at: i64,
    good_until: i64,
}

#[derive(Clone, Debug, Deserialize)]
struct Jwk {
    kid: String,
    #[serde(default)]
    alg: String,
    n: String,
    e: String,
}

#[derive(Deserialize)]
struct JwkSet {
    keys: Vec<Jwk>,
}

/// The request for the keys, where this one isn't known, or all are too old.
pub(super) fn missing(kid: &str, now: Timestamp) -> Option<Fetch> {
    let now = seconds(now);
    KEPT.with_borrow(|kept| {
        let is_known = kept.keys.iter().any(|key| key.kid == kid);
        let is_good = now < kept.good_until;
        let is_settled = is_good && (is_known || now < kept.asked_at + ASKED_AGAIN_AFTER_SECONDS);
        (!is_settled).then(|| Fetch::get(URL))
    })
}

pub(super) fn keep(answer: &Fetched, now: Timestamp) -> Result<(), TokenError> {
    const UNAVAILABLE: TokenError = TokenError::Unavailable("Google's keys could not be fetched");
    if answer.status != 200 {
        return Err(UNAVAILABLE);
    }
    let set: JwkSet = serde_json::from_slice(&answer.body).map_err(|_| UNAVAILABLE)?;
    let asked_at = seconds(now);
    let good_until = asked_at + max_age(&answer.cache_control);
    KEPT.set(Keys { keys: set.keys, asked_at, good_until });
    Ok(())
}

/// Whether the token is signed by the key that it names.
pub(super) fn verify(token: &Token, kid: &str) -> Result<(), TokenError> {
    let key = KEPT.with_borrow(|kept| kept.keys.iter().find(|key| key.kid == kid).cloned());
    let key = key.and_then(|key| key.public_key()).ok_or(TokenError::UnknownKey)?;
    let digest = Sha256::digest(token.signed.as_bytes());
    let verified = key.verify(Pkcs1v15Sign::new::<Sha256>(), &digest, &token.signature);
    verified.map_err(|_| TokenError::WrongSignature)
}

impl Jwk {
    /// None: it isn't one for RS256.
    fn public_key(&self) -> Option<RsaPublicKey> {
        let number = |text: &str| Some(BigUint::from_bytes_be(&URL_SAFE_NO_PAD.decode(text).ok()?));
        let is_ours = self.alg.is_empty() || self.alg == "RS256";
        RsaPublicKey::new(number(&self.n)?, number(&self.e)?).ok().filter(|_| is_ours)
    }
}

fn max_age(cache_control: &str) -> i64 {
    let named = cache_control.split(',').filter_map(|part| part.trim().strip_prefix("max-age="));
    let seconds = named.filter_map(|seconds| seconds.parse().ok()).next().unwrap_or(USUAL_SECONDS);
    seconds.clamp(0, LONGEST_SECONDS)
}
