//! Moves a customer's money, and keeps each transaction through its life.

use boma_core::{
    domain::{
        customer::documents::user,
        kyc::machine::Status,
        notifications::facts::request,
        payments::{
            documents::{balances, transaction, withdrawals},
            facts::{FACTS, PaymentFact, What, WithdrawalEvent},
            machine::{Booking, Known, Limit, NotBooked, Notice, Refusal, Standing, State, Transaction, book},
        },
    },
    kernel::{ids::TransactionId, malformed::Malformed, money::Currency},
    prelude::*,
    store::document::Document,
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
        let payment = payment_of(&event.fact, transaction.as_ref()).map(DocumentPath::transaction);
        if let Some(path) = payment.as_ref().filter(|path| !snapshot.was_read(path)) {
            return Ok(Decision::ReadAlso(path.clone()));
        }
        let known = known(event, snapshot, customer, transaction, payment.as_ref())?;
        Ok(match (book(&known, &event.fact, event.envelope.time, now), payment) {
            (Ok(booking), payment) => Decision::Accept(effects(event, &known, &booking, payment, now)),
            (Err(NotBooked::Stale), _) => Decision::Ignore("Stale"),
            (Err(NotBooked::AwaitsPayment), Some(payment)) => Decision::Await(payment),
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

/// What it is a refund or a dispute of, as the event says, else as its transaction does.
fn payment_of(fact: &PaymentFact, transaction: Option<&Transaction>) -> Option<TransactionId> {
    let is_claim = |it: &&Transaction| matches!(it.state, State::Refund(_) | State::Dispute(_));
    fact.payment().or(transaction.filter(is_claim).and_then(|it| it.payment))
}

fn known(
    event: &Event<PaymentFact>,
    snapshot: &Snapshot,
    customer: &Document,
    transaction: Option<Transaction>,
    payment: Option<&DocumentPath>,
) -> Result<Known, Unreadable> {
    let payment = payment.map_or(Ok(None), |path| snapshot.read(path, transaction::read))?;
    let named = event.fact.currency();
    let currency = named.or(transaction.iter().chain(&payment).next().map(Transaction::currency));
    let window = DocumentPath::withdrawal_window(event.envelope.user());
    Ok(Known {
        user: event.envelope.user(),
        standing: standing(user::kyc_status(customer)?),
        trading_is_enabled: user::trading_is_enabled(customer)?,
        balance: currency.map_or(Ok(Default::default()), |currency| balances::read(customer, currency))?,
        transaction,
        payment,
        limit: named.map_or(Some(Limit::default()), |currency| limit(snapshot, currency)),
        window: snapshot.read(&window, withdrawals::read_window)?.unwrap_or_default(),
    })
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

/// None where it can't be read. Only read: a limit that was changed a moment ago may not count yet.
fn limit(snapshot: &Snapshot, currency: Currency) -> Option<Limit> {
    let read = |path| snapshot.read(&path, withdrawals::read_limit).ok();
    let own = read(DocumentPath::limit(currency))?;
    own.map_or_else(|| read(DocumentPath::default_limit()).map(Option::unwrap_or_default), Some)
}

/// The user is written even where no money moves: so whatever is decided of a customer's money rests on one version of it.
fn effects(
    event: &Event<PaymentFact>,
    known: &Known,
    booking: &Booking,
    payment: Option<DocumentPath>,
    now: Timestamp,
) -> Effects {
    let user = user::touch(known.user, now);
    let user = if booking.balance == known.balance {
        user
    } else {
        balances::write(user, booking.transaction.currency(), booking.balance)
    };
    let path = DocumentPath::transaction(event.fact.transaction);
    let mut writes = vec![user, transaction::write(path, known.transaction.as_ref(), &booking.transaction)];
    if let (Some(path), Some(after)) = (payment, &booking.payment) {
        writes.push(transaction::write(path, known.payment.as_ref(), after));
    }
    if booking.window != known.window {
        writes.push(withdrawals::write_window(DocumentPath::withdrawal_window(known.user), &booking.window));
    }
    let notice = |notice: &Notice| request(known.user, notice.template, json!(notice.params));
    let from = known.transaction.as_ref().map(|it| it.state.status());
    let moved = Some(Move { from, to: booking.transaction.state.status() });
    Effects { writes, events: booking.notices.iter().map(notice).collect(), moved }
}
