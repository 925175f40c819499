//! Notes each change of a probe in `mirrors/{event id}`: which probe, what happened to it, and how often the change came. A probe
//! with `failures: N` makes its changes fail N times; one with `breaks: true` breaks the instance the first time.

use boma_core::{
    kernel::timestamp::Timestamp,
    protocol::{
        change::{ChangeHandler, ChangeOutcome, DocumentChange},
        function::Function,
        outcome::Fault,
        step::{Answer, Call, Step},
    },
    store::{
        document::Unreadable,
        path::DocumentPath,
        snapshot::{Snapshot, Stored},
        write::Write,
    },
};

pub const FUNCTION: Function = Function::of_change::<Mirror>();

#[derive(Debug)]
pub struct Mirror {
    change: DocumentChange,
    note: DocumentPath,
    /// What follows once the attempt is noted.
    then: Then,
}

#[derive(Clone, Copy, Debug)]
enum Then {
    Finish,
    Fail,
    Break,
}

impl ChangeHandler for Mirror {
    const FUNCTION: &'static str = "mirror";

    fn receive(change: DocumentChange) -> Self {
        let note = DocumentPath::parse(&format!("mirrors/{}", change.event_id)).expect("an id in plain letters");
        Mirror { change, note, then: Then::Finish }
    }

    fn next(&mut self, answer: Answer<Fault>, now: Timestamp) -> Step<ChangeOutcome> {
        match answer {
            Answer::Begin => Step::Call(Call::read(vec![self.note.clone()])),
            Answer::Found(snapshot) => {
                self.note(&snapshot, now).unwrap_or_else(|unreadable| Step::Done(ChangeOutcome::Unreadable(unreadable)))
            }
            Answer::Committed => Step::Done(self.end()),
            Answer::Failed(fault) => Step::Done(ChangeOutcome::Faulty(fault)),
            Answer::Rows(_) | Answer::Published | Answer::Appended { .. } | Answer::Waited => {
                unreachable!("it reads and commits")
            }
        }
    }
}

impl Mirror {
    /// The same event comes again; what is noted as done is done.
    fn note(&mut self, snapshot: &Snapshot, now: Timestamp) -> Result<Step<ChangeOutcome>, Unreadable> {
        let probe = self.change.after.as_ref();
        let failures = probe.map_or(Ok(None), |it| it.document.optional_int("failures"))?.unwrap_or(0);
        let breaks = probe.map_or(Ok(None), |it| it.document.optional_bool("breaks"))?.unwrap_or(false);
        let noted = snapshot.get(&self.note);
        if noted.map_or(Ok(false), |it| it.bool("done"))? {
            return Ok(Step::Done(ChangeOutcome::Finished));
        }
        let attempt = noted.map_or(Ok(0), |it| it.int("attempts"))? + 1;
        self.then = match () {
            () if breaks && attempt == 1 => Then::Break,
            () if attempt <= failures => Then::Fail,
            () => Then::Finish,
        };
        let write = Write::to(self.note.clone())
            .set("attempts", attempt)
            .set("done", matches!(self.then, Then::Finish))
            .set("path", self.change.path.as_str())
            .set("happened", happened(self.change.before.as_ref(), self.change.after.as_ref()))
            .set("updatedAt", now);
        let write = snapshot.guard(write).expect("it was read");
        Ok(Step::Call(Call::commit(vec![write])))
    }

    fn end(&self) -> ChangeOutcome {
        match self.then {
            Then::Finish => ChangeOutcome::Finished,
            Then::Fail => ChangeOutcome::Faulty(Fault::Unreadable("the probe wants it to fail".to_owned())),
            Then::Break => panic!("the probe wants it to break"),
        }
    }
}

fn happened(before: Option<&Stored>, after: Option<&Stored>) -> &'static str {
    match (before, after) {
        (None, Some(_)) => "created",
        (Some(_), Some(_)) => "updated",
        (_, None) => "deleted",
    }
}
