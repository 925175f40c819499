//! Tests the boundary and nothing else. Its body is a line of orders, done one after the other:
//!
//! - `echo:TEXT`, `stream:TEXT`, `bidi:TEXT` call, and log what comes back
//! - `fetch:URL` fetches, in the function's own name, and logs what comes back
//! - `wait:MS` waits, `now` logs the clock, `number:INT` logs a number of 32 bits
//! - `panic:TEXT` panics, `recurse` and `recurseInSmall` overflow the stack, `hog` asks for more memory than there is
//! - `later:TEXT` panics when all is done and the memory is given back
//! - the orders after a `|` are those for when it is taken up after a trap, with the text of the panic for a first answer;
//!   without any it ends as a fault then
//! - `fault` ends it as a fault, anything else as IGNORED; after the last order it is APPLIED

use std::collections::{BTreeMap, VecDeque};
use std::hint::black_box;

use boma_core::protocol::{
    function::{Function, Trigger},
    response::{HttpResponse, LogValue},
};
use boma_google::{Action, Answer, CallKind, Fetch, Fetched, HostConfig, Invocation, Rpc, Target, Tick};

/// It begins by itself; of its trigger only the way in which the head of a request is accepted is used.
pub const FUNCTION: Function = Function {
    name: "probe",
    trigger: Trigger::Schedule { open: |_| unreachable!("the probe begins by itself") },
    appends: false,
};

boma_abi::export!(FUNCTION, begin: |_, request, host, panic_text| Box::new(Probe::new(&request.body.bytes, host, panic_text)));

#[derive(Debug)]
struct Probe {
    orders: VecDeque<String>,
    host: HostConfig,
    answers: Vec<String>,
    numbers: Vec<u32>,
    last_words: Option<String>,
}

impl Probe {
    fn new(body: &[u8], host: HostConfig, panic_text: Option<String>) -> Self {
        let (now, after_trap) = orders_in(body);
        let orders = if panic_text.is_some() { after_trap } else { now };
        Self { orders, host, answers: panic_text.into_iter().collect(), numbers: Vec::new(), last_words: None }
    }

    fn done(&self, status: u16, outcome: &'static str) -> Action {
        let mut log = BTreeMap::new();
        log.insert("answers", LogValue::Text(self.answers.join(",")));
        log.insert("attempt", LogValue::Number(1));
        log.insert("database", LogValue::Text(self.host.database.clone()));
        log.insert("project", LogValue::Text(self.host.project.clone()));
        log.extend(["n1", "n2"].into_iter().zip(self.numbers.iter().copied().map(LogValue::Number)));
        let severity = if status == 500 { "ERROR" } else { "INFO" };
        let headers = vec![("boma-outcome", outcome.to_owned())];
        Action::Done(HttpResponse { status, headers, outcome: Some(outcome), severity, log, ..HttpResponse::default() })
    }
}

impl Invocation for Probe {
    fn next(&mut self, answer: Answer, tick: Tick) -> Action {
        match answer {
            Answer::Begin | Answer::Body(..) | Answer::Waited => {}
            Answer::Fetched(Fetched { status, cache_control, body }) => {
                self.answers.push(format!("{status} {cache_control} {}", String::from_utf8_lossy(&body)));
            }
            Answer::Rpc { messages, status } => self.answers.push(described(&messages, status)),
        }
        while let Some(order) = self.orders.pop_front() {
            let (verb, text) = order.split_once(':').unwrap_or((&order, ""));
            match verb {
                "echo" => return call(CallKind::Unary, "/probe.Echo/Unary", text),
                "stream" => return call(CallKind::ServerStream, "/probe.Echo/Stream", text),
                "bidi" => return call(CallKind::Bidi, "/probe.Echo/Bidi", text),
                "fetch" => return fetch(text),
                "wait" => return Action::Wait { ms: text.parse().expect("wait:MS") },
                "now" => self.answers.push((tick.now.micros() / 1_000).to_string()),
                "number" => self.numbers.push(text.parse().expect("number:INT")),
                "panic" => panic!("{text}"),
                "later" => self.last_words = Some(text.to_owned()),
                "recurse" => self.answers.push(depth(1).to_string()),
                "recurseInSmall" => self.answers.push(height(&self.orders, 1).to_string()),
                "hog" => self.answers.push(hog().to_string()),
                "fault" => return self.done(500, "FAULT"),
                _ => return self.done(204, "IGNORED"),
            }
        }
        self.done(204, "APPLIED")
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        if let Some(text) = self.last_words.take() {
            panic!("{text}");
        }
    }
}

/// The orders for now, and those for after a trap.
fn orders_in(body: &[u8]) -> (VecDeque<String>, VecDeque<String>) {
    let text = String::from_utf8_lossy(body);
    let (now, after_trap) = text.split_once('|').unwrap_or((&text, "fault"));
    let split = |orders: &str| orders.split(';').filter(|order| !order.is_empty()).map(str::to_owned).collect();
    (split(now), split(after_trap))
}

fn call(kind: CallKind, path: &'static str, text: &str) -> Action {
    let metadata = vec![("probe-says", "hello".to_owned())];
    Action::Rpc(Rpc { target: Target::Firestore, path, kind, timeout_ms: 5_000, metadata, bytes: text.into() })
}

fn fetch(url: &str) -> Action {
    let body = Some("{}".to_owned());
    Action::Fetch(Fetch { method: "POST", url: url.to_owned(), body, with_access_token: true, timeout_ms: 5_000 })
}

fn described(messages: &[Vec<u8>], status: i32) -> String {
    let texts: Vec<_> = messages.iter().map(|message| String::from_utf8_lossy(message)).collect();
    format!("{status} [{}]", texts.join("+"))
}

/// Each level has something on the stack of linear memory, or the optimizer makes a loop of it.
#[expect(unconditional_recursion, reason = "a stack overflow is what it is for")]
fn depth(level: u64) -> u64 {
    let frame = black_box([level; 64]);
    depth(frame[7] + 1) + frame[9]
}

/// Levels without anything in linear memory use up the engine's own stack instead.
#[expect(unconditional_recursion, reason = "a stack overflow is what it is for")]
fn height(orders: &VecDeque<String>, level: u64) -> u64 {
    black_box(level) + height(black_box(orders), level + 1)
}

fn hog() -> usize {
    let mut held: Vec<Vec<u8>> = Vec::new();
    while held.len() < 1 << 20 {
        held.push(black_box(vec![7; 64 << 20]));
    }
    held.len()
}
