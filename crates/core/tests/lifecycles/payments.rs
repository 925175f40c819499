//! The machines of money.

use boma_core::domain::payments::machine::{Flow, Refusal, Step, direct, dispute, payment, refund, withdrawal};

use crate::table::{Edge, NOTHING, Named, edge, walk, with_nothing};

/// Whatever isn't an illegal transition stands in the table: an edge, or why there is none although the pair is known.
fn told<S: Copy>(
    from: Option<S>,
    step: Result<Step<S>, Refusal>,
    name: fn(S) -> &'static str,
) -> Result<Edge, Refusal> {
    let stays = |why: &str| Ok(edge(from.map_or(NOTHING, name), why));
    match step {
        Ok(Step::Taken(taken)) => Ok(edge(name(taken.to), taken.flow.map_or("", Flow::name))),
        Ok(Step::Stale) => stays("stale"),
        Ok(Step::Awaits) => stays("awaits"),
        Err(illegal @ Refusal::Illegal(_)) => Err(illegal),
        Err(refusal) => stays(&refusal.to_string()),
    }
}

fn named<I: Copy>(inputs: &[(I, String)], event: fn(I) -> &'static str) -> Vec<Named<I>> {
    inputs.iter().map(|(input, row)| Named { input: *input, row: row.clone(), event: event(*input) }).collect()
}

#[test]
fn a_payment_takes_the_edges_of_its_table_and_no_others() {
    use payment::{Input, State, transition};
    let inputs: Vec<_> = Input::ALL.iter().map(|input| (*input, input.name().to_owned())).collect();
    let walked = walk::<_, _, Refusal>(
        include_str!("payment.csv"),
        &with_nothing(State::ALL, State::name),
        &named(&inputs, Input::event),
        |from, input| told(from, transition(from, input), State::name),
    );
    assert_eq!(walked, (54, 18), "6 states x 12 inputs");
}

#[test]
fn a_withdrawal_takes_the_edges_of_its_table_and_no_others() {
    use withdrawal::{Input, Obstacle, OrderObstacle, State, transition};
    let requests = Obstacle::ALL
        .iter()
        .map(|it| (Input::Requested { obstacle: Some(*it), again: false }, format!("WithdrawalRequested: {it}")));
    let orders = OrderObstacle::ALL
        .iter()
        .map(|it| (Input::Ordered { obstacle: Some(*it), again: false }, format!("PayoutOrdered: {it}")));
    let others = [
        (Input::Requested { obstacle: None, again: false }, "WithdrawalRequested"),
        (Input::Requested { obstacle: None, again: true }, "WithdrawalRequested again"),
        (Input::Ordered { obstacle: None, again: false }, "PayoutOrdered"),
        (Input::Ordered { obstacle: None, again: true }, "PayoutOrdered again"),
        (Input::Settled { again: false }, "WithdrawalSettled"),
        (Input::Settled { again: true }, "WithdrawalSettled again"),
        (Input::Failed, "WithdrawalFailed"),
        (Input::Canceled, "WithdrawalCanceled"),
        (Input::Expired { is_due: true }, "WithdrawalExpired"),
        (Input::Expired { is_due: false }, "WithdrawalExpired too early"),
    ];
    let others = others.map(|(input, row)| (input, row.to_owned()));
    let inputs: Vec<_> = others.into_iter().chain(requests).chain(orders).collect();
    let walked = walk::<_, _, Refusal>(
        include_str!("withdrawal.csv"),
        &with_nothing(State::ALL, State::name),
        &named(&inputs, Input::event),
        |from, input| told(from, transition(from, input), State::name),
    );
    assert_eq!(walked.0 + walked.1, 7 * 18, "7 states x 18 inputs");
}

#[test]
fn a_refund_takes_the_edges_of_its_table_and_no_others() {
    use refund::{Input, Named as Names, Obstacle, State, transition};
    let requests = Obstacle::ALL
        .iter()
        .map(|it| (Input::Requested { obstacle: Some(*it), again: false }, format!("RefundRequested: {it}")));
    let settlements = Names::ALL.iter().map(|names| (Input::Settled(*names), names.name().to_owned()));
    let others = [
        (Input::Requested { obstacle: None, again: false }, "RefundRequested".to_owned()),
        (Input::Requested { obstacle: None, again: true }, "RefundRequested again".to_owned()),
        (Input::Failed, "RefundFailed".to_owned()),
    ];
    let inputs: Vec<_> = others.into_iter().chain(settlements).chain(requests).collect();
    let walked = walk::<_, _, Refusal>(
        include_str!("refund.csv"),
        &with_nothing(State::ALL, State::name),
        &named(&inputs, Input::event),
        |from, input| told(from, transition(from, input), State::name),
    );
    assert_eq!(walked.0 + walked.1, 4 * 10, "4 states x 10 inputs");
}

#[test]
fn a_dispute_takes_the_edges_of_its_table_and_no_others() {
    use dispute::{Input, State, transition};
    let inputs = [
        (Input::Opened { again: false }, "DisputeOpened".to_owned()),
        (Input::Opened { again: true }, "DisputeOpened again".to_owned()),
        (Input::Won, "DisputeWon".to_owned()),
        (Input::Lost, "DisputeLost".to_owned()),
    ];
    let walked = walk::<_, _, Refusal>(
        include_str!("dispute.csv"),
        &with_nothing(State::ALL, State::name),
        &named(&inputs, Input::event),
        |from, input| told(from, transition(from, input), State::name),
    );
    assert_eq!(walked.0 + walked.1, 4 * 4, "4 states x 4 inputs");
}

#[test]
fn a_fee_or_an_adjustment_takes_the_edges_of_its_table_and_no_others() {
    use direct::{Input, State, transition};
    let inputs: Vec<_> = Input::ALL.iter().map(|input| (*input, input.name().to_owned())).collect();
    let walked = walk::<_, _, Refusal>(
        include_str!("direct.csv"),
        &with_nothing(State::ALL, State::name),
        &named(&inputs, Input::event),
        |from, input| told(from, transition(from, input), State::name),
    );
    assert_eq!(walked, (12, 0), "2 states x 6 inputs");
}
