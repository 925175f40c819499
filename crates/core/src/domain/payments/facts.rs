//! The events of payments, withdrawals, refunds and disputes.

use crate::{
    event::{
        catalog::EventType::{
            self, DisputeLost, DisputeOpened, DisputeWon, PaymentCanceled, PaymentFailed, PaymentInitiated,
            PaymentReceived, PaymentReversed, PaymentSent, RefundFailed, RefundRequested, RefundSettled,
            WithdrawalCanceled, WithdrawalExpired, WithdrawalFailed, WithdrawalRequested, WithdrawalSettled,
        },
        envelope::Envelope,
        fields::Fields,
        reader::Reader,
    },
    kernel::{
        ids::TransactionId,
        malformed::Malformed,
        money::{Amount, Currency, Money},
        names::names,
    },
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

/// What happened, to which transaction. Each family has a machine of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PaymentFact {
    /// A refund and a dispute are transactions of their own.
    pub transaction: TransactionId,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum What {
    Payment(PaymentEvent),
    Withdrawal(WithdrawalEvent),
    Refund(RefundEvent),
    Dispute(DisputeEvent),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PaymentEvent {
    Initiated(Terms),
    Received(Terms),
    Sent(Terms),
    Failed { reason: String },
    Canceled { reason: String },
    Reversed { reason: String },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum WithdrawalEvent {
    Requested(Terms),
    Settled { amount: Amount },
    Failed { reason: Option<String> },
    Canceled { reason: Option<String> },
    Expired { reason: Option<String> },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RefundEvent {
    Requested(Claim),
    Settled,
    Failed { reason: String },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DisputeEvent {
    Opened(Claim),
    Won,
    Lost,
}

/// How much, and how it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Terms {
    pub money: Money,
    pub method: Method,
}

/// How much of which payment is wanted back.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Claim {
    pub payment: TransactionId,
    pub amount: Amount,
    pub reason: Option<String>,
}

impl PaymentFact {
    /// The payment that the event itself says it is about, where its transaction is another.
    pub fn payment(&self) -> Option<TransactionId> {
        match &self.what {
            What::Refund(RefundEvent::Requested(claim)) | What::Dispute(DisputeEvent::Opened(claim)) => {
                Some(claim.payment)
            }
            What::Refund(RefundEvent::Settled | RefundEvent::Failed { .. })
            | What::Dispute(DisputeEvent::Won | DisputeEvent::Lost)
            | What::Payment(_)
            | What::Withdrawal(_) => None,
        }
    }

    /// The currency that the event itself names.
    pub fn currency(&self) -> Option<Currency> {
        match &self.what {
            What::Payment(
                PaymentEvent::Initiated(terms) | PaymentEvent::Received(terms) | PaymentEvent::Sent(terms),
            )
            | What::Withdrawal(WithdrawalEvent::Requested(terms)) => Some(terms.money.currency()),
            What::Payment(
                PaymentEvent::Failed { .. } | PaymentEvent::Canceled { .. } | PaymentEvent::Reversed { .. },
            )
            | What::Withdrawal(
                WithdrawalEvent::Settled { .. }
                | WithdrawalEvent::Failed { .. }
                | WithdrawalEvent::Canceled { .. }
                | WithdrawalEvent::Expired { .. },
            )
            | What::Refund(_)
            | What::Dispute(_) => None,
        }
    }
}

pub const FACTS: &[(EventType, Reader<PaymentFact>)] = &[
    (PaymentInitiated, |envelope| payment(envelope, |data| Ok(PaymentEvent::Initiated(terms(data)?)))),
    (PaymentReceived, |envelope| payment(envelope, |data| Ok(PaymentEvent::Received(terms(data)?)))),
    (PaymentSent, |envelope| payment(envelope, |data| Ok(PaymentEvent::Sent(terms(data)?)))),
    (PaymentFailed, |envelope| payment(envelope, |data| Ok(PaymentEvent::Failed { reason: reason(data)? }))),
    (PaymentCanceled, |envelope| payment(envelope, |data| Ok(PaymentEvent::Canceled { reason: reason(data)? }))),
    (PaymentReversed, |envelope| payment(envelope, |data| Ok(PaymentEvent::Reversed { reason: reason(data)? }))),
    (WithdrawalRequested, |envelope| withdrawal(envelope, |data| Ok(WithdrawalEvent::Requested(terms(data)?)))),
    (WithdrawalSettled, |envelope| {
        withdrawal(envelope, |data| Ok(WithdrawalEvent::Settled { amount: data.amount()? }))
    }),
    (WithdrawalFailed, |envelope| withdrawal(envelope, |data| Ok(WithdrawalEvent::Failed { reason: why(data)? }))),
    (WithdrawalCanceled, |envelope| withdrawal(envelope, |data| Ok(WithdrawalEvent::Canceled { reason: why(data)? }))),
    (WithdrawalExpired, |envelope| withdrawal(envelope, |data| Ok(WithdrawalEvent::Expired { reason: why(data)? }))),
    (RefundRequested, |envelope| refund(envelope, |data| Ok(RefundEvent::Requested(claim(data)?)))),
    (RefundSettled, |envelope| refund(envelope, |_| Ok(RefundEvent::Settled))),
    (RefundFailed, |envelope| refund(envelope, |data| Ok(RefundEvent::Failed { reason: reason(data)? }))),
    (DisputeOpened, |envelope| dispute(envelope, |data| Ok(DisputeEvent::Opened(claim(data)?)))),
    (DisputeWon, |envelope| dispute(envelope, |_| Ok(DisputeEvent::Won))),
    (DisputeLost, |envelope| dispute(envelope, |_| Ok(DisputeEvent::Lost))),
];

type Read<T> = fn(&Fields<'_>) -> Result<T, Malformed>;

fn payment(envelope: &Envelope, read: Read<PaymentEvent>) -> Result<PaymentFact, Malformed> {
    fact(envelope, "transactionId", |data| read(data).map(What::Payment))
}

fn withdrawal(envelope: &Envelope, read: Read<WithdrawalEvent>) -> Result<PaymentFact, Malformed> {
    fact(envelope, "transactionId", |data| read(data).map(What::Withdrawal))
}

fn refund(envelope: &Envelope, read: Read<RefundEvent>) -> Result<PaymentFact, Malformed> {
    fact(envelope, "refundId", |data| read(data).map(What::Refund))
}

fn dispute(envelope: &Envelope, read: Read<DisputeEvent>) -> Result<PaymentFact, Malformed> {
    fact(envelope, "disputeId", |data| read(data).map(What::Dispute))
}

fn fact(
    envelope: &Envelope,
    id: &str,
    read: impl Fn(&Fields<'_>) -> Result<What, Malformed>,
) -> Result<PaymentFact, Malformed> {
    let data = envelope.data();
    Ok(PaymentFact { transaction: data.id(id)?, what: read(&data)? })
}

fn terms(data: &Fields<'_>) -> Result<Terms, Malformed> {
    Ok(Terms { money: data.money()?, method: data.one_of("method", Method::ALL, Method::name)? })
}

fn claim(data: &Fields<'_>) -> Result<Claim, Malformed> {
    Ok(Claim { payment: data.id("transactionId")?, amount: data.amount()?, reason: why(data)? })
}

fn reason(data: &Fields<'_>) -> Result<String, Malformed> {
    data.string("reason").map(str::to_owned)
}

/// A reason that may be missing.
fn why(data: &Fields<'_>) -> Result<Option<String>, Malformed> {
    Ok(data.optional_string("reason")?.map(str::to_owned))
}
