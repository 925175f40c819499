//! The verdict of LIFECYCLES on an event, with its checks in their order.

use super::{
    book::{Book, minor, own_id, payment_id},
    limits,
    table::{self, Edge},
    transaction::Transaction,
};
use crate::{content::Claim, world::World};

/// The outcome that an event must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Taken(Edge),
    /// A request that fails, with its reason.
    Fails(&'static str),
    Stale,
    /// Its transaction isn't there, or the payment of that.
    Awaits,
    Refused(String),
}

/// Whether KYC and access allow the customer to ask for money.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing<'a> {
    pub(super) status: &'a str,
    pub(super) may_trade: bool,
}

/// All that a verdict rests on: the state as the decision saw it, and when that was.
#[derive(Clone, Copy)]
pub(super) struct Decision<'a> {
    pub(super) world: &'a World,
    pub(super) claim: &'a Claim,
    pub(super) standing: Standing<'a>,
    pub(super) seen: i64,
    pub(super) now_micros: i64,
}

impl Book {
    pub(super) fn verdict(&self, decision: Decision<'_>) -> Verdict {
        let Decision { claim, seen, .. } = decision;
        let own = self.find(own_id(claim), seen);
        let named = payment_id(claim);
        let of = named.or(own.and_then(|it| it.of.as_deref())).and_then(|of| self.find(of, seen));
        let refused = |why: &str| Verdict::Refused(why.to_owned());
        let illegal = |from: &str| refused(&format!("IllegalTransition{{from: {from}, event: {}}}", claim.kind));
        if own.iter().chain(&of).any(|it| it.user != claim.subject) {
            return refused("ForeignTransaction");
        }
        if own.is_some_and(|it| !table::knows(it.kind, &claim.kind)) {
            return refused("WrongKind");
        }
        let is_claim = claim.kind.starts_with("Refund") || claim.kind.starts_with("Dispute");
        let begins = table::edge(None, "-", &claim.kind).is_some() && (!is_claim || named.is_some());
        if own.is_none() && !begins || is_claim && of.is_none() {
            return Verdict::Awaits;
        }
        if is_claim && of.is_some_and(|it| it.kind != "DEPOSIT") {
            return refused("WrongKind");
        }
        let currency = claim.text("currency").filter(|_| !is_claim && names_currency(&claim.kind));
        if own.zip(currency).is_some_and(|(own, currency)| own.currency != currency) {
            return refused("CurrencyMismatch");
        }
        if let Some(verdict) = own.and_then(|own| repeated(claim, own)) {
            return verdict;
        }
        let payment_status = of.map_or("-", |it| it.status);
        let may_be_claimed = match (claim.kind.as_str(), own) {
            ("RefundRequested", _) => payment_status == "SETTLED",
            ("DisputeOpened", _) | ("RefundSettled", None) => matches!(payment_status, "SETTLED" | "REVERSED"),
            _ => true,
        };
        if !may_be_claimed {
            return illegal(payment_status);
        }
        let from = own.map_or("-", |it| it.status);
        let Some(edge) = table::edge(own.map(|it| it.kind), from, &claim.kind) else { return illegal(from) };
        if claim.kind == "WithdrawalExpired" && own.and_then(|it| it.expires_micros) > Some(decision.now_micros) {
            return refused("NotYetExpired");
        }
        match self.obstacle(decision, of) {
            Some("NotRestricted") => refused("NotRestricted"),
            Some(reason) => Verdict::Fails(reason),
            None => Verdict::Taken(edge),
        }
    }

    /// The first reason against a request.
    fn obstacle(&self, decision: Decision<'_>, of: Option<&Transaction>) -> Option<&'static str> {
        let Decision { world, claim, standing, now_micros, .. } = decision;
        let minor = minor(claim).unwrap_or(0);
        let currency = of.map_or_else(|| claim.text("currency").unwrap_or_default(), |of| &of.currency);
        let is_poor = self.held(&claim.subject, currency)[0] < minor;
        let is_closed = standing.status == "CLOSED";
        let is_suspended = standing.status == "SUSPENDED";
        let reasons: &[(&'static str, bool)] = match claim.kind.as_str() {
            "RefundRequested" => &[
                ("AccountClosed", is_closed),
                ("AccountSuspended", is_suspended),
                ("RefundExceedsPayment", of.is_some_and(|of| minor > of.left())),
                ("InsufficientFunds", is_poor),
            ],
            "PayoutOrdered" => &[("NotRestricted", !is_closed && !is_suspended), ("InsufficientFunds", is_poor)],
            "WithdrawalRequested" => &[
                ("AccountClosed", is_closed),
                ("KycNotApproved", standing.status != "APPROVED"),
                ("TradingDisabled", !standing.may_trade),
                ("LimitExceeded", limits::exceeds(world, claim, minor, &self.withdrawals, now_micros)),
                ("InsufficientFunds", is_poor),
            ],
            _ => &[],
        };
        reasons.iter().find(|(_, holds)| *holds).map(|(reason, _)| *reason)
    }
}

fn names_currency(kind: &str) -> bool {
    table::edge(None, "-", kind).is_some()
}

/// The verdict on an event that says again what is so, or contradicts it.
fn repeated(claim: &Claim, own: &Transaction) -> Option<Verdict> {
    let told = minor(claim);
    let is_same = told == Some(own.minor) && payment_id(claim) == own.of.as_deref();
    let same_or_refused =
        |is_same: bool| Some(if is_same { Verdict::Stale } else { Verdict::Refused("AmountMismatch".to_owned()) });
    match (claim.kind.as_str(), own.status) {
        ("PaymentSent" | "FeeCharged" | "PayoutOrdered", _) => same_or_refused(is_same),
        ("BalanceAdjusted", _) => {
            same_or_refused(is_same && own.is_credit == (claim.text("direction") == Some("CREDIT")))
        }
        ("PaymentReceived" | "WithdrawalSettled", "SETTLED") => same_or_refused(told == Some(own.moved())),
        ("WithdrawalRequested" | "RefundRequested" | "DisputeOpened", _) if is_same => Some(Verdict::Stale),
        ("RefundSettled", _) if payment_id(claim).is_some() && !is_same => same_or_refused(false),
        (kind, status) => table::is_stale(kind, status).then_some(Verdict::Stale),
    }
}
