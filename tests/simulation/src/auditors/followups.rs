//! Every follow-up is published at least once, under one id and with the same bytes. Nothing is published that no record owes.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{Violation, has_open_letter};
use crate::{history::Origin, world::World};

const PUBLISHED: &str = "follow-ups published";

pub(super) fn audit(world: &World) -> Option<Violation> {
    let mut owed: BTreeMap<(&str, &str), &[String]> = BTreeMap::new();
    for record in world.history.commits.iter().filter_map(|commit| commit.record.as_ref()) {
        owed.insert((&record.consumer, &record.event_id), &record.outgoing_ids);
    }
    let mut committed: BTreeSet<&str> = BTreeSet::new();
    for ((consumer, event_id), ids) in owed {
        for (index, id) in ids.iter().enumerate() {
            committed.insert(id);
            let namespace = Uuid::parse_str(event_id).expect("an id that was accepted");
            let wanted = Uuid::new_v5(&namespace, format!("{consumer}/{index}").as_bytes()).to_string();
            let complain = |what: String| {
                let about = world.history.published_events.get(event_id).map(|it| &world.history.publications[*it]);
                let violation = Violation::new(PUBLISHED, format!("{consumer}, {event_id}: {what}"));
                Some(about.map_or(violation.clone(), |publication| violation.about(&publication.key)))
            };
            if *id != wanted {
                return complain(format!("{id} instead of {wanted}"));
            }
            let is_published = world.history.published_events.contains_key(id);
            // A message that trapped after its commit is filed without publishing: an operator replays it.
            if !is_published && !has_open_letter(world, consumer, event_id) {
                return complain(format!("{id} was never published"));
            }
        }
    }
    let published = world.history.publications.iter().filter(|it| it.origin == Origin::FollowUp);
    published.into_iter().find_map(|publication| {
        let content = &world.history.contents[publication.content];
        let Some(claim) = &content.claim else {
            return Some(Violation::new(PUBLISHED, "a follow-up that can't be read"));
        };
        let complain = |what: &str| {
            let what = format!("{} {}: {what}", claim.kind, claim.id);
            Some(Violation::new(PUBLISHED, what).about(&claim.subject))
        };
        if !committed.contains(claim.id.as_str()) {
            return complain("published, and no record owes it");
        }
        if world.history.texts_of(&claim.id).len() > 1 {
            return complain("published in two wordings");
        }
        if publication.key != claim.subject {
            return complain("not ordered by its subject");
        }
        None
    })
}
