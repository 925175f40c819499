//! Moves a customer's money, and keeps each transaction through its life.

use boma_core::{
    domain::{
        customer::documents::user,
        kyc::machine::Status,
        notifications::facts::request,
        payments::{
            documents::{booked, known, transaction},
            facts::{FACTS, PaymentFact, What, WithdrawalEvent},
            machine::{Booking, Known, NotBooked, Notice, Refusal, Standing, book},
        },
    },
    kernel::{ids::TransactionId, malformed::Malformed},
    prelude::*,
};
use serde_json::json;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PaymentsHandler;

pub const FUNCTION: Function = Function::of_handler::<PaymentsHandler>();

impl Handler for PaymentsHandler {
    type Fact = PaymentFact;
    const CONSUMER: &'static str = "payments";
    const HEARS: &'static [(EventType, Reader<PaymentFact>)] = FACTS;

    fn read_set(event: &Event<PaymentFact>) -> Vec<DocumentPath> {
        let user = event.envelope.user();
        let mut paths = vec![DocumentPath::user(user), DocumentPath::transaction(event.fact.transaction)];
        paths.extend(event.fact.payment().map(DocumentPath::transaction));
        if let What::Withdrawal(withdrawal) = &event.fact.what {
            paths.push(DocumentPath::withdrawal_window(user));
            if let WithdrawalEvent::Requested(terms) = withdrawal {
                paths.extend([DocumentPath::limit(terms.money.currency()), DocumentPath::default_limit()]);
            }
        }
        // A refund of itself is refused, and needn't be read twice for that.
        paths.dedup();
        paths
    }

    fn decide(event: &Event<PaymentFact>, snapshot: &Snapshot, now: Timestamp) -> Result<Decision, Unreadable> {
        let path = DocumentPath::user(event.envelope.user());
        let Some(customer) = snapshot.get(&path) else {
            return Ok(Decision::Await(path));
        };
        let transaction = snapshot.read(&DocumentPath::transaction(event.fact.transaction), transaction::read)?;
        let payment = known::payment_of(&event.fact, transaction.as_ref());
        if let Some(path) = payment.map(DocumentPath::transaction).filter(|path| !snapshot.was_read(path)) {
            return Ok(Decision::ReadAlso(path));
        }
        let known = known::read(event, customer, standing(user::kyc_status(customer)?), transaction, snapshot)?;
        Ok(match (book(&known, &event.fact, event.envelope.time, now), payment) {
            (Ok(booking), payment) => Decision::Accept(effects(event, &known, &booking, payment, now)),
            (Err(NotBooked::Stale), _) => Decision::Ignore("Stale"),
            (Err(NotBooked::AwaitsPayment), Some(payment)) => Decision::Await(DocumentPath::transaction(payment)),
            (Err(NotBooked::AwaitsTransaction | NotBooked::AwaitsPayment), _) => {
                Decision::Await(DocumentPath::transaction(event.fact.transaction))
            }
            (Err(NotBooked::Refused(Refusal::AmountUnreadable(rule))), _) => {
                Decision::Malformed(Malformed::new("data.amount", rule))
            }
            (Err(NotBooked::Refused(refusal)), _) => Decision::Refuse(refusal.to_string()),
        })
    }
}

fn standing(status: Status) -> Standing {
    match status {
        Status::Approved => Standing::Approved,
        Status::Suspended => Standing::Suspended,
        Status::Closed => Standing::Closed,
        Status::Pending
        | Status::Submitted
        | Status::InReview
        | Status::ResubmissionRequired
        | Status::OnHold
        | Status::Rejected
        | Status::Expired
        | Status::Abandoned => Standing::Unapproved,
    }
}

fn effects(
    event: &Event<PaymentFact>,
    known: &Known,
    booking: &Booking,
    payment: Option<TransactionId>,
    now: Timestamp,
) -> Effects {
    let notice = |notice: &Notice| request(known.user, notice.template, json!(notice.params));
    let from = known.transaction.as_ref().map(|it| it.state.status());
    Effects {
        writes: booked::writes(known, booking, event.fact.transaction, payment, now),
        events: booking.notices.iter().map(notice).collect(),
        moved: Some(Move { from, to: booking.transaction.state.status() }),
    }
}
