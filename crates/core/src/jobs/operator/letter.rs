//! `POST /letters/{letterId}`: a dead letter is replayed, by the one policy of replays, or closed without being handled.

use std::{collections::VecDeque, mem::replace};

use serde_json::{Map, json};

use super::{
    answers::{Answered, Next, problem, taken},
    command, submission,
};
use crate::{
    domain::approvals::{
        documents::approval::{self, Asked},
        facts::{LetterAction as Action, Matter},
    },
    event::{fields::Fields, subscription::Consumer},
    jobs::replay::{
        key_replay::{Ended, KeyReplay, Planned},
        outcome::{LetterOutcome, Report},
        terms::{Choice, Terms},
    },
    kernel::{ids::EventId, json::parse_object, malformed::Malformed, operator::Operator, timestamp::Timestamp},
    protocol::{
        dead_letter::{self, Discarding, Status},
        outcome::Fault,
        request::{Problem, Success},
        step::{Answer, Call, Step},
    },
    store::{document::Document, path::DocumentPath, snapshot::Snapshot, write::Write},
};

const SETTLES_WITHIN_MS: u32 = 5_000;

#[derive(Clone, Debug)]
pub(super) struct LetterWork {
    letter: DocumentPath,
    said: Said,
    by: Operator,
    at: At,
}

#[derive(Clone, Debug)]
struct Said {
    /// Of the command: an approval has it.
    id: EventId,
    action: Action,
    reason: Option<String>,
}

#[derive(Clone, Debug)]
enum At {
    Reading,
    Storing(Success),
    Replaying(Box<KeyReplay>, Told),
    Done,
}

impl LetterWork {
    pub(super) fn begin(
        letter: DocumentPath,
        body: &[u8],
        by: Operator,
    ) -> Result<(LetterWork, Step<Answered>), Problem> {
        let said = read(body)?;
        let call = Call::read(vec![letter.clone(), DocumentPath::approval(said.id)]);
        Ok((LetterWork { letter, said, by, at: At::Reading }, Step::Call(call)))
    }

    pub(super) fn next(&mut self, answer: Answer<Fault>, now: Timestamp) -> Next {
        match (replace(&mut self.at, At::Done), answer) {
            (At::Reading, Answer::Found(snapshot)) => {
                let letter = snapshot.get(&self.letter).ok_or_else(Problem::not_found)?;
                match self.said.action {
                    Action::Replay => self.replay(now),
                    Action::Discard => self.discard(letter, &snapshot, now),
                }
            }
            (At::Storing(answer), Answer::Committed) => Ok(Step::Done(Ok(answer))),
            (At::Replaying(replay, told), answer) => self.replaying(replay, told, answer, now),
            (At::Reading | At::Storing(_) | At::Done, answer) => Err(answer.into_fault().into()),
        }
    }

    /// By itself, and never one that was closed, or that came where its type isn't published: for those the command line asks more.
    fn replay(&mut self, now: Timestamp) -> Next {
        let consumer = self.letter.letter_consumer();
        if Consumer::named(consumer).is_none() {
            return Ok(Step::Done(Ok(self.told("REFUSED", Some("no consumer of events handles it")))));
        }
        let terms = Terms::Operator { choice: Choice::ByFilter, settle_within_ms: SETTLES_WITHIN_MS };
        let left = VecDeque::from([Planned { path: self.letter.clone(), awaits: None }]);
        self.replaying(Box::new(KeyReplay::new(terms, left)), Told::default(), Answer::Begin, now)
    }

    fn replaying(&mut self, mut replay: Box<KeyReplay>, mut told: Told, answer: Answer<Fault>, now: Timestamp) -> Next {
        match replay.next(answer, now, &mut told) {
            Step::Done(Ended::Unseen(fault)) => Err(fault.into()),
            Step::Done(Ended::Through | Ended::Unsettled | Ended::Unsent(_)) => self.replayed(told),
            Step::Call(call) => {
                self.at = At::Replaying(replay, told);
                Ok(Step::Call(call))
            }
            Step::Wait { ms } => {
                self.at = At::Replaying(replay, told);
                Ok(Step::Wait { ms })
            }
        }
    }

    fn replayed(&self, told: Told) -> Next {
        let answer = match told.0 {
            Some(LetterOutcome::Replayed) => self.told("REPLAYED", None),
            Some(LetterOutcome::Returned { kind, reason }) => {
                self.told("REFUSED", Some(&format!("{}: {reason}", kind.name())))
            }
            Some(LetterOutcome::Refused(why)) => self.told("REFUSED", Some(&why)),
            Some(LetterOutcome::Published | LetterOutcome::Unsettled) => {
                Success { status: 202, ..self.told("PENDING", None) }
            }
            Some(LetterOutcome::Failed(fault)) => return Err(fault.into()),
            Some(LetterOutcome::Gone | LetterOutcome::Stale | LetterOutcome::Held) | None => {
                return Err(Problem::not_found());
            }
        };
        Ok(Step::Done(Ok(answer)))
    }

    fn discard(&mut self, letter: &Document, snapshot: &Snapshot, now: Timestamp) -> Next {
        let known =
            snapshot.get(&DocumentPath::approval(self.said.id)).map(approval::read).transpose().map_err(problem)?;
        if let Some(known) = known {
            let is_same = submission::is_same(&known, &self.asked()?, &self.by);
            return if is_same { Ok(Step::Done(Ok(submission::standing(self.said.id, &known)))) } else { Err(taken()) };
        }
        if status_of(letter)? == Status::Discarded {
            return Ok(Step::Done(Ok(self.told(Status::Discarded.name(), None))));
        }
        check_open(letter)?;
        if dead_letter::is_about_money(letter).map_err(problem)? {
            let asked = self.asked()?;
            let write = approval::request(self.said.id, &asked, &self.by, now)?;
            return self.store(write, submission::awaiting(self.said.id, &asked), snapshot);
        }
        let (operator, reason) = (self.by.email.as_str(), self.said.reason.as_deref());
        let by = Discarding { operator, reason, approved_by: None };
        let write = dead_letter::discarded(self.letter.clone(), &by, now);
        let answer = self.told(Status::Discarded.name(), None);
        self.store(write, answer, snapshot)
    }

    fn store(&mut self, write: Write, then: Success, snapshot: &Snapshot) -> Next {
        let write = snapshot.guard(write).ok_or(Fault::Protocol("the document was not read"))?;
        self.at = At::Storing(then);
        Ok(Step::Call(Call::commit(vec![write])))
    }

    fn asked(&self) -> Result<Asked, Malformed> {
        let reason = self.said.reason.as_deref().map(|reason| ("reason".to_owned(), reason.into()));
        let data = command::signed(reason.into_iter().collect::<Map<_, _>>(), &self.by)?;
        Ok(Asked { matter: Matter::LetterDiscarded, subject: self.letter.id().to_owned(), data })
    }

    fn told(&self, outcome: &str, reason: Option<&str>) -> Success {
        let mut body = json!({ "letterId": self.letter.id(), "outcome": outcome });
        if let Some(reason) = reason {
            body["reason"] = reason.into();
        }
        Success { status: 200, body }
    }
}

/// A letter that was replayed is no longer anybody's to discard.
pub(super) fn check_open(letter: &Document) -> Result<(), Problem> {
    match status_of(letter)? {
        Status::Open => Ok(()),
        status @ (Status::Replayed | Status::Discarded) => {
            Err(Problem::new(409).with_detail(format!("letter: it is {status}, not {}", Status::Open)))
        }
    }
}

fn status_of(letter: &Document) -> Result<Status, Problem> {
    letter.word("status", Status::from_name).map_err(problem)
}

fn read(body: &[u8]) -> Result<Said, Malformed> {
    let map = parse_object(body)?;
    let fields = Fields::new("", &map);
    Ok(Said {
        id: fields.id("id")?,
        action: fields.one_of("action", Action::ALL, Action::name)?,
        reason: fields.optional_string("reason")?.map(str::to_owned),
    })
}

pub(super) fn is_discarding(body: &[u8]) -> bool {
    read(body).is_ok_and(|said| said.action == Action::Discard)
}

/// What became of the one letter: what was told last.
#[derive(Clone, Debug, Default)]
struct Told(Option<LetterOutcome>);

impl Report for Told {
    fn letter(&mut self, _: &DocumentPath, outcome: LetterOutcome) {
        self.0 = Some(outcome);
    }
}
