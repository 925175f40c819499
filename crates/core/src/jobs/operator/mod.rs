//! What operators ask for by HTTP, in their own names: commands, decisions on what others ask for, and what becomes of dead letters.
//!
//! | request | body | |
//! |---|---|---|
//! | `POST /commands` | `{id, type, subject, data}` | publishes an event, or asks for a second person: [`submission`] |
//! | `POST /approvals/{id}` | `{decision, digest, reason?}` | the second person's answer: [`decision`] |
//! | `POST /letters/{letterId}` | `{id, action, reason?}` | replays a letter, or discards it: [`letter`] |
//! | `GET /me` | | who the token says that the caller is |
//!
//! An id is the caller's, and stands for one command for ever: the same request again comes to the same answer and acts once.

mod answers;
mod command;
mod decision;
mod letter;
mod publication;
mod route;
mod submission;

use serde_json::json;

use self::{
    answers::{Answered, FUNCTION, Next},
    decision::Deciding,
    letter::LetterWork,
    route::Route,
    submission::Submission,
};
use crate::{
    kernel::{operator::Operator, timestamp::Timestamp},
    protocol::{
        outcome::Fault,
        request::{Endpoint, Problem, Request, RequestHead, Success},
        step::{Answer, Step},
    },
};

/// The endpoint of the function `operator`.
#[derive(Clone, Debug)]
pub struct Desk {
    request: Request,
    work: Work,
}

#[derive(Clone, Debug)]
enum Work {
    Nothing,
    Submission(Submission),
    Deciding(Deciding),
    Letter(LetterWork),
}

impl Endpoint for Desk {
    const FUNCTION: &'static str = FUNCTION;
    const FOR_OPERATORS: bool = true;

    fn rests_on_present_rights(request: &Request) -> bool {
        Route::of(&request.head).is_some_and(|route| route.rests_on_present_rights(&request.body.bytes))
    }

    fn reject(head: &RequestHead) -> Option<Problem> {
        route::reject(head)
    }

    fn receive(request: Request) -> Self {
        Desk { request, work: Work::Nothing }
    }

    fn next(&mut self, answer: Answer<Fault>, now: Timestamp) -> Step<Answered> {
        let next = match (&mut self.work, answer) {
            // Also where another writer was first: all is read again.
            (_, Answer::Begin) => self.begin(now),
            (Work::Submission(work), answer) => work.next(answer, now),
            (Work::Deciding(work), answer) => work.next(answer, now),
            (Work::Letter(work), answer) => work.next(answer, now),
            (Work::Nothing, answer) => Err(answer.into_fault().into()),
        };
        next.unwrap_or_else(|problem| Step::Done(Err(problem)))
    }
}

impl Desk {
    fn begin(&mut self, now: Timestamp) -> Next {
        let Request { head, body, caller } = &self.request;
        // Verified before this is reached: without a caller nothing is done for anybody.
        let by = caller.clone().ok_or_else(|| Problem::new(401))?;
        let route = Route::of(head).ok_or_else(Problem::not_found)?;
        if route != Route::Me && !by.role.may_act() {
            return Err(Problem::new(403).with_detail("role: not one that commands are taken from"));
        }
        let (work, step) = match route {
            Route::Me => return Ok(Step::Done(Ok(me(&by)))),
            Route::Commands => {
                let (work, step) = Submission::begin(&body.bytes, by, now)?;
                (Work::Submission(work), step)
            }
            Route::Approval(id) => {
                let (work, step) = Deciding::begin(id, &body.bytes, by)?;
                (Work::Deciding(work), step)
            }
            Route::Letter(letter) => {
                let (work, step) = LetterWork::begin(letter, &body.bytes, by)?;
                (Work::Letter(work), step)
            }
        };
        self.work = work;
        Ok(step)
    }
}

fn me(operator: &Operator) -> Success {
    Success { status: 200, body: json!({ "email": operator.email, "role": operator.role.name() }) }
}
