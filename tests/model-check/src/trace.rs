//! Prints a path of the checker as lines of text: a counterexample, or an example of what happens.

use crate::{
    action::{Action, InjectedFault},
    in_flight::{InFlight, Request},
    intern::Id,
    queue::Holder,
    state::{State, Violation},
    world::World,
};
use boma_core::{
    event::{envelope::Envelope, origin::Origin},
    protocol::step::{Call, Step},
};
use stateright::Path;

pub fn of(world: &World, path: Path<State, Action>) -> Vec<String> {
    let steps = path.into_vec();
    let events: Vec<_> = world.scenario.events.iter().map(|message| event(&message.data)).collect();
    let begins = steps.first().and_then(|(state, _)| state.violation);
    let mut lines = vec![format!("published: {}{}", events.join(", "), violation(begins))];
    for pair in steps.windows(2) {
        let [(before, Some(action)), (after, _)] = pair else { continue };
        let is_acked = before.queues.iter().zip(&after.queues).any(|(before, after)| after.acked > before.acked);
        let ack = if is_acked { "; acked" } else { "" };
        lines.push(format!("{}{ack}{}", line(world, before, *action), violation(after.violation)));
    }
    lines
}

fn violation(violation: Option<Violation>) -> String {
    violation.map_or_else(String::new, |violation| format!(" -> {violation:?}"))
}

fn line(world: &World, state: &State, action: Action) -> String {
    match action {
        Action::Answer { queue, holder } => format!("{}: done", call_line(world, state, queue, holder)),
        Action::Fault { queue, holder, fault } => {
            format!("{}: {}", call_line(world, state, queue, holder), words(fault))
        }
        Action::Redeliver { queue, from } => {
            let entries = world.entry_lists.get(state.queues[queue].entries);
            let message = world.messages.get(entries[usize::from(from)].message);
            let consumer = world.consumers()[queue].name();
            format!("Pub/Sub delivers {} and all after it to {consumer} again", event(&message.data))
        }
        Action::ArriveLate(request) => match world.requests.get(request).as_ref() {
            Request::Commit(writes) => {
                let paths: Vec<_> = writes.iter().map(|write| short(&write.path.to_string())).collect();
                format!("a late commit of {} gets there", paths.join(", "))
            }
            Request::Publish(batch) => format!("a late publish of {} gets there", event(&batch.messages[0].data)),
        },
        Action::Replay { letter } => {
            let store = world.stores.get(state.store);
            let path = store.collection("dead_letters").nth(letter).map(|(path, _)| short(&path.to_string()));
            format!("an operator publishes {} again", path.unwrap_or_default())
        }
        Action::CreateGivenLater => "the customer is registered".to_owned(),
        Action::Release => "release looks for letters".to_owned(),
    }
}

fn call_line(world: &World, state: &State, queue: usize, holder: Holder) -> String {
    let mut queue = state.queues[queue];
    let in_flight = queue.held_by(holder).expect("a delivery in flight");
    let holder = match holder {
        Holder::Live => "",
        Holder::Zombie => " (zombie)",
    };
    format!("{}{holder}", in_flight_line(world, in_flight))
}

fn in_flight_line(world: &World, in_flight: Id<InFlight>) -> String {
    let in_flight = world.in_flight.get(in_flight);
    let message = world.messages.get(in_flight.message);
    let pending_call = match &in_flight.step {
        Step::Call(Call::Read { .. }) => "read".to_owned(),
        Step::Call(Call::Query { .. }) => "query".to_owned(),
        Step::Call(Call::Commit { writes, .. }) => {
            let paths: Vec<_> = writes.iter().map(|write| short(&write.path.to_string())).collect();
            format!("commit of {}", paths.join(", "))
        }
        Step::Call(Call::Publish { batch, .. }) => format!("publish of {}", event(&batch.messages[0].data)),
        Step::Call(Call::Append { .. }) => "append".to_owned(),
        Step::Wait { .. } => "wait".to_owned(),
        Step::Done(_) => "end".to_owned(),
    };
    format!(
        "{} with {}, delivery {}: {pending_call}",
        in_flight.consumer.name(),
        event(&message.data),
        in_flight.attempt
    )
}

fn words(fault: InjectedFault) -> &'static str {
    match fault {
        InjectedFault::Crash => "the instance crashes before",
        InjectedFault::CrashAfterSending => "the instance crashes, the call is still under way",
        InjectedFault::NotDone => "UNAVAILABLE, and not done",
        InjectedFault::AnswerLost => "UNAVAILABLE, and done",
        InjectedFault::Late => "DEADLINE_EXCEEDED, and still under way",
        InjectedFault::OutOfTime => "done when the 45 s are over",
        InjectedFault::Denied => "PERMISSION_DENIED",
    }
}

fn event(data: &[u8]) -> String {
    match Envelope::parse(data, Origin::Anywhere) {
        Ok(envelope) => format!("{} {}", envelope.event_type, &envelope.id.to_string()[32..]),
        Err(_) => "what can't be read".to_owned(),
    }
}

/// Without the ids, which are long.
fn short(path: &str) -> String {
    let (collection, id) = path.split_once('/').unwrap_or((path, ""));
    let end = &id[id.len().saturating_sub(4)..];
    format!("{collection}/..{end}")
}
