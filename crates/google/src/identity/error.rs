//! Why a token isn't taken. Nothing of it is ever quoted.

use std::fmt;

use boma_core::{kernel::malformed::Malformed, protocol::request::Problem};

use crate::authentication::AuthError;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenError {
    /// It is missing, or isn't a JWT.
    NoToken(AuthError),
    /// A claim is missing or of another kind.
    Unreadable(Malformed),
    AnotherAlgorithm,
    UnknownKey,
    WrongSignature,
    /// Off the cloud tokens have none, and nothing could check one.
    Signed,
    AnotherIssuer,
    AnotherAudience,
    Expired,
    IssuedInTheFuture,
    EmailNotVerified,
    NoRole,
    NoSecondFactor,
    /// Since the token was made, the account was disabled, or signed out everywhere.
    Revoked,
    /// The account has another role by now, or none.
    RoleChanged,
    /// Google's keys, or the account, can't be asked for at the moment; with the reason for the log.
    Unavailable(&'static str),
}

impl TokenError {
    pub(crate) fn status(&self) -> u16 {
        match self {
            TokenError::NoRole | TokenError::RoleChanged => 403,
            TokenError::Unavailable(_) => 503,
            TokenError::NoToken(_)
            | TokenError::Unreadable(_)
            | TokenError::AnotherAlgorithm
            | TokenError::UnknownKey
            | TokenError::WrongSignature
            | TokenError::Signed
            | TokenError::AnotherIssuer
            | TokenError::AnotherAudience
            | TokenError::Expired
            | TokenError::IssuedInTheFuture
            | TokenError::EmailNotVerified
            | TokenError::NoSecondFactor
            | TokenError::Revoked => 401,
        }
    }
}

impl From<AuthError> for TokenError {
    fn from(error: AuthError) -> TokenError {
        TokenError::NoToken(error)
    }
}

impl From<Malformed> for TokenError {
    fn from(malformed: Malformed) -> TokenError {
        TokenError::Unreadable(malformed)
    }
}

impl From<TokenError> for Problem {
    fn from(error: TokenError) -> Problem {
        let problem = Problem::new(error.status()).with_detail(error.to_string());
        // RFC 9110: a 401 must say how to authenticate.
        if problem.status == 401 { problem.with_header("www-authenticate", "Bearer") } else { problem }
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TokenError::NoToken(error) => return error.fmt(f),
            TokenError::Unreadable(malformed) => malformed.reason(),
            TokenError::AnotherAlgorithm => "token.alg: not RS256",
            TokenError::UnknownKey => "token.kid: not one of Google's keys",
            TokenError::WrongSignature => "token: its signature is wrong",
            TokenError::Signed => "token.alg: not none, which tokens of the emulators have",
            TokenError::AnotherIssuer => "token.iss: not this project's",
            TokenError::AnotherAudience => "token.aud: not this project",
            TokenError::Expired => "token.exp: expired",
            TokenError::IssuedInTheFuture => "token.iat: in the future",
            TokenError::EmailNotVerified => "token.email_verified: not true",
            TokenError::NoRole => "token.role: not one of viewer, auditor, operator, supervisor",
            TokenError::NoSecondFactor => "token.firebase: signed in without a second factor; sign in again with one",
            TokenError::Revoked => "token: revoked; sign in again",
            TokenError::RoleChanged => "token.role: not the account's any more; sign in again",
            TokenError::Unavailable(what) => what,
        })
    }
}
