//! The warehouse under everything that may happen to a change on its way: it comes twice, late, in any order; appends are lost, answered
//! too late or cut off, refused for a while; BigQuery is away for longer than Eventarc tries. In the end each version of each document is
//! there, and the present one is the greatest.
//!
//! `BOMA_CHANGES=1000000 cargo test -p case-runner --test warehouse -- --nocapture` has as many changes.

use std::collections::{BTreeMap, BTreeSet};

use boma_core::{
    kernel::timestamp::Timestamp,
    protocol::{
        request::{Body, RequestHead},
        response::HttpResponse,
    },
};
use boma_functions::by_name;
use boma_google::{Action, Answer, HostConfig, Rpc, Settings, Target, Tick, begin_of, open};
use case_runner::{
    store::{Answered, Store},
    warehouse::Warehouse,
};
use googleapis_tonic_google_firestore_v1::google::firestore::v1::{Document, Value, value::ValueType};
use prost_types::Timestamp as ProtoTimestamp;
use serde_json::Value as Json;

const ROOT: &str = "projects/p/databases/(default)/documents/";
const BEGIN_MS: i64 = 1_772_359_200_000; // 2026-03-01T10:00:00Z
const HOUR_MS: i64 = 3_600_000;
const DOCUMENTS_PER_CHANGE: u64 = 5;
const OUT_OF_ORDER: usize = 400;

const UNAVAILABLE: i32 = 14;
const DEADLINE_EXCEEDED: i32 = 4;
const PERMISSION_DENIED: i32 = 7;

#[test]
fn every_change_is_there_once_and_the_present_state_is_the_documents() {
    let count = std::env::var("BOMA_CHANGES").ok().and_then(|count| count.parse().ok()).unwrap_or(10_000);
    let mut world = World::new(20_260_301);
    let mut pending = Vec::new();
    for _ in 0..count {
        let change = world.change();
        pending.push(change);
        if pending.len() == OUT_OF_ORDER {
            world.deliver(&mut pending);
        }
    }
    while !pending.is_empty() {
        world.deliver(&mut pending);
    }
    world.replay_letters();
    world.check(count);
}

#[test]
fn of_a_change_that_is_too_large_to_be_read_the_document_is_appended_as_it_is() {
    let mut world = World::new(1);
    world.store.put_at(format!("{ROOT}leads/d-7"), document(7, (0, 41)).fields, BEGIN_MS / 1_000);
    assert_eq!(world.delivered_cut(7).outcome(), "APPENDED");
    assert_eq!(world.appended.get(&(7, BEGIN_MS * 1_000, false)), Some(&(1, 41)));
    assert_eq!(world.delivered_cut(8).outcome(), "APPENDED");
    assert_eq!(world.appended.get(&(8, BEGIN_MS * 1_000, true)), Some(&(1, 0)), "deleted by then");
}

/// A document as it was and as it is: its update time, and its one field.
#[derive(Clone)]
struct Change {
    id: u64,
    before: Option<(i64, i64)>,
    after: Option<(i64, i64)>,
    time_ms: i64,
}

struct World {
    random: u64,
    now_ms: i64,
    micros: i64,
    documents: BTreeMap<u64, (i64, i64)>,
    most_documents: u64,
    /// Firestore's, with the letters.
    store: Store,
    warehouse: Warehouse,
    /// Versions: (id, version, is deleted).
    made: BTreeSet<(u64, i64, bool)>,
    /// All versions that were appended, with how often and the value that came last.
    appended: BTreeMap<(u64, i64, bool), (u32, i64)>,
    mishaps: BTreeMap<&'static str, u64>,
    letters: usize,
}

impl World {
    fn new(seed: u64) -> World {
        World {
            random: seed,
            now_ms: BEGIN_MS,
            micros: BEGIN_MS * 1_000,
            documents: BTreeMap::new(),
            most_documents: 1,
            store: Store::default(),
            warehouse: Warehouse::default(),
            made: BTreeSet::new(),
            appended: BTreeMap::new(),
            mishaps: BTreeMap::new(),
            letters: 0,
        }
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }

    /// A document is created, written, deleted, or created anew.
    fn change(&mut self) -> Change {
        self.now_ms += 1;
        self.micros += 1 + i64::try_from(self.below(900)).expect("small");
        self.most_documents += u64::from(self.below(DOCUMENTS_PER_CHANGE) == 0);
        let id = self.below(self.most_documents);
        let before = self.documents.get(&id).copied();
        let is_deleted = before.is_some() && self.below(10) == 0;
        let value = i64::try_from(self.below(1 << 40)).expect("small");
        let after = (!is_deleted).then_some((self.micros, value));
        match after {
            Some(after) => self.documents.insert(id, after),
            None => self.documents.remove(&id),
        };
        let version = after.or(before).map_or(0, |(version, _)| version);
        self.made.insert((id, version, is_deleted));
        Change { id, before, after, time_ms: self.now_ms }
    }

    /// Some of them, in any order, some twice. What fails comes again, perhaps a day later.
    fn deliver(&mut self, pending: &mut Vec<Change>) {
        let mut failed = Vec::new();
        while !pending.is_empty() {
            let at = usize::try_from(self.below(pending.len() as u64)).expect("small");
            let change = pending.swap_remove(at);
            let times = 1 + u64::from(self.below(20) == 0);
            for _ in 0..times {
                if self.delivered(&change).status != 204 {
                    failed.push(change.clone());
                }
            }
        }
        pending.append(&mut failed);
    }

    fn delivered(&mut self, change: &Change) -> HttpResponse {
        let is_late = self.below(200) == 0;
        let time_ms = if is_late { change.time_ms - 21 * HOUR_MS } else { change.time_ms };
        let time = Timestamp::from_micros(time_ms * 1_000).expect("in range").to_string();
        let headers =
            [("ce-id", "e".to_owned()), ("ce-time", time), ("content-type", "application/protobuf".to_owned())];
        let headers = headers.map(|(name, value)| (name.to_owned(), value)).into();
        let head = RequestHead { method: "POST".to_owned(), path: "/".to_owned(), headers };
        let mut body = Vec::new();
        for (field, state) in [(1, change.after), (2, change.before)] {
            if let Some(state) = state {
                prost::encoding::message::encode(field, &document(change.id, state), &mut body);
            }
        }
        let mishap = if is_late { 4 } else { self.below(100) };
        self.run("warehouse", head, body.into(), mishap)
    }

    /// A change whose body was longer than what is kept of it.
    fn delivered_cut(&mut self, id: u64) -> HttpResponse {
        let time = Timestamp::from_micros(self.now_ms * 1_000).expect("in range").to_string();
        let body = Body { bytes: vec![0; 16], end: Vec::new(), dropped_bytes: 600_000 };
        self.run("warehouse", head(id, time), body, 99)
    }

    /// An operator's command or the clock's hour: until no letter is open.
    fn replay_letters(&mut self) {
        self.letters = self.open_letters();
        for _ in 0..100 {
            let head = RequestHead { method: "POST".to_owned(), path: "/".to_owned(), headers: Vec::new() };
            self.now_ms += HOUR_MS;
            let mishap = self.below(100);
            self.run("warehouse-replay", head, Vec::new().into(), mishap);
            if self.open_letters() == 0 {
                return;
            }
        }
        panic!("letters stay open");
    }

    fn open_letters(&self) -> usize {
        let is_open = |fields: &BTreeMap<String, Value>| {
            fields
                .get("status")
                .is_some_and(|value| value.value_type == Some(ValueType::StringValue("OPEN".to_owned())))
        };
        self.store.documents().filter(|(_, fields)| is_open(fields)).count()
    }

    fn run(&mut self, function: &str, head: RequestHead, body: Body, mishap: u64) -> HttpResponse {
        let function = by_name(function).expect("a function");
        let mut invocation = open(function, begin_of(function), head, Settings { caller: None, panic_text: None });
        let mut whole = Some((body, HostConfig::new("p", "(default)")));
        let (mut answer, mut appends) = (Answer::Begin, 0);
        loop {
            let now = Timestamp::from_micros(self.now_ms * 1_000).expect("in range");
            answer = match invocation.next(answer, Tick { now, random: 7 }) {
                Action::Rpc(rpc) if rpc.target == Target::BigQuery => {
                    appends += 1;
                    let answered = self.append(&rpc, mishap, appends);
                    Answer::Rpc { messages: answered.messages, status: answered.status }
                }
                Action::Rpc(Rpc { path, bytes, .. }) => {
                    let answered = self.store.answer(path, &bytes);
                    Answer::Rpc { messages: answered.messages, status: answered.status }
                }
                Action::Body => {
                    let (body, config) = whole.take().expect("once");
                    Answer::Body(body, config)
                }
                Action::Fetch(_) => unreachable!("only operators' tokens are looked up"),
                Action::Wait { .. } => Answer::Waited,
                Action::Done(response) => return response,
            }
        }
    }

    fn append(&mut self, rpc: &Rpc, mishap: u64, nth: u32) -> Answered {
        let (name, answered) = match (mishap, nth) {
            (0, 1) => ("lost on its way", Answered::failed(UNAVAILABLE)),
            (1, 1) => {
                self.warehouse.append(&rpc.bytes);
                ("answered too late", Answered::failed(DEADLINE_EXCEEDED))
            }
            (2, 1) => {
                let mut cut = self.warehouse.append(&rpc.bytes);
                cut.messages.clear();
                ("cut off", cut)
            }
            (3, _) => ("away for all attempts", Answered::failed(UNAVAILABLE)),
            (4, _) => ("refused access", Answered::failed(PERMISSION_DENIED)),
            (5, 1) => ("refused the row", Warehouse::refusing_all().append(&rpc.bytes)),
            _ => ("", self.warehouse.append(&rpc.bytes)),
        };
        if !name.is_empty() {
            *self.mishaps.entry(name).or_default() += 1;
        }
        for row in std::mem::take(&mut self.warehouse.appended) {
            self.note(&row["row"]);
        }
        answered
    }

    fn note(&mut self, row: &Json) {
        let text = |field: &str| row[field].as_str().unwrap_or("0");
        let id = text("id").trim_start_matches("d-").parse().expect("an id");
        let version = text("version").parse().expect("a version");
        let value = text("score").parse().expect("a value");
        let is_deleted = row["deleted"].as_bool().expect("deleted");
        let entry = self.appended.entry((id, version, is_deleted)).or_default();
        *entry = (entry.0 + 1, value);
    }

    #[expect(clippy::print_stderr, reason = "a long run is quoted with its figures")]
    fn check(&self, changes: usize) {
        let appended: BTreeSet<_> = self.appended.keys().copied().collect();
        assert_eq!(self.made.len(), changes, "each change is a version of its own");
        assert_eq!(self.made.difference(&appended).count(), 0, "lost");
        assert_eq!(appended.difference(&self.made).count(), 0, "made up");
        // Ascending in version and deletion: the last of an id is its present one.
        let mut latest = BTreeMap::new();
        for ((id, version, is_deleted), (_, value)) in &self.appended {
            latest.insert(*id, (!is_deleted).then_some((*version, *value)));
        }
        let latest: BTreeMap<_, _> = latest.into_iter().filter_map(|(id, state)| Some((id, state?))).collect();
        assert!(latest == self.documents, "the latest view is the documents");
        let twice = self.appended.values().filter(|(count, _)| *count > 1).count();
        let figures =
            format!("{changes} changes: {twice} appended twice, {} letters, {:?}", self.letters, self.mishaps);
        assert!(twice > 0 && self.letters > 0 && self.mishaps.len() == 6, "{figures}");
        eprintln!("{figures}");
    }
}

fn head(id: u64, time: String) -> RequestHead {
    let headers = [("ce-id", "e".to_owned()), ("ce-time", time), ("ce-document", format!("leads/d-{id}"))];
    let headers = headers.map(|(name, value)| (name.to_owned(), value)).into();
    RequestHead { method: "POST".to_owned(), path: "/".to_owned(), headers }
}

fn document(id: u64, (micros, value): (i64, i64)) -> Document {
    let nanos = i32::try_from(micros.rem_euclid(1_000_000) * 1_000).expect("less than a second");
    Document {
        name: format!("{ROOT}leads/d-{id}"),
        fields: [("score".to_owned(), Value { value_type: Some(ValueType::IntegerValue(value)) })].into(),
        create_time: None,
        update_time: Some(ProtoTimestamp { seconds: micros.div_euclid(1_000_000), nanos }),
    }
}
