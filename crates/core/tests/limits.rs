//! The window of recent withdrawals stays small, and no order of withdrawals evades its limit.

use boma_core::{
    domain::payments::machine::{Limit, Window},
    kernel::{
        ids::{Id, TransactionId},
        money::{Currency, Money},
        timestamp::Timestamp,
    },
};

const MOST: usize = 500;
const MICROS_PER_DAY: i64 = 86_400_000_000;

fn money(minor: i64, code: &str) -> Money {
    Money::from_minor(minor, Currency::parse(code).expect("a currency")).expect("an amount")
}

fn id(number: usize) -> TransactionId {
    TransactionId::parse(&format!("d0000000-0000-4000-8000-{number:012}")).expect("an id")
}

fn day(number: i64) -> Timestamp {
    let first = Timestamp::parse("2026-01-01T00:00:00Z").expect("a time");
    Timestamp::from_micros(first.micros() + number * MICROS_PER_DAY).expect("in range")
}

/// `count` withdrawals of one minor unit each, all at one moment.
fn many(count: usize, code: &str) -> Window {
    (0..count).fold(Window::default(), |window, number| window.with(id(number), money(1, code), day(0), day(0)))
}

fn per_day(most: i64) -> Limit {
    Limit { per_withdrawal: None, per_day: Some(most) }
}

#[test]
fn small_withdrawals_cannot_push_a_large_one_out_of_sight() {
    let full = many(MOST, "CZK");
    assert!(!full.leaves_room(per_day(1_000_000), money(1, "CZK"), day(0)), "of the currency that is full");
    assert!(full.leaves_room(per_day(1_000_000), money(1, "EUR"), day(0)), "of another");
    assert!(full.leaves_room(Limit::default(), money(1, "CZK"), day(0)), "without a limit");
    assert!(many(MOST - 1, "CZK").leaves_room(per_day(1_000_000), money(1, "CZK"), day(0)), "not full yet");
}

#[test]
fn without_a_limit_the_oldest_makes_place() {
    let window = many(MOST + 3, "CZK");
    let kept = &window.entries["CZK"];
    assert_eq!((kept.len(), kept[0].transaction), (MOST, id(3)));
}

#[test]
fn what_is_two_days_old_is_dropped_in_every_currency() {
    let window = many(3, "CZK").with(id(9), money(5, "EUR"), day(2), day(2));
    assert_eq!(window.entries.len(), 2, "just two days");
    let window = window.with(id(10), money(5, "EUR"), day(3), day(3));
    assert_eq!(window.entries.keys().collect::<Vec<_>>(), ["EUR"]);
}

#[test]
fn a_time_in_the_future_makes_nothing_old() {
    let window = many(3, "CZK").with(id(9), money(5, "CZK"), day(1_000), day(0));
    assert_eq!(window.entries["CZK"].len(), 4);
    assert!(!window.leaves_room(per_day(3), money(1, "CZK"), day(0)));
}

#[test]
fn a_day_is_whatever_is_less_than_24_hours_apart_on_either_side() {
    let window = Window::default().with(id(1), money(100, "CZK"), day(5), day(5));
    for (at, leaves_room) in [(day(4), true), (day(5), false), (day(6), true)] {
        assert_eq!(window.leaves_room(per_day(100), money(1, "CZK"), at), leaves_room, "{at}");
    }
    let almost = Timestamp::from_micros(day(4).micros() + 1).expect("in range");
    assert!(!window.leaves_room(per_day(100), money(1, "CZK"), almost));
}
