//! The letters of one key, replayed in their order. A letter that couldn't be sent, or isn't settled in time, holds back those behind it.

use std::{
    collections::VecDeque,
    mem::{replace, take},
};

use crate::{
    event::outbox::{Batch, Message},
    jobs::replay::{
        letter::{Letter, attributes, is_awaiting},
        outcome::{LetterOutcome, Report},
        publication::{Fate, message},
        refusal::refusal,
        terms::{Terms, pause_ms},
    },
    kernel::timestamp::Timestamp,
    protocol::{
        dead_letter::{Kind, Status},
        outcome::Fault,
        step::{Answer, Call, Step},
    },
    store::{
        document::{Document, Unreadable},
        path::DocumentPath,
        snapshot::Snapshot,
    },
};

/// A letter that may go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    pub path: DocumentPath,
    /// What it waited for when it was listed: it goes only if that is still so. None: it goes whatever it is.
    ///
    /// Somebody else may have replayed it meanwhile, with a delivery that didn't see the document yet: it is open again by then, and must
    /// go before those behind it.
    pub awaits: Option<DocumentPath>,
}

/// A letter that is published and not settled yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub path: DocumentPath,
    /// How often it had been replayed before.
    pub replays: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nothing is on its way. Of an unattended replay letters may be left: one came back to wait for another document, and which letter
    /// is the next hangs on that.
    Through,
    /// A letter wasn't settled in time, and those behind it are held back.
    Unsettled,
    /// A letter couldn't be read or published.
    Unsent(Fault),
    /// Whether the letters on their way are settled can't be seen.
    Unseen(Fault),
}

#[derive(Clone, Debug)]
pub struct KeyReplay {
    terms: Terms,
    /// On their way.
    sent: Vec<Sent>,
    now: Option<Planned>,
    left: VecDeque<Planned>,
    waited_ms: u32,
    at: At,
}

#[derive(Clone, Debug)]
enum At {
    Start,
    Reading,
    Publishing(Sent),
    Pausing(u32),
    Looking,
    Done,
}

impl KeyReplay {
    pub(in crate::jobs) fn new(terms: Terms, left: VecDeque<Planned>) -> KeyReplay {
        KeyReplay::resumed(terms, left, Vec::new(), 0)
    }

    /// Where another one stopped: with these letters on their way, waited for so long.
    pub(super) fn resumed(terms: Terms, left: VecDeque<Planned>, sent: Vec<Sent>, waited_ms: u32) -> KeyReplay {
        KeyReplay { terms, sent, now: None, left, waited_ms, at: At::Start }
    }

    pub(in crate::jobs) fn next(
        &mut self,
        answer: Answer<Fault>,
        now: Timestamp,
        report: &mut impl Report,
    ) -> Step<Ended> {
        match (replace(&mut self.at, At::Done), answer) {
            (At::Start, Answer::Begin) if self.sent.is_empty() => self.send(),
            (At::Start, Answer::Begin) => self.look(),
            (At::Reading, Answer::Found(snapshot)) => self.publish(&snapshot, now, report),
            (At::Publishing(sent), Answer::Published) => self.published(sent, report),
            (At::Pausing(ms), Answer::Waited) => {
                self.waited_ms = self.waited_ms.saturating_add(ms);
                self.look()
            }
            (At::Looking, Answer::Found(snapshot)) => self.settle(&snapshot, report),
            (At::Reading | At::Publishing(_), Answer::Failed(fault)) => {
                if let Some(planned) = self.now.take() {
                    report.letter(&planned.path, LetterOutcome::Failed(fault.clone()));
                }
                self.hold_back(report);
                Step::Done(Ended::Unsent(fault))
            }
            (At::Start | At::Reading | At::Publishing(_) | At::Pausing(_) | At::Looking | At::Done, answer) => {
                Step::Done(Ended::Unseen(answer.into_fault()))
            }
        }
    }

    /// The letters that are left aren't replayed any more.
    pub(super) fn hold_back(&mut self, report: &mut impl Report) {
        for planned in self.left.drain(..) {
            report.letter(&planned.path, LetterOutcome::Held);
        }
    }

    /// Those that aren't published, in their order.
    pub(super) fn left(&self) -> impl Iterator<Item = &Planned> {
        self.now.iter().chain(&self.left)
    }

    pub(super) fn sent(&self) -> &[Sent] {
        &self.sent
    }

    pub(super) fn waited_ms(&self) -> u32 {
        self.waited_ms
    }

    /// The next one, once those before it are settled.
    fn send(&mut self) -> Step<Ended> {
        if !self.sent.is_empty() {
            return self.pause();
        }
        self.now = self.left.pop_front();
        let Some(next) = &self.now else { return Step::Done(Ended::Through) };
        self.at = At::Reading;
        Step::Call(Call::read(vec![next.path.clone()]))
    }

    /// As they are now: what somebody else has replayed or closed meanwhile stays as it is.
    fn publish(&mut self, snapshot: &Snapshot, now: Timestamp, report: &mut impl Report) -> Step<Ended> {
        let Some(planned) = &self.now else { return self.send() };
        let path = planned.path.clone();
        match self.examine(planned, snapshot.get(&path), now) {
            Ok((message, replays)) => {
                let batch = Batch { topic: message.topic, key: message.key.clone(), messages: vec![message] };
                self.at = At::Publishing(Sent { path, replays });
                Step::Call(Call::publish(batch))
            }
            Err(outcome) => {
                let holds_back = outcome == LetterOutcome::Gone;
                report.letter(&path, outcome);
                if holds_back {
                    self.hold_back(report);
                }
                self.send()
            }
        }
    }

    /// Its message, and how often it was replayed before; or what becomes of it instead.
    fn examine(
        &self,
        planned: &Planned,
        document: Option<&Document>,
        now: Timestamp,
    ) -> Result<(Message, i64), LetterOutcome> {
        let refused = |unreadable: Unreadable| LetterOutcome::Refused(unreadable.to_string());
        let is_unattended = self.terms.is_unattended();
        let Some(document) = document else {
            return Err(if is_unattended { LetterOutcome::Stale } else { LetterOutcome::Gone });
        };
        let letter = Letter::read(&planned.path, document).map_err(refused)?;
        if let Some(awaited) = &planned.awaits {
            let awaits = document.optional_word("awaits", DocumentPath::parse).map_err(refused)?;
            if !is_awaiting(document).map_err(refused)? || awaits.as_ref() != Some(awaited) {
                return Err(LetterOutcome::Stale);
            }
        }
        // An earlier replay, broken off before it was settled, has come to its end meanwhile.
        if letter.status == Status::Replayed {
            return Err(LetterOutcome::Replayed);
        }
        if let Some(refusal) = refusal(&letter, self.terms.choice(), now) {
            return Err(LetterOutcome::Refused(refusal.to_string()));
        }
        let body = document.bytes("body").map_err(refused)?;
        if is_unattended && std::str::from_utf8(body).is_err() {
            return Err(refused(Unreadable::new("body", "not UTF-8")));
        }
        let came_with = attributes(document).map_err(refused)?;
        Ok((message(&letter, body, &came_with), letter.replays))
    }

    fn published(&mut self, sent: Sent, report: &mut impl Report) -> Step<Ended> {
        self.now = None;
        report.letter(&sent.path, LetterOutcome::Published);
        if self.terms.waits() {
            self.sent.push(sent);
        }
        self.send()
    }

    fn pause(&mut self) -> Step<Ended> {
        let ms = pause_ms(self.waited_ms);
        self.at = At::Pausing(ms);
        Step::Wait { ms }
    }

    fn look(&mut self) -> Step<Ended> {
        self.at = At::Looking;
        let paths = self.sent.iter().map(|letter| letter.path.clone()).collect();
        Step::Call(Call::read_fields(paths, Fate::FIELDS))
    }

    fn settle(&mut self, snapshot: &Snapshot, report: &mut impl Report) -> Step<Ended> {
        let (mut holds_back, mut waits_again) = (false, false);
        for letter in take(&mut self.sent) {
            let document = snapshot.get(&letter.path);
            match Fate::of(document, letter.replays) {
                Ok(Fate::Replayed) => report.letter(&letter.path, LetterOutcome::Replayed),
                Ok(Fate::Returned { kind, reason }) => {
                    waits_again |= self.terms.is_unattended() && kind == Kind::Awaited;
                    report.letter(&letter.path, LetterOutcome::Returned { kind, reason });
                }
                Ok(Fate::Gone) => {
                    holds_back |= !self.terms.is_unattended();
                    report.letter(&letter.path, LetterOutcome::Gone);
                }
                Ok(Fate::OnItsWay) | Err(_) if self.is_given_up(document) => {}
                Ok(Fate::OnItsWay) | Err(_) => self.sent.push(letter),
            }
        }
        if holds_back {
            self.hold_back(report);
        }
        if self.sent.is_empty() {
            self.waited_ms = 0;
            return if waits_again { Step::Done(Ended::Through) } else { self.send() };
        }
        if self.waited_ms < self.terms.settle_within_ms() {
            return self.pause();
        }
        for letter in take(&mut self.sent) {
            report.letter(&letter.path, LetterOutcome::Unsettled);
        }
        self.hold_back(report);
        Step::Done(Ended::Unsettled)
    }

    /// Whether another hand than its replay's changed it, so that there is nothing more to wait for.
    fn is_given_up(&self, letter: Option<&Document>) -> bool {
        self.terms.is_unattended() && !letter.is_some_and(|letter| is_awaiting(letter).unwrap_or(false))
    }
}
