//! The events of payments, withdrawals, refunds and disputes.

use crate::{
    catalog::EventType::{
        self, DisputeLost, DisputeOpened, DisputeWon, PaymentCanceled, PaymentFailed, PaymentInitiated,
        PaymentReceived, PaymentReversed, PaymentSent, RefundFailed, RefundRequested, RefundSettled,
        WithdrawalCanceled, WithdrawalExpired, WithdrawalFailed, WithdrawalRequested, WithdrawalSettled,
    },
    envelope::Envelope,
    handler::Reader,
    ids::TransactionId,
    malformed::Malformed,
    money::Money,
    names::names,
};

names! {
    Method {
        Cash = "CASH",
        Transfer = "TRANSFER",
        Card = "CARD",
        Interest = "INTEREST",
        Other = "OTHER",
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaymentFact {
    Received(Payment),
    Sent(Payment),
    /// Known, and not built yet.
    NotBuiltYet,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Payment {
    pub transaction: TransactionId,
    pub money: Money,
    pub method: Method,
}

pub const FACTS: &[(EventType, Reader<PaymentFact>)] = &[
    (PaymentReceived, |envelope| payment(envelope).map(PaymentFact::Received)),
    (PaymentSent, |envelope| payment(envelope).map(PaymentFact::Sent)),
    (PaymentInitiated, not_built_yet),
    (PaymentFailed, not_built_yet),
    (PaymentCanceled, not_built_yet),
    (PaymentReversed, not_built_yet),
    (WithdrawalRequested, not_built_yet),
    (WithdrawalSettled, not_built_yet),
    (WithdrawalFailed, not_built_yet),
    (WithdrawalCanceled, not_built_yet),
    (WithdrawalExpired, not_built_yet),
    (RefundRequested, not_built_yet),
    (RefundSettled, not_built_yet),
    (RefundFailed, not_built_yet),
    (DisputeOpened, not_built_yet),
    (DisputeWon, not_built_yet),
    (DisputeLost, not_built_yet),
];

fn payment(envelope: &Envelope) -> Result<Payment, Malformed> {
    let data = envelope.data();
    Ok(Payment {
        transaction: data.id("transactionId")?,
        money: data.money()?,
        method: data.one_of("method", Method::ALL, Method::name)?,
    })
}

fn not_built_yet(_: &Envelope) -> Result<PaymentFact, Malformed> {
    Ok(PaymentFact::NotBuiltYet)
}
