//! Each mutant is caught, and by the auditors that its bug concerns: so the simulation finds such bugs.

use std::collections::BTreeSet;

use simulation::{mutants::Mutant, plan::Reduction, run::run, world::Watch};

/// The most runs for each mutant. The real functions pass many thousands.
const MOST_RUNS: u64 = 150;

/// Runs seeds until every auditor named has reported a violation. Others may report violations, too.
fn is_caught(mutant: Mutant, auditors: &[&str]) {
    let watch = Watch { mutant, collects_all: true, ..Watch::default() };
    let mut missing: BTreeSet<&str> = auditors.iter().copied().collect();
    let mut heard = BTreeSet::new();
    for seed in 1..=MOST_RUNS {
        for violation in run(seed, &Reduction::default(), watch).violations {
            missing.remove(violation.auditor);
            heard.insert(violation.auditor);
        }
        if missing.is_empty() {
            return;
        }
    }
    panic!("{mutant:?}: not a word from {missing:?} in {MOST_RUNS} runs; only from {heard:?}");
}

macro_rules! caught {
    ($($name:ident: $mutant:ident by $($auditor:literal),+;)+) => {$(
        #[test]
        fn $name() {
            is_caught(Mutant::$mutant, &[$($auditor),+]);
        }
    )+};
}

caught! {
    an_acknowledgement_before_the_follow_ups_are_out_is_caught:
        AckBeforePublish by "acked means durable", "follow-ups published";
    an_acknowledgement_before_the_commit_is_caught:
        AckBeforeCommit by "acked means durable", "order";
    a_business_no_that_comes_again_is_caught:
        RefusedRetried by "nothing is retried without a fault";
    a_duplicate_that_publishes_nothing_again_is_caught:
        DuplicateNotPublishedAgain by "acked means durable", "follow-ups published", "access";
    a_record_in_a_second_commit_is_caught:
        RecordInSecondCommit by "state and record in one commit", "balances", "KYC states";
    a_write_without_a_precondition_is_caught:
        NoPrecondition by "no double effect", "balances", "order";
    two_claims_under_one_id_taken_for_one_are_caught:
        NoDigest by "acked means durable", "record or letter";
    an_old_fact_about_access_that_counts_is_caught:
        NoVersionGuard by "access";
    a_replay_that_does_not_look_at_the_inbox_is_caught:
        ReplaySkipsInbox by "no double effect";
    an_attempt_counted_twice_is_caught:
        AttemptCountedTwice by "patience";
    a_fault_that_is_acknowledged_is_caught:
        FaultAcked by "an outcome says what happened", "record or letter";
    a_letter_filed_anew_is_caught:
        LetterFiledAnew by "a letter is rewritten by its replay only", "letters";
    an_event_that_is_told_to_nobody_is_caught:
        NoTimeline by "timeline";
    money_taken_twice_is_caught:
        TakenTwice by "balances", "nothing is held below zero", "trial balance";
    a_settlement_that_comes_too_late_to_count_is_caught:
        LateSettlementRefused by "balances";
    a_limit_by_the_time_that_senders_choose_is_caught:
        LimitByEventTime by "balances";
    a_mail_under_an_id_of_its_own_is_caught:
        MailUnderAnotherId by "mail";
    an_alert_that_outlives_its_price_is_caught:
        MetAlertsStay by "price alerts";
    an_identity_check_asked_for_twice_is_caught:
        AskedAgain by "KYC requests";
    a_suspension_lost_by_an_approval_is_caught:
        SuspensionLost by "KYC states";
    an_interaction_that_forgets_the_others_is_caught:
        CountsAnew by "engagement";
    a_topic_that_says_what_it_may_not_is_caught:
        NoSourceCheck by "an outcome says what happened", "record or letter";
    a_version_that_nobody_can_have_said_is_caught:
        VersionAheadAccepted by "access";
    an_ended_state_under_an_id_of_the_moment_is_caught:
        IdOfTheMoment by "what the clock says";
    a_clock_that_is_a_day_ahead_is_caught:
        ADayAhead by "what the clock says";
    a_clock_that_finds_nothing_is_caught:
        FindsNothing by "what time has ended", "everything settles";
    a_trial_balance_that_looks_at_nobody_is_caught:
        LooksAtNobody by "a sweep does its work";
    letters_released_in_the_wrong_order_are_caught:
        YoungestFirst by "letters are released oldest first";
}

#[test]
fn no_mutant_is_left_out() {
    let source = include_str!("mutants.rs");
    for mutant in Mutant::ALL {
        assert!(source.contains(&format!("{mutant:?} by")), "{mutant:?} isn't tried");
    }
}
