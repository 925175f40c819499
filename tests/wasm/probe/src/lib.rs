//! Tests the boundary and nothing else. Its body is a line of orders, done one after the other:
//!
//! - `echo:TEXT`, `stream:TEXT`, `bidi:TEXT` call, and log what comes back
//! - `wait:MS` waits, `now` logs the clock, `number:INT` logs a number of 32 bits
//! - `panic:TEXT` panics, `recurse` overflows the stack, `hog` asks for more memory than there is
//! - after a trap it is taken up without orders: it ends as a fault with the text of the panic for an answer
//! - `fault` ends it as a fault, anything else as IGNORED; after the last order it is APPLIED

use std::collections::{BTreeMap, VecDeque};
use std::hint::black_box;

use boma_google::{Action, Answer, CallKind, Conversation, HostConfig, LogValue, Rpc, Settled, Target, Tick};

boma_abi::export!(
    consumer: "probe",
    open: |body, host| Box::new(Probe::new(&body, host)),
    open_after_trap: |_, host, panic_text| Box::new(Probe::after_trap(panic_text, host))
);

#[derive(Debug)]
struct Probe {
    orders: VecDeque<String>,
    host: HostConfig,
    answers: Vec<String>,
    numbers: Vec<u32>,
}

impl Probe {
    fn new(body: &[u8], host: HostConfig) -> Self {
        let text = String::from_utf8_lossy(body);
        let orders = text.split(';').filter(|order| !order.is_empty()).map(str::to_owned).collect();
        Self { orders, host, answers: Vec::new(), numbers: Vec::new() }
    }

    /// Ends as a fault that says what the panic said.
    fn after_trap(panic_text: String, host: HostConfig) -> Self {
        Self { orders: VecDeque::from(["fault".to_owned()]), host, answers: vec![panic_text], numbers: Vec::new() }
    }

    fn done(&self, status: u16, outcome: &'static str) -> Action {
        let mut log = BTreeMap::new();
        log.insert("answers", LogValue::Text(self.answers.join(",")));
        log.insert("attempt", LogValue::Number(1));
        log.insert("database", LogValue::Text(self.host.database.clone()));
        log.insert("project", LogValue::Text(self.host.project.clone()));
        log.extend(["n1", "n2"].into_iter().zip(self.numbers.iter().copied().map(LogValue::Number)));
        Action::Done(Settled { status, outcome, severity: "INFO", log })
    }
}

impl Conversation for Probe {
    fn next(&mut self, answer: Answer, tick: Tick) -> Action {
        match answer {
            Answer::Begin | Answer::Waited => {}
            Answer::Rpc { messages, status } => self.answers.push(described(&messages, status)),
        }
        while let Some(order) = self.orders.pop_front() {
            let (verb, text) = order.split_once(':').unwrap_or((&order, ""));
            match verb {
                "echo" => return call(CallKind::Unary, "/probe.Echo/Unary", text),
                "stream" => return call(CallKind::ServerStream, "/probe.Echo/Stream", text),
                "bidi" => return call(CallKind::Bidi, "/probe.Echo/Bidi", text),
                "wait" => return Action::Wait { ms: text.parse().expect("wait:MS") },
                "now" => self.answers.push((tick.now.micros() / 1_000).to_string()),
                "number" => self.numbers.push(text.parse().expect("number:INT")),
                "panic" => panic!("{text}"),
                "recurse" => self.answers.push(depth(1).to_string()),
                "hog" => self.answers.push(hog().to_string()),
                "fault" => return self.done(500, "FAULT"),
                _ => return self.done(204, "IGNORED"),
            }
        }
        self.done(204, "APPLIED")
    }
}

fn call(kind: CallKind, path: &'static str, text: &str) -> Action {
    let metadata = vec![("probe-says", "hello".to_owned())];
    Action::Rpc(Rpc { target: Target::Firestore, path, kind, timeout_ms: 5_000, metadata, bytes: text.into() })
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

fn hog() -> usize {
    let mut held: Vec<Vec<u8>> = Vec::new();
    while held.len() < 1 << 20 {
        held.push(black_box(vec![7; 64 << 20]));
    }
    held.len()
}
