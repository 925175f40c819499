//! Each note is there once, with the text that it had first; and a customer is looked after by whoever was assigned last.

use std::collections::BTreeMap;

use super::{Violation, as_of, customers, document, documents, records};
use crate::{stored::text, world::World};

const NOTES: &str = "notes";

type Histories<'a> = BTreeMap<(&'a str, &'a str), Vec<(i64, &'a str)>>;

pub(super) fn audit(world: &World) -> Option<Violation> {
    // By customer and note; the assignment is what has no note's id.
    let mut histories: Histories<'_> = BTreeMap::new();
    for (commit, record, claim) in records(world, "notes") {
        let is_note = claim.kind == "NoteAdded";
        let (id, said) = if is_note { ("noteId", "text") } else { ("", "assignee") };
        let said = claim.text(said).unwrap_or_default();
        let history = histories.entry((&claim.subject, claim.text(id).unwrap_or_default())).or_default();
        let seen = if record.outcome == "APPLIED" { commit.number } else { commit.seen_commits };
        let known = as_of(history, seen).copied();
        match (record.outcome.as_str(), known) {
            ("APPLIED", known) if known.is_none() || (!is_note && known != Some(said)) => {
                history.push((commit.number, said));
            }
            ("IGNORED", known) if known.unwrap_or_default() == said => {}
            ("REFUSED", Some(known)) if is_note && known != said => {}
            _ => {
                let what = format!("{} {}: {} after {known:?}", claim.kind, claim.id, record.outcome);
                return Some(Violation::new(NOTES, what).about(&claim.subject));
            }
        }
    }
    let last = |history: &Vec<(i64, &str)>| history.last().map_or(String::new(), |(_, said)| (*said).to_owned());
    let differs = |((user, note), history): (&(&str, &str), &Vec<(i64, &str)>)| {
        let (collection, id, field) = match *note {
            "" => ("users", (*user).to_owned(), "assignedTo"),
            note => ("users", format!("{user}/notes/{note}"), "text"),
        };
        let is = document(world, collection, &id).map_or("", |it| text(it, field));
        let should = last(history);
        (is != should)
            .then(|| Violation::new(NOTES, format!("{field} of {id} is {is}, should be {should}")).about(user))
    };
    histories.iter().find_map(differs).or_else(|| nobody_said(world, &histories))
}

/// Notes and assignments that no event has said.
fn nobody_said(world: &World, histories: &Histories<'_>) -> Option<Violation> {
    let notes = documents(world, "users").into_iter().filter(|(path, _)| path.contains("/notes/")).count();
    let should = histories.iter().filter(|((_, note), history)| !note.is_empty() && !history.is_empty()).count();
    let mut assigned = customers(world).filter(|(_, user)| !text(user, "assignedTo").is_empty());
    let stray = assigned.find(|(id, _)| !histories.contains_key(&(*id, "")));
    let stray = stray.map(|(id, _)| Violation::new(NOTES, format!("nobody was assigned to {id}")).about(id));
    stray.or_else(|| (notes != should).then(|| Violation::new(NOTES, format!("{notes} notes, should be {should}"))))
}
