//! How the data of each event is read.

use super::{
    Adjustment, Claim, Direction, DisputeEvent, Fee, Method, PaymentEvent, PaymentFact, RefundEvent, Terms, What,
    WithdrawalEvent,
};
use crate::{
    domain::payments::machine::{Approval, Counterparty, Details},
    event::{
        catalog::EventType::{
            self, BalanceAdjusted, DisputeLost, DisputeOpened, DisputeWon, FeeCharged, PaymentCanceled, PaymentFailed,
            PaymentInitiated, PaymentReceived, PaymentReversed, PaymentSent, PayoutOrdered, RefundFailed,
            RefundRequested, RefundSettled, WithdrawalCanceled, WithdrawalExpired, WithdrawalFailed,
            WithdrawalRequested, WithdrawalSettled,
        },
        envelope::Envelope,
        fields::Fields,
        reader::Reader,
    },
    kernel::malformed::Malformed,
};

pub const FACTS: &[(EventType, Reader<PaymentFact>)] = &[
    (PaymentInitiated, |event| begins(event, PAYMENT, |data| Ok(What::Payment(PaymentEvent::Initiated(terms(data)?))))),
    (PaymentReceived, |event| {
        begins(event, PAYMENT, |data| Ok(What::Payment(PaymentEvent::Received(received(data)?))))
    }),
    (PaymentSent, |event| begins(event, PAYMENT, |data| Ok(What::Payment(PaymentEvent::Sent(terms(data)?))))),
    (PaymentFailed, |event| {
        goes_on(event, PAYMENT, |data| Ok(What::Payment(PaymentEvent::Failed { reason: reason(data)? })))
    }),
    (PaymentCanceled, |event| {
        goes_on(event, PAYMENT, |data| Ok(What::Payment(PaymentEvent::Canceled { reason: reason(data)? })))
    }),
    (PaymentReversed, |event| {
        goes_on(event, PAYMENT, |data| Ok(What::Payment(PaymentEvent::Reversed { reason: reason(data)? })))
    }),
    (WithdrawalRequested, |event| {
        begins(event, PAYMENT, |data| Ok(What::Withdrawal(WithdrawalEvent::Requested(terms(data)?))))
    }),
    (PayoutOrdered, |event| begins(event, PAYMENT, |data| Ok(What::Withdrawal(ordered(data)?)))),
    (WithdrawalSettled, |event| {
        goes_on(event, PAYMENT, |data| Ok(What::Withdrawal(WithdrawalEvent::Settled { amount: data.amount()? })))
    }),
    (WithdrawalFailed, |event| {
        goes_on(event, PAYMENT, |data| Ok(What::Withdrawal(WithdrawalEvent::Failed { reason: why(data)? })))
    }),
    (WithdrawalCanceled, |event| {
        goes_on(event, PAYMENT, |data| Ok(What::Withdrawal(WithdrawalEvent::Canceled { reason: why(data)? })))
    }),
    (WithdrawalExpired, |event| {
        goes_on(event, PAYMENT, |data| Ok(What::Withdrawal(WithdrawalEvent::Expired { reason: why(data)? })))
    }),
    (RefundRequested, |event| begins(event, REFUND, |data| Ok(What::Refund(RefundEvent::Requested(claim(data)?))))),
    (RefundSettled, |event| {
        begins(event, REFUND, |data| Ok(What::Refund(RefundEvent::Settled { named: named(data)? })))
    }),
    (RefundFailed, |event| {
        goes_on(event, REFUND, |data| Ok(What::Refund(RefundEvent::Failed { reason: reason(data)? })))
    }),
    (DisputeOpened, |event| begins(event, DISPUTE, |data| Ok(What::Dispute(DisputeEvent::Opened(claim(data)?))))),
    (DisputeWon, |event| goes_on(event, DISPUTE, |_| Ok(What::Dispute(DisputeEvent::Won)))),
    (DisputeLost, |event| goes_on(event, DISPUTE, |_| Ok(What::Dispute(DisputeEvent::Lost)))),
    (FeeCharged, |event| begins(event, PAYMENT, |data| Ok(What::Fee(fee(data)?)))),
    (BalanceAdjusted, |event| begins(event, PAYMENT, |data| Ok(What::Adjustment(adjustment(data)?)))),
];

/// The field that names the event's own transaction.
const PAYMENT: &str = "transactionId";
const REFUND: &str = "refundId";
const DISPUTE: &str = "disputeId";

type Read = fn(&Fields<'_>) -> Result<What, Malformed>;

/// An event that can begin its transaction, with all that is kept of it.
fn begins(envelope: &Envelope, id: &str, read: Read) -> Result<PaymentFact, Malformed> {
    let fact = goes_on(envelope, id, read)?;
    Ok(PaymentFact { details: details(&envelope.data())?, ..fact })
}

fn goes_on(envelope: &Envelope, id: &str, read: Read) -> Result<PaymentFact, Malformed> {
    let data = envelope.data();
    Ok(PaymentFact { transaction: data.id(id)?, what: read(&data)?, details: Details::default() })
}

fn details(data: &Fields<'_>) -> Result<Details, Malformed> {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let counterparty = |fields: &Fields<'_>| {
        let (name, account) = (fields.optional_string("name")?, fields.optional_string("account")?);
        Ok(Counterparty { name: owned(name), account: owned(account) })
    };
    let metadata = data.optional_text_map("metadata", MOST_METADATA)?;
    Ok(Details {
        reference: owned(data.optional_string_up_to("reference", LONGEST_REFERENCE)?),
        counterparty: data.optional_object("counterparty", counterparty)?,
        description: owned(data.optional_string("description")?),
        metadata: metadata.map(|map| map.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect()),
    })
}

const LONGEST_REFERENCE: usize = 128;
const MOST_METADATA: usize = 20;

/// Interest only comes in.
const METHODS: &[Method] = &[Method::Cash, Method::Transfer, Method::Card, Method::Other];

fn terms(data: &Fields<'_>) -> Result<Terms, Malformed> {
    Ok(Terms { money: data.money()?, method: data.one_of("method", METHODS, Method::name)? })
}

fn received(data: &Fields<'_>) -> Result<Terms, Malformed> {
    Ok(Terms { money: data.money()?, method: data.one_of("method", Method::ALL, Method::name)? })
}

fn claim(data: &Fields<'_>) -> Result<Claim, Malformed> {
    Ok(Claim { payment: data.id("transactionId")?, amount: data.amount()?, reason: why(data)? })
}

/// Both or neither.
fn named(data: &Fields<'_>) -> Result<Option<Claim>, Malformed> {
    data.require_together(&["transactionId", "amount"])?;
    let named = (data.optional_id("transactionId")?, data.optional_amount()?);
    Ok(match named {
        (Some(payment), Some(amount)) => Some(Claim { payment, amount, reason: None }),
        (Some(_) | None, None) | (None, Some(_)) => None,
    })
}

fn fee(data: &Fields<'_>) -> Result<Fee, Malformed> {
    let fee = Fee { money: data.money()?, payment: data.optional_id("paymentId")? };
    reason(data).map(|_| fee)
}

fn adjustment(data: &Fields<'_>) -> Result<Adjustment, Malformed> {
    let direction = data.one_of("direction", Direction::ALL, Direction::name)?;
    Ok(Adjustment { direction, money: data.money()?, approval: approval(data)? })
}

fn ordered(data: &Fields<'_>) -> Result<WithdrawalEvent, Malformed> {
    Ok(WithdrawalEvent::Ordered { terms: terms(data)?, approval: approval(data)? })
}

/// Money that a person moves takes a reason, and two people.
fn approval(data: &Fields<'_>) -> Result<Approval, Malformed> {
    reason(data)?;
    let (operator, approved_by) = (data.string("operator")?, data.person_other_than("operator", "approvedBy")?);
    Ok(Approval { operator: operator.to_owned(), approved_by: approved_by.to_owned() })
}

fn reason(data: &Fields<'_>) -> Result<String, Malformed> {
    data.string("reason").map(str::to_owned)
}

/// A reason that may be missing.
fn why(data: &Fields<'_>) -> Result<Option<String>, Malformed> {
    Ok(data.optional_string("reason")?.map(str::to_owned))
}
