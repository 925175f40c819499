//! The limits of withdrawals hold, whatever time their events name.

use std::cell::Cell;

use boma_core::{
    kernel::{
        ids::{Id, TransactionId},
        money::Currency,
    },
    store::{
        document::Document,
        path::DocumentPath,
        value::{Value, map},
    },
};
use in_memory_store::InMemoryStore;
use property::check_some;
use proptest::{prelude::*, sample::select};
use serde_json::{Value as Json, json};

use crate::customers::{customer, customers, deliver};

const MINUTES_OF_A_DAY: usize = 24 * 60;
/// In minor units.
const PER_WITHDRAWAL: i64 = 20_000;
const PER_DAY: i64 = 50_000;

/// An event of one of a few withdrawals, some minutes after the one before.
#[derive(Clone, Debug)]
struct Told {
    kind: &'static str,
    withdrawal: usize,
    amount: i64,
    time: &'static str,
    minutes_later: usize,
}

fn told() -> impl Strategy<Value = Told> {
    let kinds = [
        "WithdrawalRequested",
        "WithdrawalRequested",
        "WithdrawalRequested",
        "WithdrawalSettled",
        "WithdrawalFailed",
        "WithdrawalCanceled",
    ];
    // The last one is within the minutes that hosts' clocks may differ.
    let times = ["0001-01-01T00:00:00Z", "2025-12-24T12:00:00Z", "2026-02-28T23:59:59Z", "2026-03-01T00:04:59Z"];
    let amounts = prop_oneof![4 => 1..=PER_WITHDRAWAL, 1 => PER_WITHDRAWAL..=PER_DAY];
    let told = (select(kinds.to_vec()), 0..40_usize, amounts, select(times.to_vec()), 0..=400_usize);
    told.prop_map(|(kind, withdrawal, amount, time, minutes_later)| Told {
        kind,
        withdrawal,
        amount,
        time,
        minutes_later,
    })
}

impl Told {
    fn id(&self) -> String {
        format!("d0000000-0000-4000-8000-{:012}", self.withdrawal)
    }

    fn event(&self, number: usize) -> Json {
        let amount = format!("{}.{:02}", self.amount / 100, self.amount % 100);
        json!({
            "specversion": "1.0",
            "id": format!("00000000-0000-4000-8000-{number:012}"),
            "source": "//property",
            "type": self.kind,
            "subject": customer(0),
            "time": self.time,
            "data": { "transactionId": self.id(), "amount": amount, "currency": "CZK", "method": "CARD" },
        })
    }
}

/// One rich customer, and a limit.
fn bank() -> InMemoryStore {
    let mut store = customers();
    let path = DocumentPath::limit(Currency::parse("CZK").expect("a currency"));
    store.put(path, Document { fields: map([("perWithdrawal", PER_WITHDRAWAL.into()), ("perDay", PER_DAY.into())]) });
    let held = map([("available", 100_000_000_i64.into()), ("pending", 0.into()), ("reserved", 0.into())]);
    let user = DocumentPath::user(Id::parse(&customer(0)).expect("an id"));
    let mut document = store.document(&user).expect("a customer").clone();
    document.fields.insert("balances".to_owned(), Value::Map(map([("CZK", held.into())])));
    store.put(user, document);
    store
}

/// What counts: the withdrawal, the amount, and the minute in which it was decided.
#[derive(Default)]
struct Day(Vec<(String, i64, usize)>);

impl Day {
    fn sum(&self, minute: usize) -> i64 {
        self.0.iter().filter(|(_, _, at)| minute - at < MINUTES_OF_A_DAY).map(|(_, amount, _)| amount).sum()
    }

    fn drop(&mut self, id: &str) {
        self.0.retain(|(known, ..)| known != id);
    }
}

#[test]
fn limits_hold_under_any_event_times() {
    let (authorized, exceeded) = (Cell::new(0), Cell::new(0));
    check_some(300, prop::collection::vec(told(), 20..=100), |history| {
        let (mut store, mut day, mut minute) = (bank(), Day::default(), 0);
        for (number, told) in history.iter().enumerate() {
            minute += told.minutes_later;
            let id = told.id();
            let path = DocumentPath::transaction(TransactionId::parse(&id).expect("an id"));
            let status = |store: &InMemoryStore| store.document(&path).map(|it| it.string("status").map(str::to_owned));
            let before = status(&store);
            deliver(&mut store, &told.event(number), minute).0.expect("an outcome");
            // Nothing yet: the event waits for its withdrawal.
            let Some(after) = status(&store) else { continue };
            let after = after.expect("a status");
            if before == Some(Ok(after.clone())) {
                continue;
            }
            let is_late = before.is_some_and(|before| before != Ok("AUTHORIZED".to_owned()));
            match after.as_str() {
                "AUTHORIZED" => {
                    day.0.push((id, told.amount, minute));
                    prop_assert!(
                        told.amount <= PER_WITHDRAWAL && day.sum(minute) <= PER_DAY,
                        "{:?} went through",
                        told
                    );
                    authorized.set(authorized.get() + 1);
                }
                "FAILED" if told.kind == "WithdrawalRequested" => {
                    let is_too_much = told.amount > PER_WITHDRAWAL || day.sum(minute) + told.amount > PER_DAY;
                    prop_assert!(is_too_much, "{:?} was kept out", told);
                    exceeded.set(exceeded.get() + 1);
                }
                "SETTLED" if is_late => day.0.push((id, told.amount, minute)),
                "SETTLED" => {}
                _ => day.drop(&id),
            }
        }
        Ok(())
    });
    assert!(authorized.get() > 1_000 && exceeded.get() > 1_000, "{} and {}", authorized.get(), exceeded.get());
}
