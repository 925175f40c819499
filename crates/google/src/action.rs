//! What an invocation and its host say to each other: bring the body, make this call, fetch that, wait so long, respond. The host knows
//! nothing more.

use crate::{
    fetch::{Fetch, Fetched},
    host::HostConfig,
    rpc::Rpc,
};
use boma_core::{
    kernel::timestamp::Timestamp,
    protocol::{request::Body, response::HttpResponse},
};

/// The next action of the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Bring the request's body: the head is accepted.
    Body,
    Rpc(Rpc),
    Fetch(Fetch),
    Wait {
        ms: u32,
    },
    Done(HttpResponse),
}

/// The answer to an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Begin,
    /// With the project and the database, which the host learns once it needs them.
    Body(Body, HostConfig),
    /// The messages that came back and gRPC's status code.
    Rpc {
        messages: Vec<Vec<u8>>,
        status: i32,
    },
    Fetched(Fetched),
    Waited,
}

/// The two inputs from the world outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick {
    pub now: Timestamp,
    pub random: u64,
}

pub trait Invocation {
    fn next(&mut self, answer: Answer, tick: Tick) -> Action;
}
