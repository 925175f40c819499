//! The window of recent withdrawals stays small, and no order of withdrawals evades its limit.

use boma_core::{
    domain::payments::machine::{Entry, Limit, Window},
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
    (0..count).fold(Window::default(), |window, number| window.with(id(number), money(1, code), day(0)))
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
    assert!(full.leaves_room(per_day(1_000_000), money(1, "CZK"), day(1)), "a day later");
    assert!(many(MOST - 1, "CZK").leaves_room(per_day(1_000_000), money(1, "CZK"), day(0)), "not full yet");
}

#[test]
fn without_a_limit_the_oldest_makes_place() {
    let window = many(MOST + 3, "CZK");
    let kept = &window.entries["CZK"];
    assert_eq!((kept.len(), kept[0].transaction), (MOST, id(3)));
}

#[test]
fn what_is_a_day_old_is_dropped_in_every_currency() {
    let almost = Timestamp::from_micros(day(1).micros() - 1).expect("in range");
    let window = many(3, "CZK").with(id(9), money(5, "EUR"), almost);
    assert_eq!(window.entries.len(), 2, "not yet a day");
    let window = window.with(id(10), money(5, "EUR"), day(1));
    assert_eq!(window.entries.keys().collect::<Vec<_>>(), ["EUR"]);
    assert_eq!(window.entries["EUR"].len(), 2);
}

#[test]
fn an_entry_after_now_counts_as_of_now_and_then_grows_old() {
    let entry = Entry { transaction: id(1), amount: 100, at: day(1_000) };
    let window = Window { entries: [("CZK".to_owned(), vec![entry])].into() };
    assert!(!window.leaves_room(per_day(100), money(1, "CZK"), day(0)));
    let window = window.with(id(2), money(1, "CZK"), day(0));
    assert!(window.leaves_room(per_day(100), money(100, "CZK"), day(1)));
}

#[test]
fn a_day_is_the_last_24_hours() {
    let window = Window::default().with(id(1), money(100, "CZK"), day(5));
    let almost = Timestamp::from_micros(day(6).micros() - 1).expect("in range");
    for (now, leaves_room) in [(day(5), false), (almost, false), (day(6), true)] {
        assert_eq!(window.leaves_room(per_day(100), money(1, "CZK"), now), leaves_room, "{now}");
    }
}

#[test]
fn a_withdrawal_counts_once() {
    let window = Window::default().with(id(1), money(100, "CZK"), day(0)).with(id(1), money(60, "CZK"), day(0));
    assert_eq!(window.entries["CZK"], [Entry { transaction: id(1), amount: 60, at: day(0) }]);
}
