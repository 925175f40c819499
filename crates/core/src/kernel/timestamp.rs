//! A moment, in microseconds since 1970 UTC: what Firestore keeps, within the years that it keeps.

use std::fmt;

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    micros: i64,
}

const MICROS_PER_MS: i64 = 1_000;
const MICROS_PER_MINUTE: i64 = 60_000_000;
/// How far a sender's clock may be ahead of ours.
const MOST_AHEAD_MICROS: i64 = 5 * MICROS_PER_MINUTE;
const MICROS_PER_DAY: i64 = 86_400_000_000;

impl Timestamp {
    /// 0001-01-01T00:00:00Z
    pub const MIN: Timestamp = Timestamp { micros: -62_135_596_800_000_000 };
    /// 9999-12-31T23:59:59.999999Z
    pub const MAX: Timestamp = Timestamp { micros: 253_402_300_799_999_999 };

    /// None outside the years 1 to 9999.
    pub fn from_micros(micros: i64) -> Option<Timestamp> {
        let at = Timestamp { micros };
        (Timestamp::MIN..=Timestamp::MAX).contains(&at).then_some(at)
    }

    pub fn micros(self) -> i64 {
        self.micros
    }

    /// Reads RFC 3339; digits behind the microseconds are cut. The error is the rule that the text breaks.
    pub fn parse(text: &str) -> Result<Timestamp, &'static str> {
        const RULE: &str = "not an RFC 3339 time";
        // What is used would take any character between date and time.
        if !matches!(text.as_bytes().get(10), Some(b'T' | b't')) {
            return Err(RULE);
        }
        let moment = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| RULE)?;
        let micros = moment.unix_timestamp_nanos().div_euclid(1_000);
        i64::try_from(micros).ok().and_then(Timestamp::from_micros).ok_or("outside the years 1 to 9999")
    }

    /// Milliseconds from `earlier` to this moment; 0 if the clock went back.
    pub fn ms_since(self, earlier: Timestamp) -> u64 {
        u64::try_from((self.micros - earlier.micros) / MICROS_PER_MS).unwrap_or(0)
    }

    /// Whether it is further after `now` than senders' clocks may be ahead.
    pub fn is_in_the_future(self, now: Timestamp) -> bool {
        self.micros.saturating_sub(now.micros) > MOST_AHEAD_MICROS
    }

    /// This moment some days later, or the last one there is.
    pub fn plus_days(self, days: u32) -> Timestamp {
        let micros = self.micros.saturating_add(i64::from(days) * MICROS_PER_DAY);
        Timestamp { micros: micros.min(Timestamp::MAX.micros) }
    }

    /// This moment some minutes earlier, or the first one there is.
    pub fn minus_minutes(self, minutes: u32) -> Timestamp {
        let micros = self.micros.saturating_sub(i64::from(minutes) * MICROS_PER_MINUTE);
        Timestamp { micros: micros.max(Timestamp::MIN.micros) }
    }
}

/// RFC 3339 with 6 decimals and Z.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.micros) * 1_000)
            .expect("the years 1 to 9999 are in range");
        let (date, time) = (moment.date(), moment.time());
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
            date.year(),
            u8::from(date.month()),
            date.day(),
            time.hour(),
            time.minute(),
            time.second(),
            time.microsecond()
        )
    }
}
