//! Requests to the real endpoint, each at some step, over documents in memory; and every way in which they can go on.

use std::{
    collections::{BTreeSet, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
};

use boma_core::{
    domain::approvals::{documents::approval, machine::Status},
    jobs::operator::Desk,
    kernel::{
        digest::Digest,
        ids::{EventId, Id},
        operator::{Operator, Role},
        timestamp::Timestamp,
    },
    protocol::{
        request::{Request, RequestHead, RequestRun},
        step::{Answer, Call, Failure, FailureClass, Reply, Step},
    },
    store::{
        path::DocumentPath,
        write::{Expected, GuardedWrite},
    },
};
use in_memory_store::InMemoryStore;
use serde_json::{Map, Value as Json, json};

const ID: &str = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
const CUSTOMER: &str = "5e0a1f9c-0000-4000-8000-000000000001";
const NOW_MICROS: i64 = 1_772_359_200_000_000;

/// How many requests may break off on the way.
const CRASHES: u32 = 1;

type Person = (&'static str, Role);

/// A button that somebody presses, once.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pressed {
    Ask {
        who: Person,
        amount: u32,
    },
    /// Of what `of` has asked for, as far as `who` has seen it.
    Decide {
        who: Person,
        decision: &'static str,
        of: Person,
        amount: u32,
    },
}

#[derive(Clone, Debug)]
pub(crate) struct World {
    store: InMemoryStore,
    /// The data of each message.
    published: Vec<Map<String, Json>>,
    requests: Vec<Running>,
    pressed: Vec<Pressed>,
    crashes_left: u32,
    is_guarded: bool,
}

#[derive(Clone, Debug)]
struct Running {
    run: RequestRun<Desk>,
    /// None before it begins, and after it has ended.
    pending: Option<Call>,
    /// Of all that it was told: it does nothing but by that.
    told: u64,
    has_published: bool,
    has_ended: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) ends: u32,
    pub(crate) published: u32,
    pub(crate) unpublished: u32,
    pub(crate) wrong: Option<String>,
}

impl World {
    pub(crate) fn of(pressed: &[Pressed]) -> World {
        World {
            store: InMemoryStore::default(),
            published: Vec::new(),
            requests: pressed.iter().map(Running::of).collect(),
            pressed: pressed.to_vec(),
            crashes_left: CRASHES,
            is_guarded: true,
        }
    }

    pub(crate) fn without_guards(self) -> World {
        World { is_guarded: false, ..self }
    }

    /// Each world that may be the next one.
    fn next(&self) -> Vec<World> {
        let open = self.requests.iter().enumerate().filter(|(_, it)| !it.has_ended).map(|(index, _)| index);
        open.flat_map(|index| {
            let goes_on = self.with(|world| world.advance(index));
            // Before its call is carried out, or after it and before it hears of that.
            let breaks_off = [false, true].map(|is_carried_out| {
                self.with(|world| {
                    world.crashes_left = world.crashes_left.saturating_sub(1);
                    if is_carried_out && let Some(call) = world.requests[index].pending.clone() {
                        world.carry_out(call);
                    }
                    world.requests[index].has_ended = true;
                })
            });
            let may_break_off = self.crashes_left > 0 && self.requests[index].pending.is_some();
            std::iter::once(goes_on).chain(breaks_off.into_iter().filter(move |_| may_break_off))
        })
        .collect()
    }

    fn with(&self, change: impl FnOnce(&mut World)) -> World {
        let mut world = self.clone();
        change(&mut world);
        world
    }

    fn advance(&mut self, index: usize) {
        let mut answer = match self.requests[index].pending.take() {
            None => Answer::Begin,
            Some(call) => self.carry_out(call),
        };
        let running = &mut self.requests[index];
        let now = Timestamp::from_micros(NOW_MICROS).expect("in range");
        loop {
            running.told = hash_of(&(running.told, &answer));
            running.has_published |= answer == Answer::Published;
            match running.run.next(Reply { answer, now, random: 7 }) {
                Step::Call(call) => {
                    running.pending = Some(call);
                    return;
                }
                // The looks that follow a publication change nothing; after a race it begins anew.
                Step::Wait { .. } if !running.has_published => answer = Answer::Waited,
                Step::Wait { .. } | Step::Done(_) => {
                    running.has_ended = true;
                    return;
                }
            }
        }
    }

    fn carry_out(&mut self, call: Call) -> Answer {
        match call {
            Call::Read { paths, .. } => Answer::Found(self.store.snapshot(paths)),
            Call::Commit { writes, .. } => self.commit(writes),
            Call::Publish { batch, .. } => {
                for message in batch.messages {
                    let event: Json = serde_json::from_slice(&message.data).expect("JSON");
                    assert_eq!((event["id"].as_str(), event["type"].as_str()), (Some(ID), Some("PayoutOrdered")));
                    self.published.push(event["data"].as_object().expect("data").clone());
                }
                Answer::Published
            }
            Call::Query { .. } | Call::Append { .. } => unreachable!("it asks for none"),
        }
    }

    fn commit(&mut self, mut writes: Vec<GuardedWrite>) -> Answer {
        if !self.is_guarded {
            for write in &mut writes {
                let version = self.store.version(&write.path);
                write.expected = version.map_or(Expected::Absent, Expected::Version);
            }
        }
        match self.store.commit(&writes) {
            Ok(()) => Answer::Committed,
            Err(_) => Answer::Failed(Failure { class: FailureClass::Raced, status: "FAILED_PRECONDITION".to_owned() }),
        }
    }

    /// What is wrong with it, where something is.
    fn wrong(&self) -> Option<String> {
        if self.published.windows(2).any(|pair| pair[0] != pair[1]) {
            return Some(format!("two things are published under one id: {:?}", self.published));
        }
        let said = self.published.first()?;
        let text = |name: &str| said.get(name).and_then(Json::as_str).unwrap_or_default();
        let (operator, approver, amount) = (text("operator"), text("approvedBy"), text("amount"));
        let has_asked = |it: &Pressed| matches!(it, Pressed::Ask { who, amount: asked } if who.0 == operator && amount == money(*asked));
        let has_agreed = |it: &Pressed| {
            matches!(it, Pressed::Decide { who: (email, Role::Supervisor), decision: "APPROVE", of, amount: seen }
                if *email == approver && of.0 == operator && amount == money(*seen))
        };
        if !self.pressed.iter().any(has_asked) {
            return Some(format!("nobody asked for {said:?}"));
        }
        if !self.pressed.iter().any(has_agreed) {
            return Some(format!("nobody agreed to {said:?}"));
        }
        if operator == approver {
            return Some(format!("one person alone is behind {said:?}"));
        }
        let document = self.store.document(&DocumentPath::approval(id()))?;
        let stored = approval::read(document).expect("an approval");
        let is_decided = stored.approval.decided.as_ref().is_some_and(|decided| decided.by == approver);
        if stored.approval.status != Status::Approved || !is_decided {
            return Some(format!("published, and {}: rejected or decided by another", stored.approval.status));
        }
        let asked = request_data(operator, amount);
        let is_stored = stored.approval.digest == Digest::of("PayoutOrdered", CUSTOMER, &asked);
        (!is_stored).then(|| format!("nobody asked in the record for {said:?}"))
    }

    fn key(&self) -> u64 {
        let requests: Vec<_> = self.requests.iter().map(|it| (it.told, it.has_ended)).collect();
        let published: Vec<_> = self.published.iter().map(|data| json!(data).to_string()).collect();
        hash_of(&(&self.store, published, requests, self.crashes_left))
    }
}

fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

impl Running {
    fn of(pressed: &Pressed) -> Running {
        let (who, path, body) = match pressed {
            Pressed::Ask { who, amount } => (who, "/commands".to_owned(), command(*amount)),
            Pressed::Decide { who, decision, of, amount } => {
                let digest = Digest::of("PayoutOrdered", CUSTOMER, &request_data(of.0, &money(*amount)));
                (who, format!("/approvals/{ID}"), json!({ "decision": decision, "digest": digest.as_str() }))
            }
        };
        let head = RequestHead { method: "POST".to_owned(), path, headers: Vec::new() };
        let signed_in_at = Timestamp::from_micros(NOW_MICROS - 60_000_000).expect("in range");
        let caller = Some(Operator { email: who.0.to_owned(), account: None, role: who.1, signed_in_at });
        let run = RequestRun::new(Request { head, body: body.to_string().into_bytes().into(), caller });
        Running { run, pending: None, told: 0, has_published: false, has_ended: false }
    }
}

/// Depth first; what two orders come to alike is gone through once.
pub(crate) fn every_interleaving(first: World) -> Found {
    let (mut found, mut seen, mut left) = (Found::default(), BTreeSet::new(), vec![first]);
    while let Some(world) = left.pop() {
        if !seen.insert(world.key()) {
            continue;
        }
        if let Some(wrong) = world.wrong() {
            found.wrong = Some(wrong);
            return found;
        }
        let next = world.next();
        if next.is_empty() {
            found.ends += 1;
            let count = if world.published.is_empty() { &mut found.unpublished } else { &mut found.published };
            *count += 1;
        }
        left.extend(next);
    }
    found
}

fn id() -> EventId {
    EventId::parse(ID).expect("an id")
}

fn money(amount: u32) -> String {
    format!("{amount}.00")
}

/// As it is stored: with the one who asks.
fn request_data(email: &str, amount: &str) -> Map<String, Json> {
    let mut data = payout(amount);
    data.insert("operator".to_owned(), email.into());
    data
}

fn command(amount: u32) -> Json {
    json!({ "id": ID, "type": "PayoutOrdered", "subject": CUSTOMER, "data": payout(&money(amount)) })
}

fn payout(amount: &str) -> Map<String, Json> {
    let data = json!({
        "transactionId": "0f8fad5b-d9cb-469f-a165-70867728950e",
        "amount": amount,
        "currency": "CZK",
        "method": "TRANSFER",
        "reason": "the rest",
    });
    data.as_object().expect("an object").clone()
}
