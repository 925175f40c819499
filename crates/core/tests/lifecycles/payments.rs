//! The four machines of money.

use boma_core::domain::{
    IllegalTransition,
    payments::machine::{Edge as Taken, Flow, dispute, payment, refund, withdrawal},
};

use crate::table::{Edge, Named, edge, walk, with_nothing};

fn as_edge<S>(taken: Taken<S>, name: fn(S) -> &'static str) -> Edge {
    edge(name(taken.to), taken.flow.map_or("", Flow::name))
}

fn named<I: Copy>(inputs: &[(I, &str)], event: fn(I) -> &'static str) -> Vec<Named<I>> {
    inputs.iter().map(|(input, row)| Named { input: *input, row: (*row).to_owned(), event: event(*input) }).collect()
}

#[test]
fn a_payment_takes_the_edges_of_its_table_and_no_others() {
    use payment::{Input, State, transition};
    let inputs: Vec<_> = Input::ALL.iter().map(|input| (*input, input.name())).collect();
    let walked = walk::<_, _, IllegalTransition>(
        include_str!("payment.csv"),
        &with_nothing(State::ALL, State::name),
        &named(&inputs, Input::event),
        |from, input| transition(from, input).map(|taken| as_edge(taken, State::name)),
    );
    assert_eq!(walked, (10, 44), "6 states x 9 inputs");
}

#[test]
fn a_withdrawal_takes_the_edges_of_its_table_and_no_others() {
    use withdrawal::{Input, Obstacle, State, Step, transition};
    let obstacles = Obstacle::ALL.iter().map(|it| (Input::Requested(Some(*it)), format!("WithdrawalRequested: {it}")));
    let plain = [Input::Requested(None), Input::Settled, Input::Failed, Input::Canceled, Input::Expired];
    let inputs = plain.into_iter().map(|input| (input, input.event().to_owned())).chain(obstacles);
    let inputs: Vec<_> = inputs.map(|(input, row)| Named { input, row, event: input.event() }).collect();
    let walked = walk::<_, _, IllegalTransition>(
        include_str!("withdrawal.csv"),
        &with_nothing(State::ALL, State::name),
        &inputs,
        |from, input| {
            transition(from, input).map(|step| match step {
                Step::Taken(taken) => as_edge(taken, State::name),
                Step::Stale => edge(from.map_or("nothing", State::name), "stale"),
            })
        },
    );
    assert_eq!(walked, (13, 41), "6 states x 9 inputs");
}

#[test]
fn a_refund_takes_the_edges_of_its_table_and_no_others() {
    use refund::{Input, Obstacle, State, transition};
    let inputs = [
        (Input::Requested(None), "RefundRequested"),
        (Input::Requested(Some(Obstacle::RefundExceedsPayment)), "RefundRequested: RefundExceedsPayment"),
        (Input::Requested(Some(Obstacle::InsufficientFunds)), "RefundRequested: InsufficientFunds"),
        (Input::Settled, "RefundSettled"),
        (Input::Failed { after_reversal: false }, "RefundFailed"),
        (Input::Failed { after_reversal: true }, "RefundFailed after PaymentReversed"),
    ];
    let walked = walk::<_, _, IllegalTransition>(
        include_str!("refund.csv"),
        &with_nothing(State::ALL, State::name),
        &named(&inputs, Input::event),
        |from, input| transition(from, input).map(|taken| as_edge(taken, State::name)),
    );
    assert_eq!(walked, (6, 18), "4 states x 6 inputs");
}

#[test]
fn a_dispute_takes_the_edges_of_its_table_and_no_others() {
    use dispute::{Input, State, transition};
    let inputs = [
        (Input::Opened, "DisputeOpened"),
        (Input::Won { after_reversal: false }, "DisputeWon"),
        (Input::Won { after_reversal: true }, "DisputeWon after PaymentReversed"),
        (Input::Lost, "DisputeLost"),
    ];
    let walked = walk::<_, _, IllegalTransition>(
        include_str!("dispute.csv"),
        &with_nothing(State::ALL, State::name),
        &named(&inputs, Input::event),
        |from, input| transition(from, input).map(|taken| as_edge(taken, State::name)),
    );
    assert_eq!(walked, (4, 12), "4 states x 4 inputs");
}
