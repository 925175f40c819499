//! The meaning of each type of event, in one sentence.

use boma_core::event::catalog::EventType;

pub(crate) fn of(event_type: EventType) -> &'static str {
    match event_type {
        EventType::UserRegistered => "Somebody has become a customer.",
        EventType::ProfileChanged => "A customer's profile has changed, in the fields that are named.",
        EventType::UserActive => "A customer may trade, as of a version of the customer's KYC.",
        EventType::UserRestricted => "A customer may not trade, as of a version of the customer's KYC.",
        EventType::LeadConverted => "A lead has become a customer.",
        EventType::KycSubmitted => "A customer has handed in documents.",
        EventType::KycCompleted => "A provider of identity checks has come to a result, the first or a later one.",
        EventType::KycReviewed => "An operator has decided a check that needed a person.",
        EventType::KycHeld => "A check is held, for something else has to be found out first.",
        EventType::KycReleased => "An operator lets a held check go on.",
        EventType::KycLapsed => "A customer hasn't finished in time.",
        EventType::KycRestarted => "A customer begins the check anew, after it was abandoned or has expired.",
        EventType::KycAppealed => "An operator lets a rejected customer begin anew.",
        EventType::KycExpired => "An approval is no longer valid.",
        EventType::KycSuspended => "A customer is suspended, beside the check and beside every other suspension.",
        EventType::KycReinstated => "An operator has lifted one suspension: the named one, or the only one.",
        EventType::KycSuspensionConfirmed => "An operator has found a suspension justified: the customer is rejected.",
        EventType::AccountClosed => "A customer's account is closed for good.",
        EventType::ReviewClaimed => "An operator has taken up a customer's review.",
        EventType::ReviewReturned => "An operator has put a customer's review back.",
        EventType::KycRequested => "A customer's identity is to be checked: for the adapters of the providers.",
        EventType::PaymentInitiated => "A payment to a customer has begun and isn't there yet.",
        EventType::PaymentReceived => "Money has come in for a customer.",
        EventType::PaymentFailed => "A payment that had begun won't come.",
        EventType::PaymentCanceled => "A payment that had begun was called off.",
        EventType::PaymentSent => "Money has left a customer's account.",
        EventType::PaymentReversed => "A payment was taken back, by whoever carried it.",
        EventType::WithdrawalRequested => "A customer wants money paid out.",
        EventType::WithdrawalSettled => "A withdrawal has been paid out, in whatever amount.",
        EventType::WithdrawalFailed => "A withdrawal couldn't be paid out, or was and came back.",
        EventType::WithdrawalCanceled => "A withdrawal was called off.",
        EventType::WithdrawalExpired => "A withdrawal wasn't paid out in time.",
        EventType::RefundRequested => "A part of a payment, or all of it, is to be paid back.",
        EventType::RefundSettled => {
            "A refund has been paid out: one that was requested, or one that the provider made and names with payment and amount."
        }
        EventType::RefundFailed => "A refund couldn't be paid out, or was and bounced.",
        EventType::DisputeOpened => "Whoever paid disputes a payment; what is disputed is reserved.",
        EventType::DisputeWon => "A dispute has ended for the customer.",
        EventType::DisputeLost => "A dispute has ended against the customer.",
        EventType::FeeCharged => "A customer has paid for a service of ours, or of others.",
        EventType::BalanceAdjusted => "Two operators have corrected a customer's balance.",
        EventType::PayoutOrdered => "Two operators have money paid out to a customer who is closed or suspended.",
        EventType::LeadCreated => "Somebody may become a customer.",
        EventType::LeadContacted => "A lead has been spoken to.",
        EventType::LeadQualified => "A lead is worth following, and how much.",
        EventType::LeadLost => "A lead won't become a customer, for now.",
        EventType::LeadReopened => "An operator takes a lost lead up again.",
        EventType::UserInteracted => "A customer has done something that shows interest.",
        EventType::PriceMoved => "A price has changed.",
        EventType::PriceAlertSet => "A customer wants to be told when a price passes a threshold.",
        EventType::PriceAlertCanceled => "An alert isn't wanted any more.",
        EventType::PriceAlertsDue => {
            "A price has met more alerts than one delivery tells: these customers haven't been told yet."
        }
        EventType::NoteAdded => "An operator has written something down about a customer.",
        EventType::CustomerAssigned => "An operator looks after a customer from now on, or nobody does.",
        EventType::NotificationRequested => "A customer is to be told something.",
    }
}
