//! Authentication of the caller: the token of a request is compared with the one caller that a function has.
//!
//! Cloud Run has verified the signature before, and put other words in its place; so nothing of it is left to look at, and
//! the claims are what Google says. Nothing here quotes a claim: a token's words belong in no log.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use boma_core::{
    event::fields::Fields,
    kernel::{json, malformed::Malformed, timestamp::Timestamp},
    protocol::request::RequestHead,
};
use serde_json::{Map, Value as Json};

const ISSUER: &str = "https://accounts.google.com";

/// How far apart two clocks may be.
pub(crate) const LEEWAY_SECONDS: i64 = 60;

const MICROS_PER_SECOND: i64 = 1_000_000;

/// The one caller of a function, and the audience that its tokens are made out to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    pub email: String,
    pub audience: String,
}

/// Why a caller is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthError {
    NoToken,
    SeveralTokens,
    NotBearer,
    NotThreeParts,
    NotBase64,
    NotUtf8,
    NotJson,
    /// A claim is missing or of another kind.
    Unreadable(Malformed),
    AnotherIssuer,
    AnotherAudience,
    Expired,
    IssuedInTheFuture,
    NotVerified,
    AnotherCaller,
}

/// Whether this is the caller that is expected.
pub fn authenticate(head: &RequestHead, expected: &Caller, now: Timestamp) -> Result<(), AuthError> {
    let claims = claims(token(head)?)?;
    let claim = Fields::new("token", &claims);
    let now_seconds = seconds(now);

    refuse_unless(claim.string("iss")? == ISSUER, AuthError::AnotherIssuer)?;
    refuse_unless(claim.string("aud")? == expected.audience, AuthError::AnotherAudience)?;
    refuse_unless(now_seconds <= claim.count("exp")?.saturating_add(LEEWAY_SECONDS), AuthError::Expired)?;
    refuse_unless(claim.count("iat")? <= now_seconds.saturating_add(LEEWAY_SECONDS), AuthError::IssuedInTheFuture)?;
    let email = claim.string("email")?;
    refuse_unless(claims.get("email_verified") == Some(&Json::Bool(true)), AuthError::NotVerified)?;
    refuse_unless(email == expected.email, AuthError::AnotherCaller)
}

fn refuse_unless(holds: bool, otherwise: AuthError) -> Result<(), AuthError> {
    if holds { Ok(()) } else { Err(otherwise) }
}

/// The token that Cloud Run has verified: that of `X-Serverless-Authorization`, where a request has it. Of two tokens in one header
/// either could be the verified one, so both are refused.
fn token(head: &RequestHead) -> Result<&str, AuthError> {
    let checked = head.values("x-serverless-authorization");
    let values = if checked.is_empty() { head.values("authorization") } else { checked };
    bearer(&values)
}

/// The token in the values of a header.
pub(crate) fn bearer<'a>(values: &[&'a str]) -> Result<&'a str, AuthError> {
    match values[..] {
        [] => Err(AuthError::NoToken),
        [value] => {
            let (scheme, token) = value.split_once(' ').ok_or(AuthError::NotBearer)?;
            refuse_unless(scheme.eq_ignore_ascii_case("bearer"), AuthError::NotBearer)?;
            Ok(token)
        }
        [_, _, ..] => Err(AuthError::SeveralTokens),
    }
}

pub(crate) fn seconds(at: Timestamp) -> i64 {
    at.micros().div_euclid(MICROS_PER_SECOND)
}

/// What stands between the two dots. The first part says how it was signed, which has served its turn.
fn claims(token: &str) -> Result<Map<String, Json>, AuthError> {
    let mut parts = token.split('.');
    let (Some(_), Some(claims), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(AuthError::NotThreeParts);
    };
    object(claims)
}

/// A part of a token.
pub(crate) fn decoded(part: &str) -> Result<Vec<u8>, AuthError> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| AuthError::NotBase64)
}

/// A part that is a JSON object.
pub(crate) fn object(part: &str) -> Result<Map<String, Json>, AuthError> {
    let bytes = decoded(part)?;
    refuse_unless(std::str::from_utf8(&bytes).is_ok(), AuthError::NotUtf8)?;
    json::parse_object(&bytes).map_err(|_| AuthError::NotJson)
}

impl From<Malformed> for AuthError {
    fn from(malformed: Malformed) -> AuthError {
        AuthError::Unreadable(malformed)
    }
}

impl AuthError {
    /// RFC 6750: 403 to a known caller without the right to call, 401 where the token is missing or can't be relied on.
    pub fn status(&self) -> u16 {
        match self {
            AuthError::AnotherCaller => 403,
            AuthError::NoToken
            | AuthError::SeveralTokens
            | AuthError::NotBearer
            | AuthError::NotThreeParts
            | AuthError::NotBase64
            | AuthError::NotUtf8
            | AuthError::NotJson
            | AuthError::Unreadable(_)
            | AuthError::AnotherIssuer
            | AuthError::AnotherAudience
            | AuthError::Expired
            | AuthError::IssuedInTheFuture
            | AuthError::NotVerified => 401,
        }
    }
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AuthError::NoToken => "authorization: missing",
            AuthError::SeveralTokens => "authorization: more than one",
            AuthError::NotBearer => "authorization: not a bearer token",
            AuthError::NotThreeParts => "token: not a JWT of three parts",
            AuthError::NotBase64 => "token: its claims are not base64url",
            AuthError::NotUtf8 => "token: its claims are not UTF-8",
            AuthError::NotJson => "token: its claims are not a JSON object",
            AuthError::Unreadable(malformed) => malformed.reason(),
            AuthError::AnotherIssuer => "token.iss: another issuer than Google",
            AuthError::AnotherAudience => "token.aud: another audience than BOMA_AUDIENCE",
            AuthError::Expired => "token.exp: expired",
            AuthError::IssuedInTheFuture => "token.iat: in the future",
            AuthError::NotVerified => "token.email_verified: not true",
            AuthError::AnotherCaller => "token.email: another caller than BOMA_CALLER",
        })
    }
}
