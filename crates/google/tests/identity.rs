//! ID tokens of operators where functions are deployed: signed by keys that this test has, as Google would answer with them.

#[path = "identity/google.rs"]
mod google;

use google::{Accounts, NOW, Signer, World, claims, header};
use serde_json::json;

#[test]
fn who_signed_in_at_the_project_is_the_caller() {
    let mut world = World::default();
    assert_eq!(
        world.answer("/one", &Signer::googles().token(&header(), &claims())),
        (200, "olga@boma.test operator".to_owned())
    );
    assert_eq!(
        world.fetched,
        ["GET https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com"]
    );
}

#[test]
fn forged_tokens_are_nobodys() {
    let good = claims();
    let with = |name: &str, value: serde_json::Value| {
        let mut claims = good.clone();
        claims[name] = value;
        claims
    };
    let googles = Signer::googles();
    let named = |alg: &str, kid: &str| json!({ "alg": alg, "kid": kid, "typ": "JWT" });
    let whole = googles.token(&header(), &good);
    let signature = whole.rsplit('.').next().expect("a signature");
    let unsigned = googles.token(&named("none", "key-1"), &good);
    let forged = [
        (
            "alg none, unsigned",
            format!("{}.", unsigned.rsplit_once('.').expect("three parts").0),
            "token.alg: not RS256",
        ),
        ("alg none, signed", unsigned, "token.alg: not RS256"),
        ("HS256 by the public key", googles.hmac_token(&named("HS256", "key-1"), &good), "token.alg: not RS256"),
        ("alg in another case", googles.token(&named("rs256", "key-1"), &good), "token.alg: not RS256"),
        ("no key named", googles.token(&json!({ "alg": "RS256" }), &good), "token.kid: missing"),
        ("a key of nobody", googles.token(&named("RS256", "key-9"), &good), "token.kid: not one of Google's keys"),
        (
            "a key of its own in the header",
            Signer::anothers().token_with_own_key(&good),
            "token: its signature is wrong",
        ),
        ("another's key under that name", Signer::anothers().token(&header(), &good), "token: its signature is wrong"),
        (
            "no signature",
            format!("{}.", whole.rsplit_once('.').expect("three parts").0),
            "token: its signature is wrong",
        ),
        ("claims edited", edited(&whole, &with("role", json!("supervisor"))), "token: its signature is wrong"),
        ("a signature of zeros", zeros(&whole, signature.len()), "token: its signature is wrong"),
        ("another project", googles.token(&header(), &with("aud", json!("boma-other"))), "token.aud: not this project"),
        ("audiences", googles.token(&header(), &with("aud", json!(["boma-test"]))), "token.aud: not a string"),
        (
            "another project's issuer",
            googles.token(&header(), &with("iss", json!("https://securetoken.google.com/boma-other"))),
            "token.iss: not this project's",
        ),
        (
            "Google's own issuer",
            googles.token(&header(), &with("iss", json!("https://accounts.google.com"))),
            "token.iss: not this project's",
        ),
        ("expired", googles.token(&header(), &with("exp", json!(NOW))), "token.exp: expired"),
        ("without an end", googles.token(&header(), &with("exp", json!(null))), "token.exp: missing"),
        ("issued tomorrow", googles.token(&header(), &with("iat", json!(NOW + 61))), "token.iat: in the future"),
        (
            "signed in tomorrow",
            googles.token(&header(), &with("auth_time", json!(NOW + 61))),
            "token.iat: in the future",
        ),
        (
            "an address of anybody",
            googles.token(&header(), &with("email_verified", json!(false))),
            "token.email_verified: not true",
        ),
        (
            "a text for true",
            googles.token(&header(), &with("email_verified", json!("true"))),
            "token.email_verified: not true",
        ),
        ("nobody's account", googles.token(&header(), &with("sub", json!(""))), "token.sub: empty"),
        ("two parts", "a.b".to_owned(), "token: not a JWT of three parts"),
        ("four parts", format!("{whole}.x"), "token: not a JWT of three parts"),
        ("nothing", String::new(), "token: not a JWT of three parts"),
    ];
    for (what, token, why) in forged {
        let mut world = World::default();
        assert_eq!(world.answer("/one", &token), (401, why.to_owned()), "{what}");
        assert_eq!(world.opened, 0, "{what}");
    }
}

#[test]
fn a_token_without_a_role_is_nobodys_here() {
    for role in [json!(null), json!("root"), json!("Supervisor")] {
        let mut claims = claims();
        claims["role"] = role;
        let answered = World::default().answer("/one", &Signer::googles().token(&header(), &claims));
        assert_eq!(answered, (403, "token.role: not one of viewer, auditor, operator, supervisor".to_owned()));
    }
}

#[test]
fn a_body_is_asked_for_only_where_there_is_a_token() {
    let mut world = World::default();
    assert_eq!(world.without_token("/one"), (401, "authorization: missing".to_owned()));
    assert!(!world.was_asked_for_the_body);
    let mut claims = claims();
    claims["exp"] = json!(NOW - 1);
    assert_eq!(world.answer("/one", &Signer::googles().token(&header(), &claims)).0, 401);
    assert!(!world.was_asked_for_the_body);
}

#[test]
fn keys_are_kept_as_long_as_their_answer_says() {
    let mut world = World::default();
    let token = Signer::googles().token(&header(), &claims());
    for _ in 0..3 {
        assert_eq!(world.answer("/one", &token).0, 200);
    }
    assert_eq!(world.fetched.len(), 1);
    world.now += 599;
    assert_eq!(world.answer("/one", &token).0, 200);
    assert_eq!(world.fetched.len(), 1);
    world.now += 1;
    assert_eq!(world.answer("/one", &token).0, 200);
    assert_eq!(world.fetched.len(), 2);
}

#[test]
fn keys_that_nobody_has_are_looked_for_once_a_minute() {
    let mut world = World::default();
    let stranger = Signer::googles().token(&json!({ "alg": "RS256", "kid": "key-9" }), &claims());
    for _ in 0..5 {
        assert_eq!(world.answer("/one", &stranger).0, 401);
    }
    assert_eq!(world.fetched.len(), 1);
    world.now += 60;
    world.key_name = "key-9";
    assert_eq!(world.answer("/one", &stranger).0, 200, "a new key is found");
    assert_eq!(world.fetched.len(), 2);
}

#[test]
fn without_googles_keys_nobody_is_let_in() {
    let token = Signer::googles().token(&header(), &claims());
    for keys_status in [0, 404, 500] {
        let mut world = World { keys_status, ..World::default() };
        assert_eq!(world.answer("/one", &token).0, 503);
        assert_eq!(world.opened, 0);
    }
    assert_eq!(World::default().answer("/one", &token).0, 200, "and it is tried again");
}

#[test]
fn where_two_people_are_counted_a_password_alone_is_not_enough() {
    for firebase in [json!(null), json!({ "sign_in_provider": "password" }), json!({ "sign_in_second_factor": null })] {
        let mut claims = claims();
        claims["firebase"] = firebase;
        let token = Signer::googles().token(&header(), &claims);
        let mut world = World::default();
        let refused = "token.firebase: signed in without a second factor; sign in again with one";
        assert_eq!(world.answer("/two", &token), (401, refused.to_owned()));
        assert_eq!(world.opened, 0);
        assert_eq!(world.answer("/one", &token).0, 200);
    }
}

#[test]
fn where_two_people_are_counted_the_account_is_looked_up() {
    let token = Signer::googles().token(&header(), &claims());
    let mut world = World::default();
    assert_eq!(world.answer("/two", &token).0, 200);
    assert_eq!(
        world.fetched[1],
        "POST as the function https://identitytoolkit.googleapis.com/v1/projects/boma-test/accounts:lookup {\"localId\":[\"uid-olga\"]}"
    );
    let account = json!({ "localId": "uid-olga", "validSince": (NOW - 60).to_string(), "customAttributes": "{\"role\":\"operator\"}" });
    let with = |name: &str, value: serde_json::Value| {
        let mut account = account.clone();
        account[name] = value;
        Accounts::Are(json!({ "users": [account] }))
    };
    let revoked = "token: revoked; sign in again";
    let role = "token.role: not the account's any more; sign in again";
    let down = "the caller's account could not be looked up";
    let answers = [
        (with("disabled", json!(false)), (200, "olga@boma.test operator")),
        (with("disabled", json!(true)), (401, revoked)),
        (with("validSince", json!((NOW - 59).to_string())), (401, revoked)),
        (with("validSince", json!("soon")), (503, down)),
        (with("localId", json!("uid-otto")), (401, revoked)),
        (with("customAttributes", json!("{\"role\":\"viewer\"}")), (403, role)),
        (with("customAttributes", json!("{}")), (403, role)),
        (with("customAttributes", json!(null)), (403, role)),
        (Accounts::Are(json!({ "kind": "identitytoolkit#GetAccountInfoResponse" })), (401, revoked)),
        (Accounts::Are(json!([])), (401, revoked)),
        (Accounts::Fail(403), (503, down)),
        (Accounts::Fail(0), (503, down)),
    ];
    for (accounts, (status, said)) in answers {
        let mut world = World { accounts, ..World::default() };
        let answered = world.answer("/two", &token);
        // Why something of ours fails is for the log.
        assert_eq!(answered, (status, said.to_owned()), "{:?}", world.accounts);
        assert_eq!(world.opened > 0, status == 200);
    }
}

#[test]
fn an_unsigned_token_is_taken_where_the_host_says_so_and_nowhere_else() {
    let unsigned = google::unsigned(
        &json!({ "sub": "o", "email": "olga@boma.test", "role": "operator", "auth_time": NOW, "exp": NOW + 60 }),
    );
    let mut world = World { takes_unsigned: true, ..World::default() };
    assert_eq!(world.answer("/two", &unsigned), (200, "olga@boma.test operator".to_owned()));
    assert_eq!(world.fetched, [""; 0]);
    assert_eq!(World::default().answer("/two", &unsigned).0, 401);
}

fn edited(token: &str, claims: &serde_json::Value) -> String {
    let parts: Vec<_> = token.split('.').collect();
    format!("{}.{}.{}", parts[0], google::part(claims), parts[2])
}

fn zeros(token: &str, length: usize) -> String {
    format!("{}.{}", token.rsplit_once('.').expect("three parts").0, "A".repeat(length))
}
