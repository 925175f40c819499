//! Refunds.

use super::{claim, state_of, taken};
use crate::{
    domain::payments::{
        facts::{Claim, RefundEvent},
        machine::{
            Booking, Known, NotBooked, Refusal, Standing, State, Step, Transaction, payment,
            refund::{self, Input, Named, Obstacle, transition},
        },
    },
    kernel::{money::Money, timestamp::Timestamp},
};

pub(in super::super) fn step(known: &Known, event: &RefundEvent, at: Timestamp) -> Result<Booking, NotBooked> {
    let before = known.transaction.as_ref();
    let from = state_of(before, |state| if let State::Refund(state) = state { Some(state) } else { None })?;
    if from.is_none() && event.claim().is_none() {
        return Err(NotBooked::AwaitsTransaction);
    }
    let Some((payment, payment_state)) = claim::deposit(known)? else {
        return Err(NotBooked::AwaitsPayment);
    };
    let deposit = Deposit { payment, state: payment_state };
    match (event, before, from) {
        (RefundEvent::Requested(claim), ..) => requested(known, from, claim, deposit, at),
        (RefundEvent::Settled { named: Some(claim) }, None, _) => made(known, claim, deposit, at),
        (RefundEvent::Settled { named }, Some(before), _) => settled(known, from, named.as_ref(), before, payment),
        (RefundEvent::Failed { reason }, Some(before), _) => {
            let edge = taken(transition(from, Input::Failed)?)?;
            let after = before.entering(State::Refund(edge.to), Some(reason));
            let payment = payment.with_refunded(-before.money.minor())?;
            claim::given_back(known, after, payment, edge.flow)
        }
        (RefundEvent::Settled { named: None } | RefundEvent::Failed { .. }, None, _) => {
            Err(NotBooked::AwaitsTransaction)
        }
    }
}

#[derive(Clone, Copy)]
struct Deposit<'a> {
    payment: &'a Transaction,
    state: payment::State,
}

fn requested(
    known: &Known,
    from: Option<refund::State>,
    claim: &Claim,
    Deposit { payment, state }: Deposit<'_>,
    at: Timestamp,
) -> Result<Booking, NotBooked> {
    let money = claim::money(known, payment, claim.amount)?;
    let obstacle = obstacle(known, payment, money);
    let again = claim::is_same(known.transaction.as_ref(), claim, money);
    let step = transition(from, Input::Requested { obstacle, again });
    if step != Ok(Step::Stale) {
        payment::transition(Some(state), payment::Input::RefundRequested)?;
    }
    let edge = taken(step?)?;
    let begun = claim::begun(known, claim, payment, State::Refund(edge.to), money, at);
    if let Some(obstacle) = obstacle {
        let reason = Some(obstacle.name().to_owned());
        return Ok(Booking::of(known, Transaction { reason, ..begun }));
    }
    let after = Transaction { reason: claim.reason.clone(), ..begun };
    let payment = Some(payment.with_refunded(money.minor())?);
    Booking { payment, ..Booking::of(known, after) }.post(edge.flow, money.minor())
}

/// At the provider, where nobody asked us.
fn made(known: &Known, claim: &Claim, deposit: Deposit<'_>, at: Timestamp) -> Result<Booking, NotBooked> {
    let money = claim::money(known, deposit.payment, claim.amount)?;
    payment::transition(Some(deposit.state), payment::Input::RefundMade)?;
    let edge = taken(transition(None, Input::Settled(Named::Itself))?)?;
    let after = claim::begun(known, claim, deposit.payment, State::Refund(edge.to), money, at);
    let payment = Some(deposit.payment.with_refunded(money.minor())?);
    Booking { payment, ..Booking::of(known, after) }.post(edge.flow, money.minor())
}

fn settled(
    known: &Known,
    from: Option<refund::State>,
    claim: Option<&Claim>,
    before: &Transaction,
    payment: &Transaction,
) -> Result<Booking, NotBooked> {
    let named = claim.map_or(Ok(Named::Nothing), |claim| {
        let money = claim::money(known, payment, claim.amount)?;
        let is_same = claim::is_same(Some(before), claim, money);
        Ok::<_, Refusal>(if is_same { Named::Itself } else { Named::Another })
    })?;
    let edge = taken(transition(from, Input::Settled(named))?)?;
    let amount = before.money.minor();
    let after = before.entering(State::Refund(edge.to), None);
    // What had failed no longer counted.
    let was_given_back = from == Some(refund::State::Failed);
    let payment = was_given_back.then(|| payment.with_refunded(amount)).transpose()?;
    Booking { payment, ..Booking::of(known, after) }.post(edge.flow, amount)
}

/// The first of the reasons, in their order.
fn obstacle(known: &Known, payment: &Transaction, money: Money) -> Option<Obstacle> {
    match known.standing {
        Standing::Closed => Some(Obstacle::AccountClosed),
        Standing::Suspended => Some(Obstacle::AccountSuspended),
        Standing::Approved | Standing::Unapproved if money.minor() > payment.left() => {
            Some(Obstacle::RefundExceedsPayment)
        }
        Standing::Approved | Standing::Unapproved => {
            (known.balance.available < money.minor()).then_some(Obstacle::InsufficientFunds)
        }
    }
}
