//! What the documents say before an event.

use super::{balances, transaction, withdrawals};
use crate::{
    domain::{
        customer::documents::user,
        payments::{
            facts::PaymentFact,
            machine::{Known, Limit, Standing, State, Transaction},
        },
    },
    event::reader::Event,
    kernel::{ids::TransactionId, money::Currency},
    store::{
        document::{Document, Unreadable},
        path::DocumentPath,
        snapshot::Snapshot,
    },
};

pub fn read(
    event: &Event<PaymentFact>,
    user: &Document,
    standing: Standing,
    transaction: Option<Transaction>,
    snapshot: &Snapshot,
) -> Result<Known, Unreadable> {
    let payment = payment_of(&event.fact, transaction.as_ref()).map(DocumentPath::transaction);
    let payment = payment.map_or(Ok(None), |path| snapshot.read(&path, transaction::read))?;
    let named = event.fact.currency();
    let currency = named.or(transaction.iter().chain(&payment).next().map(Transaction::currency));
    let window = DocumentPath::withdrawal_window(event.envelope.user());
    Ok(Known {
        user: event.envelope.user(),
        standing,
        trading_is_enabled: user::trading_is_enabled(user)?,
        balance: currency.map_or(Ok(Default::default()), |currency| balances::read(user, currency))?,
        transaction,
        payment,
        limit: named.map_or(Some(Limit::default()), |currency| limit(snapshot, currency)),
        window: snapshot.read(&window, withdrawals::read_window).ok().map(Option::unwrap_or_default),
    })
}

/// What it is a refund or a dispute of, as the event says, else as its transaction does.
pub fn payment_of(fact: &PaymentFact, transaction: Option<&Transaction>) -> Option<TransactionId> {
    let is_claim = |it: &&Transaction| matches!(it.state, State::Refund(_) | State::Dispute(_));
    fact.payment().or(transaction.filter(is_claim).and_then(|it| it.payment))
}

/// None where it can't be read. Only read: a limit that was changed a moment ago may not count yet.
fn limit(snapshot: &Snapshot, currency: Currency) -> Option<Limit> {
    let read = |path| snapshot.read(&path, withdrawals::read_limit).ok();
    let own = read(DocumentPath::limit(currency))?;
    own.map_or_else(|| read(DocumentPath::default_limit()).map(Option::unwrap_or_default), Some)
}
