//! Moves a customer's money, and keeps each transaction through its life.

use boma_core::{
    domain::{
        customer::documents::user,
        kyc::machine::Status,
        notifications::facts::request,
        payments::{
            documents::{balances, transaction, withdrawals},
            facts::{FACTS, PaymentFact, What, WithdrawalEvent},
            machine::{Booking, Notice, Refusal, Standing, Step, Transaction, step},
        },
    },
    kernel::malformed::Malformed,
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
        let payment = event.fact.payment().or(transaction.as_ref().and_then(|it| it.payment));
        let payment = payment.map(DocumentPath::transaction);
        if let Some(path) = payment.as_ref().filter(|path| !snapshot.was_read(path)) {
            return Ok(Decision::ReadAlso(path.clone()));
        }
        let standing = standing(event, snapshot, customer, transaction, payment.as_ref())?;
        Ok(match step(&standing, &event.fact, event.envelope.time, now) {
            Ok(Step::Booked(booking)) => Decision::Accept(effects(event, &standing, &booking, payment, now)),
            Ok(Step::Stale) => Decision::Ignore("Stale"),
            Err(Refusal::AmountUnreadable(rule)) => Decision::Malformed(Malformed::new("data.amount", rule)),
            Err(refusal) => Decision::Refuse(refusal.to_string()),
        })
    }
}

fn standing(
    event: &Event<PaymentFact>,
    snapshot: &Snapshot,
    customer: &Document,
    transaction: Option<Transaction>,
    payment: Option<&DocumentPath>,
) -> Result<Standing, Unreadable> {
    let payment = payment.map_or(Ok(None), |path| snapshot.read(path, transaction::read))?;
    let named = event.fact.currency();
    let currency = named.or(transaction.iter().chain(&payment).next().map(Transaction::currency));
    let limit_of = |path| snapshot.read(&path, withdrawals::read_limit);
    let limit = named.map_or(Ok(None), |currency| limit_of(DocumentPath::limit(currency)))?;
    let window = DocumentPath::withdrawal_window(event.envelope.user());
    Ok(Standing {
        user: event.envelope.user(),
        kyc_is_approved: user::kyc_status(customer)? == Status::Approved,
        trading_is_enabled: user::trading_is_enabled(customer)?,
        balance: currency.map_or(Ok(Default::default()), |currency| balances::read(customer, currency))?,
        transaction,
        payment,
        // Only read: a limit that was changed a moment ago may not count yet.
        limit: limit.map_or_else(|| limit_of(DocumentPath::default_limit()), |it| Ok(Some(it)))?.unwrap_or_default(),
        window: snapshot.read(&window, withdrawals::read_window)?.unwrap_or_default(),
    })
}

/// The user is written even where no money moves: so whatever is decided of a customer's money rests on one version of it.
fn effects(
    event: &Event<PaymentFact>,
    standing: &Standing,
    booking: &Booking,
    payment: Option<DocumentPath>,
    now: Timestamp,
) -> Effects {
    let user = user::touch(standing.user, now);
    let user = if booking.balance == standing.balance {
        user
    } else {
        balances::write(user, booking.transaction.currency(), booking.balance)
    };
    let path = DocumentPath::transaction(event.fact.transaction);
    let mut writes = vec![user, transaction::write(path, standing.transaction.as_ref(), &booking.transaction)];
    if let (Some(path), Some(after)) = (payment, &booking.payment) {
        writes.push(transaction::write(path, standing.payment.as_ref(), after));
    }
    if booking.window != standing.window {
        writes.push(withdrawals::write_window(DocumentPath::withdrawal_window(standing.user), &booking.window));
    }
    let notice = |notice: &Notice| request(standing.user, notice.template, json!(notice.params));
    let from = standing.transaction.as_ref().map(|it| it.state.status());
    let moved = Some(Move { from, to: booking.transaction.state.status() });
    Effects { writes, events: booking.notices.iter().map(notice).collect(), moved }
}
