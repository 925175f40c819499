//! One delivery in one instance, from the push's arrival to its answer, or one call of the scheduler: what shim/settle.js keeps
//! of it.

use boma_functions::by_name;
use boma_google::open_post;
use boma_google::{HostConfig, Invocation};

use crate::{
    coverage::Step,
    mutants::Mutant,
    pubsub::{PROJECT, Push},
};

pub struct Flight {
    /// None: nothing was pushed, the scheduler called.
    pub on: Option<Push>,
    pub function: &'static str,
    pub instance: u64,
    /// Of the Wasm instance in which the present conversation began.
    pub generation: u32,
    pub body: Vec<u8>,
    pub invocation: Box<dyn Invocation>,
    /// By the instance's clock.
    pub began_ms: u64,
    /// Counts the steps: an answer to an earlier one comes too late.
    pub turn: u32,
    pub at: Option<Step>,
    /// Whether the call that it waits for has been carried out.
    pub is_done_there: bool,
    pub seen_commits: i64,
    pub restarts: u32,
    pub has_trapped: bool,
    /// Whether a call of the present conversation has failed.
    pub has_failed: bool,
    pub has_lost_a_commit: bool,
    /// Only the scheduler's calls are picked on.
    pub interruption: Interruption,
    /// Whether it went on where another had stopped.
    pub is_taken_up: bool,
    /// Whether it has given its word already and goes on all the same: no function does, but a mutant.
    pub has_answered: bool,
}

/// At which steps it is broken off, or stands still until its time is over.
#[derive(Clone, Copy, Debug, Default)]
pub struct Interruption {
    pub crashes_at: Option<Step>,
    pub stalls_at: Option<Step>,
}

pub const PANIC_TEXT: &str = "a bug that this message meets";

impl std::fmt::Debug for Flight {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Flight").field("on", &self.on).finish_non_exhaustive()
    }
}

impl Flight {
    pub fn of(on: Option<Push>, function: &'static str, instance: u64, body: Vec<u8>, mutant: Mutant) -> Flight {
        Flight {
            on,
            function,
            instance,
            generation: 0,
            invocation: opened(function, body.clone(), None, mutant),
            body,
            began_ms: 0,
            turn: 0,
            at: None,
            is_done_there: false,
            seen_commits: 0,
            restarts: 0,
            has_trapped: false,
            has_failed: false,
            has_lost_a_commit: false,
            interruption: Interruption::default(),
            is_taken_up: false,
            has_answered: false,
        }
    }

    /// A conversation about the message, in a fresh instance after it has trapped.
    pub fn reopen(&mut self, mutant: Mutant) {
        let panic_text = self.has_trapped.then(|| PANIC_TEXT.to_owned());
        self.invocation = opened(self.function, self.body.clone(), panic_text, mutant);
        self.turn += 1;
        self.at = None;
        self.has_failed = false;
    }
}

fn opened(function: &str, body: Vec<u8>, panic_text: Option<String>, mutant: Mutant) -> Box<dyn Invocation> {
    let host = HostConfig { project: PROJECT.to_owned(), database: "(default)".to_owned() };
    let body = if body.is_empty() { body } else { mutant.body(body) };
    // Only a mutant looks into it.
    let given = if mutant == Mutant::None { Vec::new() } else { body.clone() };
    let invocation = open_post(by_name(function).expect("a function's name"), body, host, panic_text);
    mutant.wrap(function, invocation, given)
}
