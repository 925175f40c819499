//! The auditors' book of all money, kept by LIFECYCLES alone: the balances after each event.

use std::collections::BTreeMap;

use super::{
    limits::{self, Withdrawal},
    table::{self, Edge},
    transaction::Transaction,
};
use crate::{
    auditors::{as_of, ended::MICROS_TO_SETTLE},
    content::Claim,
};

/// available, pending, reserved
pub(super) type Held = [i64; 3];

#[derive(Debug, Default)]
pub(super) struct Book {
    /// The states of each transaction, with the number of the commit.
    pub(super) transactions: BTreeMap<String, Vec<(i64, Transaction)>>,
    /// Balances by customer and currency.
    pub(super) held: BTreeMap<(String, String), Held>,
    pub(super) withdrawals: Vec<Withdrawal>,
}

impl Book {
    /// Books an applied event: the edge that it takes, or why the request fails. Answers with the templates of the
    /// notifications that it owes.
    pub(super) fn book(
        &mut self,
        claim: &Claim,
        taken: Result<Edge, &'static str>,
        commit: i64,
        now_micros: i64,
    ) -> Vec<&'static str> {
        let (id, number) = (own_id(claim), i64::MAX);
        let (to, flow) = taken.as_ref().map_or(("FAILED", "."), |edge| (edge.to, edge.flow));
        let named = payment_id(claim);
        let mut own = match self.find(id, number) {
            Some(own) => own.clone(),
            None => begun(claim, named.and_then(|of| self.find(of, number)), named),
        };
        let mut of = own.of.as_deref().and_then(|of| self.find(of, number)).cloned();
        let from = own.status;
        own.status = to;
        own.failed_because = taken.as_ref().err().copied();
        own.expires_micros = (to == "AUTHORIZED").then_some(now_micros + MICROS_TO_SETTLE);
        let before = self.held(&own.user, &own.currency);
        let moves = if taken.is_ok() { moves(claim, from, flow, &mut own, of.as_mut()) } else { Vec::new() };
        let after = moves.into_iter().fold(before, |held, (flow, amount)| moved(held, flow, amount));
        if after != before {
            self.held.insert((own.user.clone(), own.currency.clone()), after);
        }
        if own.kind == "WITHDRAWAL" {
            limits::note(&mut self.withdrawals, id, from, &own, now_micros);
        }
        let notified = notified(claim, to, own.kind, before[0], after[0]);
        for (id, state) in own.of.clone().zip(of).into_iter().chain([(id.to_owned(), own)]) {
            self.transactions.entry(id).or_default().push((commit, state));
        }
        notified
    }

    pub(super) fn find(&self, id: &str, seen: i64) -> Option<&Transaction> {
        as_of(self.transactions.get(id)?, seen)
    }

    pub(super) fn held(&self, user: &str, currency: &str) -> Held {
        self.held.get(&(user.to_owned(), currency.to_owned())).copied().unwrap_or_default()
    }
}

/// The amounts that an edge moves, and the transactions after it.
fn moves(
    claim: &Claim,
    from: &str,
    flow: &'static str,
    own: &mut Transaction,
    of: Option<&mut Transaction>,
) -> Vec<(&'static str, i64)> {
    let told = minor(claim).unwrap_or(0);
    match (claim.kind.as_str(), of) {
        ("PaymentReceived", _) => {
            own.settled = (own.minor != told).then_some(told);
            vec![(flow, told)]
        }
        ("BalanceAdjusted", _) => vec![(if own.is_credit { "x>a" } else { "a>x" }, told)],
        ("PaymentReversed", _) => {
            let left = own.left();
            own.reversed = Some(own.reversed.unwrap_or(0) + left);
            vec![(flow, left)]
        }
        ("WithdrawalSettled", _) => {
            own.settled = Some(told);
            if from != "AUTHORIZED" {
                return vec![(flow, told)];
            }
            let covered = told.min(own.minor);
            vec![("p>x", covered), ("a>x", told - covered), ("p>a", own.minor - covered)]
        }
        ("WithdrawalFailed", _) => vec![(flow, own.moved())],
        ("RefundRequested", Some(of)) => {
            of.refunded += own.minor;
            vec![(flow, own.minor)]
        }
        ("RefundSettled", Some(of)) => {
            of.refunded += if from == "PENDING" { 0 } else { own.minor };
            vec![(flow, own.minor)]
        }
        ("DisputeOpened", Some(of)) => {
            of.disputed += own.minor;
            vec![(flow, own.minor)]
        }
        ("DisputeLost", Some(of)) => {
            of.disputed += if from == "PENDING" { 0 } else { own.minor };
            vec![(flow, own.minor)]
        }
        ("RefundFailed", Some(of)) => {
            of.refunded -= own.minor;
            given_back(flow, own.minor, of)
        }
        ("DisputeWon", Some(of)) => {
            of.disputed -= own.minor;
            given_back(flow, own.minor, of)
        }
        _ => vec![(flow, own.minor)],
    }
}

/// After a reversal what comes back goes out, as far as anything is left.
fn given_back(flow: &'static str, amount: i64, of: &mut Transaction) -> Vec<(&'static str, i64)> {
    if of.status != "REVERSED" {
        return vec![(flow, amount)];
    }
    let taken = amount.min(of.left());
    of.reversed = Some(of.reversed.unwrap_or(0) + taken);
    let outward = match flow {
        "p>a" => "p>x",
        "r>a" => "r>x",
        _ => ".",
    };
    vec![(outward, taken), (flow, amount - taken)]
}

/// A refund and a dispute have ids of their own.
pub(super) fn own_id(claim: &Claim) -> &str {
    let name = match claim.kind.as_str() {
        "RefundRequested" | "RefundSettled" | "RefundFailed" => "refundId",
        "DisputeOpened" | "DisputeWon" | "DisputeLost" => "disputeId",
        _ => "transactionId",
    };
    claim.text(name).unwrap_or_default()
}

/// The payment that a claim on it names.
pub(super) fn payment_id(claim: &Claim) -> Option<&str> {
    let names = matches!(claim.kind.as_str(), "RefundRequested" | "RefundSettled" | "DisputeOpened");
    claim.text("transactionId").filter(|_| names)
}

pub(super) fn minor(claim: &Claim) -> Option<i64> {
    claim.text("amount")?.replace('.', "").parse().ok()
}

fn begun(claim: &Claim, paid: Option<&Transaction>, of: Option<&str>) -> Transaction {
    let kind = table::edge(None, "-", &claim.kind).map_or("", |edge| edge.kind);
    let currency = paid.map_or_else(|| claim.text("currency").unwrap_or_default(), |paid| &paid.currency);
    Transaction {
        user: claim.subject.clone(),
        kind,
        status: "-",
        currency: currency.to_owned(),
        minor: minor(claim).unwrap_or(0),
        refunded: 0,
        disputed: 0,
        reversed: None,
        settled: None,
        expires_micros: None,
        is_credit: claim.text("direction") == Some("CREDIT"),
        failed_because: None,
        of: of.map(str::to_owned),
    }
}

/// `a>p`: from available to pending.
fn moved(held: Held, flow: &str, amount: i64) -> Held {
    let Some((from, to)) = flow.split_once('>') else { return held };
    let mut after = held;
    for (account, held) in ["a", "p", "r"].into_iter().zip(&mut after) {
        *held += amount * (i64::from(account == to) - i64::from(account == from));
    }
    after
}

fn notified(claim: &Claim, to: &str, kind: &str, before: i64, after: i64) -> Vec<&'static str> {
    let own = match claim.kind.as_str() {
        "PaymentReversed" => Some("PAYMENT_REVERSED"),
        "DisputeOpened" => Some("DISPUTE_OPENED"),
        "DisputeWon" | "DisputeLost" => Some("DISPUTE_CLOSED"),
        _ if kind == "WITHDRAWAL" && matches!(to, "FAILED" | "REVERSED") => Some("WITHDRAWAL_FAILED"),
        _ => None,
    };
    let overdrawn = (before >= 0 && after < 0).then_some("ACCOUNT_OVERDRAWN");
    own.into_iter().chain(overdrawn).collect()
}
