//! Deadlines. Each is the smaller of its own and of the rest of the delivery.

use crate::kernel::timestamp::Timestamp;

/// Strictly nested: publish 5 s, commit 10 s, append 10 s, delivery 45 s, then the function's 50 s and the ack deadline's 60 s.
pub const PUBLISH_MS: u32 = 5_000;
pub const COMMIT_MS: u32 = 10_000;
pub const READ_MS: u32 = 10_000;
pub const APPEND_MS: u32 = 10_000;
/// Of a scheduled function alone, which has minutes.
pub const QUERY_MS: u32 = 30_000;
pub const DELIVERY_MS: u32 = 45_000;
/// The functions of these have 50 s too, and a host that begins again after a trap counts on the 45.
pub const CHANGE_MS: u64 = 45_000;
/// A change's calls are repeated for so long: what is filed instead takes a read and a commit, and they fit into the rest.
pub const CHANGE_REPEATED_MS: u64 = 20_000;
pub const REQUEST_MS: u64 = 45_000;

/// How often a delivery goes back to reading, and how often it publishes again, before it is left to redelivery.
pub const MAX_REPEATS: u32 = 5;

/// How long a delivery rereads for a document that isn't there yet, before it files the message.
pub const AWAIT_MS: u64 = 1_000;

/// From this delivery attempt on, a message that traps is filed instead of left to trap once more.
pub const CRASHES_TO_FILE: u32 = 5;

/// And from this one on without a look at whose event it is: looking may be what traps.
pub const CRASHES_TO_FILE_UNREAD: u32 = 8;

const FIRST_BACKOFF_MS: u64 = 20;
const LONGEST_BACKOFF_MS: u64 = 1_000;
const REREAD_MS: u64 = 200;

/// Exponential from 20 ms to 1 s with full jitter: two that collided once don't collide again.
pub fn backoff_ms(repeats: u32, random: u64) -> u32 {
    let ceiling = (FIRST_BACKOFF_MS << repeats.min(10)).min(LONGEST_BACKOFF_MS);
    within(1, ceiling, random)
}

/// Until the next look for a document that has been waited for so long; None when that was long enough.
pub fn reread_ms(waited_ms: u64, random: u64) -> Option<u32> {
    let left = u32::try_from(AWAIT_MS.saturating_sub(waited_ms)).unwrap_or(0);
    (left > 0).then(|| within(REREAD_MS / 2, REREAD_MS, random).min(left))
}

fn within(low: u64, high: u64, random: u64) -> u32 {
    u32::try_from(low + random % (high - low + 1)).unwrap_or(u32::MAX)
}

/// The smaller of `own_ms` and the rest of the 45 s; None when they are over.
pub fn timeout_ms(own_ms: u32, began: Timestamp, now: Timestamp) -> Option<u32> {
    let left = u64::from(DELIVERY_MS).saturating_sub(now.ms_since(began));
    u32::try_from(left).ok().filter(|left| *left > 0).map(|left| left.min(own_ms))
}
