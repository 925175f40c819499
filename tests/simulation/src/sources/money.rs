//! One customer's deposits, payments, withdrawals, refunds and disputes, mostly in legal order.

use serde_json::{Value as Json, json};

use super::Author;
use crate::plan::{BEGINNING_MS, FaultKind, HOUR_MS};

/// A transaction as its bank reports it.
#[derive(Clone)]
struct ReportedTransaction {
    id: String,
    /// The type of its last event.
    last: &'static str,
    currency: &'static str,
    minor: u64,
    /// The payment that it is a refund or a dispute of.
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
    "FeeCharged",
    "BalanceAdjusted",
    "PayoutOrdered",
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
    "FeeCharged",
    "BalanceAdjusted",
    "PayoutOrdered",
];

/// The types that may follow the last event of a transaction.
fn next_events(last: &str) -> &'static [&'static str] {
    match last {
        "PaymentInitiated" => &["PaymentReceived", "PaymentReceived", "PaymentFailed", "PaymentCanceled"],
        "PaymentFailed" | "PaymentCanceled" => &["PaymentReceived"],
        "PaymentReceived" => &[
            "RefundRequested",
            "RefundRequested",
            "DisputeOpened",
            "DisputeOpened",
            "PaymentReversed",
            "PaymentReceived",
            "RefundSettled",
        ],
        "PaymentReversed" => &["DisputeOpened", "RefundSettled"],
        "PaymentSent" => &["PaymentReversed", "PaymentSent"],
        "WithdrawalRequested" | "PayoutOrdered" => {
            &["WithdrawalSettled", "WithdrawalSettled", "WithdrawalFailed", "WithdrawalCanceled", "WithdrawalExpired"]
        }
        "WithdrawalSettled" => &["WithdrawalExpired", "WithdrawalFailed"],
        "WithdrawalFailed" | "WithdrawalCanceled" | "WithdrawalExpired" => &["WithdrawalSettled", "WithdrawalExpired"],
        "RefundRequested" => &["RefundSettled", "RefundFailed"],
        "RefundSettled" => &["RefundFailed"],
        "RefundFailed" => &["RefundSettled"],
        "DisputeOpened" => &["DisputeWon", "DisputeLost"],
        "DisputeWon" => &["DisputeLost"],
        "DisputeLost" => &["DisputeWon"],
        _ => &[],
    }
}

pub(super) fn moves(author: &mut Author<'_>, mut at_ms: u64, user: &str) {
    if author.chance.one_in(10) {
        withdraws_by_and_by(author, at_ms, user);
    }
    let mut reported: Vec<ReportedTransaction> = Vec::new();
    for _ in 0..author.chance.between(0, 14) {
        at_ms = author.later(at_ms);
        let open: Vec<usize> =
            (0..reported.len()).filter(|number| !next_events(reported[*number].last).is_empty()).collect();
        let is_illegal = !reported.is_empty() && author.hits(FaultKind::Illegal);
        let (on, kind) = if is_illegal {
            (Some(author.chance.index(reported.len())), *author.chance.pick(ALL))
        } else if open.is_empty() || author.chance.one_in(3) {
            (None, *author.chance.pick(if reported.is_empty() { MONEY_COMES } else { BEGINNINGS }))
        } else {
            let latest = open[open.len() - 1];
            let on = if author.chance.one_in(2) { latest } else { *author.chance.pick(&open) };
            (Some(on), *author.chance.pick(next_events(reported[on].last)))
        };
        let mut transaction = next(author, on.map(|on| &reported[on]), kind);
        // Mostly in a currency of which there is a balance.
        if let (None, Some(first)) = (on, reported.first().filter(|_| !author.chance.one_in(4))) {
            transaction.currency = first.currency;
        }
        let whose = if author.hits(FaultKind::Illegal) { author.neighbour() } else { user.to_owned() };
        author.publish(at_ms, kind, &whose, data(kind, &transaction));
        match on {
            // A deposit goes on after a claim on it.
            Some(on) if transaction.id == reported[on].id => reported[on] = transaction,
            Some(_) | None => reported.push(transaction),
        }
    }
}

/// Withdrawals hours apart, some of them reported late: the daily limit refuses some, and allows more a day later.
fn withdraws_by_and_by(author: &mut Author<'_>, mut at_ms: u64, user: &str) {
    let mut reported =
        ReportedTransaction { id: author.chance.uuid(), last: "", currency: "CZK", minor: 5_000_000, of: None };
    author.publish(at_ms, "PaymentReceived", user, data("PaymentReceived", &reported));
    for _ in 0..author.chance.between(3, 9) {
        at_ms += author.chance.between(1, 13 * HOUR_MS);
        if at_ms > BEGINNING_MS + author.plan.span_ms {
            return;
        }
        (reported.id, reported.minor) = (author.chance.uuid(), author.chance.between(1_000, 120_000));
        let asked_ms = author.earlier(at_ms);
        author.publish_past(at_ms, asked_ms, "WithdrawalRequested", user, data("WithdrawalRequested", &reported));
    }
}

/// The transaction after this event.
fn next(author: &mut Author<'_>, on: Option<&ReportedTransaction>, kind: &'static str) -> ReportedTransaction {
    let is_claim = matches!(kind, "RefundRequested" | "DisputeOpened");
    let is_exact = !author.hits(FaultKind::Illegal) && !author.chance.one_in(20);
    match on {
        Some(paid)
            if is_claim && (paid.of.is_none() || author.chance.one_in(2))
                || kind == "RefundSettled" && paid.of.is_none() =>
        {
            // Several claims together sometimes exceed the payment.
            let minor = author.chance.between(1, paid.minor);
            let (id, of) = (author.chance.uuid(), Some(paid.id.clone()));
            ReportedTransaction { id, last: kind, minor, of, ..paid.clone() }
        }
        Some(reported) => {
            let minor = match kind {
                "WithdrawalSettled" if is_exact && !author.chance.one_in(4) => {
                    author.chance.between(1.max(reported.minor / 2), reported.minor)
                }
                kind if is_exact && kind != "WithdrawalSettled" => reported.minor,
                _ => author.chance.between(1, reported.minor.saturating_mul(2)),
            };
            // Only a currency with as many decimals, in which the amount is valid.
            let currency = match reported.currency {
                "CZK" if !is_exact && author.chance.one_in(2) => "EUR",
                currency => currency,
            };
            ReportedTransaction { last: kind, minor, currency, ..reported.clone() }
        }
        None => {
            let id = author.chance.uuid();
            let currency = *author.chance.pick(&["CZK", "CZK", "EUR", "JPY", "BHD"]);
            let most = if kind == "WithdrawalRequested" { 100_000 } else { 500_000 };
            ReportedTransaction { id, last: kind, currency, minor: author.chance.between(1, most), of: None }
        }
    }
}

fn data(kind: &str, reported: &ReportedTransaction) -> Json {
    let mut data = json!({ "method": "TRANSFER", "currency": reported.currency, "amount": amount(reported), "reason": "as they say" });
    data["direction"] = if reported.minor.is_multiple_of(2) { "CREDIT" } else { "DEBIT" }.into();
    data["operator"] = "one@bank.example".into();
    data["approvedBy"] = "two@bank.example".into();
    let own = match kind {
        _ if kind.starts_with("Refund") => "refundId",
        _ if kind.starts_with("Dispute") => "disputeId",
        _ => "transactionId",
    };
    if let Some(of) = &reported.of {
        data["transactionId"] = of.as_str().into();
    }
    // Every other settlement of a refund names its payment and amount.
    if kind == "RefundSettled" && reported.minor.is_multiple_of(2) && reported.of.is_some() {
        let fields = data.as_object_mut().expect("an object");
        fields.retain(|name, _| !["transactionId", "amount"].contains(&name.as_str()));
    }
    data[own] = reported.id.as_str().into();
    data
}

fn amount(reported: &ReportedTransaction) -> String {
    let minor = reported.minor;
    match reported.currency {
        "JPY" => minor.to_string(),
        "BHD" => format!("{}.{:03}", minor / 1_000, minor % 1_000),
        _ => format!("{}.{:02}", minor / 100, minor % 100),
    }
}
