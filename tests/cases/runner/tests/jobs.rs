//! Scheduled functions where a case file can't tell it: thousands of documents, several runs, and a world that goes on meanwhile.
//! The real invocation, the real request bytes, and a store that somebody else writes to in between.

use std::collections::{BTreeMap, BTreeSet};

use boma_core::{kernel::timestamp::Timestamp, protocol::response::HttpResponse};
use boma_functions::by_name;
use boma_google::{Action, Answer, HostConfig, Rpc, Tick, open_post};
use case_runner::{store::Store, typed_json};
use serde_json::{Value as Json, json};

const ROOT: &str = "projects/p/databases/(default)/documents/";
const NOW_MS: i64 = 1_772_359_200_000; // 2026-03-01T10:00:00Z
const DUE: &str = "2026-02-01T00:00:00Z";

/// A function's world: its documents, its clock, how long each publication takes.
struct World {
    store: Store,
    now_ms: i64,
    publish_takes_ms: i64,
}

impl World {
    fn of(documents: impl IntoIterator<Item = (String, Json)>) -> World {
        let mut world = World { store: Store::default(), now_ms: NOW_MS, publish_takes_ms: 0 };
        documents.into_iter().for_each(|(path, fields)| world.put(&path, &fields));
        world
    }

    fn put(&mut self, path: &str, fields: &Json) {
        put(&mut self.store, path, fields);
    }

    /// One run. `meanwhile` happens before each call, counted by method from 1.
    fn run(&mut self, function: &str, mut meanwhile: impl FnMut(&str, usize, &mut Store)) -> (HttpResponse, Json) {
        let config = HostConfig::new("p", "(default)");
        let mut invocation = open_post(by_name(function).expect("a function"), Vec::new(), config, None);
        let mut calls: BTreeMap<&str, usize> = BTreeMap::new();
        let mut answer = Answer::Begin;
        loop {
            let now = Timestamp::from_micros(self.now_ms * 1_000).expect("in range");
            answer = match invocation.next(answer, Tick { now, random: 7 }) {
                Action::Rpc(Rpc { path, bytes, .. }) => {
                    let method = path.rsplit('/').next().expect("a method");
                    let count = calls.entry(method).or_default();
                    *count += 1;
                    meanwhile(method, *count, &mut self.store);
                    self.now_ms += if method == "Publish" { self.publish_takes_ms } else { 0 };
                    let answered = self.store.answer(path, &bytes);
                    Answer::Rpc { messages: answered.messages, status: answered.status }
                }
                Action::Body => unreachable!("the request was given whole"),
                Action::Fetch(_) => unreachable!("only operators' tokens are looked up"),
                Action::Wait { ms } => {
                    self.now_ms += i64::from(ms);
                    Answer::Waited
                }
                Action::Done(response) => {
                    let told = serde_json::from_str(response.body.as_deref().expect("an answer")).expect("JSON");
                    return (response, told);
                }
            };
        }
    }

    fn published(&self) -> Vec<Json> {
        self.store.published.iter().map(|(_, message)| serde_json::from_slice(&message.data).expect("JSON")).collect()
    }
}

fn put(store: &mut Store, path: &str, fields: &Json) {
    store.put(format!("{ROOT}{path}"), typed_json::to_fields(fields.as_object().expect("fields")));
}

fn undisturbed(_: &str, _: usize, _: &mut Store) {}

fn user_id(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

fn approved(version: i64) -> Json {
    json!({ "kycStatus": "APPROVED", "kycVersion": version })
}

fn case(due_at: &str) -> Json {
    json!({ "cycle": 1, "attempt": 1, "reasons": [], "dueAt": { "$timestamp": due_at } })
}

/// Customers whose approval has run out, all at the same moment: only their names put them in order.
fn expired(customers: usize) -> impl Iterator<Item = (String, Json)> {
    (0..customers).flat_map(|number| {
        let id = user_id(number);
        [(format!("users/{id}"), approved(1)), (format!("kyc_cases/{id}"), case(DUE))]
    })
}

#[test]
fn an_approval_that_is_renewed_between_query_and_read_does_not_expire() {
    let mut world = World::of(expired(1));
    let renew = |method: &str, count: usize, store: &mut Store| {
        // The first is the checkpoint's.
        if (method, count) == ("BatchGetDocuments", 2) {
            put(store, &format!("users/{}", user_id(0)), &approved(2));
            put(store, &format!("kyc_cases/{}", user_id(0)), &case("2031-01-01T00:00:00Z"));
        }
    };
    let (_, told) = world.run("clock", renew);
    assert_eq!((&told["stale"], &told["published"], &told["skipped"]), (&json!(1), &json!(0), &json!([])));
}

#[test]
fn more_than_a_page_of_the_same_moment_is_published_each_once() {
    let mut world = World::of(expired(250));
    let (response, told) = world.run("clock", undisturbed);
    assert_eq!((response.status, &told["found"], &told["published"]), (200, &json!(250), &json!(250)));
    assert_eq!(subjects(&world), (0..250).map(user_id).collect::<Vec<_>>());
}

#[test]
fn a_run_without_enough_time_is_gone_on_with_until_all_is_published_once() {
    let mut world = World::of(expired(250));
    world.publish_takes_ms = 4_000;
    let mut endings = Vec::new();
    for _ in 0..3 {
        let (response, told) = world.run("clock", undisturbed);
        endings.push((response.outcome(), told["published"].as_u64().expect("a count")));
        assert_eq!(told["stoppedAt"].is_null(), response.outcome() == "FINISHED");
    }
    assert_eq!(endings, [("STOPPED", 105), ("STOPPED", 105), ("FINISHED", 40)]);
    assert_eq!(subjects(&world), (0..250).map(user_id).collect::<Vec<_>>());
}

#[test]
fn two_runs_say_the_very_same() {
    let mut world = World::of(expired(3));
    world.run("clock", undisturbed);
    let once = world.published();
    world.now_ms += 600_000;
    world.run("clock", undisturbed);
    assert_eq!(world.published(), [once.clone(), once].concat());
}

#[test]
fn hundreds_of_letters_of_one_customer_go_in_order_and_one_at_a_time() {
    let letter = |number: usize| {
        let body = json!({ "number": number }).to_string();
        let received = Timestamp::from_micros((NOW_MS - 1_000_000 + i64::try_from(number).expect("small")) * 1_000);
        // Named so that the names are in another order.
        let path = format!("dead_letters/kyc.{:032x}", (number * 7_919) % 350);
        let fields = json!({
            "consumer": "kyc", "kind": "AWAITED", "status": "OPEN", "subject": user_id(1), "type": "KycHeld",
            "awaits": format!("users/{}", user_id(1)), "truncated": false, "replays": 0,
            "receivedAt": { "$timestamp": received.expect("in range").to_string() },
            "body": { "$bytes": base64::Engine::encode(&base64::prelude::BASE64_STANDARD, body) },
        });
        (path, fields)
    };
    let mut world = World::of((0..350).map(letter).chain([(format!("users/{}", user_id(1)), approved(1))]));
    let mut publications = 0;
    let (_, told) = world.run("clock", |method, _, store| {
        publications += usize::from(method == "Publish");
        if let Some((_, message)) = store.published.last() {
            let path = format!("{ROOT}dead_letters/{}", message.attributes["replayOf"]);
            let mut letter = store.get(&path).expect("the letter").clone();
            letter.extend(typed_json::to_fields(json!({ "status": "REPLAYED" }).as_object().expect("fields")));
            store.put(path, letter);
        }
    });
    // The first page; by then all are replayed.
    assert_eq!((&told["found"], &told["replays"]), (&json!(100), &json!(350)));
    let numbers: Vec<_> = world.published().iter().map(|body| body["number"].as_u64().expect("a number")).collect();
    assert_eq!(numbers, (0..350).collect::<Vec<_>>());
    assert_eq!(publications, 350);
}

#[test]
fn a_consumer_that_is_down_keeps_nothing_from_its_end() {
    let letter = |consumer: &str, number: usize| {
        let fields = json!({
            "consumer": consumer, "kind": "AWAITED", "status": "OPEN", "subject": user_id(number), "type": "KycHeld",
            "awaits": format!("users/{}", user_id(number)), "truncated": false, "replays": 0,
            "receivedAt": { "$timestamp": "2026-02-28T10:00:00Z" }, "body": { "$bytes": "e30=" },
        });
        (format!("dead_letters/{consumer}.{number:032x}"), fields)
    };
    // Customers with a letter to the one that is down, with one to the other, and with both.
    let letters = (0..250).map(|number| letter("payments", number));
    let mut world = World::of(letters.chain((200..330).map(|number| letter("welcome", number))).chain(expired(330)));
    let (response, told) = world.run("clock", |_, _, store| {
        let replay = store.published.iter().rev().find_map(|(_, it)| it.attributes.get("replayOf"));
        if let Some(settled) = replay.filter(|letter| letter.starts_with("welcome.")) {
            let path = format!("{ROOT}dead_letters/{settled}");
            let mut letter = store.get(&path).expect("the letter").clone();
            letter.extend(typed_json::to_fields(json!({ "status": "REPLAYED" }).as_object().expect("fields")));
            store.put(path, letter);
        }
    });
    assert_eq!((response.outcome(), &told["events"]), ("FINISHED", &json!({ "KycExpired": 330 })));
    let replays: Vec<_> = world.store.published.iter().filter_map(|(_, it)| it.attributes.get("replayFor")).collect();
    let to = |consumer: &str| replays.iter().filter(|replay| **replay == consumer).count();
    assert_eq!((to("payments"), to("welcome")), (3, 80));
    assert_eq!(told["held"], json!(247 + 50));
}

fn subjects(world: &World) -> Vec<String> {
    world.published().iter().map(|event| event["subject"].as_str().expect("a subject").to_owned()).collect()
}

/// A customer who has `deposits` of one haler each.
fn saver(number: usize, deposits: usize) -> Vec<(String, Json)> {
    let id = user_id(number);
    let user = json!({ "balances": { "CZK": { "available": deposits, "pending": 0, "reserved": 0 } } });
    let deposit = |index: usize| {
        let postings = json!([{ "account": "external:CASH", "amount": -1 }, { "account": "available", "amount": 1 }]);
        let fields = json!({ "userId": id, "currency": "CZK", "postings": postings });
        (format!("transactions/{:08}-0000-4000-8000-{index:012}", number), fields)
    };
    (0..deposits).map(deposit).chain([(format!("users/{id}"), user)]).collect()
}

/// Posts one more haler to a customer, in one commit.
fn deposit_again(store: &mut Store, number: usize, deposits: usize) {
    for (path, fields) in saver(number, deposits) {
        store.remove(&format!("{ROOT}{path}"));
        put(store, &path, &fields);
    }
    // As each commit of a payment does.
    touch(store, number, deposits);
}

/// Gives the customer's document another update time.
fn touch(store: &mut Store, number: usize, version: usize) {
    store.put_at(
        format!("{ROOT}users/{}", user_id(number)),
        store.get(&format!("{ROOT}users/{}", user_id(number))).expect("there").clone(),
        i64::try_from(version).expect("small") + 10,
    );
}

#[test]
fn a_balance_in_the_last_of_many_pages_is_compared_like_the_first() {
    let savers = (0..250).flat_map(|number| saver(number, if number == 120 { 2_500 } else { 3 }));
    let mut world = World::of(savers);
    let (_, told) = world.run("trial-balance", undisturbed);
    assert_eq!((&told["pages"], &told["users"], &told["wrong"]), (&json!(3), &json!(250), &json!(0)));
    assert_eq!(told["transactions"], json!(249 * 3 + 2_500));

    for number in [0, 120, 249] {
        let wrong = json!({ "balances": { "CZK": { "available": 1, "pending": 0, "reserved": 0 } } });
        world.put(&format!("users/{}", user_id(number)), &wrong);
    }
    let (_, told) = world.run("trial-balance", undisturbed);
    let named = told["differences"].as_array().expect("a list").iter();
    let named: BTreeSet<_> = named.map(|it| it["userId"].as_str().expect("an id").to_owned()).collect();
    assert_eq!(named, [0, 120, 249].map(user_id).into());
}

#[test]
fn a_payment_between_the_reads_is_no_difference() {
    let mut world = World::of((0..3).flat_map(|number| saver(number, 3)));
    // After the customers were read, and before their transactions are.
    let pay = |method: &str, count: usize, store: &mut Store| {
        if (method, count) == ("RunQuery", 2) {
            deposit_again(store, 1, 4);
        }
    };
    let (_, told) = world.run("trial-balance", pay);
    assert_eq!((&told["wrong"], &told["unsettled"]), (&json!(0), &json!([])));
}

#[test]
fn who_never_comes_to_rest_is_named_and_not_called_wrong() {
    let mut world = World::of((0..3).flat_map(|number| saver(number, 3)));
    let pay = |method: &str, count: usize, store: &mut Store| {
        if method == "RunQuery" && count >= 2 {
            deposit_again(store, 1, 2 + count);
        }
    };
    let (response, told) = world.run("trial-balance", pay);
    assert_eq!((&told["wrong"], &told["unsettled"]), (&json!(0), &json!([user_id(1)])));
    assert_eq!(response.severity, "WARNING");
}

#[test]
fn where_everything_is_wrong_it_stops_and_the_next_run_goes_on() {
    let empty = |number| (format!("users/{}", user_id(number)), json!({ "balances": { "CZK": { "available": 1 } } }));
    let mut world = World::of((0..1_150).map(empty));
    let (first, told) = world.run("trial-balance", undisturbed);
    assert_eq!((first.outcome(), &told["wrong"], first.lines.len()), ("STOPPED", &json!(1_000), 1_000));
    let (second, told) = world.run("trial-balance", undisturbed);
    assert_eq!((second.outcome(), &told["wrong"]), ("FINISHED", &json!(150)));
}
