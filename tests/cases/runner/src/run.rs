//! One case from beginning to end.

use std::{collections::BTreeMap, panic::resume_unwind, thread};

use crate::{
    case::{Case, Then, When},
    change, functions,
    store::{Answered, OK, Store},
    transcript::{Exchange, Head, Transcript, exchange, response_json},
    typed_json,
    warehouse::Warehouse,
};
use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use boma_core::{
    event::{
        catalog::{EventType, Topic},
        origin::FirstEdition,
    },
    kernel::timestamp::Timestamp,
    protocol::{
        request::RequestHead,
        response::{HttpResponse, LogValue},
    },
};
use boma_google::{Action, Answer, HostConfig, Rpc, Settings, Target, Tick, Tokens, begin_of, open};
use serde_json::{Value as Json, json};

pub const PROJECT: &str = "boma-cases";
const ROOT: &str = "projects/boma-cases/databases/(default)/documents/";
/// No chance here: the same case says the same each time.
const RANDOM: u64 = 7;

/// What the case came to, and how it was said: in an instance of its own, which a thread stands for.
pub fn run(case: &Case) -> (Then, Transcript) {
    thread::scope(|scope| scope.spawn(|| run_in_this_thread(case)).join()).unwrap_or_else(|panic| resume_unwind(panic))
}

fn run_in_this_thread(case: &Case) -> (Then, Transcript) {
    let mut host = Host::new(case);
    let (head, body) = request(&case.when, &case.function);
    let mut transcript = Transcript {
        name: case.name.clone(),
        function: case.function.clone(),
        project: PROJECT,
        head: Head {
            method: head.method.clone(),
            path: head.path.clone(),
            headers: head.headers.iter().flat_map(|(name, value)| [name.clone(), value.clone()]).collect(),
        },
        body: BASE64_STANDARD.encode(&body),
        after_trap: case.when.after_trap.clone(),
        first_edition: case.when.first_edition.clone(),
        unsigned_tokens: !case.when.deployed,
        ..Default::default()
    };
    let mut config = HostConfig::new(PROJECT, "(default)");
    if let Some(word) = &case.when.first_edition {
        config.first_edition = FirstEdition::from_name(word).expect("when.firstEdition");
    }
    if !case.when.deployed {
        config.tokens = Tokens::Unsigned;
    }
    let settings = Settings { caller: None, panic_text: case.when.after_trap.clone() };
    let function = functions::named(&case.function);
    let mut invocation = open(function, begin_of(function), head, settings);
    let mut whole = Some((body, config));
    let mut answer = Answer::Begin;
    let response = loop {
        let action = invocation.next(answer, host.tick());
        if action != Action::Body {
            transcript.now.push(host.now_ms);
        }
        match action {
            Action::Rpc(rpc) => {
                let answered = host.answer(&rpc);
                transcript.exchanges.push(exchange(rpc, &answered));
                answer = Answer::Rpc { messages: answered.messages, status: answered.status };
            }
            Action::Fetch(fetch) => panic!("{} is fetched: tests/shim and crates/google test that", fetch.url),
            Action::Wait { ms } => {
                host.now_ms += i64::from(ms);
                transcript.exchanges.push(Exchange::Wait);
                answer = Answer::Waited;
            }
            Action::Done(response) => break response,
            Action::Body => {
                let (body, config) = whole.take().expect("the body is asked for once");
                answer = Answer::Body(body.into(), config);
            }
        }
    };
    transcript.response = response_json(&response);
    (host.then(response), transcript)
}

struct Host {
    before: Store,
    store: Store,
    warehouse: Warehouse,
    now_ms: i64,
    calls: BTreeMap<&'static str, usize>,
    when: When,
}

impl Host {
    fn new(case: &Case) -> Host {
        let mut store = Store::default();
        for (path, fields) in &case.given {
            store.put(format!("{ROOT}{path}"), typed_json::to_fields(fields));
        }
        let now = Timestamp::parse(&case.when.now).expect("when.now");
        Host {
            before: store.clone(),
            store,
            warehouse: Warehouse::refusing(case.when.refused_rows.clone()),
            now_ms: now.micros() / 1_000,
            calls: BTreeMap::new(),
            when: case.when.clone(),
        }
    }

    fn tick(&self) -> Tick {
        Tick { now: Timestamp::from_micros(self.now_ms * 1_000).expect("in range"), random: RANDOM }
    }

    fn answer(&mut self, rpc: &Rpc) -> Answered {
        let nth = self.calls.entry(rpc.path).or_default();
        *nth += 1;
        let mishap = self.when.mishaps.iter().find(|it| rpc.path.ends_with(&it.method) && it.nth == *nth).cloned();
        let mut written = self.when.meanwhile.iter().filter(|it| rpc.path.ends_with(&it.method) && it.nth == *nth);
        let written = written.next().map(|it| it.documents.clone()).unwrap_or_default();
        let answered = match mishap {
            None => self.answered(rpc),
            Some(mishap) => {
                self.now_ms += mishap.took_ms.unwrap_or(0);
                let answered = (mishap.done || mishap.status == OK).then(|| self.answered(rpc));
                answered.filter(|_| mishap.status == OK).unwrap_or_else(|| Answered::failed(mishap.status))
            }
        };
        for (path, fields) in written {
            // They were there from then on, so they are none of what the case changes.
            for store in [&mut self.before, &mut self.store] {
                store.put(format!("{ROOT}{path}"), typed_json::to_fields(&fields));
            }
        }
        answered
    }

    fn answered(&mut self, rpc: &Rpc) -> Answered {
        match rpc.target {
            Target::BigQuery => self.warehouse.append(&rpc.bytes),
            Target::Firestore | Target::PubSub => self.store.answer(rpc.path, &rpc.bytes),
        }
    }

    fn then(self, response: HttpResponse) -> Then {
        let before: BTreeMap<_, _> = self.before.documents().collect();
        let changed = self.store.documents().filter(|(name, fields)| before.get(name) != Some(fields));
        let published = self.store.published.iter().map(|(topic, message)| {
            let data: Json = serde_json::from_slice(&message.data).expect("published events are JSON");
            json!({
                "topic": topic.rsplit('/').next(),
                "key": message.ordering_key,
                "attributes": message.attributes,
                "event": data,
            })
        });
        Then {
            status: response.status,
            outcome: response.outcome().to_owned(),
            reason: response.log.get("reason").map(|reason| match reason {
                LogValue::Text(text) => text.clone(),
                LogValue::Number(number) => number.to_string(),
            }),
            changed: changed.map(|(name, fields)| (name.replace(ROOT, ""), typed_json::from_fields(fields))).collect(),
            published: published.collect(),
            appended: self.warehouse.appended,
            answer: response.body.as_deref().map(parsed),
            lines: response.lines.iter().map(|line| parsed(line)).collect(),
        }
    }
}

/// Its head, with the names of headers in lower case as the boundary hands them on, and its body.
fn request(when: &When, function: &str) -> (RequestHead, Vec<u8>) {
    let post = RequestHead { method: "POST".to_owned(), path: "/".to_owned(), headers: Vec::new() };
    match (&when.change, &when.request) {
        (None, None) => (post, push_body(when, function)),
        (Some(told), None) => (RequestHead { headers: change::headers(told), ..post }, change::body(told, ROOT)),
        (None, Some(sent)) => {
            let mut headers: Vec<_> =
                sent.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect();
            headers.extend(sent.token.as_ref().map(|claims| ("authorization".to_owned(), bearer(claims))));
            if sent.json.is_some() && !headers.iter().any(|(name, _)| name == "content-type") && sent.token.is_some() {
                headers.push(("content-type".to_owned(), "application/json".to_owned()));
            }
            let json = sent.json.as_ref().map(Json::to_string);
            let body = json.or_else(|| sent.text.clone()).unwrap_or_default();
            (RequestHead { method: sent.method.clone(), path: sent.path.clone(), headers }, body.into_bytes())
        }
        (Some(_), Some(_)) => panic!("when: one of change and request"),
    }
}

/// An unsigned token.
fn bearer(claims: &Json) -> String {
    let part = |json: &Json| BASE64_URL_SAFE_NO_PAD.encode(json.to_string());
    format!("Bearer {}.{}.", part(&json!({ "alg": "none", "typ": "JWT" })), part(claims))
}

fn push_body(when: &When, function: &str) -> Vec<u8> {
    let data = match (&when.push_body, &when.data, &when.event) {
        (Some(body), None, None) => return body.clone().into_bytes(),
        (None, Some(text), None) => text.clone().into_bytes(),
        (None, None, Some(event)) => event.to_string().into_bytes(),
        _ => panic!("when: one of pushBody, data and event"),
    };
    let event: Json = serde_json::from_slice(&data).unwrap_or_default();
    let mut message = json!({ "data": BASE64_STANDARD.encode(data), "messageId": "1", "attributes": when.attributes });
    message["publishTime"] = when.published_at.as_deref().unwrap_or(&when.now).into();
    if let Some(key) = when.ordering_key.clone().or_else(|| text_of(&event, "subject")).filter(|key| !key.is_empty()) {
        message["orderingKey"] = key.into();
    }
    let mut push = json!({ "message": message, "deliveryAttempt": when.attempt.unwrap_or(1) });
    if let Some(topic) = topic(when, &event) {
        push["subscription"] = format!("projects/{PROJECT}/subscriptions/{function}.{topic}").into();
    }
    push.to_string().into_bytes()
}

/// Where real sources publish it.
fn topic(when: &When, event: &Json) -> Option<String> {
    let of_type = || Some(EventType::from_name(&text_of(event, "type")?)?.topic().to_string());
    let of_replay = || when.attributes.contains_key("replayFor").then(|| Topic::Replays.to_string());
    when.topic.clone().or_else(of_replay).or_else(of_type).filter(|topic| topic != "-")
}

fn text_of(event: &Json, field: &str) -> Option<String> {
    event.get(field)?.as_str().map(str::to_owned)
}

fn parsed(text: &str) -> Json {
    serde_json::from_str(text).expect("what is answered and logged is JSON")
}
