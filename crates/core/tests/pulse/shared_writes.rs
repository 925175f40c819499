//! Changes that are in flight at once share a write, at most one a second, and are acknowledged after it.

use std::collections::BTreeMap;

use boma_core::{
    domain::pulse::Sums,
    kernel::minute::Minute,
    protocol::response::LogValue,
    store::value::{Map, Value},
};
use property::check_some;
use proptest::{prelude::*, sample::select};

use crate::{
    changes::{any_change, at, created},
    sums::fields,
    world::{Fate, World},
};

const NOON: &str = "pulse/2026-03-01T12:00.0000feed";
const MINUTE_LATER: &str = "pulse/2026-03-01T12:01.0000feed";
const LONG: i64 = 3_600_000;
/// As long as a write is given.
const SLOWEST_MS: i64 = 5_000;

fn changes_in(world: &World, path: &str) -> Option<i64> {
    let Some(Value::Map(changes)) = world.sums(path)?.remove("changes") else { panic!("no changes") };
    Some(changes.values().map(|number| if let Value::Int(number) = number { *number } else { 0 }).sum())
}

fn lead(number: i64) -> crate::changes::MadeUp {
    created("leads", &format!("l-{number}"), "NEW", number)
}

#[test]
fn a_hundred_changes_a_second_are_a_write_a_second() {
    let mut world = World::new(vec![(Fate::Done, 20); 20]);
    for number in 0..1_000 {
        world.comes(number * 10, &lead(number));
    }
    world.runs_until(LONG);
    assert!((10..=11).contains(&world.begun.len()), "{} writes", world.begun.len());
    assert!(world.begun.windows(2).all(|two| two[1].ms - two[0].ms >= 1_000), "{:?}", world.begun);
    assert_eq!(changes_in(&world, NOON), Some(1_000));
    let longest = world.ended.iter().zip(&world.came_ms).map(|(ended, came)| ended.as_ref().expect("ended").0 - came);
    assert!(longest.max() <= Some(1_050));
}

#[test]
fn after_a_quiet_time_it_is_written_soon_and_what_comes_along_with_it() {
    let mut world = World::new(vec![(Fate::Done, 20); 2]);
    for (number, ms) in [5_000, 5_060].into_iter().enumerate() {
        world.comes(ms, &lead(i64::try_from(number).expect("small")));
    }
    world.runs_until(LONG);
    assert_eq!(world.begun.iter().map(|write| write.ms).collect::<Vec<_>>(), [5_100]);
    assert_eq!(changes_in(&world, NOON), Some(2));
}

#[test]
fn one_line_of_the_log_is_about_the_write_and_none_about_those_that_it_was_for() {
    let mut world = World::new(vec![(Fate::Done, 20), (Fate::Refused, 20)]);
    for number in 0..6 {
        world.comes(if number < 3 { 0 } else { 500 }, &lead(number));
    }
    world.runs_until(LONG);
    let ended = |number: usize| &world.ended[number].as_ref().expect("ended").1;
    let said = |number: usize| (ended(number).status, ended(number).outcome, ended(number).headers[0].1.as_str());
    let count = |wanted| (0..6).filter(|number| said(*number) == wanted).count();
    assert_eq!([count((204, Some("FINISHED"), "FINISHED")), count((204, None, "FINISHED"))], [1, 2]);
    assert_eq!([count((500, Some("FAULT"), "FAULT")), count((500, None, "FAULT"))], [1, 2]);
    let changes = (0..6).filter_map(|number| ended(number).log.get("changes"));
    assert_eq!(changes.collect::<Vec<_>>(), [&LogValue::Number(3)]);
    let reasons = (0..6).filter_map(|number| ended(number).log.get("reason"));
    assert_eq!(reasons.collect::<Vec<_>>(), [&LogValue::Text("commit: PERMISSION_DENIED".to_owned())]);
}

#[test]
fn a_write_that_fails_is_5xx_for_all_and_its_changes_count_once_when_they_come_again() {
    let mut world = World::new(vec![(Fate::Done, 20), (Fate::Refused, 20)]);
    world.comes(0, &lead(0));
    let failed: Vec<_> = (1..5).map(|number| world.comes(500, &lead(number))).collect();
    world.runs_until(3_000);
    assert!(failed.iter().all(|number| world.status(*number) == Some(500)));
    assert_eq!(changes_in(&world, NOON), Some(1));
    let again: Vec<_> = (1..5).map(|number| world.comes(10_000, &lead(number))).collect();
    world.runs_until(LONG);
    assert!(again.iter().all(|number| world.status(*number) == Some(204)));
    assert_eq!(changes_in(&world, NOON), Some(5));
}

#[test]
fn a_write_that_may_go_well_in_a_moment_is_tried_again_a_second_later() {
    let mut world = World::new(vec![(Fate::Unknown { is_done: true }, 20), (Fate::Unknown { is_done: false }, 20)]);
    world.comes(0, &lead(0));
    // It waits for the next write.
    world.comes(500, &lead(1));
    world.runs_until(LONG);
    assert_eq!(world.begun.iter().map(|write| write.ms).collect::<Vec<_>>(), [100, 1_100, 2_100, 3_100]);
    assert_eq!((world.status(0), world.status(1)), (Some(204), Some(204)));
    assert_eq!(changes_in(&world, NOON), Some(2));
}

#[test]
fn an_outage_is_5xx_before_a_change_is_out_of_time() {
    let mut world = World::new(vec![(Fate::Unknown { is_done: false }, SLOWEST_MS); 6]);
    world.comes(0, &lead(0));
    // Behind the batch that is being written.
    world.comes(150, &lead(1));
    world.runs_until(LONG);
    assert_eq!((world.status(0), world.status(1), world.begun.len()), (Some(500), Some(500), 6));
    assert!(world.ended.iter().all(|ended| ended.as_ref().expect("ended").0 < 45_000));
}

#[test]
fn a_document_that_may_have_what_was_not_acknowledged_is_written_again_also_in_the_next_minute() {
    let mut world = World::new(vec![(Fate::Unknown { is_done: true }, 20); 3]);
    world.comes(50_000, &lead(0));
    world.runs_until(55_000);
    assert_eq!((world.status(0), changes_in(&world, NOON)), (Some(500), Some(1)));
    world.comes(65_000, &lead(0));
    world.runs_until(LONG);
    assert_eq!((changes_in(&world, NOON), changes_in(&world, MINUTE_LATER)), (Some(0), Some(1)));
}

#[test]
fn changes_on_both_sides_of_a_minutes_end_are_in_their_documents() {
    let mut world = World::new(Vec::new());
    for ms in [59_000, 59_950, 60_010] {
        world.comes(ms, &lead(ms));
    }
    world.runs_until(LONG);
    assert_eq!(world.begun.len(), 2);
    assert_eq!((changes_in(&world, NOON), changes_in(&world, MINUTE_LATER)), (Some(2), Some(1)));
    let fields = &world.stored[MINUTE_LATER];
    let names: Vec<_> = fields.keys().map(String::as_str).collect();
    let wanted = "amounts changes expireAt kyc letters minute shard statuses transactions writtenAt";
    assert_eq!(names, wanted.split(' ').collect::<Vec<_>>());
    assert_eq!(fields["minute"], Value::Timestamp(at(60_000)));
    assert_eq!(fields["shard"], "0000feed".into());
    assert_eq!(fields["expireAt"], Value::Timestamp(at(60_000 + 86_400_000)));
}

#[test]
fn two_instances_write_two_documents_of_a_minute_that_was_left_and_one_that_stays_writes_only_the_present() {
    let mut world = World::new(Vec::new());
    world.comes(0, &lead(0));
    world.runs_until(LONG);
    world.stored.clear();
    world.comes(120_000, &lead(1));
    world.runs_until(LONG);
    assert_eq!(world.stored.keys().collect::<Vec<_>>(), ["pulse/2026-03-01T12:02.0000feed"]);
}

#[test]
fn a_clock_that_goes_back_stops_nothing_and_overwrites_nothing() {
    let mut world = World::new(Vec::new());
    world.comes(60_000, &lead(0));
    world.runs_until(61_000);
    let back = world.comes(1_000, &lead(1));
    world.runs_until(3_000);
    assert_eq!(world.status(back), Some(204));
    assert_eq!((changes_in(&world, NOON), changes_in(&world, MINUTE_LATER)), (None, Some(2)));
}

#[test]
fn a_call_that_is_broken_off_keeps_nobody_waiting() {
    let mut world = World::new(vec![(Fate::Done, 500)]);
    let writing = world.comes(0, &lead(0));
    let along = world.comes(0, &lead(1));
    world.runs_until(300);
    world.breaks_off(writing);
    world.breaks_off(along);
    let waiting = world.comes(400, &lead(2));
    let left = world.comes(400, &lead(3));
    world.runs_until(450);
    world.breaks_off(left);
    world.runs_until(LONG);
    assert_eq!(world.status(waiting), Some(204));
    assert_eq!(changes_in(&world, NOON), Some(1));
}

/// Whatever fails, and whoever is broken off: no two writes at once or within a second, every change that is acknowledged was in a write
/// that was done, and in the end the documents have the acknowledged changes and no others.
#[test]
fn what_is_acknowledged_is_counted_once() {
    let fate = prop_oneof![
        4 => Just(Fate::Done),
        2 => any::<bool>().prop_map(|is_done| Fate::Unknown { is_done }),
        1 => Just(Fate::Refused),
    ];
    let fates = proptest::collection::vec((fate, select(vec![0, 10, 30, 900, 1_500, SLOWEST_MS])), 0..12);
    let changes = proptest::collection::vec((any_change(), select(vec![0, 3, 40, 300, 2_000, 50_000])), 1..60);
    check_some(2_000, (fates, changes), |(fates, changes)| {
        let mut world = World::new(fates);
        let mut ms = 0;
        for (change, pause_ms) in &changes {
            ms += pause_ms;
            world.comes(ms, change);
        }
        world.runs_until(LONG);
        // The documents that may have more than was acknowledged are written again with this one.
        let last = world.comes(ms + 100_000, &lead(-1));
        world.runs_until(2 * LONG);
        prop_assert!(world.begun.windows(2).all(|two| two[1].ms >= two[0].ended_ms.max(two[0].ms + 1_000)));

        let mut wanted = BTreeMap::<Minute, Sums>::new();
        let all = changes.iter().map(|(change, _)| change.clone()).chain([lead(-1)]);
        for (number, sums) in all.enumerate().filter_map(|(number, change)| Some((number, change.sums()?))) {
            let (ended_ms, response) = world.ended[number].as_ref().expect("ended");
            let came_ms = world.came_ms[number];
            prop_assert!(ended_ms - came_ms < 45_000, "{number} took {} ms", ended_ms - came_ms);
            if response.status == 204 {
                wanted.entry(Minute::of(at(came_ms))).or_default().add(&sums);
                let is_in = |ended: i64, write: &crate::world::Begun| {
                    write.fate == Fate::Done && write.ms >= came_ms && write.ended_ms <= ended
                };
                prop_assert!(world.begun.iter().any(|write| is_in(*ended_ms, write)), "{number} is in no write");
            }
        }
        prop_assert_eq!(world.status(last).is_some(), true);
        if world.status(last) == Some(204) {
            let found = world.stored.keys().map(|path| (path.clone(), world.sums(path).expect("stored")));
            let found: BTreeMap<String, Map> = found.filter(|(_, sums)| *sums != nothing()).collect();
            let wanted: BTreeMap<_, _> =
                wanted.iter().map(|(minute, sums)| (format!("pulse/{minute}.0000feed"), without_times(sums))).collect();
            prop_assert_eq!(found, wanted);
        }
        Ok(())
    });
}

fn nothing() -> Map {
    without_times(&Sums::default())
}

fn without_times(sums: &Sums) -> Map {
    let mut fields = fields(sums);
    fields.retain(|name, _| !["minute", "shard", "writtenAt", "expireAt"].contains(&name.as_str()));
    fields
}
