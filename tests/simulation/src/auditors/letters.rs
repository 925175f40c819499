//! A letter keeps the bytes of its message, and counts each replay once.

use super::Violation;
use crate::{
    content::Content,
    stored::{bytes, integer, text},
    world::{ROOT, World},
};

pub(super) fn audit(world: &World) -> Option<Violation> {
    let prefix = format!("{ROOT}dead_letters/");
    for (name, letter) in world.store.documents_below(&prefix) {
        let id = &name[prefix.len()..];
        let (is, should) =
            (integer(letter, "replays"), world.audit_log.replays_of(id).map_or(0, |(_, number)| *number));
        let of_it = |content: &&Content| content.is_told_by(id, bytes(letter, "body"));
        let original = world.history.contents.iter().find(of_it);
        // A CRASHED letter has no subject.
        let claim = original.and_then(|content| content.claim.as_ref());
        let subject = claim.map_or(text(letter, "subject"), |claim| claim.subject.as_str());
        let complain = |what: String| Some(Violation::new("letters", what).about(subject));
        // A replay of a closed letter isn't counted.
        let least = if text(letter, "status") == "REPLAYED" { should.min(1) } else { should };
        if is.is_none_or(|is| is < least || is > should) {
            return complain(format!("{id} counts {is:?} replays of {should}"));
        }
        if original.is_none_or(|content| content.data != bytes(letter, "body")) {
            return complain(format!("{id} isn't what came"));
        }
    }
    None
}
