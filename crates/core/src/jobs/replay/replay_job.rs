//! The operators' job. `npm run dead-letters -- replay` runs it in its own process: once for the plan, and then once for each step of
//! each key, many keys at a time. Between two steps it can be stopped, for all that the next step goes by is in the answer of this one.
//!
//! | parameter | |
//! |---|---|
//! | `mode` | `DRY_RUN`, `WAIT`, `NO_WAIT` |
//! | `choice` | `BY_NAME`, `BY_FILTER`: whether each letter was named |
//! | `letters` | of a dry run: their names |
//! | `consumers` | of a dry run: the functions that letters may go to |
//! | `left` | `[{letter}]` of one key, in their order |
//! | `sent` | `[{letter, replays}]`: on their way, with how often each had been replayed before |
//! | `waitedMs`, `settleWithinMs` | how long those on their way have been waited for, and how long they may be |
//!
//! A dry run answers with `keys`, each a list of what becomes `left`, and `refused`. Every other run answers with `results`, and with
//! `left`, `sent` and `waitedMs` for the next one, which is due after `pauseMs`; null: the key is through.

use std::collections::VecDeque;

use serde_json::{Value as Json, json};

use crate::{
    event::fields::Fields,
    jobs::replay::{
        key_replay::{Ended, KeyReplay, Planned, Sent},
        plan::Plan,
        results::Results,
        terms::{Choice, Terms},
    },
    kernel::{malformed::Malformed, names::names, timestamp::Timestamp},
    protocol::{
        dead_letter::COLLECTION,
        job::{Checkpoint, End, Job, Summary},
        outcome::Fault,
        step::{Answer, Step},
    },
    store::path::DocumentPath,
};

names! {
    Mode {
        DryRun = "DRY_RUN",
        Wait = "WAIT",
        NoWait = "NO_WAIT",
    }
}

#[derive(Clone, Debug)]
pub struct Replay {
    work: Work,
    results: Results,
    /// Until the next step is due; None: there is none.
    pause_ms: Option<u32>,
    fault: Option<Fault>,
}

#[derive(Clone, Debug)]
enum Work {
    Plan(Plan),
    Key(KeyReplay),
}

impl Job for Replay {
    const FUNCTION: &'static str = "replay";
    const PARAMS: &'static [&'static str] =
        &["mode", "choice", "letters", "consumers", "left", "sent", "waitedMs", "settleWithinMs"];
    /// An operator's own process names every letter.
    const MAX_PARAMS_BYTES: usize = 64 * 1024 * 1024;

    fn from_params(params: &Fields<'_>) -> Result<Self, Malformed> {
        let choice = params.one_of("choice", Choice::ALL, Choice::name)?;
        let work = match params.one_of("mode", Mode::ALL, Mode::name)? {
            Mode::DryRun => {
                let texts = |name| Ok(params.optional_strings(name, usize::MAX)?.unwrap_or_default());
                Work::Plan(Plan::new(texts("letters")?, choice, texts("consumers")?))
            }
            Mode::Wait => {
                let terms = Terms::Operator { choice, settle_within_ms: milliseconds(params, "settleWithinMs")? };
                Work::Key(key_replay(terms, params)?)
            }
            Mode::NoWait => Work::Key(key_replay(Terms::OperatorWithoutWaiting { choice }, params)?),
        };
        Ok(Replay { work, results: Results::default(), pause_ms: None, fault: None })
    }

    fn keeps_checkpoint(&self) -> bool {
        false
    }

    fn resume_at(&mut self, _: Checkpoint) {}

    fn next(&mut self, answer: Answer<Fault>, now: Timestamp) -> Step<End> {
        match &mut self.work {
            Work::Plan(plan) => match answer {
                Answer::Begin => plan.read(),
                Answer::Found(snapshot) => plan.judge(&snapshot, now),
                answer @ (Answer::Rows(_)
                | Answer::Committed
                | Answer::Published
                | Answer::Appended { .. }
                | Answer::Waited
                | Answer::Failed(_)) => self.fail(answer.into_fault()),
            },
            Work::Key(key) => match key.next(answer, now, &mut self.results) {
                Step::Done(Ended::Unseen(fault)) => self.fail(fault),
                // Its letter says so in the results.
                Step::Done(Ended::Through | Ended::Unsettled | Ended::Unsent(_)) => Step::Done(End::Finished),
                Step::Wait { ms } => self.pause(ms),
                Step::Call(_) if self.results.has_published() => self.pause(0),
                Step::Call(call) => Step::Call(call),
            },
        }
    }

    fn checkpoint(&self) -> Option<Checkpoint> {
        None
    }

    fn summary(&self) -> Summary {
        let answer: Vec<(&str, Json)> = match &self.work {
            Work::Plan(plan) => plan.answer().into(),
            Work::Key(key) => vec![
                ("results", self.results.to_json()),
                ("left", key.left().map(planned_to_json).collect()),
                ("sent", key.sent().iter().map(sent_to_json).collect()),
                ("waitedMs", key.waited_ms().saturating_add(self.pause_ms.unwrap_or(0)).into()),
                ("pauseMs", self.pause_ms.into()),
            ],
        };
        Summary {
            answer: answer.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            findings: Vec::new(),
            faults: self.fault.iter().map(Fault::to_string).collect(),
        }
    }
}

impl Replay {
    fn fail(&mut self, fault: Fault) -> Step<End> {
        self.fault = Some(fault);
        Step::Done(End::Finished)
    }

    /// The caller waits, so that it can be stopped meanwhile.
    fn pause(&mut self, ms: u32) -> Step<End> {
        self.pause_ms = Some(ms);
        Step::Done(End::Stopped)
    }
}

fn key_replay(terms: Terms, params: &Fields<'_>) -> Result<KeyReplay, Malformed> {
    let left: VecDeque<_> = params.each("left", planned)?.into();
    Ok(KeyReplay::resumed(terms, left, params.each("sent", sent)?, milliseconds(params, "waitedMs")?))
}

fn milliseconds(params: &Fields<'_>, name: &str) -> Result<u32, Malformed> {
    u32::try_from(params.count(name)?).map_err(|_| params.refuse(name, "too long"))
}

fn planned(fields: Fields<'_>) -> Result<Planned, Malformed> {
    Ok(Planned { path: letter(&fields)?, awaits: None })
}

fn planned_to_json(Planned { path, .. }: &Planned) -> Json {
    json!({ "letter": path.id() })
}

fn sent(fields: Fields<'_>) -> Result<Sent, Malformed> {
    Ok(Sent { path: letter(&fields)?, replays: fields.count("replays")? })
}

fn sent_to_json(Sent { path, replays }: &Sent) -> Json {
    json!({ "letter": path.id(), "replays": replays })
}

fn letter(fields: &Fields<'_>) -> Result<DocumentPath, Malformed> {
    let path = DocumentPath::parse(&format!("{COLLECTION}/{}", fields.string("letter")?));
    path.ok_or_else(|| fields.refuse("letter", "not the name of a letter"))
}
