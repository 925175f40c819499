//! Marks the `Sometimes` cases that show in commits and follow-ups. It judges nothing.

use googleapis_tonic_google_firestore_v1::google::firestore::v1::{CommitRequest, write::Operation};

use crate::{
    content::Claim,
    coverage::Sometimes,
    history::{Origin, RecordWrite},
    stored::{Fields, integer, maps, text},
    world::{ROOT, World},
};

pub(super) fn of_a_commit(world: &mut World, message: usize, request: &CommitRequest, record: Option<&RecordWrite>) {
    let Some(record) = record else { return };
    // Only a replay has the attribute.
    let letter = world.history.publications[message].attributes.get("replayOf");
    let replayed = letter.and_then(|letter| world.audit_log.replays_of(letter)).map(|(kind, _)| kind.as_str());
    let seen = match (record.outcome.as_str(), replayed) {
        ("APPLIED", Some("REFUSED")) => Some(Sometimes::RefusedRecovered),
        ("APPLIED", Some("AWAITED")) => Some(Sometimes::AwaitedRecovered),
        ("APPLIED", Some("EXHAUSTED")) => Some(Sometimes::ExhaustedRecovered),
        ("APPLIED", Some("CRASHED")) => Some(Sometimes::CrashedRecovered),
        ("REFUSED", Some("REFUSED")) => Some(Sometimes::RefusedAgain),
        _ => None,
    };
    let kind = world.history.content_of(message).claim.as_ref().map_or("", |claim| claim.kind.as_str());
    let also = match (record.consumer.as_str(), record.outcome.as_str()) {
        ("access", "APPLIED") if kind == "UserRestricted" => Some(Sometimes::Restricted),
        ("access", "IGNORED") => Some(Sometimes::StaleAccess),
        ("leads", "IGNORED") if kind != "UserRegistered" => Some(Sometimes::LeadToldAgain),
        ("price-alerts", "REFUSED") if record.reason == "TooManyAlerts" => Some(Sometimes::TooManyAlerts),
        ("leads", "APPLIED") if !record.outgoing_ids.is_empty() => Some(Sometimes::Converted),
        ("kyc-request", "IGNORED") => Some(Sometimes::BegunAlready),
        ("price-alerts", "IGNORED") if kind == "PriceMoved" => Some(Sometimes::StalePrice),
        ("payments", "IGNORED") if kind == "WithdrawalExpired" => Some(Sometimes::ExpiredTooLate),
        ("payments", "IGNORED") => Some(Sometimes::ToldAgain),
        ("payments", "REFUSED") => refused(&record.reason),
        ("payments", "APPLIED") => request
            .writes
            .iter()
            .filter_map(|write| transaction(write.operation.as_ref()?))
            .find_map(|it| paid(kind, it)),
        _ => None,
    };
    let by_clock = by_clock(world, message, record);
    seen.into_iter().chain(also).chain(by_clock).for_each(|it| world.coverage.see(it));
}

/// Events that the clock published, and letters that were released.
fn by_clock(world: &World, message: usize, record: &RecordWrite) -> Option<Sometimes> {
    let publication = &world.history.publications[message];
    if publication.origin == Origin::Release && record.outcome == "APPLIED" {
        return Some(Sometimes::AwaitedReleased);
    }
    if publication.origin != Origin::Clock || record.outcome != "APPLIED" {
        return None;
    }
    if publication.attributes.contains_key("replayOf") {
        return Some(Sometimes::AwaitedByClock);
    }
    match world.history.content_of(message).claim.as_ref()?.kind.as_str() {
        "KycExpired" => Some(Sometimes::ApprovalEnded),
        "KycLapsed" => Some(Sometimes::CustomerGivenUp),
        "WithdrawalExpired" => Some(Sometimes::ReservationEnded),
        _ => None,
    }
}

pub fn mark_follow_up(world: &mut World, claim: &Claim) {
    let seen = match claim.text("template") {
        Some("ACCOUNT_OVERDRAWN") => Some(Sometimes::Overdrawn),
        Some("PRICE_ALERT") => Some(Sometimes::AlertMet),
        Some("DISPUTE_CLOSED") => Some(Sometimes::DisputeClosed),
        Some("PAYMENT_REVERSED") => Some(Sometimes::Reversed),
        _ if claim.kind == "PriceAlertsDue" => Some(Sometimes::AlertsContinued),
        _ => None,
    };
    seen.into_iter().for_each(|it| world.coverage.see(it));
}

fn transaction(operation: &Operation) -> Option<&Fields> {
    let Operation::Update(document) = operation else { return None };
    document.name.strip_prefix(ROOT)?.starts_with("transactions/").then_some(&document.fields)
}

fn refused(reason: &str) -> Option<Sometimes> {
    match reason {
        "ForeignTransaction" => Some(Sometimes::ForeignTransaction),
        "WrongKind" => Some(Sometimes::WrongKind),
        "AmountMismatch" => Some(Sometimes::AmountMismatch),
        "CurrencyMismatch" => Some(Sometimes::CurrencyMismatch),
        "NotYetExpired" => Some(Sometimes::NotYetExpired),
        "NotRestricted" => Some(Sometimes::NotRestricted),
        _ => None,
    }
}

/// A settlement by what it took, and from where: a write has the changed fields alone, so not the amount that was authorized.
fn settled(fields: &Fields) -> Sometimes {
    let postings = maps(fields, "postings");
    let accounts: Vec<_> = postings.iter().map(|it| text(it, "account")).collect();
    let goes_out = |from: &str| {
        accounts.as_chunks::<2>().0.iter().any(|[first, second]| *first == from && second.starts_with("external"))
    };
    match (goes_out("pending"), goes_out("available")) {
        (true, true) => Sometimes::SettledAboveAuthorized,
        (false, true) => Sometimes::SettledLate,
        (_, false) => Sometimes::Withdrawn,
    }
}

/// The case that a written transaction shows.
fn paid(kind: &str, fields: &Fields) -> Option<Sometimes> {
    let is_outside = || maps(fields, "postings").iter().any(|it| text(it, "account").starts_with("external"));
    match (kind, text(fields, "status"), text(fields, "reason")) {
        ("WithdrawalRequested", "FAILED", "KycNotApproved") => Some(Sometimes::WithdrawnWithoutKyc),
        ("WithdrawalRequested", "FAILED", "TradingDisabled") => Some(Sometimes::WithdrawnWithoutAccess),
        ("WithdrawalRequested", "FAILED", "LimitExceeded") => Some(Sometimes::LimitExceeded),
        ("WithdrawalRequested", "FAILED", "InsufficientFunds") => Some(Sometimes::WithdrawnWithoutFunds),
        ("WithdrawalRequested" | "RefundRequested", "FAILED", "AccountClosed") => Some(Sometimes::AskedWhenClosed),
        ("WithdrawalSettled", "SETTLED", _) => Some(settled(fields)),
        ("WithdrawalFailed", "REVERSED", _) => Some(Sometimes::PayoutReturned),
        ("PayoutOrdered", "AUTHORIZED", _) => Some(Sometimes::PayoutOrdered),
        ("PaymentReceived", "SETTLED", _) if integer(fields, "settledAmount").is_some() => Some(Sometimes::Underpaid),
        ("FeeCharged", "SETTLED", _) => Some(Sometimes::FeeCharged),
        ("BalanceAdjusted", "SETTLED", _) => Some(Sometimes::BalanceAdjusted),
        ("WithdrawalExpired", "EXPIRED", _) => Some(Sometimes::WithdrawalExpired),
        ("RefundRequested", "FAILED", "RefundExceedsPayment") => Some(Sometimes::RefundExceedsPayment),
        ("RefundRequested", "FAILED", "InsufficientFunds") => Some(Sometimes::RefundWithoutFunds),
        ("RefundSettled", "SETTLED", _) => Some(Sometimes::Refunded),
        ("RefundFailed", "FAILED", _) | ("DisputeWon", "CANCELED", _) if is_outside() => {
            Some(Sometimes::GivenBackOutside)
        }
        _ => None,
    }
}
