//! A second ledger, as a bank would keep it: it is told the applied events alone, and shares no code with the function.

use std::{
    cmp::min,
    collections::{BTreeMap, btree_map::Entry},
};

use serde_json::Value as Json;

use crate::{audit::Account, customers::restricted};

#[derive(Debug, Default)]
pub(crate) struct SecondLedger {
    balances: BTreeMap<Account, i64>,
    records: BTreeMap<String, Record>,
}

#[derive(Clone, Debug, Default)]
struct Record {
    status: &'static str,
    /// The type of the event that it began with, and whose it is.
    begun_by: String,
    who: String,
    currency: String,
    is_sent: bool,
    amount: i64,
    moved: i64,
    /// What was given back of it, is about to be, or is disputed; and what was taken back.
    claimed: i64,
    reversed: i64,
    payment: String,
}

impl Record {
    fn left(&self) -> i64 {
        (self.moved - self.claimed - self.reversed).max(0)
    }
}

impl SecondLedger {
    pub(crate) fn held(&self) -> BTreeMap<Account, i64> {
        self.balances
            .iter()
            .filter(|(_, amount)| **amount != 0)
            .map(|(account, amount)| (account.clone(), *amount))
            .collect()
    }

    /// Whether it is a fact about money that moved, of a record that can't have it otherwise: it must be posted.
    pub(crate) fn must_post(&self, event: &Json) -> bool {
        let (kind, who) = (event["type"].as_str().expect("a type"), event["subject"].as_str().expect("a subject"));
        let own = |name: &str, beginnings: &[&str], statuses: &[&str]| {
            let record = event["data"][name].as_str().and_then(|id| self.records.get(id));
            record.is_some_and(|it| {
                it.who == who && beginnings.contains(&it.begun_by.as_str()) && statuses.contains(&it.status)
            })
        };
        let deposit = ["PaymentInitiated", "PaymentReceived"];
        let withdrawal = ["WithdrawalRequested", "PayoutOrdered"];
        let refund = ["RefundRequested", "RefundSettled"];
        match kind {
            "PaymentReversed" => {
                own("transactionId", &["PaymentInitiated", "PaymentReceived", "PaymentSent"], &["SETTLED"])
            }
            "WithdrawalSettled" => own("transactionId", &withdrawal, &["AUTHORIZED", "FAILED"]),
            "WithdrawalFailed" => own("transactionId", &withdrawal, &["AUTHORIZED", "SETTLED"]),
            "RefundSettled" if event["data"]["transactionId"].is_null() => {
                own("refundId", &refund, &["AUTHORIZED", "FAILED"])
            }
            "RefundFailed" => own("refundId", &refund, &["AUTHORIZED", "SETTLED"]),
            "DisputeOpened" => {
                let is_new = event["data"]["disputeId"].as_str().is_some_and(|id| !self.records.contains_key(id));
                is_new && own("transactionId", &deposit, &["SETTLED", "REVERSED"])
            }
            "DisputeWon" => own("disputeId", &["DisputeOpened"], &["OPEN", "LOST"]),
            "DisputeLost" => own("disputeId", &["DisputeOpened"], &["OPEN", "WON"]),
            _ => false,
        }
    }

    pub(crate) fn apply(&mut self, event: &Json) {
        let text = |name: &str| event["data"][name].as_str().unwrap_or_default().to_owned();
        let (kind, who) = (event["type"].as_str().expect("a type"), event["subject"].as_str().expect("a subject"));
        let amount: i64 = text("amount").replace('.', "").parse().unwrap_or(0);
        let (transaction, refund, dispute) = (text("transactionId"), text("refundId"), text("disputeId"));
        match kind {
            "PaymentInitiated" => self.begin(event, &transaction, text("currency"), amount, "PENDING", ""),
            "PaymentReceived" => {
                if !self.records.contains_key(&transaction) {
                    self.begin(event, &transaction, text("currency"), amount, "PENDING", "");
                }
                self.end(&transaction, "SETTLED").moved = amount;
                self.put(who, &transaction, [amount, 0, 0]);
            }
            "PaymentFailed" | "PaymentCanceled" => drop(self.end(&transaction, "FAILED")),
            "PaymentSent" | "FeeCharged" => {
                self.begin(event, &transaction, text("currency"), amount, "SETTLED", "");
                self.record(&transaction).is_sent = true;
                self.put(who, &transaction, [-amount, 0, 0]);
            }
            "BalanceAdjusted" => {
                self.begin(event, &transaction, text("currency"), amount, "SETTLED", "");
                self.put(who, &transaction, [if text("direction") == "CREDIT" { amount } else { -amount }, 0, 0]);
            }
            "PaymentReversed" => {
                let payment = self.end(&transaction, "REVERSED");
                let left = payment.left();
                payment.reversed += left;
                let back = if payment.is_sent { left } else { -left };
                self.put(who, &transaction, [back, 0, 0]);
            }
            "WithdrawalRequested" | "PayoutOrdered" => {
                self.begin(event, &transaction, text("currency"), amount, "FAILED", "");
                let is_allowed = kind == "PayoutOrdered" || restricted(who).is_none();
                self.hold(who, &transaction, is_allowed);
            }
            "WithdrawalSettled" => {
                let (before, record) = self.ended(&transaction, "SETTLED");
                record.moved = amount;
                let held = if before.status == "AUTHORIZED" { before.amount } else { 0 };
                self.put(who, &transaction, [held - amount, -held, 0]);
            }
            "WithdrawalFailed" | "WithdrawalCanceled" | "WithdrawalExpired" => {
                let (before, record) = self.ended(&transaction, "FAILED");
                let moves = if before.status == "SETTLED" {
                    record.status = "REVERSED";
                    [before.moved, 0, 0]
                } else {
                    [before.amount, -before.amount, 0]
                };
                self.put(who, &transaction, moves);
            }
            "RefundRequested" => {
                let payment = self.record(&transaction).clone();
                self.begin(event, &refund, payment.currency.clone(), amount, "FAILED", &transaction);
                let is_restricted = matches!(restricted(who), Some("SUSPENDED" | "CLOSED"));
                if self.hold(who, &refund, !is_restricted && amount <= payment.left()) {
                    self.record(&transaction).claimed += amount;
                }
            }
            "RefundSettled" => {
                if let Entry::Vacant(_) = self.records.entry(refund.clone()) {
                    let currency = self.record(&transaction).currency.clone();
                    self.begin(event, &refund, currency, amount, "FAILED", &transaction);
                }
                let (before, _) = self.ended(&refund, "SETTLED");
                if before.status == "AUTHORIZED" {
                    self.put(who, &refund, [0, -before.amount, 0]);
                } else {
                    self.record(&before.payment).claimed += before.amount;
                    self.put(who, &refund, [-before.amount, 0, 0]);
                }
            }
            "RefundFailed" => {
                let (before, _) = self.ended(&refund, "FAILED");
                let pending = if before.status == "AUTHORIZED" { before.amount } else { 0 };
                let back = self.given_back(&before);
                self.put(who, &refund, [back, -pending, 0]);
            }
            "DisputeOpened" => {
                let payment = self.record(&transaction);
                payment.claimed += amount;
                let currency = payment.currency.clone();
                self.begin(event, &dispute, currency, amount, "OPEN", &transaction);
                self.put(who, &dispute, [-amount, 0, amount]);
            }
            "DisputeWon" => {
                let (before, _) = self.ended(&dispute, "WON");
                let reserved = if before.status == "OPEN" { before.amount } else { 0 };
                let back = self.given_back(&before);
                self.put(who, &dispute, [back, 0, -reserved]);
            }
            "DisputeLost" => {
                let (before, _) = self.ended(&dispute, "LOST");
                if before.status == "OPEN" {
                    self.put(who, &dispute, [0, 0, -before.amount]);
                } else {
                    self.record(&before.payment).claimed += before.amount;
                    self.put(who, &dispute, [-before.amount, 0, 0]);
                }
            }
            other => panic!("{other} isn't for a ledger"),
        }
    }

    fn begin(&mut self, event: &Json, id: &str, currency: String, amount: i64, status: &'static str, payment: &str) {
        let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
        let (payment, begun_by, who) = (payment.to_owned(), text("type"), text("subject"));
        let record = Record { status, begun_by, who, currency, amount, moved: amount, payment, ..Record::default() };
        self.records.insert(id.to_owned(), record);
    }

    fn record(&mut self, id: &str) -> &mut Record {
        self.records.get_mut(id).unwrap_or_else(|| panic!("{id} has never begun"))
    }

    fn end(&mut self, id: &str, status: &'static str) -> &mut Record {
        self.ended(id, status).1
    }

    /// The record as it was, and as it is.
    fn ended(&mut self, id: &str, status: &'static str) -> (Record, &mut Record) {
        let record = self.record(id);
        let before = record.clone();
        record.status = status;
        (before, record)
    }

    /// If nothing but the funds can stand in the way, and they don't.
    fn hold(&mut self, who: &str, id: &str, is_allowed: bool) -> bool {
        let (currency, amount) = (self.record(id).currency.clone(), self.record(id).amount);
        let available = self.balances.get(&(who.to_owned(), currency, "available".to_owned())).copied().unwrap_or(0);
        let is_held = is_allowed && available >= amount;
        if is_held {
            self.record(id).status = "AUTHORIZED";
            self.put(who, id, [-amount, amount, 0]);
        }
        is_held
    }

    /// What of a claim that came to nothing is the customer's.
    fn given_back(&mut self, claim: &Record) -> i64 {
        let payment = self.record(&claim.payment);
        payment.claimed -= claim.amount;
        if payment.status != "REVERSED" {
            return claim.amount;
        }
        let taken = min(claim.amount, payment.left());
        payment.reversed += taken;
        claim.amount - taken
    }

    /// Available, pending, reserved.
    fn put(&mut self, who: &str, id: &str, moves: [i64; 3]) {
        let currency = self.record(id).currency.clone();
        for (account, amount) in ["available", "pending", "reserved"].into_iter().zip(moves) {
            *self.balances.entry((who.to_owned(), currency.clone(), account.to_owned())).or_default() += amount;
        }
    }
}
