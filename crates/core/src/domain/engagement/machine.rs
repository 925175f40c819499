//! How much a customer has had to do with us lately.

use crate::{domain::engagement::facts::Interaction, kernel::timestamp::Timestamp};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Engagement {
    pub count: i64,
    /// Of the latest interaction: the moment that the score is of.
    pub last_at: Timestamp,
    /// In thousandths of a point; each point is half of it after 30 days, a quarter after 60.
    pub score: i64,
}

/// None stands for a customer of whom nothing was heard yet.
///
/// An interaction that comes late counts with its half-life applied up to the latest one's time, so that the order in which they
/// come makes no difference but for the rounding. A time that no interaction of today can have was kept by an earlier release, which
/// took any: count and score stand, as of this interaction.
pub fn after(before: Option<&Engagement>, interaction: Interaction, at: Timestamp, now: Timestamp) -> Engagement {
    let Engagement { count, last_at, score } =
        before.copied().unwrap_or(Engagement { count: 0, last_at: at, score: 0 });
    let last_at = if last_at.is_in_the_future(now) { at } else { last_at };
    let latest = last_at.max(at);
    let left = |points: i64, since: Timestamp| decayed(points, latest.micros() - since.micros());
    Engagement {
        count: count.saturating_add(1),
        last_at: latest,
        score: left(score, last_at).saturating_add(left(weight(interaction), at)),
    }
}

/// In thousandths of a point: the more of the customer's time it takes, the more it says.
fn weight(interaction: Interaction) -> i64 {
    match interaction {
        Interaction::Viewed => 1_000,
        Interaction::Clicked => 2_000,
        Interaction::Login => 3_000,
        Interaction::Messaged => 5_000,
        Interaction::Called => 8_000,
    }
}

const HALF_LIFE_MICROS: i64 = 30 * 86_400_000_000;

/// The number one, of which factors are fractions.
const ONE: i128 = 1 << 32;
/// A half-life in so many halves of halves: 2.5 seconds are the least that makes a difference.
const FINENESS: u32 = 20;

/// The rest of a score after that time: one half for each half-life, and for the rest of the time the product of 2^-1/2,
/// 2^-1/4, 2^-1/8 and so on, as the rest's binary digits say; each of these is the square root of the one before.
fn decayed(score: i64, elapsed_micros: i64) -> i64 {
    let (halvings, mut rest) = (elapsed_micros / HALF_LIFE_MICROS, elapsed_micros % HALF_LIFE_MICROS);
    let (mut factor, mut root) = (ONE, ONE / 2);
    for _ in 0..FINENESS {
        root = (root * ONE).isqrt();
        rest *= 2;
        if rest >= HALF_LIFE_MICROS {
            rest -= HALF_LIFE_MICROS;
            factor = factor * root / ONE;
        }
    }
    let left = i128::from(score) * factor / ONE;
    // After 63 halvings nothing is left of any score.
    let halved = left.checked_shr(u32::try_from(halvings).unwrap_or(u32::MAX)).unwrap_or(0);
    i64::try_from(halved).unwrap_or(i64::MAX)
}
