//! Nothing is lost: each delivered pair of event and consumer ends with a record, a letter or both. At the end no letter is
//! open that operators or the clock could have replayed.

use std::collections::BTreeMap;

use super::{Violation, document, has_letter, is_too_late_to_publish, letter};
use crate::{
    content::{Claim, Content, Flaw, is_heard},
    stored::{Fields, moment_ms, text, texts},
    world::{ROOT, World, oldest_replay_ms},
};

const LOST: &str = "record or letter";
const SETTLED: &str = "everything settles";

pub(super) fn audit(world: &World) -> Option<Violation> {
    let mut digests: BTreeMap<(&str, &str), (&str, &str)> = BTreeMap::new();
    for record in world.history.commits.iter().filter_map(|commit| commit.record.as_ref()) {
        digests.insert((&record.consumer, &record.event_id), (&record.digest, &record.outcome));
    }
    let delivered = world.history.delivered.iter().filter(|(consumer, _)| *consumer != "dead-letters");
    for (consumer, content) in delivered {
        let content = &world.history.contents[*content];
        let record = content.event_id().and_then(|id| digests.get(&(*consumer, id)));
        if let Some(what) = lost(world, consumer, content, record) {
            let about = content.claim.as_ref().map_or("what can't be read".to_owned(), |claim| claim.id.clone());
            let violation = Violation::new(LOST, format!("{consumer}, {about}: {what}"));
            return Some(match &content.claim {
                Some(claim) => violation.about(&claim.subject),
                None => violation,
            });
        }
    }
    let letters = world.store.documents_below(PREFIX);
    letters.into_iter().find_map(|(name, letter)| left_open(world, name, letter))
}

const PREFIX: &str = "projects/boma/databases/(default)/documents/dead_letters/";

fn lost(world: &World, consumer: &str, content: &Content, record: Option<&(&str, &str)>) -> Option<&'static str> {
    let is_filed = letter(world, consumer, content).is_some();
    let claim = match (&content.claim, content.flaw) {
        (_, Flaw::NotAnEvent) | (None, _) => return (!is_filed).then_some("it can't be read, and there is no letter"),
        (_, Flaw::OutOfPlace) => return (!is_filed).then_some("its topic may not say it, and there is no letter"),
        (Some(claim), _) if !is_heard(consumer, &claim.kind) => return None,
        (_, Flaw::InItsData) => return (!is_filed).then_some("its data is wrong, and there is no letter"),
        (Some(claim), Flaw::None) => claim,
    };
    match record {
        _ if is_filed => None,
        None => Some("neither record nor letter"),
        Some((digest, _)) if *digest != claim.digest() => {
            Some("the record is of another claim, and there is no letter")
        }
        Some((_, "REFUSED")) if !has_letter(world, consumer, &claim.id) => Some("refused, and there is no letter"),
        Some(_) => None,
    }
}

/// A letter that is still open at the end although a replay would have succeeded.
fn left_open(world: &World, name: &str, letter: &Fields) -> Option<Violation> {
    let oldest_ms = oldest_replay_ms(text(letter, "kind"));
    let is_old = moment_ms(letter, "receivedAt").is_none_or(|at_ms| at_ms + oldest_ms < world.now_ms());
    // Letters that are too old aren't replayed.
    if text(letter, "status") != "OPEN" || is_old {
        return None;
    }
    let id = &name[PREFIX.len()..];
    let event = text(letter, "eventId");
    let is_poison = |content: &Content| content.poison.is_some() && id.ends_with(content.letter_id());
    let what = match text(letter, "kind") {
        "AWAITED" => {
            let awaited = text(letter, "awaits");
            let is_there = world.store.get(&format!("{ROOT}{awaited}")).is_some();
            is_there.then(|| format!("{id} still awaits {awaited}, which is there"))
        }
        // A poison message whose bug isn't fixed may stay.
        "EXHAUSTED" | "CRASHED" => {
            let waits = text_of(world, id).and_then(|it| it.claim.as_ref()).is_none_or(|claim| waits(world, id, claim));
            let is_excused =
                waits || world.history.contents.iter().any(is_poison) || is_left_to_a_person(world, letter);
            (!is_excused).then(|| format!("{id} is still open"))
        }
        _ => None,
    };
    what.map(|what| Violation::new(SETTLED, format!("{what} (event {event})")).about(text(letter, "subject")))
}

/// Whether the message was committed, and its follow-ups are too old to be published: a person has to decide.
fn is_left_to_a_person(world: &World, letter: &Fields) -> bool {
    let id = format!("{}.{}", text(letter, "consumer"), text(letter, "eventId"));
    let record = document(world, "processed_events", &id);
    record.is_some_and(|it| !texts(it, "outgoingIds").is_empty() && is_too_late_to_publish(world, it))
}

/// Whether the letter's customer or lead is missing. With few attempts a message is given up before it has awaited one for a
/// minute.
fn waits(world: &World, letter_id: &str, claim: &Claim) -> bool {
    let lead = claim.text("leadId").filter(|_| letter_id.starts_with("leads."));
    let awaited = match lead {
        Some(lead) => document(world, "leads", lead),
        None => document(world, "users", &claim.subject),
    };
    let transaction = awaited_transaction(claim).filter(|_| letter_id.starts_with("payments."));
    awaited.is_none() || transaction.is_some_and(|id| document(world, "transactions", id).is_none())
}

/// A refund or a dispute awaits the payment that it is of, what is said about them later the refund or the dispute itself. What
/// begins a transaction awaits none.
fn awaited_transaction(claim: &Claim) -> Option<&str> {
    match claim.kind.as_str() {
        "PaymentInitiated"
        | "PaymentReceived"
        | "PaymentSent"
        | "FeeCharged"
        | "BalanceAdjusted"
        | "WithdrawalRequested"
        | "PayoutOrdered" => None,
        // It begins its refund where it names the payment.
        "RefundSettled" => claim.text("transactionId").or_else(|| claim.text("refundId")),
        "RefundFailed" => claim.text("refundId"),
        "DisputeWon" | "DisputeLost" => claim.text("disputeId"),
        _ => claim.text("transactionId"),
    }
}

/// The content of a letter, if it is an event.
fn text_of<'a>(world: &'a World, letter_id: &str) -> Option<&'a Content> {
    let of_it = |content: &&Content| letter_id.ends_with(content.letter_id());
    world.history.contents.iter().find(of_it).filter(|content| content.claim.is_some())
}
