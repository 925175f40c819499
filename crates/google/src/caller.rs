//! Who calls: the token that a request brings, held against the one caller that a function has.
//!
//! Cloud Run has verified the signature before, and put other words in its place; so nothing of it is left to look at, and
//! the claims are what Google says. Nothing here quotes a claim: a token's words belong in no log.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use boma_core::{Timestamp, fields::Fields, json, malformed::Malformed};
use serde_json::{Map, Value as Json};

const ISSUER: &str = "https://accounts.google.com";

/// How far apart two clocks may be.
const LEEWAY_SECONDS: i64 = 60;

const MICROS_PER_SECOND: i64 = 1_000_000;

/// The values of the two headers that a token may come in, each as often as it was sent.
#[derive(Clone, Copy, Debug)]
pub struct Presented<'a> {
    /// `X-Serverless-Authorization`: where a request has it, Cloud Run has looked at this one and not at the other.
    pub serverless_authorization: &'a [String],
    pub authorization: &'a [String],
}

/// The one who may call, and whom the token must be made out to.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    pub email: &'a str,
    pub audience: &'a str,
}

/// Why a caller is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stranger {
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
pub fn judge(presented: Presented<'_>, expected: Expected<'_>, now: Timestamp) -> Result<(), Stranger> {
    let claims = claims(token(presented)?)?;
    let claim = Fields::new("token", &claims);
    let now_seconds = now.micros().div_euclid(MICROS_PER_SECOND);

    refuse_unless(claim.string("iss")? == ISSUER, Stranger::AnotherIssuer)?;
    refuse_unless(claim.string("aud")? == expected.audience, Stranger::AnotherAudience)?;
    refuse_unless(now_seconds <= claim.count("exp")?.saturating_add(LEEWAY_SECONDS), Stranger::Expired)?;
    refuse_unless(claim.count("iat")? <= now_seconds.saturating_add(LEEWAY_SECONDS), Stranger::IssuedInTheFuture)?;
    let email = claim.string("email")?;
    refuse_unless(claims.get("email_verified") == Some(&Json::Bool(true)), Stranger::NotVerified)?;
    refuse_unless(email == expected.email, Stranger::AnotherCaller)
}

fn refuse_unless(holds: bool, otherwise: Stranger) -> Result<(), Stranger> {
    if holds { Ok(()) } else { Err(otherwise) }
}

/// The token that Cloud Run has looked at. Of two in one header nobody could say which that was.
fn token(presented: Presented<'_>) -> Result<&str, Stranger> {
    let values = match presented.serverless_authorization {
        [] => presented.authorization,
        checked => checked,
    };
    match values {
        [] => Err(Stranger::NoToken),
        [value] => {
            let (scheme, token) = value.split_once(' ').ok_or(Stranger::NotBearer)?;
            refuse_unless(scheme.eq_ignore_ascii_case("bearer"), Stranger::NotBearer)?;
            Ok(token)
        }
        [_, _, ..] => Err(Stranger::SeveralTokens),
    }
}

/// What stands between the two dots. The first part says how it was signed, which has served its turn.
fn claims(token: &str) -> Result<Map<String, Json>, Stranger> {
    let mut parts = token.split('.');
    let (Some(_), Some(claims), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(Stranger::NotThreeParts);
    };
    let bytes = URL_SAFE_NO_PAD.decode(claims).map_err(|_| Stranger::NotBase64)?;
    refuse_unless(std::str::from_utf8(&bytes).is_ok(), Stranger::NotUtf8)?;
    json::parse_object(&bytes).map_err(|_| Stranger::NotJson)
}

impl From<Malformed> for Stranger {
    fn from(malformed: Malformed) -> Stranger {
        Stranger::Unreadable(malformed)
    }
}

impl Stranger {
    /// In the sense of RFC 6750: 403 to one who is known and may not call, 401 to one who didn't say who it is, or not so that
    /// it can be relied on.
    pub(crate) fn status(&self) -> u16 {
        match self {
            Stranger::AnotherCaller => 403,
            Stranger::NoToken
            | Stranger::SeveralTokens
            | Stranger::NotBearer
            | Stranger::NotThreeParts
            | Stranger::NotBase64
            | Stranger::NotUtf8
            | Stranger::NotJson
            | Stranger::Unreadable(_)
            | Stranger::AnotherIssuer
            | Stranger::AnotherAudience
            | Stranger::Expired
            | Stranger::IssuedInTheFuture
            | Stranger::NotVerified => 401,
        }
    }
}

impl fmt::Display for Stranger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Stranger::NoToken => "authorization: missing",
            Stranger::SeveralTokens => "authorization: more than one",
            Stranger::NotBearer => "authorization: not a bearer token",
            Stranger::NotThreeParts => "token: not a JWT of three parts",
            Stranger::NotBase64 => "token: its claims are not base64url",
            Stranger::NotUtf8 => "token: its claims are not UTF-8",
            Stranger::NotJson => "token: its claims are not a JSON object",
            Stranger::Unreadable(malformed) => malformed.reason(),
            Stranger::AnotherIssuer => "token.iss: another issuer than Google",
            Stranger::AnotherAudience => "token.aud: another audience than BOMA_AUDIENCE",
            Stranger::Expired => "token.exp: expired",
            Stranger::IssuedInTheFuture => "token.iat: in the future",
            Stranger::NotVerified => "token.email_verified: not true",
            Stranger::AnotherCaller => "token.email: another caller than BOMA_CALLER",
        })
    }
}
