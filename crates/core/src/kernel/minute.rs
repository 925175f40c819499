//! A minute of UTC.

use std::fmt;

use crate::kernel::timestamp::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Minute {
    start: Timestamp,
}

const MICROS: i64 = 60_000_000;

impl Minute {
    pub fn of(at: Timestamp) -> Minute {
        let micros = at.micros() - at.micros().rem_euclid(MICROS);
        // The first moment that there is begins a minute, so no minute begins before it.
        Minute { start: Timestamp::from_micros(micros).unwrap_or(Timestamp::MIN) }
    }

    pub fn start(self) -> Timestamp {
        self.start
    }
}

/// `2026-11-28T13:55`
impl fmt::Display for Minute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = self.start.to_string();
        f.write_str(start.get(..16).unwrap_or(&start))
    }
}
