//! HTTP requests: their heads, which every trigger has, and the protocol of a function that is called by HTTP for its own sake.
//!
//! A request may begin anew in a fresh instance when another one broke the one that it ran in, and its sender may send it twice; so
//! an endpoint does nothing that may not be done twice.

mod head;
mod problem;

pub use self::{head::RequestHead, problem::Problem};
use crate::{
    kernel::{malformed::Malformed, operator::Operator, timestamp::Timestamp},
    protocol::{
        deadlines,
        outcome::Fault,
        run::{Run, Task},
        step::{Answer, Reply, Step},
    },
};
use serde_json::Value as Json;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub head: RequestHead,
    pub body: Body,
    /// Of an endpoint that operators call: whose token it came with. Of any other nobody is asked.
    pub caller: Option<Operator>,
}

/// A body as far as the host has kept it: the beginning, and the end of one that is longer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    pub bytes: Vec<u8>,
    /// Empty of a body that is kept whole.
    pub end: Vec<u8>,
    /// How many bytes came after the beginning, those of the end among them.
    pub dropped_bytes: u32,
}

impl Body {
    pub fn is_cut(&self) -> bool {
        self.dropped_bytes > 0
    }

    /// Why one that is cut can't be read.
    pub fn too_large(&self) -> Malformed {
        Malformed::new("body", format_args!("larger than {} bytes", self.bytes.len()))
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Body {
        Body { bytes, ..Body::default() }
    }
}

/// An HTTP function. Pure: it keeps nothing but what it was told.
pub trait Endpoint {
    const FUNCTION: &'static str;

    /// Whether its callers are operators, each with an ID token of their own.
    const FOR_OPERATORS: bool = false;

    /// Whether a caller's rights of this moment are asked for, beside those that the token had when it was made.
    fn rests_on_present_rights(_: &Request) -> bool {
        false
    }

    /// The problem with a head that isn't accepted: the body is then never read. Who calls is known by now.
    fn reject(head: &RequestHead) -> Option<Problem>;

    fn receive(request: Request) -> Self;

    /// As [`Task::next`].
    fn next(&mut self, answer: Answer<Fault>, now: Timestamp) -> Step<Result<Success, Problem>>;
}

/// An answer of status 2xx.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Success {
    pub status: u16,
    pub body: Json,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestReport {
    pub function: &'static str,
    pub outcome: Result<Success, Problem>,
}

#[derive(Clone, Debug)]
pub struct RequestRun<E>(Run<Answering<E>>);

impl<E: Endpoint> RequestRun<E> {
    pub fn new(request: Request) -> Self {
        RequestRun(Run::of(Answering(E::receive(request))))
    }

    /// The next step, given the answer to the last one.
    pub fn next(&mut self, reply: Reply) -> Step<RequestReport> {
        self.0.next(reply).map(|outcome| RequestReport { function: E::FUNCTION, outcome })
    }
}

#[derive(Clone, Debug)]
struct Answering<E>(E);

impl<E: Endpoint> Task for Answering<E> {
    type Outcome = Result<Success, Problem>;
    const LASTS_MS: u64 = deadlines::REQUEST_MS;

    fn next(&mut self, answer: Answer<Fault>, now: Timestamp) -> Step<Self::Outcome> {
        self.0.next(answer, now)
    }

    fn out_of_time(&mut self) -> Self::Outcome {
        Err(Fault::OutOfTime.into())
    }
}
