//! Authentication of a request.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use boma_core::{
    kernel::timestamp::Timestamp,
    protocol::{request::RequestHead, response::HttpResponse},
};
use boma_google::{Caller, authenticate};

/// Any bytes as a header's value and as a token's claims: only a token with the expected caller and audience is accepted, and
/// an error quotes nothing.
pub(crate) fn token(bytes: &[u8]) {
    let expected = Caller { email: "caller@example.org".to_owned(), audience: "https://kyc.example.app".to_owned() };
    let now = Timestamp::parse("2026-03-01T10:00:00Z").expect("a time");
    let of_claims = format!("Bearer e30.{}.s", URL_SAFE_NO_PAD.encode(bytes));
    for value in [String::from_utf8_lossy(bytes).into_owned(), of_claims] {
        let headers = vec![("authorization".to_owned(), value.clone())];
        match authenticate(&RequestHead { headers, ..RequestHead::default() }, &expected, now) {
            Ok(()) => assert!(value.len() > expected.email.len() + expected.audience.len(), "let in by too little"),
            Err(error) => {
                let response = HttpResponse::forbidden("kyc", error.status(), &error.to_string());
                assert!(matches!(response.status, 401 | 403));
                assert!(error.to_string().len() < 80, "a long reason: {error}");
            }
        }
    }
}
