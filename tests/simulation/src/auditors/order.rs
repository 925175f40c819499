//! Order of effects = order of publication, within customer, topic and consumer, unless a letter lies between: the message
//! was filed, or Pub/Sub gave it up so that it would be.

use std::collections::BTreeMap;

use boma_core::event::catalog::Topic;

use super::{Violation, has_letter};
use crate::world::World;

pub(super) fn audit(world: &World) -> Option<Violation> {
    let mut last: BTreeMap<(&str, Topic, &str), usize> = BTreeMap::new();
    for record in world.chronicle.commits.iter().filter_map(|commit| commit.record.as_ref()) {
        let (consumer, id) = (record.consumer.as_str(), record.event_id.as_str());
        if record.outcome != "APPLIED" {
            continue;
        }
        let Some(first) = world.chronicle.published_events.get(id).copied() else {
            return Some(Violation::new("order", format!("{consumer} applied {id}, which nobody published")));
        };
        let publication = &world.chronicle.publications[first];
        let lane = (consumer, publication.topic, publication.key.as_str());
        let latest = last.get(&lane).copied();
        if latest.is_none_or(|latest| latest < first) {
            last.insert(lane, first);
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
    world.chronicle.given_up.iter().any(|(whose, which)| *whose == consumer && which == id)
}
