//! What each machine's own function answers for every state and every input.

use crate::diagrams::{Edge, Machine, NOTHING};
use boma_core::domain::{
    customer::{
        access::{facts::AccessFact, machine as access},
        profile::{
            facts::{Profile, ProfileFact},
            machine as profile,
        },
    },
    kyc::machine as kyc,
    leads::machine as leads,
    payments::machine::{self as payments, Refusal, direct, dispute, payment, refund, withdrawal},
};

pub(crate) fn all() -> Vec<Machine> {
    vec![profile(), kyc(), suspensions(), access(), payment(), withdrawal(), refund(), dispute(), direct(), lead()]
}

fn profile() -> Machine {
    let somebody = Profile { email: "ada@example.com".to_owned(), full_name: "Ada".to_owned(), fields: Vec::new() };
    let facts = [
        ("UserRegistered", ProfileFact::Registered(somebody)),
        ("ProfileChanged", ProfileFact::Changed(vec![("region", "Brno".into())])),
    ];
    let edges = walk(&[false, true], &[0, 1], |is_there, number: usize| {
        let (event, fact) = &facts[number];
        let also = match profile::transition(is_there, fact.clone()).ok()? {
            profile::Step::Create(_) => "every field of the user, whoever owns it later",
            profile::Step::Change(_) => "the named fields of profileData",
            // Not an edge: the event comes again.
            profile::Step::AwaitRegistration => return None,
        };
        let from = if is_there { "user" } else { NOTHING };
        Some(Edge { from, event: (*event).to_owned(), to: "user", also })
    });
    Machine { name: "Profile", of: "`profileData` of `users/{userId}`", edges }
}

fn kyc() -> Machine {
    let edges = walk(kyc::Check::ALL, &with_validity(), |from, (input, is_over)| {
        let edge = kyc::transition(from, input).ok()?;
        let to = if is_over && edge.or_expired { kyc::Check::Expired } else { edge.to };
        let event = if is_over && edge.or_expired { over_by_now(input.name()) } else { input.name().to_owned() };
        let is_of_suspensions = matches!(edge.also, kyc::SideEffect::Suspend | kyc::SideEffect::Reinstate);
        // What leaves the check as it is stands in the table of the suspensions.
        (to != from || !is_of_suspensions).then(|| Edge {
            from: from.name(),
            event,
            to: to.name(),
            also: edge.also.name(),
        })
    });
    Machine { name: "KYC", of: "`check` of `kyc_cases/{userId}`", edges }
}

fn with_validity() -> Vec<(kyc::Input, bool)> {
    kyc::Input::ALL.iter().flat_map(|input| [(*input, false), (*input, true)]).collect()
}

fn over_by_now(event: &str) -> String {
    format!("{event}, validUntil not after now")
}

/// How many are open, by an event that names none or one that is open. Of several, one that is named is lifted.
fn suspensions() -> Machine {
    use kyc::{Change, Named, Open, SideEffect};
    let events = [
        ("KycSuspended", SideEffect::Suspend, Named::None),
        ("KycCompleted REJECTED of an approved customer", SideEffect::Suspend, Named::None),
        ("KycReinstated", SideEffect::Reinstate, Named::None),
        ("KycReinstated, named", SideEffect::Reinstate, Named::Open),
        ("KycSuspensionConfirmed", SideEffect::Confirm, Named::None),
        ("AccountClosed", SideEffect::Close, Named::None),
    ];
    let named_of_several = [(Open::One, "the last but one"), (Open::Several, "one of many")];
    let mut edges = walk(&[Open::None, Open::One, Open::Several], &events, |open, (event, effect, named)| {
        let to = match (kyc::change(open, named, effect).ok()?, open) {
            (Change::Keep | Change::Stale, _) | (Change::LiftNamed, Open::None | Open::Several | Open::Full) => {
                return None;
            }
            (Change::Open, Open::None) => Open::One,
            (Change::Open, Open::One | Open::Several | Open::Full) => Open::Several,
            (Change::LiftNamed, Open::One) | (Change::LiftOnly | Change::CloseAll, _) => Open::None,
        };
        Some(Edge { from: open.name(), event: event.to_owned(), to: to.name(), also: "" })
    });
    edges.extend(named_of_several.map(|(to, also)| {
        let event = "KycReinstated, named".to_owned();
        Edge { from: Open::Several.name(), event, to: to.name(), also }
    }));
    Machine { name: "Suspensions", of: "`suspensions` of `kyc_cases/{userId}`: how many are open", edges }
}

/// The version that was applied last is all its state: a newer fact of each kind shows it.
fn access() -> Machine {
    let name = |may_trade| if may_trade { "true" } else { "false" };
    let edges = walk(&[false, true], &[true, false], |from, may_trade| {
        match access::transition(0, 1, AccessFact { may_trade, version: 1 }) {
            Ok(access::Step::Set { trading_enabled, .. }) => Some(Edge {
                from: name(from),
                event: if may_trade { "UserActive" } else { "UserRestricted" }.to_owned(),
                to: name(trading_enabled),
                also: "if its version is above accessVersion, and not above kycVersion",
            }),
            Ok(access::Step::Stale) | Err(access::VersionAhead) => None,
        }
    });
    Machine { name: "Access", of: "`tradingEnabled` of `users/{userId}`", edges }
}

fn payment() -> Machine {
    use payment::Input;
    let edges = walk(&or_nothing(payment::State::ALL), Input::ALL, |from, input| {
        let name = from.map(payment::State::name);
        let event = match input {
            Input::ReversedAfterReceipt | Input::ReversedAfterSending => input.name(),
            Input::RefundMade => "RefundSettled, made at the provider",
            Input::Initiated
            | Input::Received
            | Input::ReceivedAgain
            | Input::Sent
            | Input::SentAgain
            | Input::Failed
            | Input::Canceled
            | Input::RefundRequested
            | Input::DisputeOpened => input.event(),
        };
        posted(name, event.to_owned(), payment::transition(from, input), payment::State::name)
    });
    Machine { name: "Payment", of: "`status` of `transactions/{transactionId}`, DEPOSIT and PAYMENT", edges }
}

fn withdrawal() -> Machine {
    use withdrawal::{Input, Obstacle, OrderObstacle};
    let again = false;
    let can_not_be_had = Obstacle::ALL.iter().map(|it| Input::Requested { obstacle: Some(*it), again });
    let begins = [Input::Requested { obstacle: None, again }].into_iter().chain(can_not_be_had);
    let orders = [None, Some(OrderObstacle::InsufficientFunds)].map(|obstacle| Input::Ordered { obstacle, again });
    let others = [Input::Settled { again }, Input::Failed, Input::Canceled, Input::Expired { is_due: true }];
    let inputs: Vec<_> = begins.chain(orders).chain(others).collect();
    let edges = walk(&or_nothing(withdrawal::State::ALL), &inputs, |from, input| {
        let event = match input {
            Input::Requested { obstacle: Some(_), .. } => refusable(input.event(), Obstacle::ALL),
            Input::Ordered { obstacle: Some(obstacle), .. } => refusable(input.event(), &[obstacle]),
            Input::Requested { obstacle: None, .. }
            | Input::Ordered { obstacle: None, .. }
            | Input::Settled { .. }
            | Input::Failed
            | Input::Canceled
            | Input::Expired { .. } => input.event().to_owned(),
        };
        let name = from.map(withdrawal::State::name);
        posted(name, event, withdrawal::transition(from, input), withdrawal::State::name)
    });
    Machine { name: "Withdrawal", of: "`status` of `transactions/{transactionId}`, WITHDRAWAL", edges }
}

fn refund() -> Machine {
    use refund::{Input, Named, Obstacle};
    let again = false;
    let can_not_be_had = Obstacle::ALL.iter().map(|it| Input::Requested { obstacle: Some(*it), again });
    let others = [Input::Settled(Named::Nothing), Input::Settled(Named::Itself), Input::Failed];
    let inputs: Vec<_> =
        [Input::Requested { obstacle: None, again }].into_iter().chain(can_not_be_had).chain(others).collect();
    let edges = walk(&or_nothing(refund::State::ALL), &inputs, |from, input| {
        let event = match input {
            Input::Requested { obstacle: Some(_), .. } => refusable(input.event(), Obstacle::ALL),
            Input::Settled(Named::Itself) if from.is_none() => Named::Itself.name().to_owned(),
            Input::Requested { obstacle: None, .. } | Input::Settled(_) | Input::Failed => input.event().to_owned(),
        };
        posted(from.map(refund::State::name), event, refund::transition(from, input), refund::State::name)
    });
    Machine { name: "Refund", of: "`status` of `transactions/{refundId}`, REFUND", edges }
}

fn dispute() -> Machine {
    use dispute::Input;
    let inputs = [Input::Opened { again: false }, Input::Won, Input::Lost];
    let edges = walk(&or_nothing(dispute::State::ALL), &inputs, |from, input| {
        let event = input.event().to_owned();
        posted(from.map(dispute::State::name), event, dispute::transition(from, input), dispute::State::name)
    });
    Machine { name: "Dispute", of: "`status` of `transactions/{disputeId}`, DISPUTE", edges }
}

fn direct() -> Machine {
    use direct::Input;
    let inputs = [Input::Charged, Input::Credited, Input::Debited];
    let edges = walk(&or_nothing(direct::State::ALL), &inputs, |from, input| {
        let event = input.name().to_owned();
        posted(from.map(direct::State::name), event, direct::transition(from, input), direct::State::name)
    });
    Machine { name: "Fee and adjustment", of: "`status` of `transactions/{transactionId}`, FEE and ADJUSTMENT", edges }
}

fn lead() -> Machine {
    let edges = walk(&or_nothing(leads::Status::ALL), leads::Input::ALL, |from, input| {
        let Ok(leads::Step::Taken(to)) = leads::transition(from, input) else { return None };
        let also = match input {
            leads::Input::Contacted => "score + 10",
            leads::Input::Qualified => "its score in place of the last one's",
            leads::Input::Registered | leads::Input::RegisteredAgain => "publishes LeadConverted",
            leads::Input::Created | leads::Input::CreatedAgain | leads::Input::Lost | leads::Input::Reopened => "",
        };
        let event = input.event().to_owned();
        Some(Edge { from: from.map_or(NOTHING, leads::Status::name), event, to: to.name(), also })
    });
    Machine { name: "Lead", of: "`status` of `leads/{leadId}`", edges }
}

fn refusable(event: &str, obstacles: &[impl ToString]) -> String {
    let obstacles: Vec<_> = obstacles.iter().map(ToString::to_string).collect();
    format!("{event} but {}", obstacles.join(", "))
}

/// An edge of a transaction, with where its money goes. What is ignored, refused or awaited is none.
fn posted<S>(
    from: Option<&'static str>,
    event: String,
    step: Result<payments::Step<S>, Refusal>,
    name: fn(S) -> &'static str,
) -> Option<Edge> {
    let Ok(payments::Step::Taken(edge)) = step else { return None };
    let also = edge.flow.map_or("", payments::Flow::name);
    Some(Edge { from: from.unwrap_or(NOTHING), event, to: name(edge.to), also })
}

fn or_nothing<S: Copy>(states: &[S]) -> Vec<Option<S>> {
    [None].into_iter().chain(states.iter().copied().map(Some)).collect()
}

/// Inputs that the table calls by one name and answers alike are one edge.
fn walk<S: Copy, I: Copy>(states: &[S], inputs: &[I], edge: impl Fn(S, I) -> Option<Edge>) -> Vec<Edge> {
    let pairs = inputs.iter().flat_map(|input| states.iter().map(move |state| (*state, *input)));
    let mut edges = Vec::new();
    for taken in pairs.filter_map(|(state, input)| edge(state, input)) {
        if !edges.contains(&taken) {
            edges.push(taken);
        }
    }
    edges
}
