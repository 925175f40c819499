//! An ID token in its parts, and what it claims.

use boma_core::{
    event::fields::Fields,
    kernel::{
        operator::{Operator, Role},
        timestamp::Timestamp,
    },
    protocol::request::RequestHead,
};
use serde_json::{Map, Value as Json};

use super::TokenError;
use crate::authentication::{AuthError, LEEWAY_SECONDS, bearer, decoded, object, seconds};

#[derive(Clone, Debug)]
pub(crate) struct Token {
    header: Map<String, Json>,
    claims: Map<String, Json>,
    /// The bytes that are signed: both parts, as they came.
    pub(super) signed: String,
    pub(super) signature: Vec<u8>,
}

const MICROS_PER_SECOND: i64 = 1_000_000;

impl Token {
    /// Of a head whose time hasn't run out. Nothing in it is true yet.
    pub(crate) fn read(head: &RequestHead, now: Timestamp) -> Result<Token, TokenError> {
        let text = bearer(&head.values("authorization"))?;
        let mut parts = text.split('.');
        let (Some(header), Some(claims), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(AuthError::NotThreeParts.into());
        };
        let token = Token {
            header: object(header)?,
            claims: object(claims)?,
            signed: format!("{header}.{claims}"),
            signature: decoded(signature)?,
        };
        token.check_times(now)?;
        Ok(token)
    }

    /// Its end is the issuer's word and has no leeway; what lies behind may lie a little ahead, for clocks differ.
    fn check_times(&self, now: Timestamp) -> Result<(), TokenError> {
        let (claim, now) = (self.claim(), seconds(now));
        if now >= claim.count("exp")? {
            return Err(TokenError::Expired);
        }
        let issued = [claim.count("auth_time")?, claim.optional_count("iat")?.unwrap_or(0)];
        if issued.into_iter().any(|at| at > now.saturating_add(LEEWAY_SECONDS)) {
            return Err(TokenError::IssuedInTheFuture);
        }
        Ok(())
    }

    /// Of the emulators: nobody has signed it.
    pub(super) fn check_unsigned(&self) -> Result<(), TokenError> {
        let is_unsigned = self.algorithm()? == "none" && self.signature.is_empty();
        if is_unsigned { Ok(()) } else { Err(TokenError::Signed) }
    }

    /// Of this project's Identity Platform, by its claims. The key that it names.
    pub(super) fn check_project(&self, project: &str) -> Result<&str, TokenError> {
        // Before the key is even looked for: a key is for this algorithm alone, and no other one is ever tried.
        if self.algorithm()? != "RS256" {
            return Err(TokenError::AnotherAlgorithm);
        }
        let claim = self.claim();
        if claim.string("iss")? != format!("https://securetoken.google.com/{project}") {
            return Err(TokenError::AnotherIssuer);
        }
        if claim.string("aud")? != project {
            return Err(TokenError::AnotherAudience);
        }
        claim.count("iat")?;
        claim.string("sub")?;
        if self.claims.get("email_verified") != Some(&Json::Bool(true)) {
            return Err(TokenError::EmailNotVerified);
        }
        Ok(Fields::new("token", &self.header).string("kid")?)
    }

    /// Of a token that was verified.
    pub(super) fn verified_operator(&self) -> Result<Operator, TokenError> {
        Ok(Operator { account: Some(self.subject().to_owned()), ..self.operator()? })
    }

    /// Whoever decides on money, or asks for it, has shown more than a password: that alone may be stolen or reset.
    pub(super) fn check_second_factor(&self) -> Result<(), TokenError> {
        let firebase = self.claims.get("firebase").and_then(Json::as_object);
        let factor = firebase.and_then(|claims| claims.get("sign_in_second_factor")).and_then(Json::as_str);
        if factor.is_some() { Ok(()) } else { Err(TokenError::NoSecondFactor) }
    }

    pub(super) fn operator(&self) -> Result<Operator, TokenError> {
        let claim = self.claim();
        let email = claim.string("email")?.to_owned();
        let role = claim.optional_string("role")?.and_then(Role::from_name).ok_or(TokenError::NoRole)?;
        let signed_in_at = Timestamp::from_micros(self.signed_in().saturating_mul(MICROS_PER_SECOND));
        let signed_in_at = signed_in_at.ok_or(TokenError::IssuedInTheFuture)?;
        Ok(Operator { email, account: None, role, signed_in_at })
    }

    /// The account's id.
    pub(super) fn subject(&self) -> &str {
        self.claims.get("sub").and_then(Json::as_str).unwrap_or_default()
    }

    /// Seconds since 1970. It is there: it was read before.
    pub(super) fn signed_in(&self) -> i64 {
        self.claims.get("auth_time").and_then(Json::as_i64).unwrap_or_default()
    }

    fn algorithm(&self) -> Result<&str, TokenError> {
        Ok(Fields::new("token", &self.header).string("alg")?)
    }

    fn claim(&self) -> Fields<'_> {
        Fields::new("token", &self.claims)
    }
}
