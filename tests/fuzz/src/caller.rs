//! What a request says of its caller.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use boma_core::Timestamp;
use boma_google::{Expected, Presented, Settled, judge};

const EXPECTED: Expected<'_> = Expected { email: "caller@example.org", audience: "https://kyc.example.app" };

/// As a header's value and as a token's claims: nobody gets in without the two words that are expected, and no reason that a
/// stranger gets is longer than a sentence of ours.
pub(crate) fn token(bytes: &[u8]) {
    let now = Timestamp::parse("2026-03-01T10:00:00Z").expect("a time");
    let of_claims = format!("Bearer e30.{}.s", URL_SAFE_NO_PAD.encode(bytes));
    for value in [String::from_utf8_lossy(bytes).into_owned(), of_claims] {
        let presented = Presented { serverless_authorization: &[], authorization: std::slice::from_ref(&value) };
        match judge(presented, EXPECTED, now) {
            Ok(()) => assert!(value.len() > EXPECTED.email.len() + EXPECTED.audience.len(), "let in by too little"),
            Err(stranger) => {
                assert!(matches!(Settled::forbidden("kyc", &stranger).status, 401 | 403));
                assert!(stranger.to_string().len() < 80, "a long reason: {stranger}");
            }
        }
    }
}
