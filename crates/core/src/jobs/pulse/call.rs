//! One change, from its coming to the acknowledgement.

use std::{cell::RefCell, mem, rc::Rc};

use crate::{
    domain::pulse::Changed,
    jobs::pulse::shard::{Shard, Ticket, Turn},
    protocol::{
        change::{ChangeOutcome, ChangeReport, DocumentChange},
        function::Protocol,
        outcome::Fault,
        response::HttpResponse,
        step::{self, Answer, Reply, Step},
    },
};

pub const FUNCTION: &str = "pulse";

/// A write that takes longer holds up all that comes.
const WRITE_MS: u32 = 5_000;

pub(super) struct Call {
    event_id: String,
    shard: Rc<RefCell<Shard>>,
    at: At,
}

enum At {
    Start(Box<DocumentChange>),
    Waiting(Ticket),
    Writing(Ticket),
    Done,
}

impl Call {
    pub(super) fn of(change: DocumentChange, shard: Rc<RefCell<Shard>>) -> Call {
        Call { event_id: change.event_id.clone(), shard, at: At::Start(Box::new(change)) }
    }

    fn turn(&mut self, ticket: Ticket, turn: Turn) -> Step<ChangeOutcome> {
        let outcome = match turn {
            Turn::Wait { ms } => {
                self.at = At::Waiting(ticket);
                return Step::Wait { ms };
            }
            Turn::Write(writes) => {
                self.at = At::Writing(ticket);
                return Step::Call(step::Call::commit(writes).within(WRITE_MS));
            }
            Turn::Over { is_written: true } => ChangeOutcome::Pooled { changes: None },
            Turn::Over { is_written: false } => ChangeOutcome::PoolFailed,
            Turn::Wrote { changes } => ChangeOutcome::Pooled { changes: Some(changes) },
            Turn::Failed(fault) => ChangeOutcome::Faulty(fault),
        };
        self.shard.borrow_mut().leave(ticket);
        Step::Done(outcome)
    }

    fn step(&mut self, Reply { answer, now, random }: Reply) -> Step<ChangeOutcome> {
        let shard = Rc::clone(&self.shard);
        let mut shard = shard.borrow_mut();
        let (ticket, turn) = match (mem::replace(&mut self.at, At::Done), answer) {
            (At::Start(change), Answer::Begin) => {
                let DocumentChange { path, before, after, is_cut, .. } = *change;
                let changed = Changed { path: &path, before: before.as_ref(), after: after.as_ref(), is_cut };
                let Some(sums) = changed.sums(now) else { return Step::Done(ChangeOutcome::Finished) };
                let ticket = shard.join(sums, now, random);
                (ticket, shard.look(ticket, now))
            }
            (At::Waiting(ticket), Answer::Waited) => (ticket, shard.look(ticket, now)),
            (At::Writing(ticket), Answer::Committed) => (ticket, shard.written(ticket)),
            (At::Writing(ticket), Answer::Failed(failure)) => (ticket, shard.failed(ticket, failure, now)),
            (At::Waiting(ticket) | At::Writing(ticket), _) => (ticket, Turn::Failed(ANOTHER)),
            (At::Start(_) | At::Done, _) => return Step::Done(ChangeOutcome::Faulty(ANOTHER)),
        };
        drop(shard);
        self.turn(ticket, turn)
    }
}

const ANOTHER: Fault = Fault::Protocol("an answer to another step");

impl Protocol for Call {
    fn next(&mut self, reply: Reply) -> Step<HttpResponse> {
        let event_id = self.event_id.clone();
        self.step(reply).map(|outcome| ChangeReport { function: FUNCTION, event_id, outcome }).map(HttpResponse::from)
    }
}

/// A host that breaks a call off leaves the others a pool that goes on.
impl Drop for Call {
    fn drop(&mut self) {
        if let At::Waiting(ticket) | At::Writing(ticket) = self.at {
            self.shard.borrow_mut().leave(ticket);
        }
    }
}
