//! A customer registers once, and each field of the profile has its last value.

use std::collections::BTreeMap;

use super::{Violation, as_of, customers, document, records};
use crate::{
    stored::{map, text},
    world::World,
};

const PROFILE: &str = "profiles";
const FIELDS: [&str; 6] = ["email", "fullName", "country", "region", "phone", "kind"];

pub(super) fn audit(world: &World) -> Option<Violation> {
    let mut registered: BTreeMap<&str, Vec<(i64, ())>> = BTreeMap::new();
    let mut profiles: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for (commit, record, claim) in records(world, "profile") {
        let history = registered.entry(&claim.subject).or_default();
        let seen = if record.outcome == "APPLIED" { commit.number } else { commit.seen_commits };
        let is_there = as_of(history, seen).is_some();
        match (record.outcome.as_str(), claim.kind.as_str(), is_there) {
            ("APPLIED", "UserRegistered", false) => history.push((commit.number, ())),
            ("APPLIED", "ProfileChanged", true) | ("REFUSED", "UserRegistered", true) => {}
            _ => {
                let what = format!("{} {}: {}, registered: {is_there}", claim.kind, claim.id, record.outcome);
                return Some(Violation::new(PROFILE, what).about(&claim.subject));
            }
        }
        if record.outcome == "APPLIED" {
            let said = FIELDS.iter().filter_map(|field| Some(((claim.subject.as_str(), *field), claim.text(field)?)));
            profiles.extend(said);
        }
    }
    for ((id, field), said) in &profiles {
        let stored = document(world, "users", id).and_then(|user| map(user, "profileData"));
        let is = stored.map_or("", |profile| text(profile, field));
        if is != *said {
            return Some(Violation::new(PROFILE, format!("{field} of {id} is {is}, should be {said}")).about(id));
        }
    }
    let users = customers(world).count();
    let should = registered.values().filter(|history| !history.is_empty()).count();
    (users != should).then(|| Violation::new(PROFILE, format!("{users} users, {should} registrations")))
}
