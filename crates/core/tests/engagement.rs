//! The decay of an engagement score, and interactions in any order.

use boma_core::{
    domain::engagement::{
        facts::Interaction,
        machine::{Engagement, after},
    },
    kernel::timestamp::Timestamp,
};
use property::check;
use proptest::prelude::*;

const HOUR_MICROS: i64 = 3_600_000_000;

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).expect("in range")
}

/// The rest of `score` after so many hours, without the 1,000 of the view that reads it.
fn left(score: i64, hours: i64) -> i64 {
    let before = Engagement { count: 1, last_at: at(0), score };
    after(Some(&before), Interaction::Viewed, at(hours * HOUR_MICROS), Timestamp::MAX).score - 1_000
}

#[test]
fn half_is_left_after_thirty_days_and_in_between_what_two_to_that_power_says() {
    let expected = [
        (0, 1_000_000_000),
        (1, 999_037_766),
        (24, 977_159_968),
        (10 * 24, 793_700_525),
        (15 * 24, 707_106_781),
        (30 * 24, 500_000_000),
        (45 * 24, 353_553_390),
        (60 * 24, 250_000_000),
        (900 * 24, 0),
    ];
    for (hours, wanted) in expected {
        let is = left(1_000_000_000, hours);
        assert!((is - wanted).abs() <= 1_000, "after {hours} hours {is}, not {wanted}");
    }
}

#[test]
fn the_longer_ago_the_less_is_left_and_never_less_than_nothing() {
    check((0..=1_000_000_000_000i64, 0..100_000i64, 0..100_000i64), |(score, hours, more_hours)| {
        let (sooner, later) = (left(score, hours), left(score, hours + more_hours));
        prop_assert!(0 <= later && later <= sooner && sooner <= score, "{score}: {sooner}, then {later}");
        Ok(())
    });
}

#[test]
fn no_time_and_no_score_overflow() {
    let most = Engagement { count: i64::MAX, last_at: Timestamp::MIN, score: i64::MAX };
    let same_moment = after(Some(&most), Interaction::Called, Timestamp::MIN, Timestamp::MAX);
    assert_eq!((same_moment.count, same_moment.score), (i64::MAX, i64::MAX));
    let at_the_end = after(Some(&most), Interaction::Called, Timestamp::MAX, Timestamp::MAX);
    assert_eq!((at_the_end.last_at, at_the_end.score), (Timestamp::MAX, 8_000));
}

#[test]
fn in_whatever_order_interactions_come_they_end_the_same_but_for_the_rounding() {
    let interaction = (prop::sample::select(Interaction::ALL.to_vec()), 0..4_000i64);
    let shuffled =
        prop::collection::vec(interaction, 1..20).prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle()));
    check(shuffled, |(one_order, other_order)| {
        let all = |list: Vec<(Interaction, i64)>| {
            list.into_iter().fold(None, |before: Option<Engagement>, (interaction, hours)| {
                Some(after(before.as_ref(), interaction, at(hours * HOUR_MICROS), Timestamp::MAX))
            })
        };
        let rounded = i64::try_from(one_order.len()).expect("few");
        let (one, other) = (all(one_order).expect("at least one"), all(other_order).expect("at least one"));
        prop_assert_eq!((one.count, one.last_at), (other.count, other.last_at));
        prop_assert!((one.score - other.score).abs() <= 2 * rounded, "{} and {}", one.score, other.score);
        Ok(())
    });
}

#[test]
fn a_time_that_is_still_to_come_is_none_and_a_clock_a_little_ahead_is_right() {
    let now = at(0);
    let of = |last_micros: i64| Engagement { count: 7, last_at: at(last_micros), score: 4_000 };
    let five_minutes = HOUR_MICROS / 12;
    let far = after(Some(&of(five_minutes + 1)), Interaction::Viewed, at(-HOUR_MICROS), now);
    assert_eq!(far, Engagement { count: 8, last_at: at(-HOUR_MICROS), score: 5_000 });
    let near = after(Some(&of(five_minutes)), Interaction::Viewed, now, now);
    assert_eq!((near.count, near.last_at), (8, at(five_minutes)));
}
