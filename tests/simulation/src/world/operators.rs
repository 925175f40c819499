//! Operators: they replay dead letters as `npm run dead-letters -- replay` does, and release fixes.

use boma_core::event::catalog::Topic;

use super::{ROOT, World};
use crate::{
    auditors::kyc_table,
    content::{Claim, Content},
    history::{Origin, Publication},
    plan::DAY_MS,
    stored::{Fields, bytes, integer, text},
};

/// A letter as an operator sees it.
struct Letter {
    id: String,
    consumer: String,
    kind: String,
    body: Vec<u8>,
    replays: i64,
}

/// Older letters aren't replayed: the record may have expired, so that a duplicate isn't recognized. A CRASHED message may have
/// been committed before, and follow-ups that it owes must not be published too late.
pub fn oldest_replay_ms(kind: &str) -> u64 {
    if kind == "CRASHED" { 12 * DAY_MS } else { 40 * DAY_MS }
}

impl World {
    /// Replays one open letter.
    pub(super) fn operator_replays(&mut self) {
        let mut letters = self.open_letters(&["REFUSED", "AWAITED", "EXHAUSTED", "CRASHED", "MALFORMED"]);
        // Some operators first look whether a replay can succeed.
        if self.chance.one_in(2) && letters.iter().any(|letter| self.has_become_legal(letter)) {
            letters.retain(|letter| self.has_become_legal(letter));
        }
        if !letters.is_empty() {
            let letter = &letters[self.chance.index(letters.len())];
            // Often only after a release has fixed the bug.
            if letter.kind == "CRASHED" && self.chance.one_in(2) {
                let poisoned = self.history.contents.iter_mut().filter(|it| it.data == letter.body);
                poisoned.for_each(Content::mend);
            }
            self.replay(letter);
        }
    }

    fn has_become_legal(&self, letter: &Letter) -> bool {
        let Some(claim) = Claim::of_follow_up(&letter.body).filter(|_| letter.kind == "REFUSED") else { return false };
        let case = self.store.get(&format!("{ROOT}kyc_cases/{}", claim.subject));
        let event = [claim.kind.as_str(), claim.text("decision").unwrap_or_default()].join(" ");
        case.is_some_and(|case| kyc_table::edge(text(case, "check"), event.trim_end()).is_some())
    }

    /// Replays every letter that needs an operator, after a release that fixes the bugs. AWAITED letters are left to the clock.
    pub(super) fn operators_mend(&mut self) {
        self.history.contents.iter_mut().for_each(Content::mend);
        for letter in self.open_letters(&["EXHAUSTED", "CRASHED"]) {
            self.replay(&letter);
        }
    }

    fn open_letters(&self, kinds: &[&str]) -> Vec<Letter> {
        let prefix = format!("{ROOT}dead_letters/");
        let letter = |(name, fields): (&str, &Fields)| {
            let received_ms = crate::stored::moment_ms(fields, "receivedAt")?;
            let kind = text(fields, "kind");
            let is_fresh = self.now_ms() < received_ms + oldest_replay_ms(kind);
            // Only by its own id, and nobody here has a reason to.
            let is_out_of_place = text(fields, "reason").contains("isn't published to");
            let is_chosen = is_fresh && !is_out_of_place && kinds.contains(&kind);
            (text(fields, "status") == "OPEN" && is_chosen).then(|| Letter {
                id: name[prefix.len()..].to_owned(),
                consumer: text(fields, "consumer").to_owned(),
                kind: kind.to_owned(),
                body: bytes(fields, "body").to_vec(),
                replays: integer(fields, "replays").unwrap_or(0),
            })
        };
        self.store.documents_below(&prefix).filter_map(letter).collect()
    }

    /// Publishes a letter again, for its consumer alone. A body that isn't an event is nobody's.
    fn replay(&mut self, letter: &Letter) {
        let Some(claim) = Claim::of_follow_up(&letter.body) else { return };
        let texts = self.history.texts_of(&claim.id);
        let Some(content) = texts.iter().copied().find(|it| self.history.contents[*it].data == letter.body) else {
            return;
        };
        let mut attributes = crate::sources::attributes(&self.history.contents[content]);
        let added = [
            ("replayOf", letter.id.clone()),
            ("replayFor", letter.consumer.clone()),
            ("replayNumber", (letter.replays + 1).to_string()),
        ];
        attributes.extend(added.map(|(name, value)| (name.to_owned(), value)));
        self.trace(&claim.subject, |_| format!("an operator replays the {} letter {}", letter.kind, letter.id));
        self.audit_log.replayed(&letter.id, &letter.kind, letter.replays + 1);
        let (topic, key, at_ms) = (Topic::Replays, claim.subject, self.now_ms());
        self.publish(Publication { content, topic, key, attributes, at_ms, origin: Origin::Operator });
    }
}
