//! Whether the account is still what its token says. A token lives on for an hour after its account was disabled, or its role taken away.

use boma_core::kernel::{json::parse_object, operator::Operator};
use serde_json::{Value as Json, json};

use super::{TokenError, token::Token};
use crate::fetch::{Fetch, Fetched};

const UNAVAILABLE: TokenError = TokenError::Unavailable("the caller's account could not be looked up");

pub(super) fn ask(token: &Token, project: &str) -> Fetch {
    let url = format!("https://identitytoolkit.googleapis.com/v1/projects/{project}/accounts:lookup");
    Fetch::post_as_function(url, json!({ "localId": [token.subject()] }).to_string())
}

/// `validSince`: seconds since 1970, as a text; what was signed in before is revoked.
pub(super) fn check(answer: &Fetched, token: &Token, operator: &Operator) -> Result<(), TokenError> {
    if answer.status != 200 {
        return Err(UNAVAILABLE);
    }
    let answer: Json = serde_json::from_slice(&answer.body).map_err(|_| UNAVAILABLE)?;
    // An account that was deleted isn't in the answer.
    let account = answer.pointer("/users/0").ok_or(TokenError::Revoked)?;
    if account["localId"].as_str() != Some(token.subject()) || account["disabled"] == Json::Bool(true) {
        return Err(TokenError::Revoked);
    }
    let valid_since = account["validSince"].as_str().map_or(Ok(0), str::parse::<i64>).map_err(|_| UNAVAILABLE)?;
    if token.signed_in() < valid_since {
        return Err(TokenError::Revoked);
    }
    let claims = account["customAttributes"].as_str().and_then(|text| parse_object(text.as_bytes()).ok());
    let role = claims.as_ref().and_then(|claims| claims.get("role")?.as_str());
    if role == Some(operator.role.name()) { Ok(()) } else { Err(TokenError::RoleChanged) }
}
