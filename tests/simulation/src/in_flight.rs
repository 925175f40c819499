//! A request in flight at one instance: a push, from its arrival to its response, or a job. It holds what shim/invoke.js holds.

use boma_core::protocol::request::{Request, RequestHead};
use boma_functions::by_name;
use boma_google::{HostConfig, Invocation, begin_of, open_post};

use crate::{
    coverage::Step,
    mutants::Mutant,
    pubsub::{PROJECT, Push},
};

pub struct InFlight {
    /// None for a job.
    pub push: Option<Push>,
    /// Of a function that hears of documents: the one that was created.
    pub created: Option<String>,
    pub function: &'static str,
    pub instance: u64,
    /// The generation of the Wasm instance in which the present invocation began.
    pub generation: u32,
    pub body: Vec<u8>,
    pub invocation: Box<dyn Invocation>,
    /// When it began, by the instance's clock.
    pub began_ms: u64,
    /// The number of steps taken. An answer to an earlier step comes too late.
    pub turn: u32,
    pub at: Option<Step>,
    /// Whether the pending call has been carried out.
    pub is_carried_out: bool,
    pub seen_commits: i64,
    /// The number of commits when its last query was answered.
    pub listed_commits: i64,
    pub restarts: u32,
    pub has_trapped: bool,
    /// Whether a call of the present invocation has failed.
    pub has_failed: bool,
    pub has_lost_a_commit: bool,
    /// Only jobs are interrupted.
    pub interruption: Interruption,
    /// Whether it went on where another had stopped.
    pub is_resumed: bool,
    /// Whether it has responded already. Only a mutant goes on after that.
    pub has_answered: bool,
}

/// The steps at which a job crashes, or stalls until its time is over.
#[derive(Clone, Copy, Debug, Default)]
pub struct Interruption {
    pub crashes_at: Option<Step>,
    pub stalls_at: Option<Step>,
}

pub const PANIC_TEXT: &str = "a bug that this message meets";

impl std::fmt::Debug for InFlight {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("InFlight").field("push", &self.push).finish_non_exhaustive()
    }
}

impl InFlight {
    pub fn of(push: Option<Push>, function: &'static str, instance: u64, body: Vec<u8>, mutant: Mutant) -> InFlight {
        InFlight {
            push,
            created: None,
            function,
            instance,
            generation: 0,
            invocation: opened(function, body.clone(), None, mutant),
            body,
            began_ms: 0,
            turn: 0,
            at: None,
            is_carried_out: false,
            seen_commits: 0,
            listed_commits: 0,
            restarts: 0,
            has_trapped: false,
            has_failed: false,
            has_lost_a_commit: false,
            interruption: Interruption::default(),
            is_resumed: false,
            has_answered: false,
        }
    }

    /// A call of Eventarc about a document that was created.
    pub fn of_created(name: String, function: &'static str, instance: u64, body: Vec<u8>, mutant: Mutant) -> InFlight {
        let invocation = told_of_document(function, body.clone(), None, mutant);
        let in_flight = InFlight::of(None, function, instance, body, Mutant::None);
        InFlight { created: Some(name), invocation, ..in_flight }
    }

    /// A new invocation for the same request, in a fresh instance after a trap.
    pub fn reopen(&mut self, mutant: Mutant) {
        let panic_text = self.has_trapped.then(|| PANIC_TEXT.to_owned());
        self.invocation = match &self.created {
            Some(_) => told_of_document(self.function, self.body.clone(), panic_text, mutant),
            None => opened(self.function, self.body.clone(), panic_text, mutant),
        };
        self.turn += 1;
        self.at = None;
        self.has_failed = false;
    }
}

fn told_of_document(function: &str, body: Vec<u8>, panic_text: Option<String>, mutant: Mutant) -> Box<dyn Invocation> {
    let host = HostConfig::new(PROJECT, "(default)");
    let headers = vec![("ce-id".to_owned(), "created".to_owned())];
    let head = RequestHead { method: "POST".to_owned(), path: "/".to_owned(), headers };
    let function = by_name(function).expect("a function's name");
    let invocation = begin_of(function)(function, Request { head, body: body.into(), caller: None }, host, panic_text);
    mutant.wrap(function.name, invocation, Vec::new())
}

fn opened(function: &str, body: Vec<u8>, panic_text: Option<String>, mutant: Mutant) -> Box<dyn Invocation> {
    let host = HostConfig::new(PROJECT, "(default)");
    let body = if body.is_empty() { body } else { mutant.body(body) };
    // Only mutants read it.
    let given = if mutant == Mutant::None { Vec::new() } else { body.clone() };
    let invocation = open_post(by_name(function).expect("a function's name"), body, host, panic_text);
    mutant.wrap(function, invocation, given)
}
