//! The auditors' book of all money, kept by LIFECYCLES alone: the verdict on each event, and the balances after it.

use std::collections::BTreeMap;

use super::{
    limits::{self, Withdrawal},
    table::{self, Edge},
    transaction::Transaction,
};
use crate::{auditors::as_of, content::Claim, world::World};

/// available, pending, reserved
pub(super) type Held = [i64; 3];

/// The outcome that an event must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Taken(Edge),
    /// A request that fails, with its reason.
    Fails(&'static str),
    Stale,
    Refused(String),
}

#[derive(Debug, Default)]
pub(super) struct Book {
    /// The states of each transaction, with the number of the commit.
    pub(super) transactions: BTreeMap<String, Vec<(i64, Transaction)>>,
    /// Balances by customer and currency.
    pub(super) held: BTreeMap<(String, String), Held>,
    withdrawals: Vec<Withdrawal>,
}

/// Whether KYC and access allow the customer to withdraw.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    pub(super) is_approved: bool,
    pub(super) may_trade: bool,
}

impl Book {
    pub(super) fn verdict(&self, world: &World, claim: &Claim, standing: Standing, seen: i64) -> Verdict {
        let own = self.find(own_id(claim), seen);
        let begins_claim = matches!(claim.kind.as_str(), "RefundRequested" | "DisputeOpened");
        let of = match own.and_then(|it| it.of.as_deref()) {
            _ if begins_claim => self.find(claim.text("transactionId").unwrap_or_default(), seen),
            Some(of) => self.find(of, seen),
            None => None,
        };
        let refused = |why: &str| Verdict::Refused(why.to_owned());
        let illegal = |from: &str| refused(&format!("IllegalTransition{{from: {from}, event: {}}}", claim.kind));
        if own.iter().chain(&of).any(|it| it.user != claim.subject) {
            return refused("ForeignTransaction");
        }
        let is_of_another_kind = own.is_some_and(|it| !table::knows(it.kind, &claim.kind));
        if is_of_another_kind || begins_claim && of.is_some_and(|it| it.kind != "DEPOSIT") {
            return refused("WrongKind");
        }
        let payment_status = of.map_or("-", |it| it.status);
        if begins_claim && payment_status != "SETTLED" {
            return illegal(payment_status);
        }
        let from = own.map_or("-", |it| it.status);
        let Some(edge) = table::edge(own.map(|it| it.kind), from, &claim.kind) else {
            let is_stale = claim.kind == "WithdrawalExpired" && own.is_some();
            return if is_stale { Verdict::Stale } else { illegal(from) };
        };
        match self.objection(world, claim, standing, own, of) {
            Some(Objection::Fails(reason)) => Verdict::Fails(reason),
            Some(Objection::Refused(reason)) => refused(reason),
            None => Verdict::Taken(edge),
        }
    }

    /// Why currency, amount, limits or funds don't allow the event.
    fn objection(
        &self,
        world: &World,
        claim: &Claim,
        standing: Standing,
        own: Option<&Transaction>,
        of: Option<&Transaction>,
    ) -> Option<Objection> {
        let minor = minor(claim).unwrap_or(0);
        let left = of.map_or(0, |it| it.minor - it.refunded - it.disputed);
        let available = |currency: &str| self.held(&claim.subject, currency)[0];
        match (claim.kind.as_str(), own) {
            ("PaymentReceived", Some(own)) if Some(own.currency.as_str()) != claim.text("currency") => {
                Some(Objection::Refused("ForeignTransaction"))
            }
            ("PaymentReceived", Some(own)) if own.minor != minor => Some(Objection::Refused("AmountMismatch")),
            ("WithdrawalSettled", Some(own)) if minor > own.minor => {
                Some(Objection::Refused("AmountExceedsAuthorized"))
            }
            ("DisputeOpened", _) if minor > left => Some(Objection::Refused("DisputeExceedsPayment")),
            ("RefundRequested", _) if minor > left => Some(Objection::Fails("RefundExceedsPayment")),
            ("RefundRequested", _) if available(&of?.currency) < minor => Some(Objection::Fails("InsufficientFunds")),
            ("WithdrawalRequested", _) => {
                let currency = claim.text("currency")?;
                let exceeds = || limits::exceeds(world, claim, minor, &self.withdrawals);
                let reasons: [(&str, &dyn Fn() -> bool); 4] = [
                    ("KycNotApproved", &|| !standing.is_approved),
                    ("TradingDisabled", &|| !standing.may_trade),
                    ("LimitExceeded", &exceeds),
                    ("InsufficientFunds", &|| available(currency) < minor),
                ];
                reasons.into_iter().find(|(_, holds)| holds()).map(|(reason, _)| Objection::Fails(reason))
            }
            _ => None,
        }
    }

    /// Books an applied event. Answers with the templates of the notifications that it owes.
    pub(super) fn book(&mut self, claim: &Claim, verdict: &Verdict, commit: i64) -> Vec<&'static str> {
        let (id, number) = (own_id(claim), i64::MAX);
        let (to, flow) = match verdict {
            Verdict::Taken(edge) => (edge.to, edge.flow),
            Verdict::Fails(_) | Verdict::Stale | Verdict::Refused(_) => ("FAILED", "."),
        };
        let of = claim.text("transactionId").filter(|of| *of != id);
        let mut own = match self.find(id, number) {
            Some(own) => own.clone(),
            None => begun(claim, of.and_then(|of| self.find(of, number)), of),
        };
        let mut of = own.of.as_deref().and_then(|of| self.find(of, number)).cloned();
        own.status = to;
        if let Verdict::Fails(reason) = verdict {
            own.failed_because = Some(reason);
        }
        let amount = match claim.kind.as_str() {
            "PaymentReversed" => own.minor - own.refunded - own.disputed,
            "WithdrawalSettled" => minor(claim).unwrap_or(0),
            _ => own.minor,
        };
        let before = self.held(&own.user, &own.currency);
        let is_reversed = of.as_ref().is_some_and(|it| it.status == "REVERSED");
        let flow = match (claim.kind.as_str(), flow) {
            ("RefundFailed", _) if is_reversed => "p>x",
            ("DisputeWon", _) if is_reversed => "r>x",
            (_, flow) => flow,
        };
        let mut after = moved(before, flow, amount);
        if claim.kind == "WithdrawalSettled" {
            own.settled = Some(amount);
            after = moved(after, "p>a", own.minor - amount);
        }
        if let (Some(of), Verdict::Taken(_)) = (of.as_mut(), verdict) {
            match claim.kind.as_str() {
                "RefundRequested" => of.refunded += amount,
                "RefundFailed" => of.refunded -= amount,
                "DisputeOpened" => of.disputed += amount,
                "DisputeWon" => of.disputed -= amount,
                _ => {}
            }
        }
        if after != before {
            self.held.insert((own.user.clone(), own.currency.clone()), after);
        }
        if own.kind == "WITHDRAWAL" {
            limits::note(&mut self.withdrawals, id, &own, claim);
        }
        let notified = notified(claim, to, own.kind, before[0], after[0]);
        for (id, state) in own.of.clone().zip(of).into_iter().chain([(id.to_owned(), own)]) {
            self.transactions.entry(id).or_default().push((commit, state));
        }
        notified
    }

    fn find(&self, id: &str, seen: i64) -> Option<&Transaction> {
        as_of(self.transactions.get(id)?, seen)
    }

    fn held(&self, user: &str, currency: &str) -> Held {
        self.held.get(&(user.to_owned(), currency.to_owned())).copied().unwrap_or_default()
    }
}

enum Objection {
    Fails(&'static str),
    Refused(&'static str),
}

/// A refund and a dispute have ids of their own.
fn own_id(claim: &Claim) -> &str {
    let name = match claim.kind.as_str() {
        "RefundRequested" | "RefundSettled" | "RefundFailed" => "refundId",
        "DisputeOpened" | "DisputeWon" | "DisputeLost" => "disputeId",
        _ => "transactionId",
    };
    claim.text(name).unwrap_or_default()
}

fn minor(claim: &Claim) -> Option<i64> {
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
        settled: None,
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
        _ if kind == "WITHDRAWAL" && to == "FAILED" => Some("WITHDRAWAL_FAILED"),
        _ => None,
    };
    let overdrawn = (before >= 0 && after < 0).then_some("ACCOUNT_OVERDRAWN");
    own.into_iter().chain(overdrawn).collect()
}
