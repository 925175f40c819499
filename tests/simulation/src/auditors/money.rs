//! Balances are the sums of the raw facts; each transaction is settled once; who goes below zero is told.

use std::collections::BTreeMap;

use super::{Violation, customers, documents, records};
use crate::{
    content::Claim,
    stored::{integer, map, text},
    world::World,
};

const BALANCES: &str = "balances";

pub(super) fn audit(world: &World) -> Option<Violation> {
    let mut sums: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    let mut transactions: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for (commit, record, claim) in records(world, "payments") {
        let wrong = |what: &str| {
            let what = format!("{} {}: {} {what}", claim.kind, claim.id, record.outcome);
            Some(Violation::new(BALANCES, what).about(&claim.subject))
        };
        let Some((transaction, currency, change)) = movement(claim) else {
            if record.outcome != "REFUSED" {
                return wrong("though there is no such withdrawal");
            }
            continue;
        };
        let settled_at = transactions.get(transaction).map(|(number, _)| *number);
        match (record.outcome.as_str(), settled_at) {
            ("APPLIED", None) => {
                transactions.insert(transaction, (commit.number, change));
                let sum = sums.entry((&claim.subject, currency)).or_default();
                let before = *sum;
                *sum += change;
                if (before >= 0 && *sum < 0) == record.outgoing_ids.is_empty() {
                    return wrong(&format!("from {before} to {sum}, with {} notices", record.outgoing_ids.len()));
                }
            }
            ("APPLIED", Some(_)) => return wrong("though its transaction was settled before"),
            ("REFUSED", Some(number)) if number <= commit.seen_commits => {}
            _ => return wrong(&format!("({}), and nothing speaks against it", record.reason)),
        }
    }
    other_balance(world, &sums).or_else(|| other_transactions(world, &transactions))
}

/// The transaction, its currency, and what it adds to the customer's money, in minor units.
fn movement(claim: &Claim) -> Option<(&str, &str, i64)> {
    let sign = match claim.kind.as_str() {
        "PaymentReceived" => 1,
        "PaymentSent" => -1,
        _ => return None,
    };
    let minor: i64 = claim.text("amount")?.replace('.', "").parse().ok()?;
    Some((claim.text("transactionId")?, claim.text("currency")?, sign * minor))
}

fn other_balance(world: &World, sums: &BTreeMap<(&str, &str), i64>) -> Option<Violation> {
    let mut held = 0;
    for (id, user) in customers(world) {
        for currency in ["BHD", "CZK", "JPY"] {
            let balance = map(user, "balances").and_then(|balances| map(balances, currency));
            let account = |account| balance.map(|it| integer(it, account).unwrap_or(i64::MIN));
            let is = [account("available"), account("pending"), account("reserved")];
            let should = sums.get(&(id, currency)).map(|sum| [*sum, 0, 0]);
            held += usize::from(balance.is_some());
            if is != should.map_or([None; 3], |it| it.map(Some)) {
                let what = format!("{currency} of {id} is {is:?}, and the facts sum to {should:?}");
                return Some(Violation::new(BALANCES, what).about(id));
            }
        }
    }
    (held != sums.len()).then(|| Violation::new(BALANCES, format!("{held} balances for {} sums", sums.len())))
}

fn other_transactions(world: &World, transactions: &BTreeMap<&str, (i64, i64)>) -> Option<Violation> {
    let mut count = 0;
    for (id, stored) in documents(world, "transactions") {
        let amount = transactions.get(id).map(|(_, change)| change.abs());
        count += 1;
        if integer(stored, "amount") != amount || text(stored, "status") != "SETTLED" {
            return Some(Violation::new(BALANCES, format!("transaction {id} isn't what the fact says")));
        }
    }
    (count != transactions.len())
        .then(|| Violation::new(BALANCES, format!("{count} transactions for {} facts", transactions.len())))
}
