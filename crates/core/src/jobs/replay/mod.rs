//! Replays: dead letters that are published once more. One policy, for the clock and for operators.
//!
//! - Which letters may go, and why the others may not: [`refusal`].
//! - Where they go: to `replays`, each for its consumer.
//! - In which order: those of a customer as they were filed, [`letter::Letter::order`]; the next one once the earlier ones are
//!   settled, [`key_replay::KeyReplay`].
//! - What is published, and what became of it: [`publication`].
//!
//! [`customer_replay::CustomerReplay`] replays what waited for a document, for the clock. [`replay_job::Replay`] is the operators' job.

pub mod customer_replay;
pub mod key_replay;
pub mod letter;
pub mod outcome;
mod plan;
mod publication;
mod refusal;
pub mod replay_job;
mod results;
pub mod terms;
