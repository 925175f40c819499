//! Google, as far as it signs tokens and knows accounts; and an endpoint that says who called.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use boma_core::{
    kernel::timestamp::Timestamp,
    protocol::{
        function::Function,
        outcome::Fault,
        request::{Endpoint, Problem, Request, RequestHead, Success},
        step::{Answer as CoreAnswer, Step},
    },
};
use boma_google::{Action, Answer, Fetch, Fetched, HostConfig, Settings, Tick, Tokens, begin_of, open};
use rsa::{BigUint, Pkcs1v15Sign, RsaPrivateKey};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

pub(crate) const NOW: i64 = 1_772_359_200;

static ECHO: Function = Function::of_endpoint::<Echo>();

struct Echo(Request);

impl Endpoint for Echo {
    const FUNCTION: &'static str = "echo";
    const FOR_OPERATORS: bool = true;

    fn rests_on_present_rights(request: &Request) -> bool {
        request.head.path == "/two"
    }

    fn reject(_: &RequestHead) -> Option<Problem> {
        None
    }

    fn receive(request: Request) -> Self {
        Echo(request)
    }

    fn next(&mut self, _: CoreAnswer<Fault>, _: Timestamp) -> Step<Result<Success, Problem>> {
        let caller = self.0.caller.clone().expect("a caller");
        let said = format!("{} {}", caller.email, caller.role);
        Step::Done(Ok(Success { status: 200, body: json!({ "detail": said }) }))
    }
}

pub(crate) struct Signer {
    key: RsaPrivateKey,
}

impl Signer {
    pub(crate) fn googles() -> Signer {
        Signer::named("googles")
    }

    pub(crate) fn anothers() -> Signer {
        Signer::named("anothers")
    }

    fn named(name: &str) -> Signer {
        let keys: Json = serde_json::from_str(include_str!("keys.json")).expect("JSON");
        let number = |field: &str| {
            let text = keys[name][field].as_str().expect("a number");
            BigUint::from_bytes_be(&URL_SAFE_NO_PAD.decode(text).expect("base64url"))
        };
        let primes = vec![number("p"), number("q")];
        Signer { key: RsaPrivateKey::from_components(number("n"), number("e"), number("d"), primes).expect("a key") }
    }

    pub(crate) fn token(&self, header: &Json, claims: &Json) -> String {
        let signed = format!("{}.{}", part(header), part(claims));
        let digest = Sha256::digest(signed.as_bytes());
        let signature = self.key.sign(Pkcs1v15Sign::new::<Sha256>(), &digest).expect("signed");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// With the key to check it by in its own header.
    pub(crate) fn token_with_own_key(&self, claims: &Json) -> String {
        let mut header = header();
        header["jwk"] = self.jwk("key-1");
        self.token(&header, claims)
    }

    /// What a verifier would take that lets the token choose its algorithm: the public key is no secret.
    pub(crate) fn hmac_token(&self, header: &Json, claims: &Json) -> String {
        let signed = format!("{}.{}", part(header), part(claims));
        let secret = self.jwk("key-1").to_string();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(hmac(secret.as_bytes(), signed.as_bytes())))
    }

    fn jwk(&self, name: &str) -> Json {
        let number = |number: &BigUint| URL_SAFE_NO_PAD.encode(number.to_bytes_be());
        let (n, e) = (rsa::traits::PublicKeyParts::n(&self.key), rsa::traits::PublicKeyParts::e(&self.key));
        json!({ "kid": name, "kty": "RSA", "alg": "RS256", "use": "sig", "n": number(n), "e": number(e) })
    }
}

/// RFC 2104.
fn hmac(secret: &[u8], message: &[u8]) -> Vec<u8> {
    let mut key = Sha256::digest(secret).to_vec();
    key.resize(64, 0);
    let padded = |with: u8| key.iter().map(|byte| byte ^ with).collect::<Vec<_>>();
    let inner = Sha256::digest([padded(0x36).as_slice(), message].concat());
    Sha256::digest([padded(0x5c).as_slice(), &inner].concat()).to_vec()
}

pub(crate) fn part(json: &Json) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

pub(crate) fn header() -> Json {
    json!({ "alg": "RS256", "kid": "key-1", "typ": "JWT" })
}

pub(crate) fn unsigned(claims: &Json) -> String {
    format!("{}.{}.", part(&json!({ "alg": "none", "typ": "JWT" })), part(claims))
}

pub(crate) fn claims() -> Json {
    json!({
        "iss": "https://securetoken.google.com/boma-test",
        "aud": "boma-test",
        "sub": "uid-olga",
        "email": "olga@boma.test",
        "email_verified": true,
        "role": "operator",
        "firebase": { "sign_in_provider": "password", "sign_in_second_factor": "totp" },
        "auth_time": NOW - 60,
        "iat": NOW - 60,
        "exp": NOW + 3_540,
    })
}

#[derive(Debug)]
pub(crate) enum Accounts {
    Are(Json),
    Fail(u16),
}

/// Each test has a thread of its own, and with it keys of its own.
pub(crate) struct World {
    pub(crate) now: i64,
    pub(crate) key_name: &'static str,
    pub(crate) keys_status: u16,
    pub(crate) accounts: Accounts,
    pub(crate) takes_unsigned: bool,
    /// Each request, in words.
    pub(crate) fetched: Vec<String>,
    pub(crate) opened: u32,
    pub(crate) was_asked_for_the_body: bool,
}

impl Default for World {
    fn default() -> World {
        let account = json!({ "localId": "uid-olga", "customAttributes": "{\"role\":\"operator\"}" });
        World {
            now: NOW,
            key_name: "key-1",
            keys_status: 200,
            accounts: Accounts::Are(json!({ "users": [account] })),
            takes_unsigned: false,
            fetched: Vec::new(),
            opened: 0,
            was_asked_for_the_body: false,
        }
    }
}

impl World {
    pub(crate) fn answer(&mut self, path: &str, token: &str) -> (u16, String) {
        self.sent(path, vec![("authorization".to_owned(), format!("Bearer {token}"))])
    }

    pub(crate) fn without_token(&mut self, path: &str) -> (u16, String) {
        self.sent(path, Vec::new())
    }

    /// The status, and what was said, or else the log's reason.
    fn sent(&mut self, path: &str, headers: Vec<(String, String)>) -> (u16, String) {
        let head = RequestHead { method: "POST".to_owned(), path: path.to_owned(), headers };
        let mut invocation = open(&ECHO, begin_of(&ECHO), head, Settings { caller: None, panic_text: None });
        let mut answer = Answer::Begin;
        loop {
            match invocation.next(answer, Tick { now: at(self.now), random: 7 }) {
                Action::Body => {
                    self.was_asked_for_the_body = true;
                    let mut host = HostConfig::new("boma-test", "(default)");
                    if self.takes_unsigned {
                        host.tokens = Tokens::Unsigned;
                    }
                    answer = Answer::Body(Vec::new().into(), host);
                }
                Action::Fetch(fetch) => answer = Answer::Fetched(self.fetch(fetch)),
                Action::Done(response) => {
                    self.opened += u32::from(response.status == 200);
                    let body: Json = serde_json::from_str(&response.body.expect("a body")).expect("JSON");
                    return (response.status, body["detail"].as_str().unwrap_or_default().to_owned());
                }
                Action::Rpc(_) | Action::Wait { .. } => unreachable!("it asks for nothing else"),
            }
        }
    }

    fn fetch(&mut self, fetch: Fetch) -> Fetched {
        let whose = if fetch.with_access_token { " as the function" } else { "" };
        let body = fetch.body.map(|body| format!(" {body}")).unwrap_or_default();
        self.fetched.push(format!("{}{whose} {}{body}", fetch.method, fetch.url));
        let (status, json) = match (&self.accounts, fetch.with_access_token) {
            (_, false) => (self.keys_status, json!({ "keys": [Signer::googles().jwk(self.key_name)] })),
            (Accounts::Are(json), true) => (200, json.clone()),
            (Accounts::Fail(status), true) => (*status, Json::Null),
        };
        let cache_control = "public, max-age=600, must-revalidate, no-transform".to_owned();
        Fetched { status, cache_control, body: json.to_string().into_bytes() }
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000).expect("in range")
}
