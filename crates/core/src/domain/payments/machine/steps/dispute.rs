//! Disputes.

use super::{claim, state_of, taken};
use crate::{
    domain::{
        notifications::facts::Template,
        payments::{
            facts::DisputeEvent,
            machine::{
                Booking, Known, NotBooked, Notice, State, Step, Transaction,
                dispute::{self, Input, transition},
                payment,
            },
        },
    },
    kernel::{ids::TransactionId, timestamp::Timestamp},
};

pub(in super::super) fn step(
    known: &Known,
    id: TransactionId,
    event: &DisputeEvent,
    at: Timestamp,
) -> Result<Booking, NotBooked> {
    let before = known.transaction.as_ref();
    let from = state_of(before, |state| if let State::Dispute(state) = state { Some(state) } else { None })?;
    if from.is_none() && event.claim().is_none() {
        return Err(NotBooked::AwaitsTransaction);
    }
    let Some((payment, payment_state)) = claim::deposit(known)? else {
        return Err(NotBooked::AwaitsPayment);
    };
    let input = match event {
        DisputeEvent::Opened(claim) => {
            let money = claim::money(known, payment, claim.amount)?;
            Input::Opened { again: claim::is_same(before, claim, money) }
        }
        DisputeEvent::Won => Input::Won,
        DisputeEvent::Lost => Input::Lost,
    };
    let step = transition(from, input);
    if matches!(event, DisputeEvent::Opened(_)) && step != Ok(Step::Stale) {
        payment::transition(Some(payment_state), payment::Input::DisputeOpened)?;
    }
    let edge = taken(step?)?;
    let state = State::Dispute(edge.to);
    let booking = match (event, before) {
        (DisputeEvent::Opened(claim), _) => {
            let money = claim::money(known, payment, claim.amount)?;
            let begun = claim::begun(known, claim, payment, state, money, at);
            let after = Transaction { reason: claim.reason.clone(), ..begun };
            let notice = told(Template::DisputeOpened, id, &after);
            let payment = Some(payment.with_disputed(money.minor())?);
            Booking { payment, ..Booking::of(known, after) }.post(edge.flow, money.minor())?.telling(notice)
        }
        (DisputeEvent::Won, Some(before)) => {
            let after = before.entering(state, before.reason.as_ref());
            let payment = payment.with_disputed(-before.money.minor())?;
            claim::given_back(known, after, payment, edge.flow)?.telling(closed(id, before, "WON"))
        }
        (DisputeEvent::Lost, Some(before)) => {
            let amount = before.money.minor();
            // What was won no longer counted.
            let was_given_back = from == Some(dispute::State::Canceled);
            let payment = was_given_back.then(|| payment.with_disputed(amount)).transpose()?;
            let booking = Booking { payment, ..Booking::of(known, before.entering(state, None)) };
            booking.post(edge.flow, amount)?.telling(closed(id, before, "LOST"))
        }
        (DisputeEvent::Won | DisputeEvent::Lost, None) => return Err(NotBooked::AwaitsTransaction),
    };
    Ok(booking)
}

fn closed(id: TransactionId, dispute: &Transaction, outcome: &str) -> Notice {
    told(Template::DisputeClosed, id, dispute).with("outcome", outcome.to_owned())
}

/// The customer knows the payment, not the number of the dispute; both are named.
fn told(template: Template, id: TransactionId, dispute: &Transaction) -> Notice {
    let notice = Notice::about(template, id, dispute).with("disputeId", id.to_string());
    dispute.payment.iter().fold(notice, |notice, payment| notice.with("transactionId", payment.to_string()))
}
