//! A deterministic simulation: the real functions, byte for byte, against a Pub/Sub, a Firestore and instances with every fault
//! that these allow. One seed is one run. Auditors, which share no code with the functions, judge it.
//!
//! Read [`plan`] (what a seed draws), [`world`] (what happens), then [`auditors`] (what must hold).

pub mod auditors;
pub mod call;
pub mod campaign;
pub mod chance;
pub mod content;
pub mod coverage;
pub mod event_queue;
pub mod export;
pub mod fleet;
pub mod history;
pub mod in_flight;
pub mod mutants;
pub mod plan;
pub mod pubsub;
pub mod run;
pub mod shrink;
pub mod sources;
pub mod stored;
pub mod world;

/// A delivery makes thousands of small allocations. With the system's allocator they take a third of a run's CPU time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
