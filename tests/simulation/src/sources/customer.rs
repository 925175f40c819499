//! One customer's life.

use serde_json::{Value as Json, json};

use super::{Author, leads, market, money, notes};
use crate::{
    auditors::{
        kyc_state::{State, Told},
        kyc_table,
    },
    plan::{BEGINNING_MS, DAY_MS, FaultKind},
    pubsub::rfc3339,
};

pub(super) fn lives(author: &mut Author<'_>) {
    let user = author.user.clone();
    let lead = author.chance.one_in(2).then(|| author.chance.uuid());
    let registered_ms = BEGINNING_MS + author.chance.between(0, author.plan.span_ms / 3);
    let early = |author: &mut Author<'_>| {
        let is_early = author.hits(FaultKind::Early) || author.hits(FaultKind::Early);
        let before_ms = if is_early { author.chance.between(0, 100_000) } else { 0 };
        registered_ms.saturating_sub(before_ms).max(BEGINNING_MS)
    };
    registers(author, registered_ms, &user, lead.as_deref());
    if let Some(lead) = &lead {
        leads::comes_to_us(author, registered_ms, lead);
    }
    let from_ms = early(author);
    passes_kyc(author, from_ms, &user);
    let from_ms = early(author) + author.chance.below(10_000);
    money::moves(author, from_ms, &user);
    let from_ms = early(author);
    market::watches(author, from_ms, &user);
    let from_ms = early(author);
    interacts(author, from_ms, &user);
    let from_ms = early(author);
    moves(author, from_ms, &user);
    let from_ms = early(author);
    notes::are_made(author, from_ms, &user);
    if let Some(lead) = &lead {
        leads::is_worked_on(author, registered_ms, lead);
    }
}

fn registers(author: &mut Author<'_>, at_ms: u64, user: &str, lead: Option<&str>) {
    // Some customers never register, so that their other events wait in vain.
    if author.hits(FaultKind::Early) {
        return;
    }
    let mut data = json!({ "email": "a@b.cz", "fullName": "A B", "country": "CZ", "region": "Praha" });
    if let Some(lead) = lead {
        data["leadId"] = lead.into();
    }
    author.publish(at_ms, "UserRegistered", user, data.clone());
    if author.hits(FaultKind::Illegal) {
        let again_ms = author.later(at_ms);
        author.publish(again_ms, "UserRegistered", user, data);
    }
}

/// Mostly events that the present state allows.
fn passes_kyc(author: &mut Author<'_>, mut at_ms: u64, user: &str) {
    let mut state = State::default();
    // Many are approved and left alone: they can withdraw.
    let is_quiet = author.chance.one_in(2);
    let events = author.chance.between(u64::from(is_quiet), if is_quiet { 2 } else { 14 });
    for number in 0..events {
        at_ms = if is_quiet && number == 0 { at_ms + author.chance.below(2_000) } else { author.later(at_ms) };
        let any = *author.chance.pick(kyc_table::EVENTS);
        let legal: Vec<_> =
            kyc_table::EVENTS.iter().copied().filter(|event| kyc_table::edge(&state.check, event).is_some()).collect();
        let is_illegal = legal.is_empty() || author.hits(FaultKind::Illegal);
        let event = match (is_illegal, is_quiet && number == 0) {
            (true, _) => any,
            (false, true) => "KycCompleted APPROVED",
            (false, false) => *author.chance.pick(&legal),
        };
        let (kind, data) = kyc_event(author, event, at_ms, &state);
        let (at, id) = (rfc3339(at_ms), author.chance.uuid());
        state.take(Told { kind, id: &id, data: &data, time: &at, now: &at });
        author.publish(at_ms, kind, user, data);
    }
}

fn kyc_event(author: &mut Author<'_>, event: &'static str, at_ms: u64, state: &State) -> (&'static str, Json) {
    let (kind, decision) = event.split_once(' ').unwrap_or((event, ""));
    let data = match kind {
        "KycCompleted" => {
            let review = if author.hits(FaultKind::Illegal) { 1 } else { author.chance.draw() % 1_000_000 };
            let mut data = json!({ "decision": decision, "provider": "p", "reviewId": format!("r{review}") });
            if author.chance.one_in(3) {
                let lasts_ms = author.chance.between(0, 2 * author.plan.span_ms.min(20 * DAY_MS));
                let until_ms = author.plan.validity_begins_ms(at_ms) + lasts_ms;
                data["validUntil"] = rfc3339(until_ms).into();
            }
            if author.chance.one_in(4) {
                let behind = i64::from(author.chance.one_in(4));
                data["cycle"] = (state.cycle - behind).into();
            }
            data
        }
        "KycReviewed" => json!({ "decision": decision, "operator": "o" }),
        "KycSuspended" | "KycReinstated" => suspension(author, state),
        "ReviewClaimed" | "ReviewReturned" => json!({ "operator": format!("o{}", author.chance.below(2)) }),
        "KycExpired" | "KycLapsed" => {
            let behind = i64::from(author.chance.one_in(5));
            json!({ "kycVersion": (state.version - behind).max(0) })
        }
        _ => json!({ "operator": "o", "reason": "r" }),
    };
    (kind, data)
}

/// Half of them name a suspension, mostly one that is open.
fn suspension(author: &mut Author<'_>, state: &State) -> Json {
    let mut data = json!({ "operator": "o", "reason": "r" });
    if author.chance.one_in(2) {
        let open: Vec<_> = state.suspensions.keys().collect();
        let is_open = !open.is_empty() && !author.chance.one_in(4);
        let id = if is_open { open[author.chance.index(open.len())].clone() } else { author.chance.uuid() };
        data["suspensionId"] = id.into();
    }
    data
}

fn moves(author: &mut Author<'_>, mut at_ms: u64, user: &str) {
    for number in 0..author.chance.between(0, 5) {
        at_ms = author.later(at_ms);
        let data = match author.chance.below(4) {
            3 => json!({ "phone": format!("+42060123456{number}"), "kind": "PERSON", "language": null }),
            0 => json!({ "region": format!("region {number}") }),
            1 => json!({ "email": format!("{number}@b.cz") }),
            _ => json!({ "country": "AT", "region": format!("Wien {number}") }),
        };
        author.publish(at_ms, "ProfileChanged", user, data);
    }
}

/// Some interactions are reported long after they took place.
fn interacts(author: &mut Author<'_>, mut at_ms: u64, user: &str) {
    for _ in 0..author.chance.between(0, 4) {
        at_ms = author.later(at_ms);
        let kind = *author.chance.pick(&["LOGIN", "VIEWED", "CLICKED", "CALLED", "MESSAGED"]);
        let took_place_ms = author.earlier(at_ms);
        author.publish_past(at_ms, took_place_ms, "UserInteracted", user, json!({ "kind": kind, "channel": "web" }));
    }
}
