//! The documents that a booking changes.

use super::{balances, transaction, withdrawals};
use crate::{
    domain::{
        customer::documents::user,
        payments::machine::{Booking, Known},
    },
    kernel::{ids::TransactionId, timestamp::Timestamp},
    store::{path::DocumentPath, write::Write},
};

/// The user is written even where no money moves: so whatever is decided of a customer's money rests on one version of it.
pub fn writes(
    known: &Known,
    booking: &Booking,
    id: TransactionId,
    payment: Option<TransactionId>,
    now: Timestamp,
) -> Vec<Write> {
    let user = user::touch(known.user, now);
    let user = if booking.balance == known.balance {
        user
    } else {
        balances::write(user, booking.transaction.currency(), booking.balance)
    };
    let own = transaction::write(DocumentPath::transaction(id), known.transaction.as_ref(), &booking.transaction);
    let mut writes = vec![user, own];
    if let (Some(id), Some(after)) = (payment, &booking.payment) {
        writes.push(transaction::write(DocumentPath::transaction(id), known.payment.as_ref(), after));
    }
    if let Some(window) = booking.window.as_ref().filter(|_| booking.window != known.window) {
        writes.push(withdrawals::write_window(DocumentPath::withdrawal_window(known.user), window));
    }
    writes
}
