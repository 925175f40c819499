//! The loop around a task: what it repeats, what it tells, and when it ends.

use std::collections::VecDeque;

use boma_core::{
    kernel::timestamp::Timestamp,
    protocol::{
        deadlines::MAX_REPEATS,
        outcome::Fault,
        run::{Run, Task},
        step::{Answer, FailureClass, Step},
    },
    store::write::Expected,
};

use crate::scripted::{commit, failed, found, read, reply, timeout_of};

/// Takes its steps in their order, and ends with all that it was told.
struct Script(VecDeque<Step<()>>, Vec<String>);

impl Task for Script {
    type Outcome = Vec<String>;
    const LASTS_MS: u64 = 40_000;
    const ENDS_MS: u64 = 45_000;

    fn next(&mut self, answer: Answer<Fault>, _: Timestamp) -> Step<Vec<String>> {
        self.1.push(match answer {
            Answer::Failed(fault) => fault.to_string(),
            Answer::Found(_) => "Found".to_owned(),
            other @ (Answer::Begin
            | Answer::Rows(_)
            | Answer::Committed
            | Answer::Published
            | Answer::Appended { .. }
            | Answer::Waited) => {
                format!("{other:?}")
            }
        });
        let step = self.0.pop_front().unwrap_or(Step::Done(()));
        let told = self.1.clone();
        step.map(|()| told)
    }

    fn out_of_time(&mut self) -> Vec<String> {
        vec!["out of time".to_owned()]
    }
}

fn run(steps: impl IntoIterator<Item = Step<()>>) -> Run<Script> {
    Run::of(Script(steps.into_iter().collect(), Vec::new()))
}

fn done(told: &[&str]) -> Step<Vec<String>> {
    Step::Done(told.iter().map(|&text| text.to_owned()).collect())
}

#[test]
fn a_call_that_may_have_been_carried_out_is_repeated_five_times_and_then_the_task_is_told() {
    let mut run = run([Step::Call(read())]);
    let mut step = run.next(reply(Answer::Begin, 0));
    for repeat in 0..MAX_REPEATS {
        assert_eq!(step, Step::Call(read()), "repeat {repeat}");
        assert!(matches!(run.next(reply(failed(FailureClass::Unknown), 1)), Step::Wait { ms: 1..=1_000 }));
        step = run.next(reply(Answer::Waited, 2));
    }
    assert_eq!(run.next(reply(failed(FailureClass::Unknown), 3)), done(&["Begin", "read: STATUS"]));
}

#[test]
fn what_fails_for_good_is_told_at_once() {
    let mut run = run([Step::Call(read())]);
    run.next(reply(Answer::Begin, 0));
    assert_eq!(run.next(reply(failed(FailureClass::Permanent), 1)), done(&["Begin", "read: STATUS"]));
}

#[test]
fn each_call_has_its_own_repeats() {
    let mut run = run([Step::Call(read()), Step::Call(read())]);
    run.next(reply(Answer::Begin, 0));
    for answer in [found(), found()] {
        for _ in 0..MAX_REPEATS {
            run.next(reply(failed(FailureClass::Unknown), 1));
            assert_eq!(run.next(reply(Answer::Waited, 2)), Step::Call(read()));
        }
        run.next(reply(answer, 3));
    }
    assert_eq!(run.next(reply(Answer::Begin, 4)), done(&["Begin", "Found", "Found", WRONG]));
}

#[test]
fn a_guarded_commit_that_lost_a_race_is_not_repeated_but_the_task_begins_again() {
    let mut run = run([Step::Call(read()), Step::Call(commit(Expected::Absent)), Step::Call(read())]);
    run.next(reply(Answer::Begin, 0));
    run.next(reply(found(), 1));
    assert!(matches!(run.next(reply(failed(FailureClass::Raced), 2)), Step::Wait { .. }));
    assert_eq!(run.next(reply(Answer::Waited, 3)), Step::Call(read()));
    assert_eq!(run.next(reply(found(), 4)), done(&["Begin", "Found", "Begin", "Found"]));
}

#[test]
fn a_task_that_loses_every_race_is_told_so_after_five() {
    let rounds = usize::try_from(MAX_REPEATS).expect("small") + 1;
    let mut run = run((0..rounds).flat_map(|_| [Step::Call(read()), Step::Call(commit(Expected::Absent))]));
    let mut step = run.next(reply(Answer::Begin, 0));
    for _ in 0..rounds {
        assert_eq!(step, Step::Call(read()));
        run.next(reply(found(), 1));
        step = run.next(reply(failed(FailureClass::Raced), 2));
        if let Step::Wait { .. } = step {
            step = run.next(reply(Answer::Waited, 3));
        }
    }
    let mut told = ["Begin", "Found"].repeat(rounds);
    told.push("commit: STATUS");
    assert_eq!(step, done(&told));
}

#[test]
fn a_commit_without_a_precondition_is_sent_again_whatever_it_lost() {
    let mut run = run([Step::Call(commit(Expected::Whatever))]);
    run.next(reply(Answer::Begin, 0));
    run.next(reply(failed(FailureClass::Raced), 1));
    assert_eq!(run.next(reply(Answer::Waited, 2)), Step::Call(commit(Expected::Whatever)));
}

const WRONG: &str = "protocol: an answer to another step";

#[test]
fn an_answer_to_another_step_is_a_fault() {
    for wrong in [Answer::Begin, Answer::Rows(Vec::new()), Answer::Committed, Answer::Published, Answer::Waited] {
        let mut run = run([Step::Call(read())]);
        run.next(reply(Answer::Begin, 0));
        assert_eq!(run.next(reply(wrong.clone(), 1)), done(&["Begin", WRONG]), "{wrong:?}");
    }
    let mut begun_by_another = run([]);
    assert_eq!(begun_by_another.next(reply(found(), 0)), done(&[WRONG]));
}

#[test]
fn after_its_time_for_repeats_a_failure_is_told_at_once() {
    let mut run = run([Step::Call(read())]);
    run.next(reply(Answer::Begin, 0));
    assert_eq!(run.next(reply(failed(FailureClass::Unknown), 40_000)), done(&["Begin", "read: STATUS"]));
}

#[test]
fn nothing_begins_after_the_end() {
    for step in [Step::Call(read()), Step::Wait { ms: 1 }] {
        let mut run = run([Step::Call(read()), step]);
        run.next(reply(Answer::Begin, 0));
        assert_eq!(run.next(reply(found(), 45_000)), done(&["out of time"]));
    }
    let mut ends_at_the_last_moment = run([Step::Call(read())]);
    ends_at_the_last_moment.next(reply(Answer::Begin, 0));
    assert_eq!(ends_at_the_last_moment.next(reply(found(), 60_000)), done(&["Begin", "Found"]));
}

#[test]
fn no_call_and_no_wait_reaches_beyond_the_end() {
    let mut run = run([Step::Wait { ms: 90_000 }, Step::Call(read())]);
    assert_eq!(run.next(reply(Answer::Begin, 0)), Step::Wait { ms: 45_000 });
    let step = run.next(reply(Answer::Waited, 38_000));
    assert_eq!(timeout_of(&step), 7_000);
    run.next(reply(failed(FailureClass::Unknown), 39_000));
    // Measured anew where it is repeated.
    assert_eq!(timeout_of(&run.next(reply(Answer::Waited, 39_020))), 5_980);
}
