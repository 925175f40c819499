//! A deterministic simulator: the real functions, byte for byte, in a world that misbehaves in every way that Pub/Sub,
//! Firestore and the machines in between may. One seed is one run; auditors who share no code with the functions judge it.
//!
//! Read [`plan`] (what a seed draws), [`world`] (what happens), then [`auditors`] (what must hold).

pub mod agenda;
pub mod auditors;
pub mod call;
pub mod campaign;
pub mod chance;
pub mod chronicle;
pub mod content;
pub mod coverage;
pub mod export;
pub mod fleet;
pub mod flight;
pub mod mutants;
pub mod plan;
pub mod pubsub;
pub mod run;
pub mod shrink;
pub mod sources;
pub mod stored;
pub mod world;

/// What a delivery needs is made of thousands of small pieces that are soon dropped again: with the system's allocator a third
/// of a run's CPU goes into them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
