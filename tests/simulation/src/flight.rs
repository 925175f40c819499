//! One delivery in one instance, from the push's arrival to its answer: what shim/settle.js keeps of it.

use boma_google::{Conversation, HostConfig};
use case_runner::functions::open_by_name;

use crate::{
    coverage::Step,
    mutants::Mutant,
    pubsub::{PROJECT, Push},
};

pub struct Flight {
    pub push: u64,
    pub on: Push,
    pub function: &'static str,
    pub instance: u64,
    /// Of the Wasm instance in which the present conversation began.
    pub generation: u32,
    pub body: Vec<u8>,
    pub conversation: Box<dyn Conversation>,
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
    /// Whether it has given its word already and goes on all the same: no function does, but a mutant.
    pub has_answered: bool,
}

pub const PANIC_TEXT: &str = "a bug that this message meets";

impl std::fmt::Debug for Flight {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Flight").field("push", &self.push).field("on", &self.on).finish_non_exhaustive()
    }
}

impl Flight {
    /// A conversation about the message, in a fresh instance after it has trapped.
    pub fn reopen(&mut self, mutant: Mutant) {
        let panic_text = self.has_trapped.then(|| PANIC_TEXT.to_owned());
        self.conversation = opened(self.function, self.body.clone(), panic_text, mutant);
        self.turn += 1;
        self.at = None;
        self.has_failed = false;
    }
}

pub fn opened(function: &str, body: Vec<u8>, panic_text: Option<String>, mutant: Mutant) -> Box<dyn Conversation> {
    let host = HostConfig { project: PROJECT.to_owned(), database: "(default)".to_owned() };
    let body = mutant.body(body);
    // Only a mutant looks into it.
    let given = if mutant == Mutant::None { Vec::new() } else { body.clone() };
    let conversation = open_by_name(function, body, host, panic_text).expect("a function's name");
    mutant.wrap(conversation, given)
}
