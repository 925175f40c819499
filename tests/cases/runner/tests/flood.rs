//! What events for unknown customers cost others: the real deliveries at one instance with its 16 places, in a world in which each call
//! takes five milliseconds. It counts what they do to whoever waits for a place, and not what a machine is busy with.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap, VecDeque},
};

use boma_core::kernel::timestamp::Timestamp;
use boma_functions::by_name;
use boma_google::{Action, Answer, HostConfig, Invocation, Rpc, Tick, open_post};
use case_runner::{store::Store, typed_json};
use serde_json::{Value as Json, json};

const ROOT: &str = "projects/p/databases/(default)/documents/";
const BEGAN_MS: u64 = 1_772_359_200_000; // 2026-03-01T10:00:00Z
const PLACES: usize = 16;
const CALL_MS: u64 = 5;

const BYSTANDERS: usize = 1_200;
const ANOTHER_EVERY_MS: u64 = 50;
const FLOOD: usize = 2_000;
const FLOOD_AT_MS: u64 = 10_000;
const MOST_TIMES_SLOWER: u64 = 2;

struct Delivery {
    arrived_ms: u64,
    began_ms: u64,
    invocation: Box<dyn Invocation>,
    call: Option<Rpc>,
}

/// One instance, from the arrival of each push to its answer.
#[derive(Default)]
struct Instance {
    store: Store,
    now_ms: u64,
    queue: VecDeque<(usize, u64)>,
    in_flight: BTreeMap<usize, Delivery>,
    /// What is next in each delivery, by its time.
    due: BinaryHeap<Reverse<(u64, usize)>>,
    /// How long each took from its arrival, and how long it had a place.
    took_ms: BTreeMap<usize, (u64, u64)>,
}

impl Instance {
    /// Handles the pushes, each with the time of its arrival.
    fn handle(&mut self, mut arrivals: VecDeque<(u64, usize)>) {
        while !arrivals.is_empty() || !self.due.is_empty() {
            let next_ms = self.due.peek().map_or(u64::MAX, |Reverse((at_ms, _))| *at_ms);
            match arrivals.front() {
                Some((at_ms, number)) if *at_ms <= next_ms => {
                    self.now_ms = *at_ms;
                    self.queue.push_back((*number, *at_ms));
                    arrivals.pop_front();
                }
                _ => {
                    let Some(Reverse((at_ms, number))) = self.due.pop() else { unreachable!("seen above") };
                    self.now_ms = at_ms;
                    self.go_on(number);
                }
            }
            while self.in_flight.len() < PLACES {
                let Some((number, arrived_ms)) = self.queue.pop_front() else { break };
                let (began_ms, invocation) = (self.now_ms, opened(number));
                self.in_flight.insert(number, Delivery { arrived_ms, began_ms, invocation, call: None });
                self.take(number, Answer::Begin);
            }
        }
    }

    fn go_on(&mut self, number: usize) {
        let call = self.in_flight.get_mut(&number).expect("in flight").call.take();
        let answer = call.map_or(Answer::Waited, |Rpc { path, bytes, .. }| {
            let answered = self.store.answer(path, &bytes);
            Answer::Rpc { messages: answered.messages, status: answered.status }
        });
        self.take(number, answer);
    }

    fn take(&mut self, number: usize, answer: Answer) {
        let micros = i64::try_from(self.now_ms * 1_000).expect("in range");
        let tick = Tick { now: Timestamp::from_micros(micros).expect("in range"), random: 7 };
        let delivery = self.in_flight.get_mut(&number).expect("in flight");
        let after_ms = match delivery.invocation.next(answer, tick) {
            Action::Rpc(rpc) => {
                delivery.call = Some(rpc);
                CALL_MS
            }
            Action::Wait { ms } => u64::from(ms),
            Action::Done(response) => {
                assert_eq!(response.status, 204);
                let took_ms = (self.now_ms - delivery.arrived_ms, self.now_ms - delivery.began_ms);
                self.took_ms.insert(number, took_ms);
                self.in_flight.remove(&number);
                return;
            }
            Action::Body => unreachable!("the request was given whole"),
            Action::Fetch(_) => unreachable!("only operators' tokens are looked up"),
        };
        self.due.push(Reverse((self.now_ms + after_ms, number)));
    }

    fn p95_of_bystanders(&self) -> u64 {
        let mut sorted: Vec<_> = (0..BYSTANDERS).map(|number| self.took_ms[&number].0).collect();
        sorted.sort_unstable();
        sorted[BYSTANDERS * 95 / 100]
    }
}

fn customer(number: usize) -> String {
    format!("10000000-0000-4000-8000-{number:012}")
}

/// A payment of that customer.
fn opened(number: usize) -> Box<dyn Invocation> {
    let event = json!({
        "specversion": "1.0", "id": format!("00000000-0000-4000-8000-{number:012}"), "source": "//bank/test", "type": "PaymentReceived",
        "subject": customer(number), "time": "2026-03-01T09:59:58Z", "data": {
            "transactionId": format!("20000000-0000-4000-8000-{number:012}"), "amount": "7.00", "currency": "CZK", "method": "CASH",
        },
    });
    let data = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, event.to_string());
    let push =
        json!({ "message": { "data": data, "messageId": "1", "orderingKey": event["subject"] }, "deliveryAttempt": 1 });
    let config = HostConfig::new("p", "(default)");
    open_post(by_name("payments").expect("a function"), push.to_string().into_bytes(), config, None)
}

fn registered() -> Json {
    json!({
        "kycStatus": "PENDING", "kycVersion": 0, "tradingEnabled": false, "accessVersion": 0, "balances": {}, "profileData": {},
        "createdAt": { "$timestamp": "2026-01-01T00:00:00Z" }, "updatedAt": { "$timestamp": "2026-01-01T00:00:00Z" },
    })
}

/// The bystanders one after the other, and beside them so many events for customers whom nobody knows, all at one moment.
fn beside(flood: usize) -> Instance {
    let mut instance = Instance::default();
    for number in 0..BYSTANDERS {
        let fields = typed_json::to_fields(registered().as_object().expect("fields"));
        instance.store.put(format!("{ROOT}users/{}", customer(number)), fields);
    }
    let at = |number: usize| BEGAN_MS + ANOTHER_EVERY_MS * u64::try_from(number).expect("small");
    let unknown = (BYSTANDERS..BYSTANDERS + flood).map(|number| (BEGAN_MS + FLOOD_AT_MS, number));
    let mut arrivals: Vec<_> = (0..BYSTANDERS).map(|number| (at(number), number)).chain(unknown).collect();
    arrivals.sort_by_key(|(at_ms, _)| *at_ms);
    instance.handle(arrivals.into());
    instance
}

#[test]
fn two_thousand_that_wait_leave_the_p95_of_others_under_twice_what_it_was() {
    let (undisturbed, disturbed) = (beside(0).p95_of_bystanders(), beside(FLOOD).p95_of_bystanders());
    assert_eq!(undisturbed, 2 * CALL_MS, "a read and a commit");
    assert!(disturbed < MOST_TIMES_SLOWER * undisturbed, "{disturbed} ms against {undisturbed} ms");
}

#[test]
fn each_of_them_has_a_place_for_a_second_and_a_few_calls_at_most_and_most_for_three_calls() {
    let instance = beside(FLOOD);
    let mut places: Vec<_> = (BYSTANDERS..BYSTANDERS + FLOOD).map(|number| instance.took_ms[&number].1).collect();
    places.sort_unstable();
    assert_eq!(places[FLOOD * 95 / 100], 3 * CALL_MS, "it reads, files, and looks once more");
    assert!(places[FLOOD - 1] <= 1_200, "{} ms", places[FLOOD - 1]);
}
