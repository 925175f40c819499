//! Authentication: one service account may call, with a valid token of Google's for this function.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use boma_core::{
    kernel::timestamp::Timestamp,
    protocol::{request::RequestHead, response::HttpResponse},
};
use boma_google::{AuthError, Caller, authenticate};
use property::check;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

const EMAIL: &str = "caller@project.iam.gserviceaccount.com";
const AUDIENCE: &str = "https://kyc.example.app";
const NOW_SECONDS: i64 = 1_900_000_000;

/// The claims of Pub/Sub's token.
fn claims() -> Json {
    json!({
        "aud": AUDIENCE, "azp": "113774264463038321964", "email": EMAIL, "email_verified": true, "exp": NOW_SECONDS + 3_000,
        "iat": NOW_SECONDS - 600, "iss": "https://accounts.google.com", "sub": "113774264463038321964",
    })
}

/// The header as Cloud Run passes it on, without the signature.
fn bearer(claims: &[u8]) -> String {
    let header = URL_SAFE_NO_PAD.encode(br#"{"alg":"RS256","kid":"1","typ":"JWT"}"#);
    format!("Bearer {header}.{}.SIGNATURE_REMOVED_BY_GOOGLE", URL_SAFE_NO_PAD.encode(claims))
}

fn authenticated(serverless_authorization: &[String], authorization: &[String]) -> Result<(), AuthError> {
    let now = Timestamp::from_micros(NOW_SECONDS * 1_000_000).expect("a time");
    let header = |name: &str, values: &[String]| values.iter().map(|value| (name.to_owned(), value.clone())).collect();
    let of_serverless: Vec<_> = header("x-serverless-authorization", serverless_authorization);
    let headers = [of_serverless, header("authorization", authorization)].concat();
    let expected = Caller { email: EMAIL.to_owned(), audience: AUDIENCE.to_owned() };
    authenticate(&RequestHead { headers, ..RequestHead::default() }, &expected, now)
}

fn of_header(value: &str) -> Result<(), AuthError> {
    authenticated(&[], &[value.to_owned()])
}

/// The usual claims with one replaced, or removed where the value is null.
fn with(claim: &str, value: Json) -> Result<(), AuthError> {
    let mut claims = claims();
    let map = claims.as_object_mut().expect("an object");
    if value.is_null() {
        map.remove(claim);
    } else {
        map.insert(claim.to_owned(), value);
    }
    of_header(&bearer(claims.to_string().as_bytes()))
}

fn reason(result: Result<(), AuthError>) -> String {
    result.map_or_else(|error| error.to_string(), |()| "may call".to_owned())
}

#[test]
fn what_is_no_token_is_refused_by_what_it_lacks() {
    let good = bearer(claims().to_string().as_bytes());
    let of_claims = |claims: &[u8]| of_header(&bearer(claims));
    let table = [
        (authenticated(&[], &[]), "authorization: missing"),
        (authenticated(&[], &[good.clone(), good.clone()]), "authorization: more than one"),
        (of_header(""), "authorization: not a bearer token"),
        (of_header("Bearer"), "authorization: not a bearer token"),
        (of_header(&good.replace("Bearer ", "")), "authorization: not a bearer token"),
        (of_header(&good.replace("Bearer", "Basic")), "authorization: not a bearer token"),
        (of_header("Bearer "), "token: not a JWT of three parts"),
        (of_header("Bearer ya29.an-access-token"), "token: not a JWT of three parts"),
        (of_header(&format!("{good}.more")), "token: not a JWT of three parts"),
        (of_header("Bearer e30..s"), "token: its claims are not a JSON object"),
        (of_header("Bearer e30.e30=.s"), "token: its claims are not base64url"),
        (of_header("Bearer e30. e30.s"), "token: its claims are not base64url"),
        (of_header("Bearer e30.+/8.s"), "token: its claims are not base64url"),
        (of_header("Bearer e30.ĿĽ.s"), "token: its claims are not base64url"),
        (of_claims(b"\xff\xfe"), "token: its claims are not UTF-8"),
        (of_claims(b"{"), "token: its claims are not a JSON object"),
        (of_claims(b"[]"), "token: its claims are not a JSON object"),
        (of_claims(br#"{"email":"a","email":"b"}"#), "token: its claims are not a JSON object"),
        (of_claims("[".repeat(9_000).as_bytes()), "token: its claims are not a JSON object"),
        (of_claims(b"{}"), "token.iss: missing"),
    ];
    for (result, expected) in table {
        assert_eq!(reason(result), expected);
    }
}

#[test]
fn each_claim_must_be_there_and_say_what_is_expected() {
    let another_issuer = "token.iss: another issuer than Google";
    let another_audience = "token.aud: another audience than BOMA_AUDIENCE";
    let another_caller = "token.email: another caller than BOMA_CALLER";
    let table = [
        ("iss", json!(null), "token.iss: missing"),
        ("iss", json!(["https://accounts.google.com"]), "token.iss: not a string"),
        ("iss", json!("accounts.google.com"), another_issuer),
        ("iss", json!("https://accounts.google.com.example.org"), another_issuer),
        ("aud", json!(null), "token.aud: missing"),
        ("aud", json!([AUDIENCE]), "token.aud: not a string"),
        ("aud", json!("https://payments.example.app"), another_audience),
        ("aud", json!(format!("{AUDIENCE}/")), another_audience),
        ("exp", json!(null), "token.exp: missing"),
        ("exp", json!("1900003000"), "token.exp: not a number"),
        ("exp", json!(1.9e9), "token.exp: not an integer from 0 to 2^53 - 1"),
        ("exp", json!(-1), "token.exp: not an integer from 0 to 2^53 - 1"),
        // Not every reader of JSON reads the same number here.
        ("exp", json!(u64::MAX), "token: its claims are not a JSON object"),
        ("exp", json!(0), "token.exp: expired"),
        ("iat", json!(null), "token.iat: missing"),
        ("iat", json!(true), "token.iat: not a number"),
        ("iat", json!((1_i64 << 53) - 1), "token.iat: in the future"),
        ("email", json!(null), "token.email: missing"),
        ("email", json!(""), "token.email: empty"),
        ("email", json!({"is": EMAIL}), "token.email: not a string"),
        ("email", json!("another@project.iam.gserviceaccount.com"), another_caller),
        ("email", json!(EMAIL.to_uppercase()), another_caller),
        ("email", json!(format!("{EMAIL}\0")), another_caller),
        ("email_verified", json!(null), "token.email_verified: not true"),
        ("email_verified", json!(false), "token.email_verified: not true"),
        ("email_verified", json!("true"), "token.email_verified: not true"),
        ("sub", json!("another"), "may call"),
        ("sub", json!(null), "may call"),
        ("exp", json!((1_i64 << 53) - 1), "may call"),
    ];
    for (claim, value, expected) in table {
        assert_eq!(reason(with(claim, value.clone())), expected, "{claim}: {value}");
    }
}

#[test]
fn clocks_may_be_a_minute_apart_and_no_more() {
    let at = |claim: &str, offset_seconds: i64| reason(with(claim, json!(NOW_SECONDS + offset_seconds)));
    assert_eq!(at("exp", -60), "may call");
    assert_eq!(at("exp", -61), "token.exp: expired");
    assert_eq!(at("iat", 60), "may call");
    assert_eq!(at("iat", 61), "token.iat: in the future");
}

#[test]
fn where_both_headers_are_there_only_the_one_that_cloud_run_looks_at_counts() {
    let good = [bearer(claims().to_string().as_bytes())];
    let bad = [bearer(b"{}")];
    assert_eq!(authenticated(&good, &[]), Ok(()));
    assert_eq!(authenticated(&good, &bad), Ok(()));
    assert_eq!(reason(authenticated(&bad, &good)), "token.iss: missing");
    assert_eq!(reason(authenticated(&[String::new()], &good)), "authorization: not a bearer token");
    assert_eq!(reason(authenticated(&[good.clone(), good.clone()].concat(), &good)), "authorization: more than one");
}

#[test]
fn the_one_who_may_call_may_call_in_any_spelling_of_bearer() {
    let good = bearer(claims().to_string().as_bytes());
    for scheme in ["Bearer", "bearer", "BEARER"] {
        assert_eq!(of_header(&good.replace("Bearer", scheme)), Ok(()));
    }
}

#[test]
fn who_is_known_and_may_not_call_gets_403_and_whoever_is_not_known_401() {
    let answer = |result: Result<(), AuthError>| {
        let error = result.expect_err("another caller");
        let response = HttpResponse::forbidden("kyc", error.status(), &error.to_string());
        (response.status, response.outcome(), response.severity)
    };
    assert_eq!(answer(with("email", json!("another@example.org"))), (403, "FORBIDDEN", "ERROR"));
    assert_eq!(answer(authenticated(&[], &[])), (401, "FORBIDDEN", "ERROR"));
    assert_eq!(answer(with("exp", json!(0))), (401, "FORBIDDEN", "ERROR"));
    assert_eq!(answer(with("aud", json!("https://elsewhere.example.app"))), (401, "FORBIDDEN", "ERROR"));
}

#[test]
fn no_bytes_in_a_header_or_in_a_token_make_it_panic_or_let_them_in() {
    check(any::<Vec<u8>>(), |bytes| {
        let header = String::from_utf8_lossy(&bytes).into_owned();
        for value in [header.clone(), format!("Bearer {header}"), format!("Bearer e30.{header}.s"), bearer(&bytes)] {
            prop_assert!(of_header(&value).is_err(), "{value}");
        }
        Ok(())
    });
}

#[test]
fn a_reason_never_quotes_a_claim() {
    let claim = prop::sample::select(vec!["iss", "aud", "exp", "iat", "email", "email_verified"]);
    check((claim, "quoted[a-z]{6,20}"), |(claim, value)| {
        prop_assert!(!reason(with(claim, json!(value))).contains("quoted"));
        Ok(())
    });
}

#[test]
fn a_token_with_any_one_letter_changed_is_another_token() {
    let good = bearer(claims().to_string().as_bytes());
    let claims_at = good.find('.').expect("a dot") + 1..good.rfind('.').expect("a dot");
    // Only claims that nobody reads may change.
    let watched = URL_SAFE_NO_PAD.decode(&good[claims_at]).expect("base64");
    let text = String::from_utf8(watched).expect("UTF-8");
    for (at, letter) in text.char_indices().filter(|(_, letter)| letter.is_ascii_lowercase()) {
        let mut changed = text.clone().into_bytes();
        changed[at] = if letter == 'x' { b'y' } else { b'x' };
        let is_of_unwatched =
            ["azp", "sub"].iter().any(|name| text.find(name).is_some_and(|from| (from..from + 3).contains(&at)));
        assert_eq!(of_header(&bearer(&changed)).is_ok(), is_of_unwatched, "letter {at} of {text}");
    }
}
