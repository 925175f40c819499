//! One customer's money: deposits and payments, withdrawals, refunds and disputes, each mostly as it goes.

use serde_json::{Value as Json, json};

use super::Author;
use crate::{
    agenda::BEGINNING_MS,
    plan::{HOUR_MS, Mischief},
};

/// A transaction, as the bank that reports it sees it.
#[derive(Clone)]
struct Told {
    id: String,
    /// The last that was said of it.
    last: &'static str,
    currency: &'static str,
    minor: u64,
    /// What it is a refund or a dispute of.
    of: Option<String>,
}

const MONEY_COMES: &[&str] = &["PaymentInitiated", "PaymentReceived", "PaymentReceived"];

const BEGINNINGS: &[&str] = &[
    "PaymentInitiated",
    "PaymentReceived",
    "PaymentReceived",
    "PaymentReceived",
    "PaymentSent",
    "WithdrawalRequested",
    "WithdrawalRequested",
];

const ALL: &[&str] = &[
    "PaymentInitiated",
    "PaymentReceived",
    "PaymentSent",
    "PaymentFailed",
    "PaymentCanceled",
    "PaymentReversed",
    "WithdrawalRequested",
    "WithdrawalSettled",
    "WithdrawalFailed",
    "WithdrawalCanceled",
    "WithdrawalExpired",
    "RefundRequested",
    "RefundSettled",
    "RefundFailed",
    "DisputeOpened",
    "DisputeWon",
    "DisputeLost",
];

/// What is said next of a transaction of which this was said last.
fn goes_on(last: &str) -> &'static [&'static str] {
    match last {
        "PaymentInitiated" => &["PaymentReceived", "PaymentReceived", "PaymentFailed", "PaymentCanceled"],
        "PaymentReceived" => {
            &["RefundRequested", "RefundRequested", "DisputeOpened", "DisputeOpened", "PaymentReversed"]
        }
        "PaymentSent" => &["PaymentReversed"],
        "WithdrawalRequested" => {
            &["WithdrawalSettled", "WithdrawalSettled", "WithdrawalFailed", "WithdrawalCanceled", "WithdrawalExpired"]
        }
        "WithdrawalSettled" | "WithdrawalCanceled" => &["WithdrawalExpired"],
        "RefundRequested" => &["RefundSettled", "RefundFailed"],
        "DisputeOpened" => &["DisputeWon", "DisputeLost"],
        _ => &[],
    }
}

pub(super) fn moves(author: &mut Author<'_>, mut at_ms: u64, user: &str) {
    if author.chance.one_in(10) {
        withdraws_by_and_by(author, at_ms, user);
    }
    let mut told: Vec<Told> = Vec::new();
    for _ in 0..author.chance.between(0, 14) {
        at_ms = author.later(at_ms);
        let open: Vec<usize> = (0..told.len()).filter(|number| !goes_on(told[*number].last).is_empty()).collect();
        let is_illegal = !told.is_empty() && author.hits(Mischief::Illegal);
        let (on, kind) = if is_illegal {
            (Some(author.chance.index(told.len())), *author.chance.pick(ALL))
        } else if open.is_empty() || author.chance.one_in(3) {
            (None, *author.chance.pick(if told.is_empty() { MONEY_COMES } else { BEGINNINGS }))
        } else {
            let latest = open[open.len() - 1];
            let on = if author.chance.one_in(2) { latest } else { *author.chance.pick(&open) };
            (Some(on), *author.chance.pick(goes_on(told[on].last)))
        };
        let mut transaction = next(author, on.map(|on| &told[on]), kind);
        // Mostly of the money that is there.
        if let (None, Some(first)) = (on, told.first().filter(|_| !author.chance.one_in(4))) {
            transaction.currency = first.currency;
        }
        let whose = if author.hits(Mischief::Illegal) { author.neighbour() } else { user.to_owned() };
        author.says(at_ms, kind, &whose, data(kind, &transaction));
        match on {
            // A deposit of which something is wanted back goes on as before.
            Some(on) if transaction.id == told[on].id => told[on] = transaction,
            Some(_) | None => told.push(transaction),
        }
    }
}

/// Hours apart, until the limit of a day says no, and a day later doesn't any more.
fn withdraws_by_and_by(author: &mut Author<'_>, mut at_ms: u64, user: &str) {
    let mut told = Told { id: author.chance.uuid(), last: "", currency: "CZK", minor: 5_000_000, of: None };
    author.says(at_ms, "PaymentReceived", user, data("PaymentReceived", &told));
    for _ in 0..author.chance.between(3, 9) {
        at_ms += author.chance.between(1, 13 * HOUR_MS);
        if at_ms > BEGINNING_MS + author.plan.span_ms {
            return;
        }
        (told.id, told.minor) = (author.chance.uuid(), author.chance.between(1_000, 120_000));
        author.says(at_ms, "WithdrawalRequested", user, data("WithdrawalRequested", &told));
    }
}

/// The transaction as this event tells of it.
fn next(author: &mut Author<'_>, on: Option<&Told>, kind: &'static str) -> Told {
    let is_claim = matches!(kind, "RefundRequested" | "DisputeOpened");
    let is_exact = !author.hits(Mischief::Illegal) && !author.chance.one_in(20);
    match on {
        Some(paid) if is_claim && (paid.of.is_none() || author.chance.one_in(2)) => {
            // What is wanted back in several parts comes to more than there was, now and then.
            let minor = author.chance.between(1, paid.minor);
            let (id, of) = (author.chance.uuid(), Some(paid.id.clone()));
            Told { id, last: kind, minor, of, ..paid.clone() }
        }
        Some(told) => {
            let minor = match kind {
                "WithdrawalSettled" if is_exact && !author.chance.one_in(4) => {
                    author.chance.between(1.max(told.minor / 2), told.minor)
                }
                kind if is_exact && kind != "WithdrawalSettled" => told.minor,
                _ => author.chance.between(1, told.minor.saturating_mul(2)),
            };
            // Only a currency with as many decimals: the amounts of the others would be no amounts in it.
            let currency = match told.currency {
                "CZK" if !is_exact && author.chance.one_in(2) => "EUR",
                currency => currency,
            };
            Told { last: kind, minor, currency, ..told.clone() }
        }
        None => {
            let id = author.chance.uuid();
            let currency = *author.chance.pick(&["CZK", "CZK", "EUR", "JPY", "BHD"]);
            let most = if kind == "WithdrawalRequested" { 100_000 } else { 500_000 };
            Told { id, last: kind, currency, minor: author.chance.between(1, most), of: None }
        }
    }
}

fn data(kind: &str, told: &Told) -> Json {
    let mut data =
        json!({ "method": "TRANSFER", "currency": told.currency, "amount": amount(told), "reason": "as they say" });
    let own = match kind {
        _ if kind.starts_with("Refund") => "refundId",
        _ if kind.starts_with("Dispute") => "disputeId",
        _ => "transactionId",
    };
    if let Some(of) = &told.of {
        data["transactionId"] = of.as_str().into();
    }
    data[own] = told.id.as_str().into();
    data
}

fn amount(told: &Told) -> String {
    let minor = told.minor;
    match told.currency {
        "JPY" => minor.to_string(),
        "BHD" => format!("{}.{:03}", minor / 1_000, minor % 1_000),
        _ => format!("{}.{:02}", minor / 100, minor % 100),
    }
}
