//! There is exactly one mail for each applied event of `welcome` and `notify`, to the address that was known. `welcome` applies one for
//! each customer.

use std::collections::BTreeMap;

use super::{Violation, as_of, document, documents, has_letter, records};
use crate::{
    content::Claim,
    history::Origin,
    stored::{Fields, map, text},
    world::{ROOT, World},
};

const MAIL: &str = "mail";

pub(super) fn audit(world: &World) -> Option<Violation> {
    let addresses = addresses(world);
    let mut due = 0;
    for consumer in ["welcome", "notify"] {
        for (commit, record, claim) in records(world, consumer) {
            let (to, template) = match consumer {
                "welcome" => (claim.text("email"), Some("WELCOME")),
                // The address is only read, so it may be older than the commit.
                _ => {
                    let known = addresses.get(claim.subject.as_str());
                    (known.and_then(|known| as_of(known, commit.seen_commits)).copied(), claim.text("template"))
                }
            };
            if consumer == "welcome" && record.outcome == "IGNORED" && is_registered_otherwise(world, claim) {
                continue;
            }
            let key = if consumer == "welcome" { &claim.subject } else { &claim.id };
            let mail = mail(world, &format!("{consumer}.{key}"));
            let is = mail.map(|mail| (text(mail, "to"), map(mail, "template").map_or("", |it| text(it, "name"))));
            if record.outcome != "APPLIED" || is != to.zip(template) || !mail.is_some_and(|it| mentions(it, claim)) {
                let what =
                    format!("{consumer} {}: {}, {is:?}, should be {to:?} {template:?}", claim.id, record.outcome);
                return Some(Violation::new(MAIL, what).about(&claim.subject));
            }
            due += 1;
        }
    }
    // A mail that is written again after the first one has expired is a second one.
    let sent = documents(world, "mail").len() + world.history.deleted_mails.len();
    if sent != due {
        return Some(Violation::new(MAIL, format!("{sent} mails for {due} events")));
    }
    unnotified(world)
}

/// Also one that has expired.
fn mail<'a>(world: &'a World, id: &str) -> Option<&'a Fields> {
    document(world, MAIL, id).or_else(|| world.history.deleted_mails.get(&format!("{ROOT}{MAIL}/{id}")))
}

/// Whether another registration than this one has made the customer, or was welcomed.
fn is_registered_otherwise(world: &World, claim: &Claim) -> bool {
    let applied = |consumer| records(world, consumer).filter(|(_, record, _)| record.outcome == "APPLIED");
    let is_other =
        |other: &Claim| other.kind == "UserRegistered" && other.subject == claim.subject && other.id != claim.id;
    let mut others = applied("profile").chain(applied("welcome"));
    others.any(|(_, _, other)| is_other(other)) || applied("welcome").any(|(_, _, other)| other.id == claim.id)
}

/// The addresses of each customer, by the commit that made them known.
fn addresses(world: &World) -> BTreeMap<&str, Vec<(i64, &str)>> {
    let mut addresses: BTreeMap<&str, Vec<(i64, &str)>> = BTreeMap::new();
    for (commit, _, claim) in records(world, "profile").filter(|(_, record, _)| record.outcome == "APPLIED") {
        let known = addresses.entry(&claim.subject).or_default();
        known.extend(claim.text("email").map(|email| (commit.number, email)));
    }
    addresses
}

/// Whether the mail has all params of the notification.
fn mentions(mail: &Fields, claim: &Claim) -> bool {
    let data = map(mail, "template").and_then(|template| map(template, "data"));
    let params = claim.data.get("params").and_then(|params| params.as_object());
    let is_there = |(name, value): (&String, &serde_json::Value)| data.map(|it| text(it, name)) == value.as_str();
    params.is_none_or(|params| params.iter().all(is_there))
}

/// Every notification has a mail or a letter.
fn unnotified(world: &World) -> Option<Violation> {
    let follow_ups = world.history.publications.iter().filter(|it| it.origin == Origin::FollowUp);
    let claims = follow_ups.filter_map(|it| world.history.contents[it.content].claim.as_ref());
    let mut notifications = claims.filter(|claim| claim.kind == "NotificationRequested");
    notifications.find_map(|claim| {
        let is_sent = mail(world, &format!("notify.{}", claim.id)).is_some();
        (!is_sent && !has_letter(world, "notify", &claim.id))
            .then(|| Violation::new(MAIL, format!("nobody was told {}", claim.id)).about(&claim.subject))
    })
}
