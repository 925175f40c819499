//! Effects are in the order of publication, for each customer, topic and consumer. A message that was filed, or that Pub/Sub
//! gave up, may take effect later.

use std::collections::BTreeMap;

use boma_core::event::catalog::Topic;

use super::{Violation, has_letter};
use crate::world::World;

pub(super) fn audit(world: &World) -> Option<Violation> {
    let mut last: BTreeMap<(&str, Topic, &str), usize> = BTreeMap::new();
    for record in world.history.commits.iter().filter_map(|commit| commit.record.as_ref()) {
        let (consumer, id) = (record.consumer.as_str(), record.event_id.as_str());
        if record.outcome != "APPLIED" {
            continue;
        }
        let Some(first) = world.history.published_events.get(id).copied() else {
            return Some(Violation::new("order", format!("{consumer} applied {id}, which nobody published")));
        };
        let publication = &world.history.publications[first];
        let ordering = (consumer, publication.topic, publication.key.as_str());
        let latest = last.get(&ordering).copied();
        if latest.is_none_or(|latest| latest < first) {
            last.insert(ordering, first);
            continue;
        }
        let is_excused = has_letter(world, consumer, id) || was_given_up(world, consumer, id);
        if !is_excused {
            let what = format!("{consumer} applied {id} (message {first}) after message {}", latest.unwrap_or(0));
            return Some(Violation::new("order", what).about(&publication.key));
        }
    }
    None
}

fn was_given_up(world: &World, consumer: &str, id: &str) -> bool {
    world.history.given_up.iter().any(|(whose, which)| *whose == consumer && which == id)
}
