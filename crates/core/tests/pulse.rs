//! What changes add up to, and how those that are in flight at once share a write.

#[path = "pulse/changes.rs"]
mod changes;
#[path = "pulse/minutes.rs"]
mod minutes;
#[path = "pulse/shared_writes.rs"]
mod shared_writes;
#[path = "pulse/sums.rs"]
mod sums;
#[path = "pulse/world.rs"]
mod world;
