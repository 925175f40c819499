//! Each interaction counts once, and `lastAt` is the latest, in any order.

use std::collections::BTreeMap;

use boma_core::kernel::timestamp::Timestamp;

use super::{Violation, document, documents, records};
use crate::{
    stored::{integer, moment_micros},
    world::World,
};

const ENGAGEMENT: &str = "engagement";
const HALF_LIFE_DAYS: f64 = 30.0;
const DAY_MICROS: i64 = 24 * 60 * 60 * 1_000_000;

pub(super) fn audit(world: &World) -> Option<Violation> {
    let mut interactions: BTreeMap<&str, Vec<(i64, &str)>> = BTreeMap::new();
    for (_, record, claim) in records(world, "engagement") {
        if record.outcome != "APPLIED" {
            let what = format!("{}: {}", claim.id, record.outcome);
            return Some(Violation::new(ENGAGEMENT, what).about(&claim.subject));
        }
        let at = Timestamp::parse(&claim.time).expect("sources tell the time").micros();
        interactions.entry(&claim.subject).or_default().push((at, claim.text("kind").unwrap_or_default()));
    }
    for (user, all) in &interactions {
        let stored = document(world, "engagement", user);
        let is = stored.map(|it| (integer(it, "count").unwrap_or(0), moment_micros(it, "lastAt").unwrap_or(0)));
        let last = all.iter().map(|(at, _)| *at).max().unwrap_or(0);
        let count = i64::try_from(all.len()).expect("not so many");
        if is != Some((count, last)) {
            let what = format!("{user} is {is:?}, should be {:?}", (count, last));
            return Some(Violation::new(ENGAGEMENT, what).about(user));
        }
        let is = stored.and_then(|it| integer(it, "score")).unwrap_or(0);
        if !is_worth(is, all, last) {
            return Some(Violation::new(ENGAGEMENT, format!("{user} is worth {is} after {all:?}")).about(user));
        }
    }
    let stored = documents(world, "engagement").len();
    (stored != interactions.len())
        .then(|| Violation::new(ENGAGEMENT, format!("{stored} customers, should be {}", interactions.len())))
}

/// Compares a score within the error that integer rounding allows.
#[expect(clippy::float_arithmetic, clippy::cast_precision_loss, reason = "computed by other means than the function's")]
fn is_worth(score: i64, interactions: &[(i64, &str)], last: i64) -> bool {
    let worth = |(at, kind): &(i64, &str)| {
        let thousandths = match *kind {
            "VIEWED" => 1_000.0,
            "CLICKED" => 2_000.0,
            "LOGIN" => 3_000.0,
            "MESSAGED" => 5_000.0,
            _ => 8_000.0,
        };
        let days = (last - at) as f64 / DAY_MICROS as f64;
        thousandths * (-days / HALF_LIFE_DAYS).exp2()
    };
    let should: f64 = interactions.iter().map(worth).sum();
    // Rounding is down, at each of the steps that an interaction goes through.
    let most_lost = 2.0 * interactions.len() as f64;
    (score as f64) <= should + 1.0 && score as f64 >= should - most_lost
}
